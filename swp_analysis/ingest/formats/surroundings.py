"""The words around the tables of a document or page. In: its blocks in the order of print. Out: its grids, each with
the words above and below it, and all paragraphs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from swp_analysis.ingest.formats.grid import Grid, Paragraph, RawFile

# Words further away than so many paragraphs are prose of their own.
NEAREST, LONGEST_TITLE = 3, 10
_NOTE = ("*", "†", "‡", "¹", "²", "³", "note", "source", "[", "(")


def join_blocks(blocks: Iterable[Grid | Paragraph]) -> RawFile:
    """Give the file whose tables and paragraphs come in this order; paragraphs between two tables go to the one that
    they are about."""
    grids: list[Grid] = []
    between: list[Paragraph] = []
    everything: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            between.append(block)
            everything.append(block)
            continue
        cut = _begin_of_title(between, is_first=not grids)
        _add_below(grids, between[:cut])
        grids.append(replace(block, above=(*_title(between[cut:]), *block.above)))
        between = []
    _add_below(grids, between)
    return RawFile(tuple(grids), tuple(everything))


def _begin_of_title(between: list[Paragraph], is_first: bool) -> int:
    """Where the words above the next table begin: with the last heading, or behind the notes of the table before."""
    headings = [n for kind in ("caption", "heading") for n, one in enumerate(between) if one.kind == kind]
    notes = [n for n, one in enumerate(between) if one.kind == "note" or one.text.casefold().startswith(_NOTE)]
    if headings:
        return headings[-1]
    return 0 if is_first or not notes else notes[-1] + 1


def _title(words: list[Paragraph]) -> list[Paragraph]:
    """The heading and the nearest paragraphs; a short line is a title, whatever its style."""
    nearest = words if len(words) <= NEAREST else [*words[:1], *words[-NEAREST:]]
    return [replace(one, kind="caption") if _is_title(one) else one for one in nearest]


def _is_title(paragraph: Paragraph) -> bool:
    is_short = len(paragraph.text.split()) <= LONGEST_TITLE and not paragraph.text.endswith((".", ";"))
    return paragraph.kind == "text" and is_short and not paragraph.text.casefold().startswith(_NOTE)


def _add_below(grids: list[Grid], words: list[Paragraph]) -> None:
    """Give the last grid the nearest paragraphs that follow it."""
    if grids:
        grids[-1] = replace(grids[-1], below=(*grids[-1].below, *words[:NEAREST]))
