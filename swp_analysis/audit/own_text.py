"""Our own text against the tables. In: texts, and what their writer hands over. Out: nothing, or the run stops.

Nothing is read back: the writer says which figures of the tables a text about an indicator may state. Each is looked
up, and every number beside the indicator's name must be the print of one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from swp_analysis.audit.claims import FigureMeant
from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.recompute import recompute
from swp_analysis.engines.small_numbers.rounding import is_print_of, read_printed
from swp_analysis.errors import RunError

_NUMBER = re.compile(r"(?<![\w/.,–-])[+−-]?\d[\d,]*(?:\.\d+)?%?(?![\d/]|[–-]\d)")
# Years, quarters, ages and spans of them; the numbers in them are no figures.
_NO_FIGURE = re.compile(r"\b20\d\d/\d\d|\b20\d\d\b|Q[1-4](?:–Q[1-4])?|\b\d\d to \d\d year|[\d.]+–[\d.]+", re.IGNORECASE)


@dataclass(frozen=True)
class OwnFigures:
    """What a writer hands over about one indicator: the names that its text uses, the figures that it may state, and
    the numbers that were worked out and checked elsewhere (ranges, how many were tested)."""

    names: tuple[str, ...]
    meant: tuple[FigureMeant, ...]
    given: frozenset[str] = frozenset()


def check_own_text(
    texts: Iterable[str], handed: Sequence[OwnFigures], figures: TableFigures, *, follows_on: bool = True
) -> int:
    """Look up every number of sentences that name an indicator, or follow (`follows_on`) on one that does.

    Returns
    -------
    The number of texts that hold numbers and name no indicator.

    Raises
    ------
    RunError
        With the first number that isn't one of the figures handed over, as the tables give them.
    """
    known = [(one, list(_values(one, figures))) for one in handed]
    unnamed = 0
    for text in texts:
        named: list[tuple[OwnFigures, list[float]]] = []
        for sentence in re.split(r"(?<=[.;!?]) +", text):
            here = [(one, values) for one, values in known if any(name in sentence for name in one.names)]
            named = here or (named if follows_on else [])
            _check_sentence(sentence, named)
        unnamed += bool(_NUMBER.search(text)) and not any(name in text for one, _ in known for name in one.names)
    return unnamed


def _check_sentence(sentence: str, named: Sequence[tuple[OwnFigures, list[float]]]) -> None:
    for number in _numbers(sentence, named) if named else ():
        printed = read_printed(number)
        is_given = any(number in one.given for one, _ in named)
        if printed and not is_given and not any(is_print_of(printed, value) for _, values in named for value in values):
            label = named[0][0].names[0]
            raise RunError(
                f"Our own text disagrees with the data: {number!r} is no figure of {label!r} in the tables, "
                f"in: {sentence}"
            )


def _values(one: OwnFigures, figures: TableFigures) -> Iterable[float]:
    for reading in one.meant:
        result = recompute(reading, figures)
        if result is not None:
            yield from (result.value, result.lowest, result.highest)
        baseline = figures.printed_baseline(reading.indicator, reading.span.year) if reading.span.is_year else None
        if baseline is not None and reading.metric == "level":
            yield baseline.value


def _numbers(text: str, named: Sequence[tuple[OwnFigures, list[float]]]) -> Iterable[str]:
    names = sorted((name for one, _ in named for name in one.names), key=len, reverse=True)
    for name in names:
        text = text.replace(name, " ")
    yield from _NUMBER.findall(_NO_FIGURE.sub(" ", text))
