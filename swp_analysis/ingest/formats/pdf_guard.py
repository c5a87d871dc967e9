"""What a PDF may ask of a reader. In: its bytes, then its pages. Out: a refusal, or nothing.

A stream that unpacks to a gigabyte, or a page of millions of operators, is found before the library lays it out.
"""

import contextlib
import io
import re
import zlib
from typing import Any

from swp_analysis.errors import InputError
from swp_analysis.ingest.formats.grid import damaged, too_much

MEGABYTE = 1024 * 1024
LARGEST_STREAM, LARGEST_UNPACKED = 40 * MEGABYTE, 200 * MEGABYTE
LARGEST_ODD_STREAM, LARGEST_RUN_LENGTHS = MEGABYTE // 2, MEGABYTE // 32
LARGEST_PLAIN = 4 * MEGABYTE  # what is no stream: descriptions of parts, which are read word by word
# What one page may draw, unpacked.
LARGEST_CONTENT = 8 * MEGABYTE
# About ten seconds of work; a page of text has five thousand, one with a chart twenty thousand.
MOST_TOKENS = 500_000
TOKENS_A_LETTER, TOKENS_A_STROKE, CODES_A_TOKEN = 2, 8, 2
MOST_CODES = MOST_TOKENS * CODES_A_TOKEN  # a few bytes of a font's table may stand for billions of characters
MOST_OBJECTS, MOST_PACKINGS, DEEPEST_FORM = 30_000, 4, 20
_PACKED_OBJECTS = re.compile(rb"/N\s+(\d{1,9})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_TOKEN = re.compile(rb"[^\s/\[\]()<>]+")
_OPENER = re.compile(rb"[\[(<]")
_STROKE = re.compile(rb"\s(?:l|re|c)(?=\s)")
_TEXT = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]+>", re.S)
_CALL = re.compile(rb"/([^\s/\[\]()<>]+)\s+Do\b")
_CODED = re.compile(rb"#([0-9A-Fa-f]{2})")  # a letter of a name
# Packings in which a few bytes may stand for very many, other than the usual one.
_RUN_LENGTHS = re.compile(rb"/(?:RunLengthDecode|RL)\b")
_ODD = re.compile(rb"/(?:LZWDecode|LZW|RunLengthDecode|RL)\b")
_FLATE = re.compile(rb"/Filter\s*\[?\s*/(?:FlateDecode|Fl)\b")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b|/FontFile|/Length[123]\b")
_LENGTH = re.compile(rb"/Length\s+(\d{1,9})(?!\s+\d+\s+R)\b")
_ASCII = re.compile(rb"/(?:ASCII85Decode|A85|ASCIIHexDecode|AHx)\b")


def refuse_bomb(name: str, content: bytes) -> None:
    """Raise an `InputError` for a PDF that is cut off, or would unpack to far more than a report has."""
    if b"%%EOF" not in content[-2048:]:
        raise damaged(name, "PDF", "it is cut off before its end")
    packed_objects = sum(int(number) for number in _PACKED_OBJECTS.findall(content))
    if content.count(b" obj") + packed_objects > MOST_OBJECTS:
        raise too_much(name, f"it has more than {MOST_OBJECTS:,} parts")
    total, plain, is_locked = 0, len(content), b"/Encrypt" in content
    for match in _STREAM.finditer(content):
        described = content[max(0, match.start() - 1000) : match.start()].rpartition(b" obj")[2]
        described = _CODED.sub(lambda code: bytes([int(code[1], 16)]), described)
        packed = _packed(content, match.end(), described)
        size = _size_of(packed, _ASCII.search(described) is not None)
        largest = LARGEST_RUN_LENGTHS if _RUN_LENGTHS.search(described) else LARGEST_ODD_STREAM
        if size > largest and (_ODD.search(described) or (is_locked and b"/ObjStm" in described)):
            raise too_much(name, "a part of it is packed in a way that can't be checked")
        is_plain = not is_locked and not _PICTURE.search(described) and _FLATE.search(described)
        if is_plain and not _unpack(packed)[1]:
            raise damaged(name, "PDF", "a part of it is lost")
        total += size
        plain += (size if b"/ObjStm" in described else 0) - len(packed)
        if size > LARGEST_STREAM or total > LARGEST_UNPACKED:
            raise too_much(name, f"unpacked it would have more than {min(total, size) // MEGABYTE} MB")
    if plain > LARGEST_PLAIN:
        raise too_much(name, f"its parts are described in more than {LARGEST_PLAIN // MEGABYTE} MB")


def _packed(content: bytes, start: int, described: bytes) -> bytes:
    """The bytes of a stream: as many as its description says, if it ends there; else up to the next end."""
    length = _LENGTH.search(described)
    end = start + int(length[1]) if length else 0
    if not end or not content[end : end + 12].lstrip().startswith(b"endstream"):
        end = content.find(b"endstream", start)
    return content[start : end if end > 0 else len(content)]


def _unpack(packed: bytes) -> tuple[bytes, bool]:
    """What a stream unpacks to, up to a little over the limit, and whether that is all of it, or more than may be."""
    reader = zlib.decompressobj()
    try:
        data = reader.decompress(packed, LARGEST_STREAM + 1)
    except zlib.error:
        return b"", False
    return data, reader.eof or bool(reader.unconsumed_tail)


def _size_of(packed: bytes, is_ascii: bool) -> int:
    """The size of a stream when it is unpacked, once or several times over; at most a little over the limit."""
    largest = len(packed)
    for _ in range(MOST_PACKINGS):
        packed = _from_ascii(packed) if is_ascii else packed
        is_ascii = False
        if len(packed) < 2 or packed[0] & 15 != 8 or int.from_bytes(packed[:2], "big") % 31:
            break
        packed, _ = _unpack(packed)
        largest = max(largest, len(packed))
    return largest


