"""Our own text against the tables. In: texts, and what their writer hands over. Out: nothing, or the run stops.

Nothing is read back: the writer says what each figure of an indicator is for (last year's, this year's, the change, …),
and our sentences have few forms (`own_text.yml`). Each number must be the figure of its role, each movement and year
that of the tables.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from swp_analysis.audit.claims import FigureMeant
from swp_analysis.audit.figures import Quantity, TableFigures
from swp_analysis.audit.recompute import Result, recompute
from swp_analysis.catalogue.periods import display_year
from swp_analysis.engines.small_numbers.rounding import is_print_of, read_printed
from swp_analysis.errors import RunError
from swp_analysis.project import read_shipped

_NUMBER = re.compile(r"(?<![\w/.,–-])[+−-]?\d[\d,]*(?:\.\d+)?%?(?![\d/]|[–-]\d)")


@cache
def _rules() -> dict[str, Any]:
    """`own_text.yml`, its forms compiled."""
    rules = read_shipped(Path(__file__).with_suffix(".yml"))
    size = rules["size"]
    forms = [form.replace("{SIZE}", size).replace("{N}", rules["number"]) for form in rules["forms"]]
    return rules | {"forms": [re.compile(form) for form in forms]}


@dataclass(frozen=True)
class OwnFigures:
    """What a writer hands over about one indicator: the names that its text uses, the figure in each role (`before`,
    `now`, `change`, `points`, `percent`, `ratio`, `latest`, `quarter_before`, `baseline`), and the numbers that were
    worked out and checked elsewhere (ranges, how many were tested)."""

    names: tuple[str, ...]
    roles: Mapping[str, FigureMeant]
    given: frozenset[str] = frozenset()


def check_own_text(
    texts: Iterable[str], handed: Sequence[OwnFigures], figures: TableFigures, *, follows_on: bool = True
) -> int:
    """Hold every number and movement of sentences that name an indicator, or follow (`follows_on`) on one that does,
    against the figure of its role.

    Returns
    -------
    The number of texts that hold numbers and name no indicator.

    Raises
    ------
    RunError
        With the first number that isn't the figure of its role, as the tables give it, or a movement the other way.
    """
    unnamed, names = 0, {name: one for one in handed for name in one.names}
    for text in texts:
        named: OwnFigures | None = None
        for sentence in re.split(r"(?<=[.;!?]) +", text):
            named = names.get(_name_in(sentence, names), named if follows_on else None)
            if named is not None and (problem := _find_problem(sentence, named, names, figures)):
                said = f"{problem} of {named.names[0]!r}, in: {sentence}"
                raise RunError(f"Our own text disagrees with the data: {said}")
        unnamed += bool(_NUMBER.search(text)) and not _name_in(text, names)
    return unnamed


def _name_in(text: str, names: Iterable[str]) -> str:
    """The name that stands first in a text, of several that begin there the longest; an empty text for none."""
    return min((name for name in names if name in text), key=lambda one: (text.find(one), -len(one)), default="")


def _find_problem(sentence: str, named: OwnFigures, names: Iterable[str], figures: TableFigures) -> str:
    """Say what a sentence states behind its name that isn't the figure of its role; ages in names are no figures."""
    own = max((one for one in named.names if one in sentence), key=len, default="")
    rest = sentence[sentence.find(own) + len(own) :]
    for other in sorted((other for other in names if other in rest), key=len, reverse=True):
        rest = rest.replace(other, " ")
    for form in _rules()["forms"]:
        for match in form.finditer(rest):
            for role, said in match.groupdict().items():
                if said is not None and not _holds(role, said, named, figures):
                    return f"{said!r} is not {role!r}"
        rest = form.sub(" ", rest)
    left = re.sub(_rules()["no_figure"], " ", rest)
    return next(
        (f"{one!r} has no role among the figures" for one in _NUMBER.findall(left) if one not in named.given), ""
    )


def _holds(role: str, said: str, named: OwnFigures, figures: TableFigures) -> bool:
    """Whether what is said is the movement, the period or the figure of its role."""
    kind, _, of_role = role.partition("_")
    meant = named.roles.get(of_role if kind == "when" else role)
    if kind == "way":
        return _is_way(said, *(_recompute(named.roles.get(one), figures) for one in ("change", "ratio")))
    if meant is None:
        return False
    if kind == "when":
        quarters, span = {int(digit) for digit in re.findall(r"Q([1-4])", said)}, meant.span
        ends = set() if span.is_year else {span.quarters[0], span.quarters[-1]}
        return said.endswith(display_year(span.year)) and ends <= quarters <= set(span.quarters)
    if role == "baseline":
        found: Result | Quantity | None = figures.printed_baseline(meant.indicator, meant.span.year)
    else:
        found = _recompute(meant, figures)
    printed = read_printed(said)
    if printed is None or found is None:
        return False
    value = abs(found.value) if role in ("change", "points", "percent") else found.value
    # A cell may print a share with fewer decimals than the counts of its quarter give.
    indicator = figures.catalogue.indicators[meant.indicator]
    is_share = role in ("before", "now") and indicator.unit == "percent"
    share = figures.add_parts(indicator, meant.span) if is_share else None
    is_rounded = share is not None and share.certain and abs(printed.value - share.value) <= printed.unit / 2
    return is_print_of(printed, value) or is_rounded


def _is_way(said: str, change: Result | None, ratio: Result | None) -> bool:
    low, high = _rules()["ways"][said]
    if change is None or not change.value:
        return False
    if (low, high) in ((1, float("inf")), (0, 1)):  # up or down, which also holds from nothing
        return (change.value > 0) == (low == 1)
    return ratio is not None and low <= ratio.value <= high


def _recompute(meant: FigureMeant | None, figures: TableFigures) -> Result | None:
    result = recompute(meant, figures) if meant else None
    return result if result is not None and result.certain else None
