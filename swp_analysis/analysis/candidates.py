"""Which indicators speak of the same problem. In: the catalogue and quarters. Out: candidates, each indicator in one.

A candidate is scored by its first indicator alone, so that sub-groups, shares beside a count, numerators and rows that
repeat another row never count a second time.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.catalogue.weighing import Candidate

# Fewer quarters than this can be equal by chance.
LEAST_EQUAL_QUARTERS = 4


def list_candidates(catalogue: Catalogue, observations: pd.DataFrame) -> list[Candidate]:
    """List the declared candidates with everything that belongs to them, then those that nobody declared."""
    owners = {name: entry.id for entry in catalogue.criteria.candidates for name in entry.indicators}
    twins = _find_twins(observations)
    extra: dict[str, list[str]] = {entry.id: [] for entry in catalogue.criteria.candidates}
    own: list[Candidate] = []
    for name, indicator in catalogue.indicators.items():
        if name in owners:
            continue
        family = [other for other in _relatives(indicator, catalogue.indicators, twins) if other in owners]
        owners[name] = owners[family[0]] if family else name
        if family:
            extra[owners[name]].append(name)
        else:
            extra[name] = []
            own.append(_own_candidate(indicator))
    everyone = [*catalogue.criteria.candidates, *own]
    return [entry.model_copy(update={"indicators": [*entry.indicators, *extra[entry.id]]}) for entry in everyone]


def _relatives(indicator: Indicator, indicators: Mapping[str, Indicator], twins: Mapping[str, set[str]]) -> list[str]:
    """Indicators that are about the same cases: named by this one, naming it, or with the same figures."""
    named = _links(indicator)
    naming = [other.id for other in indicators.values() if indicator.id in _links(other)]
    return [*named, *naming, *sorted(twins.get(indicator.id, set()))]


def _links(indicator: Indicator) -> list[str]:
    links = (indicator.subgroup_of, indicator.companion_share, indicator.numerator, indicator.denominator)
    return [name for name in links if name]


def _find_twins(observations: pd.DataFrame) -> dict[str, set[str]]:
    """Indicators whose reported quarters are the same throughout, where that can't be chance."""
    reported = observations[observations["status"] == "reported"].sort_values(["financial_year", "quarter"])
    groups: dict[tuple, set[str]] = {}
    for name, series in reported.groupby("indicator"):
        figures = tuple(series[["financial_year", "quarter", "value"]].itertuples(index=False, name=None))
        if len(figures) >= LEAST_EQUAL_QUARTERS and series["value"].nunique() > 1:
            groups.setdefault(figures, set()).add(str(name))
    return {name: group - {name} for group in groups.values() for name in group if len(group) > 1}


def _own_candidate(indicator: Indicator) -> Candidate:
    return Candidate(
        id=indicator.id,
        label=indicator.label,
        indicators=[indicator.id],
        counts_cases=indicator.measures in ("harm", "reporting"),
        blind_spot="The partnership has not written down yet what these figures cannot see.",
    )
