"""The zip of an office file. In: its bytes. Out: its parts as trees of elements without namespaces, opened so that it
can't exhaust memory or reach outside.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from swp_analysis.errors import InputError, count_noun
from swp_analysis.ingest.formats.grid import damaged, locked, too_much

MEGABYTE = 1024 * 1024
# A KPI workbook unpacks to a few megabytes; text in a zip shrinks to a tenth, a bomb to a thousandth.
LARGEST_UNPACKED, LARGEST_PART = 300 * MEGABYTE, 60 * MEGABYTE
HIGHEST_RATIO = 200
MOST_PARTS = 10_000
# An element takes about half a kilobyte; the fullest KPI workbook has a few hundred thousand.
MOST_TAGS = 2_000_000
_STUMBLES = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)


class Package:
    """A zip that has been checked; parts are read on demand, each against its checksum.

    Raises
    ------
    InputError
        When it is damaged, locked, or would unpack to far more than a KPI table needs.
    """

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self._size, self._tags = name, len(content), 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except Exception as error:  # NOTE: wrong bytes make zipfile raise almost anything
            raise damaged(name, "file", error) from None
        parts = self._zip.infolist()
        self.names = {part.filename for part in parts}
        unpacked = sum(part.file_size for part in parts)
        packed = max(1, sum(part.compress_size for part in parts))
        is_bomb = unpacked > 10 * MEGABYTE and unpacked / min(packed, self._size) > HIGHEST_RATIO
        if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or is_bomb:
            size = f"{unpacked // MEGABYTE} MB in {count_noun(len(parts), 'part')}"
            raise too_much(name, f"unpacked it would have {size}")
        if any(part.flag_bits & 1 for part in parts):
            raise locked(name)

    def read(self, part: str) -> bytes:
        """Read the bytes of a part; none when there is no such part."""
        if part not in self.names:
            return b""
        if self._zip.getinfo(part).file_size > LARGEST_PART:
            raise too_much(self.name, f"its part {part!r} has {self._zip.getinfo(part).file_size // MEGABYTE} MB")
        try:
            return self._zip.read(part)
        except Exception as error:  # NOTE: as above, of its decompressors
            raise damaged(self.name, "file", error) from None

    def tree(self, part: str) -> Any:
        """Give the root element of a part, tags without namespaces; an empty element when there is no such part.

        Entities are never expanded and nothing is fetched, so that a part that defines any is refused.
        """
        from lxml import etree

        content = self.read(part)
        if not content:
            return etree.Element("none")
        self._tags += content.count(b"<")
        if self._tags > MOST_TAGS:
            raise too_much(self.name, f"its text has more than {MOST_TAGS // 1000:,} thousand marks")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise damaged(self.name, "document" if part.startswith("word/") else "workbook", error) from None
        if b"<!DOCTYPE" in content or root.getroottree().docinfo.internalDTD is not None:
            raise InputError(f"{self.name}: the file defines its own XML entities; refused.")
        for element in root.iter(etree.Element):
            element.tag = local(element.tag)
        return root

    @contextmanager
    def parsing(self, what: str) -> Iterator[None]:
        """Turn what a damaged part makes its reader stumble over into one sentence; `what` the package holds."""
        try:
            yield
        except _STUMBLES as error:
            raise damaged(self.name, what, error) from None


def local(tag: str) -> str:
    """Give a tag or an attribute's name without its namespace."""
    return tag.rpartition("}")[2]


def attribute(element: Any, name: str) -> str:
    """Give an attribute of an element, whatever its namespace; a blank when it has none such."""
    return next((value for key, value in element.items() if local(key) == name), "")
