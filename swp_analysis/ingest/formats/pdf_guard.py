"""What a PDF may ask of a reader. In: its bytes, then its pages. Out: a refusal, or nothing.

A stream that unpacks to a gigabyte, or a page of millions of operators, is found before the library lays it out.
"""

from __future__ import annotations

import re
import zlib
from typing import Any

from swp_analysis.errors import InputError

MEGABYTE = 1024 * 1024
LARGEST_STREAM, LARGEST_UNPACKED = 40 * MEGABYTE, 200 * MEGABYTE
LARGEST_ODD_STREAM, LARGEST_RUN_LENGTHS = MEGABYTE // 2, MEGABYTE // 32
# What one page may draw, unpacked.
LARGEST_CONTENT = 8 * MEGABYTE
# About ten seconds of work; a page of text has five thousand, one with a chart twenty thousand.
MOST_TOKENS = 500_000
TOKENS_A_LETTER, TOKENS_A_STROKE = 2, 8
MOST_OBJECTS = 30_000
_PACKED_OBJECTS = re.compile(rb"/N\s+(\d{1,9})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_TOKEN = re.compile(rb"[^\s/\[\]()<>]+")
_OPENER = re.compile(rb"[\[(<]")
_RUN_LENGTHS = re.compile(rb"/(?:RunLengthDecode|RL)\b")
_STROKE = re.compile(rb"\s(?:l|re|c)(?=\s)")
_TEXT = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]+>", re.S)
_CALL = re.compile(rb"/([^\s/\[\]()<>]+)\s+Do\b")
# Packings in which a few bytes may stand for very many, other than the usual one.
_ODD = re.compile(rb"/(?:LZWDecode|LZW|RunLengthDecode|RL)\b")
_FLATE = re.compile(rb"/Filter\s*\[?\s*/(?:FlateDecode|Fl)\b")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b|/FontFile|/Length[123]\b")
_LENGTH = re.compile(rb"/Length\s+(\d{1,9})(?!\s+\d+\s+R)\b")
_ASCII = re.compile(rb"/(?:ASCII85Decode|A85|ASCIIHexDecode|AHx)\b")


def refuse_bomb(name: str, content: bytes) -> None:
    """Raise an `InputError` for a PDF that is cut off, or would unpack to far more than a report has."""
    if b"%%EOF" not in content[-2048:]:
        raise InputError(f"{name}: the PDF is damaged: it is cut off before its end; download or save it again.")
    packed_objects = sum(int(number) for number in _PACKED_OBJECTS.findall(content))
    if content.count(b" obj") + packed_objects > MOST_OBJECTS:
        raise _too_much(name, f"it has more than {MOST_OBJECTS // 1000},000 parts")
    total = 0
    is_locked = b"/Encrypt" in content
    for match in _STREAM.finditer(content):
        described = content[max(0, match.start() - 1000) : match.start()].rpartition(b" obj")[2]
        packed = _packed(content, match.end(), described)
        largest = LARGEST_RUN_LENGTHS if _RUN_LENGTHS.search(described) else LARGEST_ODD_STREAM
        if len(packed) > largest and (_ODD.search(described) or (is_locked and b"/ObjStm" in described)):
            raise _too_much(name, "a part of it is packed in a way that can't be checked")
        is_picture = _PICTURE.search(described) is not None
        if not is_locked and not is_picture and _FLATE.search(described) and not _is_whole(packed):
            raise InputError(f"{name}: a part of the PDF is damaged and lost; save it again where it was made.")
        size = _unpacked(packed, _ASCII.search(described) is not None)
        total += size
        if size > LARGEST_STREAM or total > LARGEST_UNPACKED:
            raise _too_much(name, f"unpacked it would have more than {min(total, size) // MEGABYTE} MB")


def _packed(content: bytes, start: int, described: bytes) -> bytes:
    """The bytes of a stream: as many as its description says, if it ends there; else up to the next end."""
    length = _LENGTH.search(described)
    end = start + int(length[1]) if length else 0
    if not end or not content[end : end + 12].lstrip().startswith(b"endstream"):
        end = content.find(b"endstream", start)
    return content[start : end if end > 0 else len(content)]


