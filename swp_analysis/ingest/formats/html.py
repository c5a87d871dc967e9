"""HTML. In: a saved web page. Out: a `Grid` a table, named by its place in the page, and the words around them.

Nothing is fetched and nothing runs. What stylesheets and attributes in the page hide is left out; boxes and lists to
fill in show what they hold. A table inside a cell is a table of its own.
"""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from swp_analysis.errors import InputError, count_noun
from swp_analysis.ingest.formats.grid import (
    MOST_COLUMNS,
    Address,
    Grid,
    Paragraph,
    Place,
    RawFile,
    WordsAre,
    damaged,
    join_blocks,
    refuse_vast,
    too_much,
)
from swp_analysis.ingest.formats.page_styles import PageStyles
from swp_analysis.ingest.formats.text import decode
from swp_analysis.ingest.formats.workbook import Sheet, marked

MOST_TAGS, MOST_TABLES, MOST_ATTRIBUTES = 500_000, 500, 1_000
_LONG_TAG, _ATTRIBUTE = re.compile(r"<[^<>]{5000,}"), re.compile(r"\s[^\s=<>\"']")
_SILENT = set(
    "meter progress rt rp audio video canvas script style template noscript head datalist svg colgroup object "
    "iframe".split()
)
_STATEMENT = re.compile(r"\d.*[.!?]")
_BLOCKS = {"p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "blockquote", "pre", "section", "article"}
_STRUCK = {"s", "strike", "del"}
_UNSEEN_BOXES = {"hidden", "checkbox", "radio", "image", "file", "color", "range"}
_IN_ROW = {"td", "th", "script", "template", "noscript", "form", "input", "style"}
NO_END = "the page ends inside this table, so that rows may be missing"
DAMAGED = "the marks of the page are damaged in this row; save the page again"
CUT_OFF = "the page ends inside this table, so that this row may be cut off; save the page again"


def read_html(name: str, content: bytes) -> RawFile:
    """Read the tables and paragraphs of a web page, in their order.

    Raises
    ------
    InputError
        When it has far more tables or cells than a page of KPI tables, or can't be taken apart.
    """
    text = decode(name, content)
    attributes = max((len(_ATTRIBUTE.findall(tag)) for tag in _LONG_TAG.findall(text)), default=0)
    if text.count("<") > MOST_TAGS or attributes > MOST_ATTRIBUTES:
        raise too_much(name, f"more than {MOST_TAGS:,} tags, or {MOST_ATTRIBUTES:,} attributes of one")
    page = _Page(name, _parse(name, text))
    folded = text.casefold()
    page.unclosed = max(0, folded.count("<table") - folded.count("</table"))
    found = join_blocks(page.blocks())
    if not found.grids and not any(_STATEMENT.search(one.text) for one in found.paragraphs):
        raise InputError(f"{name}: this web page holds no table; expected a KPI table, or sentences with figures.")
    return found


def _parse(name: str, text: str) -> Any:
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged(name, "page", error) from None
    if root is None or any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise damaged(name, "page", "it may be nested too deeply")
    return root


class _Page:
    """Reads the blocks of a page; counts its tables and paragraphs on the way."""

    def __init__(self, name: str, root: Any) -> None:
        self.file, self.unclosed = name, 0
        self._root, self._styles = root, PageStyles(name, root)
        self._tables = list(root.iter("table"))
        self._paragraphs = 0

    def blocks(self) -> Iterator[Grid | Paragraph]:
        """Give the tables and paragraphs in the order of the page."""
        if len(self._tables) > MOST_TABLES:
            raise too_much(self.file, count_noun(len(self._tables), "table"))
        title = self._root.find("head/title")
        if title is not None and title.text and title.text.strip():
            yield self._paragraph(" ".join(title.text.split()), "heading", level=0)
        body = self._root.find("body")
        yield from self._blocks_in(self._root if body is None else body)

    def _blocks_in(self, parent: Any) -> Iterator[Grid | Paragraph]:
        """Walk a part of the page; loose text between blocks is a paragraph of its own."""
        loose = [parent.text or ""]
        for child in parent:
            is_block = child.tag in _BLOCKS or child.find(".//table") is not None or child.tag == "table"
            if child.tag in _SILENT or self._styles.removes(child) or self._styles.blanks(child):
                pass
            elif is_block:
                yield from self._flush(loose, parent.tag)
                yield from self._read_table(child) if child.tag == "table" else self._blocks_in(child)
            else:
                loose.append(self._text_of(child))
            loose.append(child.tail or "")
        yield from self._flush(loose, parent.tag)

    def _flush(self, loose: list[str], tag: str) -> Iterator[Paragraph]:
        text = " ".join("".join(loose).split())
        loose.clear()
        if text:
            level = int(tag[1]) if re.fullmatch("h[1-6]", tag) else 0
            yield self._paragraph(text, "heading" if level else "item" if tag == "li" else "text", level)

    def _paragraph(self, text: str, kind: WordsAre, level: int = 1) -> Paragraph:
        self._paragraphs += 1
        return Paragraph(self.file, f"paragraph {self._paragraphs}", text, kind, level=level)

    # Text

    def _text_of(self, element: Any) -> str:
        """What an element shows, without the tables inside it."""
        if element.tag in _SILENT or element.tag == "table" or self._styles.removes(element):
            return ""
        if element.tag in ("input", "select", "textarea", "img"):
            return _box(element)
        pieces = [self._styles.added(element, "before"), element.text or ""]
        for child in element:
            pieces += [self._text_of(child), child.tail or ""]
        text = "".join([*pieces, self._styles.added(element, "after")])
        if element.tag == "br" or element.tag in _BLOCKS:
            return f" {text} "
        if self._styles.blanks(element):
            return " "
        is_struck = element.tag in _STRUCK or self._styles.strikes(element)
        return marked(text, is_struck, element.tag == "sup")

    # Tables

    def _read_table(self, table: Any) -> Iterator[Grid | Paragraph]:
        number = self._tables.index(table) + 1
        sheet, notes = Sheet(self.file, f"table {number}"), []
        reach: dict[int, int] = {}  # by column the last row down to which a cell above reaches
        place: Place = (0, 0)
        for place_of_row, row in enumerate(_rows_of(table), start=1):
            if self._is_hidden(row, table):
                sheet.hidden_rows.add(place_of_row)
            if any(part.tag not in _IN_ROW for part in row):
                sheet.doubts[place_of_row, 0] = DAMAGED
                notes.append(f"{Address(self.file, sheet.name, place_of_row, 1)}: {DAMAGED}.")
            place = (place_of_row, self._read_row(row, place_of_row, sheet, reach))
        if number > len(self._tables) - self.unclosed and place[0]:
            sheet.doubts[place if place[1] == sheet.width else (place[0], 0)] = CUT_OFF
            notes.append(f"{Address(self.file, sheet.name, place[0], 1)}: {NO_END}.")
        captions = (self._text_of(caption) for caption in table.iterchildren("caption"))
        above = [
            Paragraph(self.file, f"table {number}, caption", text, "caption")
            for text in (" ".join(caption.split()) for caption in captions)
            if text
        ]
        yield from above
        yield sheet.to_grid(notes)
        for nested in table.iterdescendants("table"):
            if next(nested.iterancestors("table")) is table and not self._is_hidden(nested, table):
                yield from self._read_table(nested)

    def _read_row(self, row: Any, number: int, sheet: Sheet, reach: dict[int, int]) -> int:
        """Keep the cells of a row beside those of rows above that `reach` down into it; return its last column."""
        column, left = 1, _section_left(row)
        for cell in (one for one in row.iterchildren("td", "th") if not self._styles.removes(one)):
            while reach.get(column, 0) >= number:
                column += 1
            columns, rows = _span(cell, "colspan"), min(_span(cell, "rowspan") or left, left)
            refuse_vast(self.file, sheet.name, number, column - 1 + min(columns, 2 * MOST_COLUMNS))
            sheet.put((number, column), " ".join(self._text_of(cell).split()), rows, columns)
            reach |= dict.fromkeys(range(column, column + columns), number + rows - 1)
            column += columns
        while reach.get(column, 0) >= number:
            column += 1
        sheet.width = max(sheet.width, column - 1)
        return column - 1

    def _is_hidden(self, element: Any, table: Any) -> bool:
        """Whether an element, or what holds it inside the table, is hidden."""
        inside = takewhile(lambda one: one is not table, (element, *element.iterancestors()))
        return any(self._styles.removes(one) or self._styles.blanks(one) for one in inside)


def _rows_of(table: Any) -> list[Any]:
    """A table's own rows as a browser orders them: head, bodies, foot."""
    parts = {"thead": 0, "tfoot": 2}
    groups = sorted(table.iterchildren("thead", "tbody", "tfoot", "tr"), key=lambda one: parts.get(one.tag, 1))
    return [row for group in groups for row in ([group] if group.tag == "tr" else group.iterchildren("tr"))]


def _section_left(row: Any) -> int:
    """How many rows there are from this one to the end of its section: as far as a cell may reach down."""
    reaches_down = any(_span(cell, "rowspan") != 1 for cell in row.iterchildren("td", "th"))
    return 1 + sum(1 for _ in row.itersiblings("tr")) if reaches_down else 1


def _box(element: Any) -> str:
    """What a box shows: its value, the chosen line of a list, the words for a picture."""
    if element.tag == "img":
        return f" {element.get('alt', '')} "
    if element.tag == "textarea":
        return f" {element.text or ''} "
    if element.tag == "input":
        kind = (element.get("type") or "text").casefold()
        return "" if kind in _UNSEEN_BOXES else f" {element.get('value') or element.get('placeholder', '')} "
    options = list(element.iter("option"))
    chosen = [one for one in options if one.get("selected") is not None]
    if element.get("multiple") is None:
        is_list = int((re.match(r"\d{1,4}", element.get("size") or "") or "1")[0]) > 1
        chosen = chosen[-1:] or ([] if is_list else options[:1])
    return " ".join(one.get("label") or " ".join(one.itertext()) for one in chosen)


def _span(cell: Any, name: str) -> int:
    """How far a cell reaches; 0 rows mean to the end of its section."""
    text = (cell.get(name) or "1").strip()
    return int(text[:6]) if text.isascii() and text.isdigit() and (int(text[:6]) or name == "rowspan") else 1
