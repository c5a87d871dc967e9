"""Where a table without ruled lines begins on a page, and what stands over its columns. In: the page's `Line`s. Out:
`PrintedHeading`s.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from swp_analysis.ingest.formats.pdf_lines import Chunk, Line, join_chunks
from swp_analysis.ingest.spelling import fold_look_alikes
from swp_analysis.ingest.timeline import YEAR, quarters_told

# Years stand at most so many lines below or above the quarters: a label's heading may break into lines between them.
MOST_LINES_APART = 3


@dataclass(frozen=True)
class PrintedHeading:
    """The heading on lines `first` to `last` (indexes): a `lower` chunk for each column of figures, the `upper` ones
    that stand over several of them, and `others` such as label, commentary and owner."""

    first: int
    last: int
    lower: tuple[Chunk, ...]
    upper: tuple[Chunk, ...]
    others: tuple[Chunk, ...]

    @property
    def span(self) -> Chunk:
        """Where the figures stand."""
        return join_chunks(list(self.lower))


def find_headings(lines: list[Line], label_headings: list[str]) -> list[PrintedHeading]:
    """The headings of a page, top to bottom."""
    words = tuple(word.casefold() for word in label_headings)
    found: list[PrintedHeading] = []
    for index, line in enumerate(lines):
        if (not found or index > found[-1].last) and _names_quarters(line, words):
            found.append(_read_heading(lines, index, words, found[-1].last + 1 if found else 0))
    return found


def spread(heading: PrintedHeading) -> list[str]:
    """For each lower chunk the text of the upper one that begins with it, else a blank; nothing when it can't be told.

    An upper chunk stands over its columns either from the first of them on or in their middle. A way counts when each
    upper chunk has as many columns as the others, no two of them alike.
    """
    if not heading.upper:
        return [""] * len(heading.lower)
    ways = {tuple(way) for way in (_from_the_left(heading), _in_the_middle(heading)) if _is_even(heading, way)}
    if len(ways) != 1:
        return []
    way = ways.pop()
    return [heading.upper[n].text if i == 0 or way[i - 1] != n else "" for i, n in enumerate(way)]


def _names_quarters(line: Line, words: tuple[str, ...]) -> bool:
    told = [chunk for chunk in line.chunks if quarters_told([chunk.text])]
    several = len(quarters_told(chunk.text for chunk in told)) > 1
    return len(line.chunks) > 1 and bool(told) and (several or _begins(line, words))


def _begins(line: Line, words: tuple[str, ...]) -> bool:
    return fold_look_alikes(line.chunks[0].text).casefold().startswith(words)


def _read_heading(lines: list[Line], core: int, words: tuple[str, ...], lowest: int) -> PrintedHeading:
    first = last = core
    years = core
    if not any(YEAR.search(chunk.text) for chunk in lines[core].chunks):
        below = range(core + 1, min(core + 1 + MOST_LINES_APART, len(lines)))
        above = range(core - 1, max(core - 1 - MOST_LINES_APART, lowest - 1), -1)
        years = next((i for i in (*below, *above) if _is_of_years(lines[i])), core)
        first, last = min(core, years), max(core, years)
    upwards = range(first, max(first - MOST_LINES_APART, lowest - 1), -1)
    first = next((i for i in upwards if _begins(lines[i], words)), first)
    pieces = [chunk for line in lines[first : last + 1] for chunk in _apart(line)]
    quarters = [piece for piece in pieces if quarters_told([piece.text])]
    dated = [piece for piece in pieces if YEAR.search(piece.text) and piece not in quarters and _is_year(piece)]
    lower, upper = (dated, quarters) if years > core else (quarters, dated)
    others = [piece for piece in pieces if piece not in lower and piece not in upper]
    return PrintedHeading(first, last, _in_order(lower), _in_order(upper), _merged(others))


def _is_of_years(line: Line) -> bool:
    """Whether a line has years and nothing else with a digit in it."""
    pieces = list(_apart(line))
    return any(map(_is_year, pieces)) and all(_is_year(p) or not any(ch.isdigit() for ch in p.text) for p in pieces)


def _is_year(piece: Chunk) -> bool:
    return bool(YEAR.fullmatch(piece.text))


def _apart(line: Line) -> Iterator[Chunk]:
    """The chunks of a heading's line; years or quarters that stand close are taken apart."""
    for chunk in line.chunks:
        run: list[Chunk] = []
        for part in chunk.parts:
            kind = _kind(part)
            if kind and kind in map(_kind, run):
                yield join_chunks(run)
                run = []
            run.append(part)
        yield join_chunks(run)


def _kind(part: Chunk) -> str:
    """What a word of a heading begins: a year, a quarter, or nothing."""
    return "year" if _is_year(part) else "quarter" if fold_look_alikes(part.text)[:1] in "qQ" else ""


def _in_order(chunks: list[Chunk]) -> tuple[Chunk, ...]:
    return tuple(sorted(chunks, key=lambda one: one.x0))


def _merged(chunks: list[Chunk]) -> tuple[Chunk, ...]:
    """Pieces of a heading that stand one below the other, as one."""
    groups: list[list[Chunk]] = []
    for chunk in chunks:
        own = next((group for group in groups if any(chunk.overlaps(other) for other in group)), None)
        if own is None:
            groups.append([chunk])
        else:
            own.append(chunk)
    return _in_order([join_chunks(group) for group in groups])


# Which upper chunk stands over which column


def _from_the_left(heading: PrintedHeading) -> list[int]:
    """For each lower chunk the last upper one that begins no further right."""
    return [max((n for n, up in enumerate(heading.upper) if up.x0 <= low.x1), default=-1) for low in heading.lower]


def _in_the_middle(heading: PrintedHeading) -> list[int]:
    """For each lower chunk the upper one whose middle is nearest; -1 when two are as near."""
    way = []
    for low in heading.lower:
        far = sorted((abs(up.centre - low.centre), n) for n, up in enumerate(heading.upper))
        tie = len(far) > 1 and far[1][0] - far[0][0] < 1
        way.append(-1 if tie else far[0][1])
    return way


def _is_even(heading: PrintedHeading, way: list[int]) -> bool:
    groups: list[list[str]] = [[] for _ in heading.upper]
    for low, number in zip(heading.lower, way, strict=True):
        groups[number].append(low.text)
    same_size = len({len(group) for group in groups}) == 1
    return -1 not in way and way == sorted(way) and same_size and all(len(set(group)) == len(group) for group in groups)
