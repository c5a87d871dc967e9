"""What a raw file is, told by its content and not by its name. In: a path. Out: its kind and content, or a refusal.

A file that is too large, locked, or of a kind that is not read is refused here, before any library opens it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.package import Package, locked

Kind = Literal["text", "xlsx", "xls", "ods", "docx", "pdf", "html"]

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK_STREAM, _BOOK_STREAM, _WORD_STREAM = (
    name.encode("utf-16-le") for name in ("Workbook\0", "Book\0", "WordDocument\0")
)
_MANIFEST = "META-INF/manifest.xml"
_HTML_START = re.compile(rb"<[a-z!?]", re.IGNORECASE)
_OTHERS = {
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a rich-text document",
    b"\x1f\x8b": "a compressed archive",
    b"7z\xbc\xaf": "a compressed archive",
    b"Rar!": "a compressed archive",
    b"MZ": "a program",
    b"\x7fELF": "a program",
}


def read_content(path: Path) -> bytes:
    """The bytes of a raw file.

    Raises
    ------
    InputError
        One sentence for a file that is empty or too large.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise InputError(
            f"{path.name}: the file has {size // MEGABYTE} MB; a KPI table has at most {LARGEST_FILE // MEGABYTE} MB, "
            "so it was not opened; send the pages or sheets with the KPI tables alone."
        )
    content = path.read_bytes()
    if not content[:8192].strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise InputError(f"{path.name}: the file is empty; expected a KPI table.")
    return content


def kind_of(name: str, content: bytes) -> Kind:
    """The kind of a file.

    Raises
    ------
    InputError
        One sentence for a file that is encrypted, packed too tightly, or nothing that is read.
    """
    start = content[:8192]
    if start.startswith(b"PK"):
        return _kind_of_package(name, content)
    if start.startswith(_OLE):
        return _kind_of_ole(name, content)
    if b"%PDF-" in start[:1024]:
        return "pdf"
    for magic, what in _OTHERS.items():
        if start.startswith(magic):
            raise InputError(f"{name}: this is {what}, whatever its name says; expected a KPI table.")
    if _HTML_START.match(start.lstrip(b"\xef\xbb\xbf \t\r\n")):
        return "html"
    return "text"


def _kind_of_package(name: str, content: bytes) -> Kind:
    package = Package(name, content)
    if b"encryption-data" in package.read(_MANIFEST):
        raise locked(name)
    if package.read("mimetype").startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    if "xl/workbook.xml" in package.names:
        return "xlsx"
    if "word/document.xml" in package.names:
        return "docx"
    if "xl/workbook.bin" in package.names:
        raise InputError(f"{name}: a binary workbook (.xlsb) is not read; save it as .xlsx.")
    raise InputError(f"{name}: a packed file that is no workbook and no document; expected a KPI table.")


def _kind_of_ole(name: str, content: bytes) -> Kind:
    if _ENCRYPTED in content:
        raise locked(name)
    if _WORD_STREAM in content:
        raise InputError(f"{name}: an old Word document (.doc) is not read; save it as .docx.")
    if _WORKBOOK_STREAM in content or _BOOK_STREAM in content:
        return "xls"
    raise InputError(f"{name}: an old Office file that holds no workbook; expected a KPI table.")
