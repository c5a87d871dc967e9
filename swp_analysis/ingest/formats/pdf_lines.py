"""The printed lines of a PDF's page, and those that are headings. In: words with their places on the page. Out: `Line`s
of `Chunk`s, top to bottom; `PageHeading`s.

A chunk is a run of words with single spaces between them; what stands further apart was set in another column. A
heading is lines that name periods, with years, words and the label above and below them. What stands over several
columns is part of the text of each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, zip_longest
from typing import Any

from swp_analysis.ingest.formats.grid import LONE_FIGURE, WORDS
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.spelling import fold_look_alikes
from swp_analysis.ingest.timeline import LONGEST_HEADING, YEAR, quarters_told

# In units of the letters' size. A space is 0.25 to 0.35 wide, and 0.6 in a typewriter's face, where all letters are.
NARROWEST_GAP, WIDEST_SPACE, WIDEST_TYPED_SPACE = 0.3, 0.45, 0.7
# A gap between columns is at least so much wider than the spaces of its page.
WIDER_THAN_A_SPACE = 1.3
TYPED_LETTER = 0.6
WIDEST_JUSTIFIED_SPACE = 0.9
# Lines of one cell are a whole size apart or more; what is nearer stands half-way beside two lines of another cell.
SAME_LINE, SAME_ROW = 0.3, 0.85
# Lines of one paragraph are at most so many letters' sizes apart.
NEXT_LINE = 1.7
# A line that reaches from the labels over the figures is prose when it has so many words.
LEAST_WORDS_OF_PROSE = 4
# The lines of one heading: its label may break into lines between quarters and years.
MOST_LINES_APART = 3
# How far the first figures may stand below a heading.
MOST_LINES_OF_A_LABEL = 8
_PERIOD_HEADINGS = ("quarter", "period", "month", "year", "qtr", "date")
Word = dict[str, Any]


@dataclass(frozen=True)
class Chunk:
    """Words that belong together, and where they stand across the page, in points."""

    text: str
    x0: float
    x1: float
    parts: tuple[Chunk, ...] = ()

    def overlaps(self, other: Chunk) -> bool:
        return min(self.x1, other.x1) > max(self.x0, other.x0)

    @property
    def is_figure(self) -> bool:
        """Whether it is a figure and nothing else."""
        return bool(LONE_FIGURE.fullmatch(self.text))

    @property
    def has_digit(self) -> bool:
        return any(ch.isdigit() for ch in self.text)


@dataclass(frozen=True)
class Line:
    """A printed line; `number` counts from 1 at the top of the page. `opening` is what it begins with, up to a gap that
    no line of prose has; one that `touches_above` stands so near the line above that both are of one row."""

    number: int
    chunks: tuple[Chunk, ...]
    opening: Chunk
    bottom: float
    size: float
    touches_above: bool = False

    @property
    def text(self) -> str:
        return " ".join(chunk.text for chunk in self.chunks)

    @property
    def has_figure(self) -> bool:
        """Whether a figure stands apart in it."""
        return any(chunk.is_figure for chunk in self.chunks)

    def is_close_to(self, before: Line) -> bool:
        """Tell whether it may be of the paragraph, or the table, that ends in the line before."""
        return self.bottom - before.bottom < NEXT_LINE * self.size

    def runs_over(self, span: Chunk) -> bool:
        """Tell whether it begins with words that reach over the figures; one with figures side by side is a row."""
        first = self.opening
        is_row = any(a.is_figure and b.is_figure for a, b in pairwise(first.parts))
        return first.x0 < span.x0 < first.x1 and not is_row and len(WORDS.findall(first.text)) >= LEAST_WORDS_OF_PROSE


def group_words(words: list[Word]) -> list[list[Word]]:
    """Give the words line by line, each line from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda one: (one["bottom"], one["x0"])):
        if not lines or word["bottom"] - lines[-1][0]["bottom"] > SAME_LINE * word["size"]:
            lines.append([])
        lines[-1].append(word)
    return [sorted(line, key=lambda one: one["x0"]) for line in lines]


def read_lines(words: list[Word]) -> list[Line]:
    """Read the lines of a page from its words, or from those of them that stand in no ruled table."""
    groups = group_words(words)
    widest = _widest_space(groups)
    lines: list[Line] = []
    for number, group in enumerate(groups, start=1):
        bottom, size = group[0]["bottom"], group[0]["size"]
        touches = bool(lines) and bottom - lines[-1].bottom < SAME_ROW * min(size, lines[-1].size)
        opening = _chunks(group, WIDEST_JUSTIFIED_SPACE)[0]
        lines.append(Line(number, _chunks(group, widest), opening, bottom, size, touches))
    return lines


