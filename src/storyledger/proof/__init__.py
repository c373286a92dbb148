"""Proof: re-derive every hash, position and reference; show the chain from an entry to the bytes."""

from storyledger.proof.check import Problem, check_story, decode_source, iter_problems
from storyledger.proof.trace import Link, find_entry, iter_reasons, trace_entry

__all__ = [
    "Link",
    "Problem",
    "check_story",
    "decode_source",
    "find_entry",
    "iter_problems",
    "iter_reasons",
    "trace_entry",
]
