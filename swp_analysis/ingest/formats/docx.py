"""DOCX. In: a document's bytes. Out: a `Grid` a table, named by its place (`table 2`), and the words around them.

Everything is read in the order of the document, whatever wraps it: content controls, fields, links, tracked changes,
which count as accepted. A table inside a cell is a table of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from swp_analysis.ingest.formats.grid import (
    Grid,
    Paragraph,
    Place,
    RawFile,
    WordsAre,
    join_blocks,
    refuse_vast,
    too_much,
)
from swp_analysis.ingest.formats.package import Package, attribute
from swp_analysis.ingest.formats.workbook import Sheet, marked

# What holds text that is not, or no longer, part of the document, or says it a second time.
_LEFT_OUT = ("del", "moveFrom", "Fallback", "rt", "sdtPr", "sdtEndPr", "tblPr", "tblGrid")
# What is read; all other elements only wrap it.
_READ = set(
    "body tbl tr tc p r t sym fldChar tab br cr noBreakHyphen ptab footnote endnote comment footnoteReference "
    "endnoteReference commentReference styles style name basedOn pPr pStyle numPr rPr rStyle vertAlign strike dstrike "
    "vanish specVanish trPr hidden gridBefore tcPr gridSpan vMerge hMerge cellDel".split()
)
_SPACES = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-", "ptab": " "}
_OFF = ("0", "false", "none", "off")
MOST_TABLES = 500
_PARAGRAPHS = ".//p[not(ancestor::r)]"  # those of text boxes are said with the paragraph that holds the box


def read_docx(name: str, content: bytes) -> RawFile:
    """Read the tables and paragraphs of a Word document, in their order.

    Raises
    ------
    InputError
        For a damaged document, or one far larger than a report.
    """
    package = Package(name, content)
    with package.parsing("document"):
        document = _Document(package)
        body = _unwrap(package.tree("word/document.xml")).find("body")
        if body is None:
            raise ValueError("it has no body")
        return _on_every_page(join_blocks(document.blocks(body)), document.edges("header"), document.edges("footer"))


def _on_every_page(found: RawFile, header: tuple[Paragraph, ...], footer: tuple[Paragraph, ...]) -> RawFile:
    """The file with what stands at the top and the bottom of its pages said of each of its tables."""
    grids = (replace(one, above=(*header, *one.above), below=(*one.below, *footer)) for one in found.grids)
    return RawFile(tuple(grids), (*header, *found.paragraphs, *footer))


def _unwrap(root: Any) -> Any:
    """The tree of a part without what is left out, and with what is read right inside of what it belongs to."""
    from lxml import etree

    for mark in root.xpath("//trPr/del"):
        mark.tag = "hidden"
    for box in root.xpath("//sdt[sdtPr/showingPlcHdr][sdtContent/r]"):  # to fill in, and nobody has
        box.getparent().remove(box)
    etree.strip_elements(root, *_LEFT_OUT, with_tail=False)
    etree.strip_tags(root, *{element.tag for element in root.iter()} - _READ)
    return root


class _Document:
    """Reads the blocks of one document; counts its tables and paragraphs on the way."""

    def __init__(self, package: Package) -> None:
        self._package, self.file = package, package.name
        # For each field that is open, whether its result has not begun: until then its words are instructions.
        self._fields: list[bool] = []
        self._styles = {attribute(one, "styleId"): one for one in package.tree("word/styles.xml").findall("style")}
        self._notes = {
            (note.tag, attribute(note, "id")): " ".join(filter(None, map(self.text_of, note.xpath(_PARAGRAPHS))))
            for part in ("word/footnotes.xml", "word/endnotes.xml", "word/comments.xml")
            for note in _unwrap(package.tree(part))
        }
        self._tables = self._paragraphs = 0

    def blocks(self, parent: Any) -> Iterator[Grid | Paragraph]:
        """Give the paragraphs and tables inside an element; a table's own ones follow it."""
        for element in parent.iterchildren("p", "tbl"):
            if element.tag == "tbl":
                yield from self._read_table(element)
                continue
            self._paragraphs += 1
            text = self.text_of(element)
            if text:
                yield self._paragraph(element, text)
            yield from self._notes_of(element)
            for table in _tables_inside(element):  # in its text boxes
                yield from self._read_table(table)

    def edges(self, name: str) -> tuple[Paragraph, ...]:
        """Give the words of every `header` or `footer` of the pages, each once."""
        parts = sorted(one for one in self._package.names if re.fullmatch(rf"word/{name}\d*\.xml", one))
        trees = (_unwrap(self._package.tree(part)) for part in parts)
        texts = (self.text_of(one) for tree in trees for one in tree.xpath(_PARAGRAPHS))
        kind: WordsAre = "caption" if name == "header" else "note"
        return tuple(Paragraph(self.file, f"page {name}", text, kind) for text in dict.fromkeys(filter(None, texts)))

    def _paragraph(self, element: Any, text: str) -> Paragraph:
        look = element.find("pPr")
        style = attribute(look.find("pStyle"), "val") if look is not None and look.find("pStyle") is not None else ""
        name = self._name_of(style).casefold()
        is_heading = name.startswith(("heading", "title", "subtitle"))
        is_item = look is not None and look.find("numPr") is not None
        kind: WordsAre = "heading" if is_heading else "caption" if name == "caption" else "item" if is_item else "text"
        level = 0 if name == "title" else int(name[-1]) if name[-1:].isdecimal() and name[-1].isascii() else 1
        return Paragraph(self.file, f"paragraph {self._paragraphs}", text, kind, level=level)

    def _notes_of(self, element: Any) -> Iterator[Paragraph]:
        """The notes and comments that an element refers to, each where it is first referred to."""
        for reference in element.iter("footnoteReference", "endnoteReference", "commentReference"):
            what, number = reference.tag.removesuffix("Reference"), attribute(reference, "id")
            if text := self._notes.pop((what, number), ""):
                is_comment = what == "comment"
                place = f"{'comment' if is_comment else 'note'} {number}"
                yield Paragraph(self.file, place, text if is_comment else f"[{number}] {text}", "note")

    def _name_of(self, style: str) -> str:
        found = self._styles.get(style)
        named = None if found is None else found.find("name")
        return style if named is None else attribute(named, "val")

    # Text

    def text_of(self, paragraph: Any) -> str:
        """Say what a paragraph shows: nothing hidden, raised and struck pieces marked, references to notes in
        brackets."""
        look = paragraph.find("pPr/pStyle")
        own = self._look_of_style("" if look is None else attribute(look, "val"))
        outer, self._fields = self._fields, []
        text = " ".join("".join(self._run(run, own) for run in paragraph.iterchildren("r")).split())
        self._fields = outer
        return text

    def _run(self, run: Any, inherited: frozenset[str]) -> str:
        look = self._look_of(run.find("rPr"), inherited)
        if look & {"vanish", "specVanish"}:
            return ""
        text = "".join(self._letters(run))
        return marked(text, bool(look & {"strike", "dstrike"}), "superscript" in look)

    def _letters(self, run: Any) -> Iterator[str]:
        for one in run:
            if one.tag == "fldChar":
                self._turn_field(attribute(one, "fldCharType"))
            elif any(self._fields):
                continue
            elif one.tag in _SPACES:
                yield _SPACES[one.tag]
            elif one.tag == "t":
                yield one.text or ""
            elif one.tag == "sym":
                yield chr(int(attribute(one, "char")[-4:] or "20", 16))
            elif one.tag in ("footnoteReference", "endnoteReference"):
                yield f"[{attribute(one, 'id')}]"
            elif one.tag == "p":  # in a text box, whose words are no part of the word beside it
                yield f" {self.text_of(one)} "

    def _turn_field(self, kind: str) -> None:
        """Begin a field, or its result, or end it."""
        if kind == "begin":
            self._fields.append(True)
        elif self._fields and kind == "separate":
            self._fields[-1] = False
        elif self._fields and kind == "end":
            self._fields.pop()

    def _look_of(self, properties: Any, inherited: frozenset[str]) -> frozenset[str]:
        """What is switched on for a run, by itself, its style, or the paragraph's style."""
        look = set(inherited)
        for one in () if properties is None else properties:
            value = attribute(one, "val")
            if one.tag == "rStyle":
                look |= self._look_of_style(value)
            elif one.tag == "vertAlign":
                look = (look - {"superscript"}) | {value}
            else:
                look = look - {one.tag} if value in _OFF else look | {one.tag}
        return frozenset(look)

    def _look_of_style(self, style: str, depth: int = 0) -> frozenset[str]:
        found = self._styles.get(style)
        if found is None or depth > 20:
            return frozenset()
        base = found.find("basedOn")
        inherited = frozenset() if base is None else self._look_of_style(attribute(base, "val"), depth + 1)
        return self._look_of(found.find("rPr"), inherited) & {"vanish", "strike", "dstrike", "superscript"}

    # Tables

    def _read_table(self, table: Any) -> Iterator[Grid | Paragraph]:
        self._tables += 1
        if self._tables > MOST_TABLES:
            raise too_much(self.file, f"more than {MOST_TABLES} tables")
        sheet, inner = Sheet(self.file, f"table {self._tables}"), []
        starts: dict[int, Place] = {}
        for number, row in enumerate(table.iterchildren("tr"), start=1):
            if _is_on(row, "trPr/hidden"):
                sheet.hidden_rows.add(number)
            column = 1 + _number(row, "trPr/gridBefore", 0)
            for cell in (one for one in row.iterchildren("tc") if one.find("tcPr/cellDel") is None):
                parts = list(cell.iterchildren("p"))
                place = (number, column)
                column += max(1, _number(cell, "tcPr/gridSpan", 1))
                _put_cell(sheet, cell, " ".join(filter(None, map(self.text_of, parts))), place, column, starts)
                inner += [note for part in parts for note in self._notes_of(part)]
        yield replace(sheet.to_grid(), below=tuple(inner))
        for nested in _tables_inside(table):
            yield from self._read_table(nested)