def _is_whole(packed: bytes) -> bool:
    """Whether a packed stream unpacks to its end, and to what it was; one beyond the limit is not tried."""
    reader = zlib.decompressobj()
    try:
        reader.decompress(packed, LARGEST_STREAM + 1)
    except zlib.error:
        return False
    return reader.eof or bool(reader.unconsumed_tail)


def _unpacked(packed: bytes, is_ascii: bool) -> int:
    """The size of a stream when it is unpacked, once or several times over; at most a little over the limit."""
    largest = len(packed)
    for _ in range(4):
        if is_ascii:
            packed, is_ascii = _from_ascii(packed), False
        if len(packed) < 2 or packed[0] & 15 != 8 or int.from_bytes(packed[:2], "big") % 31:
            return largest
        try:
            packed = zlib.decompressobj().decompress(packed, LARGEST_STREAM + 1)
        except zlib.error:
            return largest
        largest = max(largest, len(packed))
    return largest


def _from_ascii(packed: bytes) -> bytes:
    from pdfminer.ascii85 import ascii85decode, asciihexdecode

    try:
        return asciihexdecode(packed) if re.fullmatch(rb"[\s0-9A-Fa-f]*>?\s*", packed) else ascii85decode(packed)
    except ValueError:
        return packed


def refuse_long_work(name: str, pages: list[Any]) -> None:
    """Raise an `InputError` when drawing the pages would take far longer than those of a report do."""
    known: dict[int, int] = {}
    total = 0
    for page in pages:
        streams = page.page_obj.contents
        data = b"\n".join(_data(name, stream) for stream in streams)
        total += _tokens(name, data, page.page_obj.resources, known, 0)
        if total > MOST_TOKENS:
            raise _too_much(name, f"page {page.page_number} and those before it draw too much")


def _tokens(name: str, data: bytes, resources: Any, known: dict[int, int], depth: int) -> int:
    """The tokens of some content and of every form that it calls, as often as it calls it."""
    from pdfminer.pdftypes import dict_value, resolve1

    if len(data) > LARGEST_CONTENT or len(_OPENER.findall(data)) > MOST_TOKENS:
        raise _too_much(name, "a page draws too much")
    own = len(_TOKEN.findall(data)) + TOKENS_A_LETTER * sum(map(len, _TEXT.findall(data)))
    own += TOKENS_A_STROKE * len(_STROKE.findall(data))
    if depth > 20:
        raise _too_much(name, "its drawings call one another too often")
    forms = dict_value(dict_value(resources or {}).get("XObject") or {})
    for call in _CALL.findall(data):
        form = resolve1(forms.get(call.decode("latin-1")))
        if getattr(form, "attrs", {}).get("Subtype") is None or "Form" not in str(form.attrs["Subtype"]):
            continue
        if id(form) not in known:
            known[id(form)] = _tokens(
                name, _data(name, form), form.attrs.get("Resources") or resources, known, depth + 1
            )
        own += known[id(form)]
        if own > MOST_TOKENS:
            break
    return own


def _data(name: str, stream: Any) -> bytes:
    """The content of a stream, which may be locked with an empty password and so was not seen before."""
    from pdfminer.pdftypes import resolve1

    found = resolve1(stream)
    raw = getattr(found, "rawdata", None)
    if raw is not None and found.decipher is not None:
        raw = found.decipher(found.objid, found.genno, raw, found.attrs)
        if _unpacked(bytes(raw), is_ascii=False) > LARGEST_STREAM:
            raise _too_much(name, "unpacked a page would be far too large")
    return found.get_data()


def _too_much(name: str, found: str) -> InputError:
    return InputError(
        f"{name}: {found}, far more than a report with KPI tables, so it was not read; send the pages with the KPI "
        "tables alone."
    )
