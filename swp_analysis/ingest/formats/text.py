"""CSV, TSV and the text of a whole report. In: a text file in any usual encoding, with any delimiter. Out: one `Grid`
and the lines of prose.

A report's text has tables between its prose, cells apart by tabs; each line is a row there, so that a row is found
again by its line number. A file of prose alone has no grid.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from swp_analysis.errors import InputError, count_noun
from swp_analysis.ingest.formats.grid import (
    LONE_FIGURE,
    MOST_COLUMNS,
    Grid,
    Paragraph,
    Place,
    RawFile,
    Row,
    WordsAre,
    refuse_vast,
    under_headings,
)
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.spelling import fold_look_alikes
from swp_analysis.ingest.timeline import quarters_told

MOST_LINES, LONGEST_LINE = 50_000, 200_000
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f\x7f]")
_NOT_IN_FIGURES = r"[;|\t]|(?<!\d),|,(?!\d{3}(?!\d))"  # a comma inside 2,050 parts no cells
_BULLET = re.compile(r"[-•*·]\s*")
_QUARTER = re.compile(r"\b(?:Q ?|quarter )[1-4]\b", re.IGNORECASE)
LONGEST_HEADING, FEWEST_WORDS_OF_PROSE = 60, 3
_SENTENCE_ENDS = re.compile(r"\w.*[.!?…][\"'”’)\]]*$")
_RULE = re.compile(r"[\s|+:=-]*[-=]{2}[\s|+:=-]*")  # `| --- | ---: |`, a line under a heading
_AS_TEXT = re.compile(r'^="(.*)"$')  # how an export keeps a spreadsheet from changing a cell
_GAP = re.compile(r" {2,}")
_THOUSANDS = re.compile(r"\d{1,3}\x1f\d{3}(?!\d)")
NO_END = "the file ends without the end of this line, so that it may be cut off and rows may be missing"
CUT_OFF = (
    "the file ends without the end of its last line, so that this row may be cut off; if it is whole, press Enter "
    "behind it and save the file; if not, ask for the file again"
)


def read_text(name: str, content: bytes, label_headings: list[str]) -> RawFile:
    """Read the table or report of a text file; `label_headings` are the words that begin a heading row.

    Raises
    ------
    InputError
        When the content is no text, its quotes don't close, or it is far larger than a KPI table.
    """
    text = decode(name, content)
    if text.count("\n") + text.count("\r") > MOST_LINES:
        refuse_vast(name, "", text.count("\n") + text.count("\r"), 1)
    lines = text.splitlines()
    if max(map(len, lines), default=0) > LONGEST_LINE:
        refuse_vast(name, "", 1, MOST_COLUMNS + 1)
    heading = _heading(lines, label_headings)
    delimiter = find_delimiter([heading] if heading else lines)
    if delimiter not in heading and (rows := _read_aligned(lines)):
        return RawFile((Grid(name, "", rows),))
    if _is_report(lines, delimiter):
        return _read_report(name, text)
    if not heading and _is_prose(lines):
        return RawFile((), tuple(under_headings(_paragraphs(name, lines))))
    return RawFile((_read_table(name, text, delimiter, label_headings),))


def decode(name: str, content: bytes) -> str:
    """Give the text of a file: by its byte order mark, else UTF-8, else UTF-16 without mark, else Windows-1252.

    >>> decode("kpi.csv", "£5".encode("cp1252"))
    '£5'
    """
    encoding = find_encoding(content)
    try:
        text = content.decode(encoding, "replace" if encoding.startswith("utf-8") else "strict")
    except UnicodeDecodeError:
        text = "\0"
    if _CONTROL.search(text):
        raise InputError(f"{name}: this is not a text file, whatever its name says; expected a KPI table.")
    return text


def find_encoding(content: bytes) -> str:
    """Name the encoding of a text, or of the first lines of one."""
    return next((found for mark, found in _BOMS if content.startswith(mark)), None) or _guess(content)


def _guess(content: bytes) -> str:
    start = content[:4096]
    if start.count(0) / max(1, len(start)) > 0.3 and len(content) % 2 == 0:
        return "utf-16-le" if content[1] == 0 else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        # NOTE: a cut through the last letter does not make the rest Windows-1252.
        is_cut = error.reason == "unexpected end of data" and content[: error.start].isascii() is False
        return "utf-8" if is_cut else "cp1252"
    return "utf-8"


# What kind of text it is


def _heading(lines: list[str], label_headings: list[str]) -> str:
    """The first line that begins like a heading, or names two quarters between delimiters; else nothing."""
    words = tuple(word.casefold() for word in label_headings)
    folded = [fold_look_alikes(line.lstrip('"')) for line in lines]
    found = next((line for line in folded if _begins(line, words)), "")
    tells = (line for line in folded if len(quarters_told(re.split(r"[,;|\t]", line))) > 1 and not _is_prose([line]))
    return found or next(tells, "")


def _begins(line: str, words: tuple[str, ...]) -> bool:
    cells = re.split(r"[^\w ]", line.strip(" ,;\t|"), maxsplit=1)
    return len(cells) > 1 and cells[0].strip().casefold().startswith(words)


def find_delimiter(lines: list[str]) -> str:
    """Find the delimiter that takes most lines apart into as many cells as others, and into most; else a comma."""
    usual = {mark: Counter(line.count(mark) for line in lines if mark in line).most_common(1) for mark in "\t,;|"}
    return max(",\t;|", key=lambda mark: usual[mark][0][::-1] if usual[mark] else (0, 0))


def _is_report(lines: list[str], delimiter: str) -> bool:
    filled = [line for line in lines if line.strip()]
    return delimiter == "\t" and 2 * sum("\t" in line for line in filled) < len(filled)


def _is_prose(lines: list[str]) -> bool:
    """Whether lines are sentences, or the pieces between delimiters have several words in the mean and no figures."""
    if _are_sentences([line.strip() for line in lines if re.search(_NOT_IN_FIGURES, line)]):
        return True
    rows = [[piece.strip() for piece in re.split(_NOT_IN_FIGURES, line) if piece.strip()] for line in lines]
    if sum(_has_figures(line, row) for line, row in zip(lines, rows, strict=True)) > 1:
        return False
    pieces = [piece for row in rows for piece in row]
    return sum(len(piece.split()) for piece in pieces) > FEWEST_WORDS_OF_PROSE * len(pieces)


def _are_sentences(parted: list[str]) -> bool:
    """`Referrals by quarter: 156, 175, 155.`: of the lines with delimiters most end as sentences do, and a blank
    follows each comma, which hardly any table has."""
    if not parted or any(re.search(r"[|\t]|[,;](?=\S)(?!\d{3}(?!\d))", line) for line in parted):
        return False
    return 3 * sum(bool(_SENTENCE_ENDS.search(line)) for line in parted) > 2 * len(parted)


def _has_figures(line: str, pieces: list[str]) -> bool:
    """Whether a piece is a figure, or two cells in a row are: `aged 10 to 24,120,130`, but not `came to 2,050, all`."""
    cells = [LONE_FIGURE.fullmatch(cell.strip()) for cell in re.split(r"[,;|\t]", line)]
    return any(map(LONE_FIGURE.fullmatch, pieces)) or any(one and two for one, two in pairwise(cells))


# Reports


def _read_report(name: str, text: str) -> RawFile:
    lines = text.replace("\r\n", "\n").split("\n")
    rows = [Row(number, tuple(line.split("\t"))) for number, line in enumerate(lines, start=1)]
    refuse_vast(name, "", sum(len(row.cells) > 1 for row in rows), max(len(row.cells) for row in rows))
    doubts = {(len(rows), 0): CUT_OFF} if len(rows[-1].cells) > 1 else {}
    return RawFile(
        (Grid(name, "", tuple(rows), is_copied=True, doubts=doubts),), tuple(under_headings(_paragraphs(name, lines)))
    )


def _paragraphs(name: str, lines: list[str]) -> Iterator[Paragraph]:
    """The lines outside tables; a short line without figures but those of a quarter is a heading."""
    for number, line in enumerate(lines, start=1):
        text = line.strip().lstrip("-•* ")
        if text and "\t" not in line:
            is_heading = len(text) < LONGEST_HEADING and not re.search(r"[.\d]", _QUARTER.sub("", text))
            kind: WordsAre = "item" if _BULLET.match(line.strip()) else "heading" if is_heading else "text"
            yield Paragraph(name, f"line {number}", text, kind)


# Tables


def _read_aligned(lines: list[str]) -> tuple[Row, ...]:
    """The rows of a table whose columns are kept apart by spaces alone, in all lines that have such gaps at the same
    places; none when they are no table, or a cell would have a gap inside."""
    headings = (n for n, line in enumerate(lines) if len(quarters_told(_GAP.split(line))) > 1)
    first = next(headings, 0)  # a title over the table may have gaps of its own
    parted = enumerate(lines[first:], start=first + 1)
    apart = {n: line for n, line in parted if _GAP.search(line.strip()) and "\t" not in line}
    width = max(map(len, apart.values()), default=0)
    is_blank = [all(line[c : c + 1] in ("", " ") for line in apart.values()) for c in range(width)]
    walls = [match.span() for match in _GAP.finditer("".join(" " if blank else "x" for blank in is_blank))]
    begins, ends = [0, *(end for _, end in walls)], [*(begin for begin, _ in walls), width]
    cells = {n: tuple(line[a:b].strip() for a, b in zip(begins, ends, strict=True)) for n, line in apart.items()}
    texts = [text for row in cells.values() for text in row]
    lines_of_cells = [*cells.values(), *zip(*cells.values(), strict=True)]
    tells = (sum(read_when(text)[0].is_part_of_year for text in line) for line in lines_of_cells)
    is_table = any(count > 1 for count in tells) and any(map(LONE_FIGURE.fullmatch, texts))
    if not is_table or any(map(_GAP.search, texts)):
        return ()
    rows = (Row(n, cells.get(n, (line.strip(),))) for n, line in enumerate(lines, start=1))
    return tuple(row for row in rows if any(ch.isalnum() for text in row.cells for ch in text))


def _read_table(name: str, text: str, delimiter: str, label_headings: list[str]) -> Grid:
    rows = tuple(_csv_rows(name, text, delimiter))
    doubts = dict(_shorter_than_heading(rows, tuple(word.casefold() for word in label_headings)))
    is_open = bool(rows) and not text.endswith(("\n", "\r"))
    if is_open and _may_be_cut(rows[-1], max(len(row.cells) for row in rows)):
        doubts[rows[-1].number, 0] = CUT_OFF
    notes = (f"{name}, row {rows[-1].number}: {NO_END}.",) if is_open else ()
    return Grid(name, "", rows, notes, doubts=doubts)


def _csv_rows(name: str, text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    starts_at, filled = 1, 0
    try:
        for cells in reader:
            row = Row(starts_at, tuple(_AS_TEXT.sub(r"\1", cell) for cell in cells))
            filled += not row.is_blank
            refuse_vast(name, "", filled, len(cells))
            if not _RULE.fullmatch("|".join(cells)):
                yield row
            starts_at = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"{name}, row {starts_at}: not readable as CSV ({error}); a quotation mark may be missing; save it again "
            "where it was made."
        ) from None


def _shorter_than_heading(rows: tuple[Row, ...], words: tuple[str, ...]) -> Iterator[tuple[Place, str]]:
    """Rows with fewer cells than the heading above them, or with more when a comma may part thousands."""
    width, usual = 0, Counter(len(row.cells) for row in rows).most_common(1)[0][0] if rows else 0
    for row in rows:
        first = fold_look_alikes(row.text(1)).casefold()
        if (first and first.startswith(words) and len(row.cells) > 1) or len(quarters_told(row.cells)) > 1:
            width = len(row.cells)
        elif not width and _heads_list(row, usual):
            width = usual
        elif 1 < len(row.cells) < width or (len(row.cells) > width > 0 and _parts_thousands(row)):
            cells = count_noun(len(row.cells), "cell")
            yield (
                (row.number, 0),
                f"the row has {cells} and its heading {width}, so that its figures may stand in the wrong columns; "
                "write thousands without a comma (1234) or in quotation marks, and a delimiter for each blank cell",
            )


def _heads_list(row: Row, usual: int) -> bool:
    """Whether a row may be the heading of an exported list: words over as many columns as most rows have."""
    is_full = len(row.filled) == len(row.cells) == usual > 2
    return is_full and not any(map(LONE_FIGURE.fullmatch, row.cells))


def _parts_thousands(row: Row) -> bool:
    return bool(_THOUSANDS.search("\x1f".join(cell.strip() for cell in row.cells)))


def _may_be_cut(row: Row, width: int) -> bool:
    """Whether a last row may have gone on: it has fewer cells than others, or ends in a figure."""
    return len(row.cells) < width or row.text(width)[-1:].isdigit() or row.text(width).endswith(("<", "."))
