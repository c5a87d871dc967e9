"""Our own text against the tables. In: texts, and what their writer hands over. Out: nothing, or the run stops.

Nothing is read back: the writer says what each figure of an indicator is for (last year's, this year's, the change, …),
and our sentences have few forms. Each number must be the figure of its role, each movement and year that of the tables.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from swp_analysis.audit.claims import FigureMeant
from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.recompute import Result, recompute
from swp_analysis.catalogue.periods import display_year
from swp_analysis.engines.small_numbers.rounding import Printed, is_print_of, read_printed
from swp_analysis.errors import RunError

_NUMBER = re.compile(r"(?<![\w/.,–-])[+−-]?\d[\d,]*(?:\.\d+)?%?(?![\d/]|[–-]\d)")
# Years, quarters, ages and spans of them; the numbers in them are no figures.
_NO_FIGURE = re.compile(r"\b20\d\d/\d\d|\b20\d\d\b|Q[1-4](?:–Q[1-4])?|\b\d\d to \d\d year|[\d.]+–[\d.]+", re.IGNORECASE)
_N = r"[+−-]?\d[\d,]*(?:\.\d+)?%?"
_CHANGED = rf"(?:(?P<points>{_N}) (?:percentage )?points?|(?P<change>{_N})(?! from))"
_SIZE = rf"(?P<way2>up|down) {_CHANGED}(?: \((?P<percent>{_N})\))?"
# The forms of our sentences; a group's name is the role of the number, or says which way it went, or when.
_FORMS = [
    re.compile(form)
    for form in (
        rf"(?P<way>rose|fell) from (?P<before>{_N})(?: in (?P<when_before>[^,;:]*?20\d\d/\d\d))?"
        rf" to (?P<now>{_N})(?: in (?P<when_now>[^,;:]*?20\d\d/\d\d))?(?:, {_SIZE})?",
        rf"stayed at (?P<now>{_N})",
        rf": (?P<before>{_N}) to (?P<now>{_N})(?!\d)",
        rf": (?P<now>{_N})(?: in Q[^,]*)?, (?P<way>up|down) from (?P<before>{_N})",
        rf": (?P<now>{_N})(?= in Q)",
        rf" \((?:(?P<quarter_before>{_N}) to )?(?P<latest>{_N})\)(?=[;.])",
        rf"latest figure is (?P<latest>{_N}) \((?P<when_latest>[^)]*)\)",
        rf"baseline printed for (?P<when_baseline>20\d\d/\d\d) is (?P<baseline>{_N})",
        r"(?P<way>nearly doubled|more than doubled|doubled|halved|fell by more than half)",
        rf"(?<!\w){_SIZE}",
        r"^,? (?P<way>rose|fell)\b(?! from)",
    )
]
_RATIOS = {"nearly doubled": (1.8, 2), "doubled": (1.95, 2.05), "more than doubled": (2, 1e9), "halved": (0.45, 0.55)}
_RATIOS["fell by more than half"] = (0, 0.5)
_UP = ("up", "rose", "more", "nearly doubled", "doubled", "more than doubled")


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
    unnamed = 0
    for text in texts:
        named: OwnFigures | None = None
        for sentence in re.split(r"(?<=[.;!?]) +", text):
            here = _named_in(sentence, handed)
            named = here or (named if follows_on else None)
            if named is not None:
                rest = _without_names(sentence, named, handed)
                _check_sentence(sentence, rest, named, figures)
        unnamed += bool(_NUMBER.search(text)) and _named_in(text, handed) is None
    return unnamed


def _named_in(sentence: str, handed: Sequence[OwnFigures]) -> OwnFigures | None:
    """Whose name the sentence holds: the first, and of several that begin there the longest."""
    places = [(sentence.find(name), -len(name), place) for place, one in enumerate(handed) for name in one.names]
    found = [place for place in places if place[0] >= 0]
    return handed[min(found)[2]] if found else None


def _check_sentence(sentence: str, rest: str, named: OwnFigures, figures: TableFigures) -> None:
    for form in _FORMS:
        for match in form.finditer(rest):
            said = ((role, words) for role, words in match.groupdict().items() if words is not None)
            for role, words in said:
                if not _holds(role, words, named, figures):
                    raise _disagrees(f"{words!r} is not {role!r}", named, sentence)
        rest = form.sub(" ", rest)
    for number in _NUMBER.findall(_NO_FIGURE.sub(" ", rest)):
        if number not in named.given:
            raise _disagrees(f"{number!r} has no role among the figures", named, sentence)


def _disagrees(problem: str, named: OwnFigures, sentence: str) -> RunError:
    return RunError(f"Our own text disagrees with the data: {problem} of {named.names[0]!r}, in: {sentence}")


def _without_names(sentence: str, named: OwnFigures, handed: Sequence[OwnFigures]) -> str:
    """What a sentence says, from behind the name; ages in other names are no figures."""
    name = max((one for one in named.names if one in sentence), key=len, default="")
    rest = sentence[sentence.find(name) + len(name) :] if name else sentence
    for other in sorted((other for one in handed for other in one.names if other in rest), key=len, reverse=True):
        rest = rest.replace(other, " ")
    return rest


def _holds(role: str, said: str, named: OwnFigures, figures: TableFigures) -> bool:
    """Whether what is said is the movement, the period or the figure of its role."""
    if role.startswith("way"):
        change, ratio = (_recompute(one, named, figures) for one in ("change", "ratio"))
        low, high = _RATIOS.get(said, (0, 1e9))
        is_sized = said not in _RATIOS or (ratio is not None and low <= ratio.value <= high)
        return change is not None and change.value != 0 and (change.value > 0) == (said in _UP) and is_sized
    meant = named.roles.get(role.removeprefix("when_"))
    if meant is None:
        return False
    if role.startswith("when_"):
        quarters = {int(digit) for digit in re.findall(r"Q([1-4])", said)}
        ends = {meant.span.quarters[0], meant.span.quarters[-1]} if not meant.span.is_year else set()
        return said.endswith(display_year(meant.span.year)) and ends <= quarters <= set(meant.span.quarters)
    printed = read_printed(said)
    return printed is not None and _is_figure(printed, role, meant, figures)


def _recompute(role: str, named: OwnFigures, figures: TableFigures) -> Result | None:
    result = recompute(named.roles[role], figures) if role in named.roles else None
    return result if result is not None and result.certain else None


def _is_figure(printed: Printed, role: str, meant: FigureMeant, figures: TableFigures) -> bool:
    if role == "baseline":
        baseline = figures.printed_baseline(meant.indicator, meant.span.year)
        return baseline is not None and is_print_of(printed, baseline.value)
    result = recompute(meant, figures)
    if result is not None and result.certain:
        value = abs(result.value) if role in ("change", "points", "percent") else result.value
        if is_print_of(printed, value):
            return True
    return role in ("before", "now") and _is_share(printed, meant, figures)


def _is_share(printed: Printed, meant: FigureMeant, figures: TableFigures) -> bool:
    """Whether it is the share that the counts of a quarter give, rounded: a cell may print it with fewer decimals."""
    indicator = figures.catalogue.indicators[meant.indicator]
    share = figures.add_parts(indicator, meant.span) if indicator.unit == "percent" else None
    return share is not None and share.certain and abs(printed.value - share.value) <= printed.unit / 2
