"""One indicator's quarters in time order, as charts and tables want them. In: protected observations. Out: `Series`.

A figure is a number, an interval, or the reason why there is none; these three are never mixed up.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from math import nan
from typing import Any

import pandas as pd

from swp_analysis.analysis.findings import judged_direction
from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.catalogue.periods import QUARTERS, display_year
from swp_analysis.disclosure import Protected
from swp_analysis.engines.spc.signal import Signal, read_share_signal, read_signal
from swp_analysis.engines.spc.thresholds import Rebase
from swp_analysis.present.phrases import NOTHING, read_phrases, say, write_new_level, write_value
from swp_analysis.present.table import Cell, Column, Table, figure_cell
from swp_analysis.quality.totals import quarter_parts

LEAST_POINTS_FOR_A_CHART = 5
REASONS = {"not_available": NOTHING, "unreadable": "unreadable", "withheld": "withheld"}


@dataclass(frozen=True)
class Point:
    """One quarter: `value` when it may be shown, `lower` and `upper` when only an interval may.

    `numerator` and `denominator` are those of a rate, where they are known; `month` names a figure of one month only.
    """

    financial_year: str
    quarter: int
    starts: date
    status: str
    value: float
    lower: float
    upper: float
    unit: str
    numerator: float = nan
    denominator: float = nan
    month: str = ""
    provisional: bool = False

    @property
    def label(self) -> str:
        return self.month or f"Q{self.quarter} {display_year(self.financial_year)}"

    @property
    def text(self) -> str:
        """What a table prints for the quarter."""
        if self.status == "reported":
            return write_value(self.value, self.unit)
        if self.status == "suppressed":
            return f"<{self.upper + 1:.0f}"
        return REASONS[self.status]

    @property
    def cell(self) -> Cell:
        """What a table holds for the quarter."""
        return figure_cell(self.value, self.unit) if self.status == "reported" else self.text


@dataclass(frozen=True, repr=False)
class Series:
    """All quarters of one indicator, oldest first, and the dated decisions that start a new level."""

    indicator: Indicator
    points: tuple[Point, ...]
    rebases: tuple[Rebase, ...] = ()

    def __repr__(self) -> str:
        return f"<Series “{self.indicator.label}”: {len(self.points)} quarters, {len(self.reported)} with a figure>"

    @property
    def is_snapshot(self) -> bool:
        """Whether the figures are of single months, not of quarters."""
        return bool(self.points) and all(point.month for point in self.points)

    @property
    def is_part(self) -> bool:
        """Whether the indicator counts part of another one, or is a share of one."""
        return bool(self.indicator.subgroup_of) or self.indicator.unit == "percent"

    @property
    def has_chart(self) -> bool:
        """Whether it is drawn: a line along the foot of a chart says less than a table of noughts."""
        enough = len(self.reported) >= LEAST_POINTS_FOR_A_CHART and any(point.value for point in self.reported)
        return enough and not self.is_snapshot

    @property
    def is_short(self) -> bool:
        """Whether its quarters, withheld ones too, are too few for a chart."""
        return len(self.points) < LEAST_POINTS_FOR_A_CHART and not self.is_snapshot

    @property
    def new_levels(self) -> list[str]:
        """Why, when and by whom each new level was declared."""
        begins = ((self.points[entry.place(None)].label, entry) for entry in self.rebases)
        return [write_new_level(label, entry.reason, entry.name, entry.entered) for label, entry in begins]

    @property
    def years(self) -> list[str]:
        return sorted({point.financial_year for point in self.points})

    @property
    def reported(self) -> list[Point]:
        return [point for point in self.points if point.status == "reported"]

    @property
    def current(self) -> list[Point]:
        """Those with a figure since the last new level: the newest is held against no other."""
        begin = max((entry.place(None) for entry in self.rebases), default=0)
        return [point for point in self.points[begin:] if point.status == "reported"]

    @property
    def values(self) -> list[float]:
        """The values, missing ones as NaN so that a line breaks there."""
        return [point.value if point.status == "reported" else nan for point in self.points]

    @cached_property
    def signal(self) -> Signal:
        """What the line says, by the rung of the ladder that its points reach."""
        decided: dict[str, Any] = {"target": self.target, "rebases": self.rebases}
        decided["good_direction"] = judged_direction(self.indicator)
        if self.reported and all(0 <= point.numerator <= point.denominator for point in self.reported):
            shares = [p.numerator for p in self.points], [p.denominator for p in self.points]
            return read_share_signal(*shares, **decided)
        return read_signal(
            self.values,
            suppressed=([point.lower for point in self.points], [point.upper for point in self.points]),
            unit="count" if self.indicator.unit == "count" else "percent",
            first_quarter=self.points[0].quarter if self.points else None,
            **decided,
        )

    @property
    def target(self) -> float | None:
        """The newest year's target, in the unit of the quarterly figures; a flow's yearly target is a quarter of it
        each."""
        year = self.years[-1] if self.points else ""
        target = self.indicator.target.get(year)
        return target * self.target_share if target is not None else None

    @property
    def target_share(self) -> float:
        """How much of a year's target a quarter is held against: a quarter of a flow's, else all of it."""
        return 1 / len(QUARTERS) if self.indicator.kind == "flow" else 1

    def of(self, financial_year: str, quarter: int) -> Point | None:
        """Give the point of one quarter, or None when the tables have no column for it."""
        wanted = financial_year, quarter
        return next((point for point in self.points if (point.financial_year, point.quarter) == wanted), None)


def read_indicator_series(
    data: Protected,
    indicator: Indicator,
    financial_year: str,
    catalogue: Catalogue,
    provisional: Collection[tuple[str, str, int]] = (),
) -> Series:
    """Read the indicator's quarters up to and including `financial_year`.

    `provisional`: the indicator, year and quarter of figures that may still change.

    Raises
    ------
    TypeError
        When `data` did not come through disclosure control.
    """
    if not isinstance(data, Protected):
        raise TypeError("charts and tables take protected data only; pass it through disclosure.protect first")
    rows = data.observations
    rows = rows[(rows["indicator"] == indicator.id) & (rows["financial_year"] <= financial_year)]
    rows = rows.sort_values("period_start")
    if indicator.kind == "rate":
        parts = quarter_parts(indicator, rows, data.observations)
        rows = rows.assign(numerator=parts["numerator"], denominator=parts["denominator"])
    read = (read_point(row, indicator.unit) for row in rows.itertuples(index=False))
    points = tuple(
        replace(one, provisional=(indicator.id, one.financial_year, one.quarter) in provisional) for one in read
    )
    return Series(indicator, points, _rebases(indicator, points, catalogue))


def read_point(row: Any, unit: str) -> Point:
    """Read one row of observations: a quarter, or a single month."""
    start, end = date.fromisoformat(row.period_start), date.fromisoformat(row.period_end)
    month = f"{start:%B %Y}" if (start.year, start.month) == (end.year, end.month) else ""
    # A percentage is hidden because the number behind it is small; its bounds are those of that number, not
    # percentages.
    hidden_share = row.status == "suppressed" and unit == "percent"
    lower, upper = (nan, nan) if hidden_share else (row.lower, row.upper)
    status = "withheld" if hidden_share else row.status
    year, quarter = row.financial_year, int(row.quarter)
    return Point(year, quarter, start, status, row.value, lower, upper, unit, row.numerator, row.denominator, month)


def _rebases(indicator: Indicator, points: Sequence[Point], catalogue: Catalogue) -> tuple[Rebase, ...]:
    """The indicator's dated decisions, each at the first quarter that begins on or after its date."""
    found = []
    for entry in catalogue.rebases:
        later = [place for place, point in enumerate(points) if point.starts >= entry.date_from]
        if entry.indicator == indicator.id and later:
            found.append(Rebase(later[0], entry.entered_on, entry.reason, entry.entered_by))
    return tuple(found)


