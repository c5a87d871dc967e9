"""What the tables give for an indicator and a period. In: observations, totals, baselines. Out: a `Quantity`, or None.

Everything the audit recomputes is looked up here, from protected frames as well as from complete ones. What is hidden,
missing or not defined (the year of a head count) is None, so that no claim is judged by it.
"""

from __future__ import annotations

from calendar import month_name
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.catalogue.periods import QUARTERS, display_year, previous_year, quarter_bounds
from swp_analysis.quality.totals import PARTS, quarter_parts, span_quarters

# The parts of a year are its quarters, 1 to 4, and where tables have them its months, from April on.
MONTHS = tuple(range(101, 113))
HIDDEN = ("suppressed", "withheld")
NUMBERS = ("value", "lower", "upper", "numerator", "denominator")


@dataclass(frozen=True, order=True)
class YearSpan:
    """A financial year, some of its quarters, or one of its `MONTHS`."""

    year: str
    quarters: tuple[int, ...] = QUARTERS

    @property
    def is_year(self) -> bool:
        return self.quarters == QUARTERS

    @property
    def is_month(self) -> bool:
        return self.quarters[0] in MONTHS

    @property
    def peers(self) -> list[YearSpan]:
        """The months of its year, of a month; else the quarters."""
        return [YearSpan(self.year, (part,)) for part in (MONTHS if self.is_month else QUARTERS)]

    @property
    def each(self) -> list[YearSpan]:
        """Its quarters, one by one."""
        return [YearSpan(self.year, (quarter,)) for quarter in self.quarters]

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of its quarters; a month's are those of its quarter."""
        first, *_, last = [
            (part - 101) // 3 + 1 if self.is_month else part for part in (*self.quarters, self.quarters[-1])
        ]
        return quarter_bounds(self.year, first)[0], quarter_bounds(self.year, last)[1]

    @property
    def year_before(self) -> YearSpan:
        """The same part of the year before."""
        return YearSpan(previous_year(self.year), self.quarters)

    @property
    def quarter_before(self) -> YearSpan:
        """The quarter before a quarter, or the month before a month.

        >>> str(YearSpan("2017-18", (1,)).quarter_before)
        'Q4 2016/17'
        """
        earlier = [one for one in self.peers if one < self]
        return earlier[-1] if earlier else self.year_before.peers[-1]

    @property
    def changes(self) -> list[tuple[YearSpan, YearSpan]]:
        """The changes that it may be about: on the part before, and on a year earlier."""
        size, pairs = len(self.quarters), [(self.year_before, self)]
        if size == 1:
            return [(self.quarter_before, self), *pairs]
        earlier = tuple(quarter - size for quarter in self.quarters)
        return [*pairs, (YearSpan(self.year, earlier), self)] if earlier[0] >= 1 else pairs

    def __str__(self) -> str:
        if self.is_year:
            return display_year(self.year)
        first, last = self.quarters[0], self.quarters[-1]
        if self.is_month:
            return f"{month_name[(first - 98) % 12 + 1]} {int(self.year[:4]) + (first > MONTHS[8])}"
        return f"Q{first}{f'–Q{last}' if last != first else ''} {display_year(self.year)}"


@dataclass(frozen=True)
class Quantity:
    """A figure with the interval that its printed precision leaves open; `certain` is False for a mere bound."""

    value: float
    lowest: float
    highest: float
    numerator: float | None = None
    denominator: float | None = None
    certain: bool = True


def exactly(value: float, numerator: float | None = None, denominator: float | None = None) -> Quantity:
    """Give a quantity without an interval."""
    return Quantity(value, value, value, numerator, denominator)


