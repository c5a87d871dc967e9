"""The columns of a table without ruled lines. In: its heading and the lines below. Out: a `Layout`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from swp_analysis.ingest.formats.grid import LONE_FIGURE
from swp_analysis.ingest.formats.pdf_headings import PrintedHeading
from swp_analysis.ingest.formats.pdf_lines import Chunk, Line, join_chunks


@dataclass(frozen=True)
class Layout:
    """Columns from left to right, `first` to `last` of them (indexes) with figures. In a doubtful one figures stand
    between the columns that the heading names."""

    columns: tuple[Chunk, ...]
    first: int
    last: int
    is_doubtful: bool = False

    @property
    def span(self) -> Chunk:
        """Where the figures stand."""
        return join_chunks(list(self.columns[self.first : self.last + 1]))

    def column_of(self, chunk: Chunk) -> int | None:
        """The one column in which a chunk stands. Beside the figures that is the nearest; among them nobody can say
        when it stands in none, or in several."""
        hit = [index for index, column in enumerate(self.columns) if chunk.overlaps(column)]
        if len(hit) == 1 or chunk.overlaps(self.span):
            return hit[0] if len(hit) == 1 else None
        beside = [index for index in hit or range(len(self.columns)) if not self.first <= index <= self.last]
        return min(beside, key=lambda index: abs(self.columns[index].centre - chunk.centre), default=None)


def lay_out(heading: PrintedHeading, body: list[Line]) -> Layout:
    """The columns under a heading: where its words stand, widened by the chunks below that touch one of them only.

    Lines with figures come first: a line of words alone may be a note that reaches over several columns.
    """
    figures = [chunk for line in body if _has_figures(line, heading) for chunk in line.chunks]
    others = [chunk for line in body if not _has_figures(line, heading) for chunk in line.chunks]
    columns = _columns(heading, figures).columns
    fitting = [chunk for chunk in others if sum(chunk.overlaps(column) for column in columns) < 2]
    return _columns(heading, [*figures, *fitting])


def _has_figures(line: Line, heading: PrintedHeading) -> bool:
    return any(chunk.overlaps(heading.span) and any(ch.isdigit() for ch in chunk.text) for chunk in line.chunks)


def _columns(heading: PrintedHeading, chunks: list[Chunk]) -> Layout:
    anchors = sorted([*heading.lower, *heading.others], key=lambda one: one.x0)
    wide = [join_chunks([anchor, *(chunk for chunk in chunks if _only(chunk, anchor, anchors))]) for anchor in anchors]
    empty = [anchor for anchor in anchors if not any(chunk.overlaps(anchor) for chunk in chunks)]
    strays = _groups([chunk for chunk in chunks if not any(chunk.overlaps(column) for column in wide)])
    figures = [stray for stray in strays if any(LONE_FIGURE.fullmatch(part.text) for part in stray.parts)]
    words = [stray for stray in strays if stray not in figures]
    left, right = heading.lower[0].x0, heading.lower[-1].x1
    pairs = _pair([one for one in empty if one in heading.lower], figures)
    pairs |= _pair([one for one in empty if one.x1 < left], [one for one in words if one.x1 < left][:1])
    pairs |= _pair([one for one in empty if one.x0 > right], [one for one in words if one.x0 > right])
    return _arrange(heading, anchors, wide, strays, pairs)


def _arrange(
    heading: PrintedHeading, anchors: list[Chunk], wide: list[Chunk], strays: list[Chunk], pairs: dict[Chunk, Chunk]
) -> Layout:
    """The columns in their order, each stray one that has found its heading put together with it.

    A stray column between those of the figures makes the layout doubtful when a heading has nothing below it; else it
    is a figure out of place, and no column.
    """
    named = dict(zip(anchors, wide, strict=True))
    named |= {anchor: join_chunks([named[anchor], stray]) for anchor, stray in pairs.items()}
    unnamed = [stray for stray in strays if stray not in pairs.values()]
    span = join_chunks([named[low] for low in heading.lower])
    between = [stray for stray in unnamed if stray.overlaps(span)]
    columns = sorted([*named.values(), *(one for one in unnamed if one not in between)], key=lambda one: one.x0)
    first, last = columns.index(named[heading.lower[0]]), columns.index(named[heading.lower[-1]])
    is_empty = any(named[low] == join_chunks([low]) for low in heading.lower)
    is_whole = last - first + 1 == len(heading.lower)
    return Layout(tuple(columns), first, last, not is_whole or (is_empty and bool(between)))


def _only(chunk: Chunk, anchor: Chunk, anchors: list[Chunk]) -> bool:
    return chunk.overlaps(anchor) and sum(chunk.overlaps(other) for other in anchors) == 1


def _groups(chunks: list[Chunk]) -> list[Chunk]:
    """Chunks that stand one below the other, as columns."""
    columns: list[Chunk] = []
    for chunk in sorted(chunks, key=lambda one: one.x0):
        if columns and columns[-1].overlaps(chunk):
            columns[-1] = Chunk("", columns[-1].x0, max(columns[-1].x1, chunk.x1), (*columns[-1].parts, chunk))
        else:
            columns.append(Chunk("", chunk.x0, chunk.x1, (chunk,)))
    return columns


def _pair(empty: list[Chunk], strays: list[Chunk]) -> dict[Chunk, Chunk]:
    """Headings with nothing below, each with the column beside it that has no heading: only when they take turns, as
    headings on the left and figures on the right of their columns do."""
    both = sorted([*empty, *strays], key=lambda one: one.x0)
    takes_turns = len(empty) == len(strays) and all((a in empty) != (b in empty) for a, b in pairwise(both))
    return dict(zip(empty, strays, strict=True)) if takes_turns else {}
