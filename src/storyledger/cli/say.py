"""Printing: whatever a page, a name or an error holds, a terminal gets lines and no commands.

Invariant: every line of every command goes through here. This module must not know any command.
"""

from __future__ import annotations

import io
import sys

import click

from storyledger.spelling import for_terminal


def say(text: str, *, err: bool = False) -> None:
    """Print ``text`` and a newline, its control characters as blanks."""
    click.echo(for_terminal(text), err=err)


def hand_out(text: str) -> None:
    """Write ``text`` to standard output as UTF-8, whatever the locale: it is for another program."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def speak_any_locale() -> None:
    """Spell what the terminal's encoding lacks instead of failing at it."""
    streams: tuple[object, ...] = (sys.stdout, sys.stderr)
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
