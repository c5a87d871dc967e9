"""Where a table without ruled lines begins on a page, and what stands over its columns. In: the page's `Line`s. Out:
`PrintedHeading`s.
"""

from __future__ import annotations

from dataclasses import dataclass

from swp_analysis.ingest.formats.grid import LONE_FIGURE
from swp_analysis.ingest.formats.pdf_lines import Chunk, Line, join_chunks
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.spelling import fold_look_alikes
from swp_analysis.ingest.timeline import LONGEST_HEADING, YEAR, quarters_told

# The lines of one heading: its label may break into lines between quarters and years.
MOST_LINES_APART = 3
_PERIOD_HEADINGS = ("quarter", "period", "month", "year", "qtr", "date")


@dataclass(frozen=True)
class PrintedHeading:
    """The heading on lines `first` to `last` (indexes): a `lower` chunk for each column of figures, the `upper` ones
    that stand over several of them, and `others` such as label, commentary and owner."""

    first: int
    last: int
    lower: tuple[Chunk, ...]
    upper: tuple[Chunk, ...]
    others: tuple[Chunk, ...]


def find_headings(lines: list[Line], words: tuple[str, ...]) -> list[PrintedHeading]:
    """Find the headings of a page, top to bottom."""
    found: list[PrintedHeading] = []
    for index in range(len(lines)):
        if (not found or index > found[-1].last) and _names_columns(lines, index, words):
            found.append(_read_heading(lines, index, words, found[-1].last + 1 if found else 0))
    return found


def _names_columns(lines: list[Line], index: int, words: tuple[str, ...]) -> bool:
    """Whether a line names several periods; or begins as headings do, without a figure, above one that has some."""
    chunks = lines[index].chunks
    if len(chunks) < 2:
        return False
    told = [chunk for chunk in chunks if _tells_time(chunk)]
    begins = _begins(lines[index], words)
    if told and (begins or len(quarters_told(chunk.text for chunk in told)) > 1):
        return True
    is_all_words = not any(is_figure_alone(chunk) for chunk in chunks)
    is_over_figures = any(count_figures(line) for line in lines[index + 1 : index + 2 + MOST_LINES_APART])
    opens = begins or (_begins(lines[index], _PERIOD_HEADINGS) and not _tells_time(chunks[0]))
    return is_all_words and is_over_figures and (len(told) > 1 or (opens and (len(chunks) > 2 or not begins)))


def _tells_time(chunk: Chunk) -> bool:
    text = chunk.text
    is_short = has_digit(text) and not text.isdigit() and len(text) <= LONGEST_HEADING
    return bool(quarters_told([text])) or (is_short and read_when(text)[0].is_part_of_year)


def _begins(line: Line, words: tuple[str, ...]) -> bool:
    return fold_look_alikes(line.chunks[0].text).casefold().startswith(words)


def _read_heading(lines: list[Line], core: int, words: tuple[str, ...], lowest: int) -> PrintedHeading:
    """The heading around a line: years above or below it, words under its columns, a label further up."""
    first = last = core
    label_end = lines[core].chunks[0].x1 if _begins(lines[core], words) else 0.0
    is_dated = any(YEAR.search(chunk.text) for chunk in lines[core].chunks)
    below = range(core + 1, min(core + 1 + MOST_LINES_APART, len(lines)))
    above = range(core - 1, max(core - 1 - MOST_LINES_APART, lowest - 1), -1)
    years = core if is_dated else next((i for i in (*below, *above) if _is_of_years(lines[i])), core)
    first, last = min(core, years), max(core, years)
    while last + 1 < len(lines) and last < core + MOST_LINES_APART and _goes_under(lines[last + 1], label_end):
        last += 1
    if first > lowest and _goes_under(lines[first - 1], label_end):
        first -= 1
    upwards = range(first, max(first - MOST_LINES_APART, lowest - 1), -1)
    first = next((i for i in upwards if _begins(lines[i], words)), first)
    levels = [_apart(line) for line in lines[first : last + 1]]
    return _stack(first, last, [level for level in levels if level])


def _goes_under(line: Line, label_end: float) -> bool:
    """Whether a line beside a heading's is of words that stand under or over its columns alone."""
    has_figure = any(is_figure_alone(chunk) and not _is_year(chunk) for chunk in line.chunks)
    return not has_figure and len(line.chunks) > 1 and 0 < label_end < line.chunks[0].x0


def _is_of_years(line: Line) -> bool:
    """Whether a line has years and nothing else with a digit in it."""
    pieces = _apart(line)
    return any(map(_is_year, pieces)) and all(_is_year(p) or not has_digit(p.text) for p in pieces)


