"""The members of a file that is a zip file inside (office files, books, crawls), read within limits.

This module must not know what the members are.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

from storyledger.errors import PageError
from storyledger.pages.limits import ARCHIVE_BYTES, ARCHIVE_MEMBERS, ARCHIVE_RATIO, PAGE_BYTES, RATIO_FLOOR_BYTES


class Zipped:
    """A zip file in memory; ``names``: of its members."""

    def __init__(self, data: bytes, path: str) -> None:
        """Open ``data``; ``path`` names it in errors.

        Raises:
            PageError: it is no whole zip file, or passes a limit.
        """
        self._path = path
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise PageError("E-PAGE-ARCHIVE", f"not a whole file: {error}", "save it again", path=path) from error
        infos = self._archive.infolist()
        if len(infos) > ARCHIVE_MEMBERS or sum(info.file_size for info in infos) > ARCHIVE_BYTES:
            raise PageError("E-PAGE-ARCHIVE-LIMIT", "too much in it", f"the limit is {ARCHIVE_BYTES} bytes", path=path)
        self._infos = {info.filename: info for info in infos}

    @property
    def names(self) -> list[str]:
        """The members' names, in the archive's order."""
        return list(self._infos)

    def read(self, name: str) -> bytes:
        """Return the member's bytes.

        Raises:
            PageError: there is none, it is damaged, or passes a limit.
        """
        info = self._infos.get(name)
        if info is None:
            raise PageError("E-PAGE-ARCHIVE", f"its part {name} is missing", "save it again", path=self._path)
        tight = info.file_size > RATIO_FLOOR_BYTES and info.file_size > info.compress_size * ARCHIVE_RATIO
        if info.file_size > PAGE_BYTES or tight:
            raise PageError("E-PAGE-ARCHIVE-LIMIT", f"its part {name} is too large", "split it", path=self._path)
        try:
            with self._archive.open(info) as member:
                return member.read(PAGE_BYTES)
        except (
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            RuntimeError,
            OSError,
            EOFError,
            ValueError,
        ) as error:
            message = f"its part {name} is damaged or locked"
            raise PageError("E-PAGE-ARCHIVE", message, "save it again", path=self._path) from error

    def read_xml(self, name: str) -> etree._Element:
        """Return the root of a member that is XML; nothing outside the member is read.

        Raises:
            PageError: as ``read``, or it is no XML.
        """
        return parse_xml(self.read(name), self._path)


def parse_xml(data: bytes, path: str, *, recover: bool = False) -> etree._Element:
    """Return the root of ``data``; entities and external files stay out.

    Raises:
        PageError: it is no XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=recover)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PageError("E-PAGE-XML", f"not whole XML: {str(error)[:120]}", "save it again", path=path) from error
    if root is None:
        raise PageError("E-PAGE-XML", "not whole XML", "save it again", path=path)
    return root


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace; "" for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def shown_text(element: etree._Element) -> str:
    """Return the words of an element and all in it, parted by single spaces."""
    return " ".join("".join(str(part) for part in element.itertext()).split())