def _widest_space(lines: list[list[Word]]) -> float:
    """The widest gap on a page that is a space between words and not one between columns."""
    widths = ((one["x1"] - one["x0"]) / len(one["text"]) / one["size"] for line in lines for one in line)
    if all(abs(width - TYPED_LETTER) < 0.03 for width in widths):
        return WIDEST_TYPED_SPACE
    gaps = ((b["x0"] - a["x1"]) / b["size"] for line in lines for a, b in pairwise(line))
    spaces = sorted(gap for gap in gaps if 0 < gap < WIDEST_TYPED_SPACE) or [WIDEST_SPACE]
    return min(WIDEST_SPACE, max(NARROWEST_GAP, WIDER_THAN_A_SPACE * spaces[len(spaces) // 4]))


def _chunks(words: list[Word], widest: float) -> tuple[Chunk, ...]:
    runs = [words[:1]]
    for before, word in pairwise(words):
        if word["x0"] - before["x1"] > widest * word["size"]:
            runs.append([])
        runs[-1].append(word)
    return tuple(join_chunks(Chunk(word["text"], word["x0"], word["x1"]) for word in run) for run in runs)


def join_chunks(chunks: Iterable[Chunk]) -> Chunk:
    """Give several chunks as one."""
    parts = tuple(chunks)
    text = " ".join(part.text for part in parts)
    return Chunk(text, min(part.x0 for part in parts), max(part.x1 for part in parts), parts)


def group_columns(chunks: Iterable[Chunk]) -> list[Chunk]:
    """Give chunks that stand one below the other, as columns from left to right."""
    given = list(chunks)
    groups: list[list[Chunk]] = []
    for chunk in sorted(given, key=lambda one: one.x0):
        if not groups or not join_chunks(groups[-1]).overlaps(chunk):
            groups.append([])
        groups[-1].append(chunk)
    return [join_chunks(sorted(group, key=given.index)) for group in groups]


def read_pieces(line: Line) -> Iterator[Chunk]:
    """Give the chunks of a line; each figure by itself in one that begins with a figure, goes on, and is no date."""
    for chunk in line.chunks:
        if chunk.is_figure or not chunk.parts[0].is_figure or _tells_time(chunk):
            yield chunk
            continue
        for is_figure, parts in groupby(chunk.parts, lambda part: part.is_figure):
            run = tuple(parts)
            yield from run if is_figure else (join_chunks(run),)


# Headings


@dataclass(frozen=True)
class PageHeading:
    """The heading on lines `begin` to `end` (indexes): a chunk for each column with all that is printed over it,
    `first` to `last` of them over figures; doubtful when nobody can say what stands over which column."""

    begin: int
    end: int
    columns: list[Chunk]
    first: int
    last: int
    is_doubtful: bool

    @property
    def span(self) -> Chunk:
        """Where the figures stand."""
        return join_chunks(self.columns[self.first : self.last + 1])


def find_headings(lines: list[Line], words: tuple[str, ...]) -> Iterator[PageHeading]:
    """Find the headings of a page, top to bottom; `words` are those that begin one."""
    lowest = 0
    for index in range(len(lines)):
        is_named = index >= lowest and _names_columns(lines, index, words)
        # Words over the columns, such as `to date` over each quarter, are the upper line of the heading below them.
        below = lines[index + 1 : index + 2]
        is_upper = any(_begins(one.chunks[0], words) and _names_columns(lines, index + 1, words) for one in below)
        if is_named and (_begins(lines[index].chunks[0], words) or not is_upper):
            begin, end = _edges(lines, index, lowest, words)
            yield _stack(begin, end, [line.chunks for line in lines[begin : end + 1]], words)
            lowest = end + 1


def _names_columns(lines: list[Line], index: int, words: tuple[str, ...]) -> bool:
    """Whether a line without figures, a little above some, names several periods, or begins as headings do."""
    chunks = lines[index].chunks
    told = [chunk for chunk in chunks if _tells_time(chunk)]
    opens = _begins(chunks[0], (*words, *_PERIOD_HEADINGS)) and chunks[0] not in told
    below = lines[index + 1 : index + 2 + MOST_LINES_OF_A_LABEL]
    is_over_figures = any(piece.is_figure for line in below for piece in read_pieces(line))
    is_named = len(told) > 1 or (opens and len(chunks) > (1 if told else 2))
    return is_named and is_over_figures and not lines[index].has_figure


def _tells_time(chunk: Chunk) -> bool:
    is_short = chunk.has_digit and not chunk.text.isdigit() and len(chunk.text) <= LONGEST_HEADING
    return bool(quarters_told([chunk.text])) or (is_short and read_when(chunk.text)[0].is_part_of_year)


def _begins(chunk: Chunk, words: tuple[str, ...]) -> bool:
    return fold_look_alikes(chunk.text).casefold().startswith(words)


def _is_year(chunk: Chunk) -> bool:
    return bool(YEAR.fullmatch(chunk.text))


def _edges(lines: list[Line], core: int, lowest: int, words: tuple[str, ...]) -> tuple[int, int]:
    """The first and last line of the heading around one: years above or below it, words under its columns, a label
    further up."""
    chunks = lines[core].chunks
    label_end = chunks[0].x1 if _begins(chunks[0], words) else 0.0
    has_years = any(YEAR.search(chunk.text) for chunk in chunks)
    ends = [core, core]
    for side, way in ((1, range(core + 1, len(lines))), (0, range(core - 1, lowest - 1, -1))):
        for index in way[:MOST_LINES_APART]:
            line = lines[index]
            if any(chunk.is_figure and not _is_year(chunk) for chunk in line.chunks):
                break
            is_of_years = any(map(_is_year, line.chunks)) and all(
                _is_year(one) or not one.has_digit for one in line.chunks
            )
            if (is_of_years and not has_years) or _goes_under(line, lines[core], label_end):
                ends[side], has_years = index, has_years or is_of_years
    upwards = range(ends[0], max(ends[0] - MOST_LINES_APART, lowest - 1), -1)
    return next((i for i in upwards if _begins(lines[i].chunks[0], words)), ends[0]), ends[1]


def _goes_under(line: Line, core: Line, label_end: float) -> bool:
    """Whether a line is of words that stand under or over the columns beside the labels alone; a single one stands so
    when it begins with the only column, and is else a title."""
    is_alone = len(line.chunks) == 1 and (
        len(core.chunks) > 2 or abs(line.chunks[0].x0 - core.chunks[-1].x0) > line.size
    )
    return not is_alone and 0 < label_end < line.chunks[0].x0


def _stack(begin: int, end: int, levels: list[tuple[Chunk, ...]], words: tuple[str, ...]) -> PageHeading:
    """The levels of a heading as columns. The line with the most periods names those of figures, unless one below it
    has more words beside the labels."""
    periods = [sum(map(_tells_time, level)) for level in levels]
    base = max(range(len(levels)), key=lambda n: (periods[n], n))
    told = [n for n, one in enumerate(levels[base]) if _tells_time(one)] or [1, len(levels[base]) - 1]
    lower = list(levels[base][told[0] : told[-1] + 1])
    label_end = max((one.x1 for one in levels[base][: told[0]]), default=0.0)
    for level in levels[base + 1 :]:
        beside = [one for one in level if one.x1 > label_end and not _begins(one, words)]
        lower = beside if len(beside) > len(lower) else lower
    left, right = lower[0].x0, lower[-1].x1
    inside = [[one for one in level if one.x1 > left and one.x0 < right] for level in levels]
    over = [_spread(level, lower) for level in inside if level]
    texts = [" ".join(column) for column in zip(*over, strict=True)] if all(over) else [low.text for low in lower]
    figures = [replace(low, text=text) for low, text in zip(lower, texts, strict=True)]
    others = group_columns(one for level, own in zip(levels, inside, strict=True) for one in level if one not in own)
    columns = sorted([*others, *figures], key=lambda one: one.x0)
    return PageHeading(begin, end, columns, columns.index(figures[0]), columns.index(figures[-1]), not all(over))


def _spread(level: list[Chunk], lower: list[Chunk]) -> list[str]:
    """For each lower chunk the text of the one of a level that stands over it; nothing when it can't be told: each must
    have as many columns as the others, no two of them alike, and stand over none but them."""
    each, rest = divmod(len(lower), len(level))
    groups = [lower[n * each : (n + 1) * each] for n in range(len(level))]
    for up, group, after in zip_longest(level, groups, groups[1:]):
        is_over = up.overlaps(join_chunks(group)) and not (
            after and up.x1 > after[0].x0 and up.x0 > (group[0].x0 + group[0].x1) / 2
        )
        if rest or not is_over or len({low.text for low in group}) < each:
            return []
    return [up.text for up in level for _ in range(each)]
