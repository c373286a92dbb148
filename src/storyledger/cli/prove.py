"""Commands that prove a ledger: verify, seal."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

import click

from storyledger.api import captures_by_document, iter_underived
from storyledger.cli.ledgers import find_captures
from storyledger.cli.narrow import LEDGER
from storyledger.cli.say import say
from storyledger.errors import UsageError
from storyledger.proof import check_story
from storyledger.proof.signature import can_sign, is_valid, print_key, read_public, sign_digest
from storyledger.show import plain
from storyledger.store import Ledger
from storyledger.types import Signature

PASSWORD_VARIABLE = "STORYLEDGER_KEY_PASSWORD"  # noqa: S105 - the variable's name


@click.command("seal")
@LEDGER
@click.option("--key", required=True, type=click.Path(path_type=Path), help="Ed25519 private key (OpenSSH or PEM).")
def seal_command(ledger: Path, key: Path) -> None:
    """Sign the LEDGER, so that whoever gets it sees that it is the one that was sent.

    Make a key with `ssh-keygen -t ed25519`; its password is asked for, or taken from STORYLEDGER_KEY_PASSWORD. Any
    later change of the ledger takes the signature away. `verify` prints whose it is.
    """
    with Ledger.open(ledger) as opened:
        if next(opened.iter_damage(), None) is not None:
            raise UsageError("E-SEAL-DAMAGE", f"{ledger} does not verify", "see `storyledger verify`; build it anew")
        today = dt.datetime.now(dt.UTC).date().isoformat()
        made = sign_digest(opened.digest_all(), key.read_bytes(), _password(key), today)
        opened.sign(made)
    say(f"{ledger}: signed by {print_key(made.public_key)} on {made.made_on}")


def _password(key: Path) -> bytes | None:
    data = key.read_bytes()
    is_locked = b"ENCRYPTED" in data or (b"OPENSSH" in data and b"bm9uZQ" not in data)  # "none" in base64: no cipher
    if not is_locked:
        return None
    given = os.environ.get(PASSWORD_VARIABLE)
    return (given if given is not None else click.prompt("password of the key", hide_input=True, err=True)).encode()


@click.command("verify")
@LEDGER
@click.option("--pages", type=click.Path(exists=True, path_type=Path), help="Check against the pages in this folder.")
@click.option("--signed-by", type=click.Path(exists=True, path_type=Path), help="Demand this public key's signature.")
def verify_command(ledger: Path, pages: Path | None, signed_by: Path | None) -> None:
    """Re-derive every hash, position and id of the LEDGER; exit with 1 and the list where one disagrees.

    Everything that a reader can be shown is covered: tables, search index, schema, and the bytes between them.
    """
    with Ledger.open_readonly(ledger) as opened:
        lines = list(opened.iter_damage())
        signatures, digest = opened.load_signatures(), opened.digest_all()
        story = opened.load_story() if not lines else None
        captures = captures_by_document(opened, story) if story else {}
        lines += list(iter_underived(opened)) if story else []
        is_closed = opened.is_laid_out()
    lines += _check_signatures(signatures, digest, signed_by)
    checked = 0
    if story is not None:
        rounds = [captures] + ([find_captures(story, pages)] if pages else [])
        for number, found in enumerate(rounds):
            lines += [f"{p.section} {p.entry}: {p.what}" for p in check_story(story, found)]
            if number:
                absent = [a for a in story.documents if a.id not in found]
                lines += [f"documents {a.id}: no page under {pages} has its hash ({a.path})" for a in absent]
        checked = len(set().union(*rounds))
    for line in dict.fromkeys(lines):
        say(plain(line))
    if lines:
        say(f"{ledger}: {len(set(lines))} things do not hold", err=True)
        sys.exit(1)
    assert story is not None
    missing = len(story.documents) - checked
    rest = f"; {missing} pages are not kept, give them with --pages" if missing else ""
    rest += (
        ""
        if is_closed
        else "; its writer was interrupted: the bytes between its tables are proved after the next build"
    )
    say(f"{ledger}: all holds; {checked} of {len(story.documents)} documents checked against their pages{rest}")
    for made in signatures:
        say(f"{ledger}: signed by {print_key(made.public_key)} on {made.made_on}" + ("" if can_sign() else _UNCHECKED))


_INTERRUPTED = "; its writer was interrupted: the bytes between its tables are proved after the next build"
_UNCHECKED = " (not checked: pip install 'storyledger[sign]')"


def _check_signatures(signatures: list[Signature], digest: str, signer: Path | None) -> list[str]:
    bad = [made for made in signatures if can_sign() and not is_valid(made, digest)]
    lines = [f"signature of {made.public_key}: the ledger is not the one that was signed" for made in bad]
    if signer is not None:
        wanted = read_public(signer)
        if wanted not in {made.public_key for made in signatures}:
            lines.append(f"signature of {print_key(wanted)}: there is none")
    return lines


COMMANDS = (verify_command, seal_command)
