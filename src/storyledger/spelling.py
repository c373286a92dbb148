"""Strings that any file, table and terminal takes: no half characters, no commands to a terminal.

Invariant: what is clean already comes back as it is. This module must not know what a string names.
"""

from __future__ import annotations

import re

_HALF = re.compile("[\ud800-\udfff]")
_BYTE = re.compile("[\udc80-\udcff]")  # Python's way to carry a byte of a file name that is no UTF-8
# C0 without tab and newline, DEL, C1 (0x9b begins a terminal command as ESC [ does), bidirectional controls
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def clean_text(text: str) -> str:
    r"""Return ``text`` as it can be encoded: a byte that is no UTF-8 as ``\xe9``, half a pair as "\ufffd"."""
    if not _HALF.search(text):
        return text
    named = _BYTE.sub(lambda m: f"\\x{ord(m.group()) - 0xDC00:02x}", text)
    return _HALF.sub("\ufffd", named)


def for_terminal(text: str) -> str:
    """Return ``text`` for a terminal: its lines and tabs, every other control character as a blank."""
    return _CONTROL.sub(" ", clean_text(text))


def for_json(text: str) -> str:
    r"""Return JSON whose control characters beyond ASCII's are escaped too: equal to any reader, dead to a terminal."""
    return _CONTROL.sub(lambda m: f"\\u{ord(m.group()):04x}", text)