def _is_year(piece: Chunk) -> bool:
    return bool(YEAR.fullmatch(piece.text))


def _apart(line: Line) -> list[Chunk]:
    """The chunks of a heading's line; years or quarters that stand close are taken apart."""
    runs: list[list[Chunk]] = []
    for chunk in line.chunks:
        runs.append([])
        for part in chunk.parts:
            if _kind(part) and _kind(part) in map(_kind, runs[-1]):
                runs.append([])
            runs[-1].append(part)
    return [join_chunks(run) for run in runs]


def _kind(part: Chunk) -> str:
    """What a word of a heading begins: a year, a quarter, or nothing."""
    return "year" if _is_year(part) else "quarter" if fold_look_alikes(part.text)[:1] in "qQ" else ""


def _stack(first: int, last: int, levels: list[list[Chunk]]) -> PrintedHeading:
    """The levels of a heading as columns: words that stand one below the other are of one, others over several."""
    lower, uppers = levels[-1], []
    for level in reversed(levels[:-1]):
        joined = _joined(level, lower)
        if joined:
            lower = joined
        else:
            uppers.append(level)
    left, right = lower[0].x0, lower[-1].x1
    inside = [chunk for level in uppers for chunk in level if chunk.x1 > left and chunk.x0 < right]
    others = group_columns([chunk for level in uppers for chunk in level if chunk not in inside])
    told = [n for n, one in enumerate(lower) if n and _tells_time(one)] or [1, len(lower) - 1]
    figures = lower if inside else lower[told[0] : told[-1] + 1]
    named = [*(one for one in lower if one not in figures), *(join_chunks(list(one.parts)) for one in others)]
    return PrintedHeading(first, last, tuple(figures), tuple(inside), tuple(sorted(named, key=lambda one: one.x0)))


def _joined(level: list[Chunk], lower: list[Chunk]) -> list[Chunk]:
    """Two levels as one, when each chunk of the lower has one of the upper over it, labels apart; else nothing."""
    pairs = [(up, low) for up in level for low in lower if up.overlaps(low)]
    ups, lows = ({id(one) for one in side} for side in zip(*pairs, strict=True)) if pairs else (set(), set())
    begin = next((n for n, low in enumerate(lower) if id(low) in lows), 0)
    is_whole = all(id(low) in lows for low in lower[begin:]) and (begin == 0 or len(ups) == len(level))
    if not is_whole or not len(pairs) == len(ups) == len(lows):
        return []
    under = {id(up): low for up, low in pairs}
    alone = [up for up in level if id(up) not in under]
    both = [join_chunks([up, under[id(up)]]) for up, _ in pairs]
    return sorted([*lower[:begin], *both, *alone], key=lambda one: one.x0)


def spread_over(heading: PrintedHeading) -> list[str]:
    """For each lower chunk the text of the upper one that begins with it, else a blank; nothing when it can't be told.

    An upper chunk stands over its columns either from the first of them on or in their middle. A way counts when each
    upper chunk has as many columns as the others, no two of them alike.
    """
    if not heading.upper:
        return [""] * len(heading.lower)
    left = [max((n for n, up in enumerate(heading.upper) if up.x0 <= low.x1), default=-1) for low in heading.lower]
    ways = {tuple(way) for way in (left, _in_the_middle(heading)) if _is_even(heading, way)}
    if len(ways) != 1:
        return []
    way = ways.pop()
    return [heading.upper[n].text if i == 0 or way[i - 1] != n else "" for i, n in enumerate(way)]


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


# Chunks


def count_figures(line: Line) -> int:
    """Count how many figures stand apart in a line."""
    return sum(is_figure_alone(chunk) for chunk in line.chunks)


def is_figure_alone(chunk: Chunk) -> bool:
    """Tell whether a chunk is a figure and nothing else."""
    return bool(LONE_FIGURE.fullmatch(chunk.text))


def has_digit(text: str) -> bool:
    """Tell whether there is a digit in a text."""
    return any(ch.isdigit() for ch in text)


def group_columns(chunks: list[Chunk]) -> list[Chunk]:
    """Give chunks that stand one below the other, as columns."""
    columns: list[Chunk] = []
    for chunk in sorted(chunks, key=lambda one: one.x0):
        if columns and columns[-1].overlaps(chunk):
            columns[-1] = Chunk("", columns[-1].x0, max(columns[-1].x1, chunk.x1), (*columns[-1].parts, chunk))
        else:
            columns.append(Chunk("", chunk.x0, chunk.x1, (chunk,)))
    return columns
