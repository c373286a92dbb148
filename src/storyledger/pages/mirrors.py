"""The address of a page in a mirror of a site: wget and HTTrack name folders after hosts and paths.

This module must not read files.
"""

from __future__ import annotations

import re
from pathlib import Path

from storyledger.types import SourceNote

_HOST = re.compile(r"(?:www\.)?(?:[a-z0-9-]{1,63}\.)+([a-z]{2,24})(?::\d+|\+\d+)?\Z")
_FILE_ENDINGS = frozenset(
    ("html", "htm", "txt", "md", "zip", "gz", "tar", "json", "jsonl", "xml", "pdf", "files", "docx", "warc", "py")
)


def guess_address(file: Path) -> SourceNote | None:
    """Return the address that the folders of ``file`` spell out, where one of them is a host's name."""
    parts = file.parts
    for at in range(len(parts) - 2, max(-1, len(parts) - 12), -1):
        match = _HOST.match(parts[at].lower())
        if match is not None and match.group(1) not in _FILE_ENDINGS:
            path = "/".join(parts[at + 1 :])
            path = re.sub(r"(?:^|/)index\.html?\Z", lambda m: m.group()[:1].strip("i"), path)
            return SourceNote(url=f"http://{parts[at].replace('+', ':')}/{path}")
    return None
