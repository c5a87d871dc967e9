"""Makes KPI tables safe to share. In: observations, baselines, totals, indicators. Out: `Protected`, which is proven.

Stands before analysis: no later room sees anything but what `protect` returns, so whatever is made
there is safe by construction.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import pandas as pd

from swp_analysis.catalogue.models import Indicator
from swp_analysis.catalogue.periods import display_year
from swp_analysis.disclosure.kpi_tables import Frames, find_sums, from_plain, link_indicators, state_status, to_plain
from swp_analysis.engines.small_numbers.attack import ExposedError, attack_editions
from swp_analysis.engines.small_numbers.cells import Cell, Edition, Links
from swp_analysis.engines.small_numbers.hide import hide_small
from swp_analysis.errors import InputError, RunError, count_noun
from swp_analysis.open_data.group_sums import list_constraints
from swp_analysis.open_data.reader import OpenData

MOST_NAMED = 5
DEFAULT_THRESHOLD = 5
LOG_COLUMNS = ["indicator", "financial_year", "quarter", "why"]
OPEN = "; an open table prints it"
Known = Mapping[Cell, tuple[float, float]]
_NAMES = {"series": "indicator", "area": "area_code", "year": "financial_year", "period": "quarter"}


@dataclass(frozen=True)
class Protected:
    """What an audience may see: the three tables of an edition, made safe, and for `internal` eyes only the log.

    `observations`: a count of 1 to `threshold - 1` has the status `suppressed` with these as `lower` and `upper` (for a
    percentage they are people, its numerator); a figure that would give such a count away is `withheld`, and everybody
    may know that it is `threshold` or more. `totals` and `baselines`: `withheld` may be any number.
    `log`: indicator, financial_year, quarter (or "year", "baseline", or the first day of a month), why.
    """

    observations: pd.DataFrame
    baselines: pd.DataFrame
    totals: pd.DataFrame
    log: pd.DataFrame
    threshold: int

    @property
    def frames(self) -> Frames:
        """Observations, baselines, totals."""
        return self.observations, self.baselines, self.totals

    @property
    def loss(self) -> str:
        """What was hidden, in words, for the log of a run."""
        more = int(self.log["why"].str.startswith("secondary").sum())
        small = len(self.log) - more
        said = f"{count_noun(small, 'small figure') if small else 'no figure'} {'are' if small > 1 else 'is'} withheld"
        them = "them" if small > 1 else "it" if small else "one of an earlier edition"
        return f"{said}, and {more} more that would give {them} away" if more else said


def protect(
    observations: pd.DataFrame,
    baselines: pd.DataFrame,
    totals: pd.DataFrame,
    indicators: Mapping[str, Any],
    *,
    threshold: int | None = DEFAULT_THRESHOLD,
    earlier: Sequence[Protected] = (),
    known: Known = MappingProxyType({}),
) -> Protected:
    """Hide every count of 1 to `threshold - 1` and whatever would give it away.

    Parameters
    ----------
    observations, baselines : columns as in `data/processed`; months stand beside quarters, and three of them make one.
    totals : as `quality.totals.annual_totals` returns them, from the unprotected observations; a year may have several
        rows with different `quarters`. Every sum that an edition shows must be among them.
    indicators : the catalogue's indicators by id, or any iterable of them.
    threshold : the smallest count above zero that is shown; 0 or None for `internal`, which sees everything.
    earlier : editions that the same readers already hold; what they show can't be withheld any more.
    known : what `know_from_open_tables` gives: counts that readers can look up elsewhere.

    Returns
    -------
    Protected
        The same rows in the same order. Zero is shown, a small count is `suppressed`, a figure that would give one away
        is `withheld`. What is hidden doesn't depend on the order of the rows.

    Raises
    ------
    RunError
        When no safe version was found: an earlier edition gives a count away, or the tables contradict themselves.
    """
    frames = observations, baselines, totals
    if threshold is None or threshold <= 1:
        return Protected(observations, state_status(baselines), totals, pd.DataFrame(columns=LOG_COLUMNS), 0)
    links = _links([frames, *(edition.frames for edition in earlier)], indicators, known)
    hidden = hide_small(to_plain(frames), links, threshold, [_edition(one) for one in earlier])
    log = hidden.log.rename(columns=_NAMES).sort_values(LOG_COLUMNS, ignore_index=True)
    log["why"] += [OPEN if _is_open(row, known) else "" for row in log.to_dict("records")]
    return Protected(*from_plain(hidden.tables, frames), log, threshold)


def protect_beside(
    frames: Frames,
    indicators: Mapping[str, Any],
    threshold: int | None,
    shown: Mapping[str, Protected],
    known: Known = MappingProxyType({}),
) -> Protected:
    """Run `protect` with the editions in `shown`, by their place in reports/.

    Raises
    ------
    RunError
        When no safe version is left: which counts, because of which editions, and what can be done; never a value.
    """
    try:
        return protect(*frames, indicators, threshold=threshold, earlier=tuple(shown.values()), known=known)
    except ExposedError as exposed:
        in_the_way = [
            place for place, edition in shown.items() if _leaves_none(frames, indicators, threshold, edition, known)
        ] or list(shown)
        raise RunError(_say_what_to_do(_name(exposed, indicators), in_the_way)) from None


def _leaves_none(
    frames: Frames, indicators: Mapping[str, Any], threshold: int | None, edition: Protected, known: Known
) -> bool:
    try:
        protect(*frames, indicators, threshold=threshold, earlier=(edition,), known=known)
    except ExposedError:
        return True
    return False


def _name(exposed: ExposedError, indicators: Mapping[str, Any]) -> str:
    named = [
        f"{indicators[name].short_label}, {f'Q{quarter}' if len(quarter) == 1 else quarter} {display_year(year)}"
        for name, year, quarter in exposed.cells[:MOST_NAMED]
    ]
    more = f"; and {len(exposed.cells) - MOST_NAMED} more" if len(exposed.cells) > MOST_NAMED else ""
    return "; ".join(named) + more


def _say_what_to_do(counts: str, in_the_way: list[str]) -> str:
    blank = "leave these cells in data/raw blank, so that they count as not published, and run again"
    if not in_the_way:
        return (
            f"Nothing was published: whatever is withheld, small counts could be worked out ({counts}), because the "
            f"tables contradict themselves; have these rows checked, or {blank}."
        )
    editions = " and ".join(f"reports/{place}" for place in in_the_way)
    return (
        f"Nothing was published: beside what {editions} shows, small counts could be worked out ({counts}), such as by "
        f"a year's total less the quarters; if an edition was never sent, delete its folder, else {blank}."
    )


def attack(
    editions: Protected | Sequence[Protected], indicators: Mapping[str, Any], known: Known = MappingProxyType({})
) -> pd.DataFrame:
    """Work out the least and greatest value that each hidden count can have for a reader of all editions together.

    Returns
    -------
    DataFrame: indicator, area_code, financial_year, quarter ("1" to "4", or the first day of a month); and as
    `engines.small_numbers.attack.attack_editions` gives them lower, upper, printed_lower, printed_upper, safe.
    """
    published = [editions] if isinstance(editions, Protected) else list(editions)
    links = _links([edition.frames for edition in published], indicators, known)
    return attack_editions([_edition(one) for one in published], links).rename(columns=_NAMES)


def _edition(data: Protected) -> Edition:
    return Edition(to_plain(data.frames), data.threshold)


def _links(several: Sequence[Frames], indicators: Mapping[str, Any], known: Known) -> Links:
    years = {str(year) for observations, *_ in several for year in observations["financial_year"]}
    return replace(link_indicators(indicators, years), known=known, made_of=find_sums(several[0][0], indicators))


def know_from_open_tables(data: OpenData, area_code: str, indicators: Mapping[str, Indicator]) -> Known:
    """Say what readers can know of own counts from the open tables that are here: the least and greatest value of each.

    Empty for an area that no open table knows. A count that a table prints is known; one that it only bounds is not
    greater.
    """
    try:
        area = data.find(area_code)
    except InputError:
        return {}
    return {
        Cell(area_code, one.indicator, one.financial_year, str(one.quarter)): (
            float(one.value) if one.relation == "=" else 0.0,
            float(one.value),
        )
        for one in list_constraints(data, area, indicators)
        if one.value >= 0
    }


def _is_open(row: Mapping[Hashable, Any], known: Known) -> bool:
    """Whether an open table prints the count that a row of the log names."""
    place = (row["indicator"], row["financial_year"], str(row["quarter"]))
    return any(cell[1:] == place and low == high for cell, (low, high) in known.items())
