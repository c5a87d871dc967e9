"""What a raw file is, told by its content and not by its name. In: a path. Out: its kind, or a refusal.

Everything that could exhaust memory, or run something, is refused here, before any library opens the file.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from swp_analysis.errors import InputError

Kind = Literal["text", "xlsx", "xls", "ods", "docx", "pdf", "html"]

MEGABYTE = 1024 * 1024
LARGEST_FILE = 50 * MEGABYTE
# A KPI workbook unpacks to a few megabytes; text in a zip shrinks to a tenth, a bomb to a thousandth.
LARGEST_UNPACKED = 300 * MEGABYTE
HIGHEST_RATIO = 200
MOST_PARTS = 10_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK_STREAM, _BOOK_STREAM, _WORD_STREAM = (
    name.encode("utf-16-le") for name in ("Workbook\0", "Book\0", "WordDocument\0")
)
_MANIFEST = "META-INF/manifest.xml"
_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<?xml")
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


def kind_of(path: Path) -> Kind:
    """The kind of a file.

    Raises
    ------
    InputError
        One sentence for a file that is empty, too large, encrypted, packed too tightly, or nothing that is read.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise InputError(
            f"{path.name}: the file has {size // MEGABYTE} MB; a KPI table has at most {LARGEST_FILE // MEGABYTE} MB, "
            "so it was not opened."
        )
    with path.open("rb") as file:
        start = file.read(8192)
    if not start.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise InputError(f"{path.name}: the file is empty; expected a KPI table.")
    if start.startswith(b"PK"):
        return _kind_of_package(path)
    if start.startswith(_OLE):
        return _kind_of_ole(path)
    if b"%PDF-" in start[:1024]:
        return "pdf"
    for magic, what in _OTHERS.items():
        if start.startswith(magic):
            raise InputError(f"{path.name}: this is {what}, whatever its name says; expected a KPI table.")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML_STARTS):
        return "html"
    return "text"


def _kind_of_package(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            _refuse_bomb(path, parts)
            broken = package.testzip()
            if broken:
                raise zipfile.BadZipFile(f"the part {broken!r} is not what the package says")
            manifest = package.read(_MANIFEST) if _MANIFEST in names else b""
            mimetype = package.read("mimetype")[:200] if "mimetype" in names else b""
    except InputError:
        raise
    except Exception as error:  # NOTE: wrong bytes make zipfile and its decompressors raise almost anything
        raise InputError(f"{path.name}: the file is damaged and can't be opened ({_one_line(error)}).") from None
    if b"encryption-data" in manifest:
        raise _locked(path)
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    for mark, kind in (("xl/workbook.xml", "xlsx"), ("word/document.xml", "docx")):
        if mark in names:
            return kind
    if "xl/workbook.bin" in names:
        raise InputError(f"{path.name}: a binary workbook (.xlsb) is not read; save it as .xlsx.")
    raise InputError(f"{path.name}: a packed file that is no workbook and no document; expected a KPI table.")


def _refuse_bomb(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    """Refuse by the sizes in the package's own list; a package that lies about them fails the test that follows."""
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if (
        len(parts) > MOST_PARTS
        or unpacked > LARGEST_UNPACKED
        or (unpacked > 10 * MEGABYTE and unpacked / packed > HIGHEST_RATIO)
    ):
        raise InputError(
            f"{path.name}: unpacked it would have {unpacked // MEGABYTE} MB in {len(parts)} parts, far more than a KPI "
            "table needs, so it was not opened."
        )
    if any(part.flag_bits & 1 for part in parts):
        raise _locked(path)


def _locked(path: Path) -> InputError:
    return InputError(f"{path.name}: the file is protected with a password; save it without one.")


def _kind_of_ole(path: Path) -> Kind:
    content = path.read_bytes()
    if _ENCRYPTED in content:
        raise _locked(path)
    if _WORD_STREAM in content:
        raise InputError(f"{path.name}: an old Word document (.doc) is not read; save it as .docx.")
    if _WORKBOOK_STREAM in content or _BOOK_STREAM in content:
        return "xls"
    raise InputError(f"{path.name}: an old Office file that holds no workbook; expected a KPI table.")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
