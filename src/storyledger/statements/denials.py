"""What grammar makes a denial: "denied it", "denies having met her", "refuted the report".

What is denied is short, seldom marked and often a pronoun, so the learned scores of such spans are low; a denial missed
is a side of a dispute. On the training stories two in three of those that this finds are marked as denials, most others
are denials that nobody marked. This module must not know scores.
"""

from __future__ import annotations

from storyledger.language.factuality import factuality
from storyledger.statements.anchors import cue_lemma
from storyledger.statements.cues import load_refuting
from storyledger.statements.view import Span, View

CONTENT = ("obj", "ccomp", "xcomp")


def find_denied(view: View, cue: int) -> Span | None:
    """Return the tokens of what the verb at ``cue`` denies; None where it is no verb that denies, or denies nothing.

    "Neither confirmed nor denied", "cannot deny", "was denied bail" and "denied them entry" are no denials.
    """
    parse = view.parse
    if not _refutes(view, cue):
        return None
    below = [c for c in parse.dependents(cue, *CONTENT) if c > cue]
    given = parse.dependents(cue, "nsubj:pass", "aux:pass", "iobj")
    joined = parse.dependents(cue, "cc")
    if len(below) != 1 or given or any(parse.words[c] == "nor" for c in joined):
        return None
    if not factuality(parse, cue).happened:
        return None
    inside = [i for i in parse.subtree(below[0]) if i > cue]
    first, last = min(inside), max(inside) + 1
    while first < last - 1 and parse.relations[first] == "mark" and parse.words[first] == "that":
        first += 1
    return view.trim(first, last)


def withholds(view: View, cue: int) -> bool:
    """Say whether the verb at ``cue`` denies somebody something, which is no speech."""
    parse = view.parse
    taken = parse.dependents(cue, "obj")
    return _refutes(view, cue) and bool(taken) and bool(parse.dependents(cue, "iobj", "nsubj:pass"))


def _refutes(view: View, cue: int) -> bool:
    return view.parse.upos[cue] == "VERB" and cue_lemma(view, cue) in load_refuting()