class TableFigures:
    """The tables of one edition, looked up by indicator, span and measure (`value`, or `number` behind a share)."""

    def __init__(
        self, observations: pd.DataFrame, totals: pd.DataFrame, baselines: pd.DataFrame, catalogue: Catalogue
    ) -> None:
        self.catalogue = catalogue
        self._totals = _by_year(totals)
        self._baselines = _by_year(baselines)
        whole = span_quarters(observations)
        self._observations = observations[whole].astype(dict.fromkeys(NUMBERS, float))
        self._quarters = self._by_place(self._observations)
        is_month = ~whole & observations["quarter"].isna()
        self.snapshots = self._by_place(observations[~whole & ~is_month])
        starts = pd.to_datetime(observations.loc[is_month, "period_start"]).dt.month
        months = self._by_place(observations[is_month].assign(quarter=MONTHS[0] + (starts - 4) % 12))
        quarters = {(name, year) for name, year, _ in self._quarters}
        self.months = {key: row for key, row in months.items() if key[:2] in quarters}
        self._looked_up: dict[tuple, Quantity | None] = {}
        self._spans: dict[str, list[YearSpan]] = {}
        self._parts: dict[str, dict[tuple[str, str, int], Any]] = {}

    @staticmethod
    def _by_place(observations: pd.DataFrame) -> dict[tuple[str, str, int], Any]:
        rows: Iterable[Any] = observations.itertuples(index=False)
        return {(row.indicator, row.financial_year, row.quarter): row for row in rows}

    @cached_property
    def years(self) -> list[str]:
        """The years with figures, oldest first."""
        return sorted({year for _, year, _ in self._quarters} | {year for _, year in self._baselines})

    def get(self, name: str, span: YearSpan, measure: str = "value") -> Quantity | None:
        """Give the figure of an indicator, or None when the tables don't give it."""
        key = (name, span, measure)
        if key not in self._looked_up:
            self._looked_up[key] = self._find(self.catalogue.indicators[name], span, measure)
        return self._looked_up[key]

    def is_hidden(self, name: str, span: YearSpan) -> bool:
        """Tell whether the figure, or a quarter it is made of, is one that the audience may not see."""
        of_year = (self._totals.get((name, span.year)), self._baselines.get((name, span.year))) if span.is_year else ()
        return any(getattr(row, "status", "") in HIDDEN for row in (*of_year, *self._rows(name, span)))

    def printed_baseline(self, name: str, year: str) -> Quantity | None:
        """Give the baseline printed for a year, whether or not its quarters agree."""
        row = self._baselines.get((name, year))
        if row is None or pd.isna(row.value) or getattr(row, "status", "reported") in HIDDEN:
            return None
        return exactly(float(row.value))

    def latest(self, name: str, year: str) -> int | None:
        """Give the last quarter of a year with a figure."""
        return max((span.quarters[0] for span in self.spans(name) if span.year == year), default=None)

    def quarters_so_far(self, year: str) -> list[YearSpan]:
        """Give the quarters of a year up to the last of which any indicator has a figure: later ones are to come."""
        rows = ((key, row) for key, row in self._quarters.items() if row.status != "not_available")
        known = [quarter for (_, of, quarter), _ in rows if of == year]
        return YearSpan(year, QUARTERS[: max(known, default=len(QUARTERS))]).each

    def spans(self, name: str) -> list[YearSpan]:
        """Give every single quarter that has a figure."""
        if name not in self._spans:
            of_row = ((key, row) for key, row in self._quarters.items() if key[0] == name and row.status == "reported")
            self._spans[name] = [YearSpan(year, (quarter,)) for (_, year, quarter), _ in of_row]
        return self._spans[name]

    def _rows(self, name: str, span: YearSpan) -> list[Any]:
        return [self._quarters.get((name, span.year, quarter)) for quarter in span.quarters]

    def _find(self, indicator: Indicator, span: YearSpan, measure: str) -> Quantity | None:
        by_month = self.months if span.is_month else self.snapshots
        month = by_month.get((indicator.id, span.year, span.quarters[0])) if len(span.quarters) == 1 else None
        if month is not None and month.status == "reported":
            return exactly(float(month.value))
        if indicator.kind == "stock" and len(span.quarters) > 1:
            return None
        find = self._count if indicator.unit != "percent" else self._behind if measure == "number" else self._percent
        found = find(indicator, span)
        # Without its quarters, the printed baseline is all that is known of a year.
        known = [row for row in self._rows(indicator.id, span) if row is not None and row.status != "not_available"]
        alone = span.is_year and measure == "value" and not known
        return self.printed_baseline(indicator.id, span.year) if found is None and alone else found

    def _count(self, indicator: Indicator, span: YearSpan) -> Quantity | None:
        """The sum of the quarters, some of which may only be bounded; or what is known of the span as a whole."""
        if total := self._total(indicator.id, span):
            return exactly(float(total.value))
        ends = [_ends_of(row) for row in self._rows(indicator.id, span)]
        if None in ends:
            return None
        lowest, highest = (float(sum(side)) for side in zip(*filter(None, ends), strict=True))
        return Quantity((lowest + highest) / 2, lowest, highest, certain=lowest == highest)

    def _percent(self, indicator: Indicator, span: YearSpan) -> Quantity | None:
        """A percentage as it is printed or its numbers give it; where these aren't known, only that it lies between."""
        added, total = self.add_parts(indicator, span), self._total(indicator.id, span)
        if len(span.quarters) > 1 and total is not None:
            value = float(total.value)
            n, whole = (None if pd.isna(part) else float(part) for part in (total.numerator, total.denominator))
            ends = [value, added.lowest, added.highest] if added and n is None else [value]
            return Quantity(value, min(ends), max(ends), n, whole)
        rows = self._rows(indicator.id, span)
        values = [float(row.value) for row in rows if row is not None and row.status == "reported"]
        if len(values) < len(rows) and not (values and span.is_year and self._is_survey(indicator.id)):
            return None
        if len(values) > 1:
            return added or Quantity(sum(values) / len(values), min(values), max(values), certain=False)
        low, high = sorted((values[0], added.value if added else values[0]))
        return replace(added or exactly(low), value=values[0], lowest=low, highest=high)

    def _is_survey(self, name: str) -> bool:
        """Whether a row has a figure once or twice a year: what is known of a year is all there is."""
        counts = Counter(span.year for span in self.spans(name))
        return len(counts) > 1 and max(counts.values()) <= 2

    def _behind(self, indicator: Indicator, span: YearSpan) -> Quantity | None:
        """The count that a percentage is made of: printed, the indicator it names, or implied by percent and whole."""
        total, parts = self._total(indicator.id, span), self._add(indicator, span)
        if total is not None and pd.notna(total.numerator):
            return exactly(float(total.numerator))
        if parts is None:
            return None
        lowest, highest = parts["numerator_low"], parts["numerator_high"]
        return Quantity((lowest + highest) / 2, lowest, highest)

    def add_parts(self, indicator: Indicator, span: YearSpan) -> Quantity | None:
        """Give the share of several quarters: their numerators, printed, counted or implied, over their
        denominators."""
        parts = self._add(indicator, span)
        if parts is None or not parts["denominator"] > 0:
            return None
        n, whole = parts["numerator_likely"], parts["denominator"]
        low, value, high = (100 * parts[f"numerator_{one}"] / whole for one in ("low", "likely", "high"))
        return Quantity(value, low, high, n if low == high else None, whole)

    def _add(self, indicator: Indicator, span: YearSpan) -> dict[str, float] | None:
        """The sums of what is known of the n and N behind each quarter; None where a quarter has none."""
        if indicator.id not in self._parts:
            own = self._observations[self._observations["indicator"] == indicator.id]
            self._parts[indicator.id] = self._by_place(quarter_parts(indicator, own, self._observations))
        parts = [self._parts[indicator.id].get((indicator.id, span.year, quarter)) for quarter in span.quarters]
        if any(part is None or pd.isna(part.numerator_low) for part in parts):
            return None
        return {name: float(sum(getattr(part, name) for part in parts)) for name in PARTS}

    def _total(self, name: str, span: YearSpan):
        row = self._totals.get((name, span.year))
        is_same = row is not None and row.status == "reported" and row.quarters == ",".join(map(str, span.quarters))
        return row if is_same else None


def _by_year(frame: pd.DataFrame) -> dict[tuple[str, str], Any]:
    rows: Iterable[Any] = frame.itertuples(index=False)
    return {(row.indicator, row.financial_year): row for row in rows}


def _ends_of(row) -> tuple[float, float] | None:
    """The figure of a row twice, the bounds of one that is only bounded, or None."""
    if row is None or (row.status != "reported" and row.lower != row.lower):
        return None
    return (row.value, row.value) if row.status == "reported" else (row.lower, row.upper)