def find_last_two(series: Series) -> tuple[Point | None, Point | None]:
    """Find the last quarter with a figure and the one before it, each None where it isn't published; nor is there one
    before where a new level starts."""
    if not series.reported or series.is_snapshot:
        return None, None
    last = series.reported[-1]
    before = series.points[max(series.points.index(last) - 1, 0)]
    return last, before if before is not last and before in series.current else None


def name_last(last: Point, year: str) -> str:
    """Name the last quarter with a figure: `Q4`, and with its year where that isn't the year of the edition."""
    return f"Q{last.quarter}" if last.financial_year == year else last.label


def tabulate_series(series: Series) -> Table:
    """Tabulate the quarters as a table, one row a quarter and one column a year."""
    years, unit = series.years, series.indicator.unit
    rows = [[f"Q{quarter}", *(_cell_of(series, year, quarter) for year in years)] for quarter in QUARTERS]
    columns: list[str | Column] = ["Quarter", *(Column(display_year(year), unit) for year in years)]
    return Table(f"{series.indicator.label}: figures by quarter", columns, rows)


def tabulate_quarters(several: Sequence[Series]) -> Table:
    """Tabulate the quarters of several indicators, one row an indicator and one column a quarter, in time order."""
    periods = sorted({(point.financial_year, point.quarter) for one in several for point in one.points})
    rows = [[one.indicator.label, *(_cell_of(one, *period) for period in periods)] for one in several]
    quarters = [Column(f"Q{quarter} {display_year(year)}", "number") for year, quarter in periods]
    return Table("Figures by quarter", ["Indicator", *quarters], rows)