def _from_ascii(packed: bytes) -> bytes:
    from pdfminer.ascii85 import ascii85decode, asciihexdecode

    try:
        return asciihexdecode(packed) if re.fullmatch(rb"[\s0-9A-Fa-f]*>?\s*", packed) else ascii85decode(packed)
    except ValueError:
        return packed


def refuse_many_objects(name: str, document: Any) -> None:
    """Raise an `InputError` when a document says that it has far more parts than a report has."""
    if sum(number for one in document.xrefs for _, number in getattr(one, "ranges", ())) > MOST_OBJECTS:
        document.xrefs.clear()  # the library looks through them once more when the file is closed
        raise too_much(name, f"it has more than {MOST_OBJECTS:,} parts")


def refuse_long_work(name: str, pages: list[Any]) -> None:
    """Raise an `InputError` when drawing the pages would take far longer than those of a report do."""
    known: dict[int, int] = {}
    total = 0
    for page in pages:
        data = b"\n".join(_data(name, stream) for stream in page.page_obj.contents)
        total += _tokens(name, data, page.page_obj.resources, known, 0)
        if total > MOST_TOKENS:
            raise _draws_too_much(name)


def _draws_too_much(name: str) -> InputError:
    return too_much(name, "its pages draw too much")


def _tokens(name: str, data: bytes, resources: Any, known: dict[int, int], depth: int) -> int:
    """The tokens of some content and of every form that it calls, as often as it calls it."""
    from pdfminer.pdftypes import dict_value, resolve1

    if len(data) > LARGEST_CONTENT or len(_OPENER.findall(data)) > MOST_TOKENS or depth > DEEPEST_FORM:
        raise _draws_too_much(name)
    own = len(_TOKEN.findall(data)) + TOKENS_A_LETTER * sum(map(len, _TEXT.findall(data)))
    own += TOKENS_A_STROKE * len(_STROKE.findall(data))
    for font in map(resolve1, dict_value(dict_value(resources or {}).get("Font") or {}).values()):
        if id(font) not in known:  # the library reads each once
            known[id(font)] = 0
            own += _count_codes(font) // CODES_A_TOKEN + 1
    forms = dict_value(dict_value(resources or {}).get("XObject") or {})
    for call in _CALL.findall(data):
        form = resolve1(forms.get(call.decode("latin-1")))
        attributes = getattr(form, "attrs", {})
        if "Form" not in str(attributes.get("Subtype")) or own > MOST_TOKENS:
            continue
        if id(form) not in known:
            inner = attributes.get("Resources") or resources
            known[id(form)] = _tokens(name, _data(name, form), inner, known, depth + 1)
        own += known[id(form)]
    return own


class _Counter(dict):
    """A table of a font that keeps nothing: it counts what the library puts in, and stops it when that is too much."""

    count = 0

    def __setitem__(self, code: Any, character: Any) -> None:
        self.add(1)

    def add(self, number: int) -> None:
        self.count += number
        if self.count > MOST_CODES:
            raise OverflowError


def _count_codes(font: Any) -> int:
    """Count the characters that a font's tables stand for, as the library that will read them does."""
    from pdfminer.pdftypes import dict_value, list_value, resolve1

    counter, font = _Counter(), dict_value(font)
    with contextlib.suppress(Exception):  # a damaged table ends here, or is told when it is read
        for spec in [font, *map(dict_value, list_value(font.get("DescendantFonts") or []))]:
            for name, numbers in (("W", 3), ("W2", 5)):
                _count_widths([resolve1(part) for part in list_value(spec.get(name) or [])], numbers, counter)
            descriptor = dict_value(spec.get("FontDescriptor") or {})
            _count_tables(resolve1(spec.get("ToUnicode")), resolve1(descriptor.get("FontFile2")), counter)
    return counter.count


def _count_widths(parts: list[Any], numbers: int, counter: _Counter) -> None:
    """Count the widths of a list in which `numbers` of them in a row give one to a range of characters."""
    row: list[Any] = []
    for part in parts:
        row = [] if isinstance(part, list) else [*row, part]
        if len(row) == numbers:
            counter.add(max(0, row[1] - row[0]))
            row = []


def _count_tables(to_unicode: Any, program: Any, counter: _Counter) -> None:
    from pdfminer.cmapdb import CMapParser, FileUnicodeMap
    from pdfminer.pdffont import TrueTypeFont

    if hasattr(to_unicode, "get_data"):
        content = to_unicode.get_data()
        counter.add(len(content))

        class Counted(FileUnicodeMap):
            def add_cid2unichr(self, cid: int, code: Any) -> None:
                counter.add(1)

        CMapParser(Counted(), io.BytesIO(content)).run()
    elif hasattr(program, "get_data"):
        letters = TrueTypeFont("", io.BytesIO(program.get_data()))
        for form in (2, 4, 12):
            read = getattr(letters, f"parse_cmap_format_{form}")
            setattr(letters, f"parse_cmap_format_{form}", lambda file, _, read=read: read(file, counter))
        letters.create_unicode_map()


def _data(name: str, stream: Any) -> bytes:
    """The content of a stream, which may be locked with an empty password and so was not seen before."""
    from pdfminer.pdftypes import resolve1

    found = resolve1(stream)
    raw = getattr(found, "rawdata", None)
    if raw is not None and found.decipher is not None:
        raw = found.decipher(found.objid, found.genno, raw, found.attrs)
        if _size_of(bytes(raw), is_ascii=False) > LARGEST_STREAM:
            raise _draws_too_much(name)
    return found.get_data()