def _put_cell(sheet: Sheet, cell: Any, text: str, place: Place, end: int, starts: dict[int, Place]) -> None:
    """Keep a cell that reaches up to column `end`; one that goes on with another is a part of that cell's span."""
    refuse_vast(sheet.file, sheet.name, place[0], end - 1)
    sheet.width = max(sheet.width, end - 1)
    down, beside = cell.find("tcPr/vMerge"), cell.find("tcPr/hMerge")
    start = place
    if down is not None and attribute(down, "val") in ("", "continue"):
        start = starts.get(place[1], place)
    elif beside is not None and attribute(beside, "val") != "restart":
        start = max((one for one in starts.values() if one < place), default=place)
    starts[start[1]] = start
    before = sheet.spans.get(start, (1, 1))
    sheet.put(place, text)
    sheet.put(start, "", max(place[0] - start[0] + 1, before[0]), max(end - start[1], before[1]))


def _tables_inside(element: Any) -> list[Any]:
    """The tables inside a paragraph or table, but those inside of these."""
    above = sum(1 for _ in element.iterancestors("tbl")) + (element.tag == "tbl")
    return element.xpath(f".//tbl[count(ancestor::tbl) = {above}]")


def _is_on(element: Any, path: str) -> bool:
    found = element.find(path)
    return found is not None and attribute(found, "val") not in _OFF


def _number(element: Any, path: str, default: int) -> int:
    found = element.find(path)
    return default if found is None else max(0, int(attribute(found, "val") or default))