def tabulate_snapshots(series: Sequence[Series], area: str) -> Table:
    """Tabulate figures of single months, one row an indicator; a note counts those of which there is no figure."""
    every = [(one.indicator.label, point) for one in series for point in one.points]
    shown = [(label, point) for label, point in every if point.status in ("reported", "suppressed")]
    lacking = [REASONS[point.status] for _, point in every if point.status in REASONS]
    without = Counter(reason.replace(NOTHING, "not published") for reason in lacking)
    note = say("others", counted=[f"{count} {reason}" for reason, count in without.items()]) if without else ""
    points, names = [point for _, point in shown], [label for label, _ in shown]
    return Table.described("snapshots", points, indicator=names, area=area, note=note)


def tabulate_months(months: pd.DataFrame, indicators: Sequence[Indicator]) -> Table | None:
    """Tabulate the latest month of each indicator whose quarter is not over; None when there is none."""
    known = {indicator.id: indicator for indicator in indicators}
    every: Iterable[Any] = months.itertuples(index=False)
    own = [(known[row.indicator], row) for row in every if row.indicator in known]
    points = [read_point(row._replace(quarter=0), indicator.unit) for indicator, row in own]
    names = [indicator.label for indicator, _ in own]
    return Table.described("months", points, indicator=names) if points else None


def _cell_of(series: Series, year: str, quarter: int) -> Cell:
    point = series.of(year, quarter)
    return point.cell if point else NOTHING


def tabulate_coverage(series: Mapping[str, Series], catalogue: Catalogue) -> Table:
    """Say for each indicator how many figures there are, how many are missing and why, and who owns them."""
    points = [[point.status.replace("suppressed", "withheld") for point in one.points] for one in series.values()]
    status = ("reported", "not_available", "withheld", "unreadable")
    counts = {name: [found.count(name) for found in points] for name in status}
    return Table.described("coverage", [catalogue.indicators[name] for name in series], **counts)


def tabulate_gaps(series: Sequence[Series]) -> Table | None:
    """Tabulate a mark for each quarter of the indicators with a gap, and say how many have none; None without any."""
    gaps = [one for one in series if len(one.reported) < len(one.points)]
    if not gaps:
        return None
    periods = sorted({(point.financial_year, point.quarter) for one in gaps for point in one.points})
    tiles, words = read_phrases()["tiles"], read_phrases()["tile_words"]
    columns: dict[str | Column, list[str]] = {
        Column(f"Q{quarter} {display_year(year)}", "tile"): [
            tiles[point.status if point else "not_available"] for point in (one.of(year, quarter) for one in gaps)
        ]
        for year, quarter in periods
    }
    used = [text for tile, text in words.items() if any(tile in cells for cells in columns.values())]
    return Table.of(
        say("gaps", gaps=len(gaps), count=len(series), rest=len(series) - len(gaps) or None),
        {"With a gap": [one.indicator.short_label for one in gaps], **columns},
        f"{'; '.join(used).capitalize()}.",
        kind="tiles",
    )
