"""Any figures as series with a name. In: an indicator's name, a Series, a frame, anything with `.frame`. Out:
`NamedSeries` in time order, one a line, whose periods are months, financial quarters or years.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd

from swp_analysis.catalogue import load_catalogue
from swp_analysis.engines.spc.run_rules import GoodDirection
from swp_analysis.errors import InputError
from swp_analysis.present.frames import find_indicators
from swp_analysis.present.numbers import NOTHING, write_value
from swp_analysis.present.opening import list_figures

Unit = Literal["count", "percent", "number"]
QUARTERLY, MONTHLY, YEARLY = "Q-MAR", "M", "Y-MAR"
# Names of columns that say when; the first that is there is taken.
WHEN = ("period_start", "month", "date", "period", "quarter", "financial_year", "year")
HOW_MANY = ("value", "count", "rate", "share", "number", "offences", "crimes", "total", "figure")
WHAT = ("short_label", "label", "indicator", "area_name", "area", "offence_group", "crime_type", "name", "series")
_FINANCIAL = re.compile(r"(20\d\d)\s*[-/–]\s*(?:20)?(\d\d)")
_QUARTER = re.compile(r"\b(?:Q|quarter\s*)([1-4])\b", re.IGNORECASE)
UNNAMED = "Figures"
EXAMPLES = "such as Q1 2018/19, 2018-19, 2018-04 or 1 April 2018"


@dataclass(frozen=True, repr=False)
class NamedSeries:
    """One line of figures: `values` has an index of periods, in time order, missing ones as NaN."""

    label: str
    values: Any  # a Series
    unit: Unit = "count"
    good_direction: GoodDirection = "neutral"
    source: str = ""
    caveats: tuple[str, ...] = ()

    @property
    def known(self) -> Any:
        """The figures that are there."""
        return self.values.dropna()

    @property
    def freq(self) -> str:
        """`quarter`, `month` or `year`."""
        return {"Q": "quarter", "M": "month"}.get(self.values.index.freqstr[:1], "year")

    def write(self, value: float) -> str:
        """Write a figure of this series."""
        return write_figure(value, self.unit)

    def write_at(self, period: Any) -> str:
        """Write the figure of a period with its name, such as `67 in Q4 2017/18`."""
        return f"{self.write(self.values[period])} in {name_period(period)}"

    def called(
        self, label: str = "", unit: Unit | None = None, good_direction: GoodDirection | None = None
    ) -> NamedSeries:
        """Give the same figures by another name, in another unit or judged the other way, where one is given."""
        given = {"label": label, "unit": unit, "good_direction": good_direction}
        return replace(self, **{name: value for name, value in given.items() if value})  # type: ignore[arg-type]

    def __repr__(self) -> str:
        return f"<NamedSeries {self.label!r}: {len(self.known)} {self.freq}s>"


def write_figure(value: float, unit: str) -> str:
    """Write a count, a percentage, or a number of another kind.

    >>> write_figure(6251, "count"), write_figure(33.94, "percent"), write_figure(4.316, "number")
    ('6,251', '33.9%', '4.32')
    """
    if unit in ("count", "percent"):
        return write_value(value, unit)
    return NOTHING if math.isnan(value) else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def name_period(period: pd.Period) -> str:
    """Write a period as people do: a financial quarter, a month or a financial year.

    >>> name_period(pd.Period("2018-04", "Q-MAR")), name_period(pd.Period("2018-04", "M"))
    ('Q1 2018/19', 'April 2018')
    """
    if period.freqstr.startswith("M"):
        return f"{period.start_time:%B %Y}"
    return f"Q{period.quarter} {_name_year(period)}" if period.freqstr.startswith("Q") else _name_year(period)


def _name_year(period: pd.Period) -> str:
    """The calendar year of a period that is part of one, else the financial year."""
    ends = period.asfreq("Y-MAR").year
    return str(period.year) if period.freqstr.endswith("DEC") else f"{ends - 1}/{ends % 100:02d}"


def read_series(
    data: Any, *, label: str = "", unit: Unit | None = None, good_direction: GoodDirection | None = None
) -> NamedSeries:
    """Read one line of figures.

    Raises
    ------
    InputError
        When `data` holds no line, or several: it says which.
    """
    found = read_many(data)
    if len(found) > 1:
        names = ", ".join(one.label for one in found[:6])
        raise InputError(
            f"This holds {len(found)} series ({names}…); choose one, or use compare() or small_multiples()."
        )
    return found[0].called(label, unit, good_direction)


def read_many(*data: Any) -> list[NamedSeries]:
    """Read all lines of figures in indicators' names, Series, frames, lists of these, or results with `.frame`.

    Raises
    ------
    InputError
        When something holds no figures by period.
    """
    found = [line for one in data for line in _read(one)]
    if not found:
        raise InputError("There is nothing to show: give an indicator, a Series or a frame with periods.")
    return found


def _read(data: Any) -> list[NamedSeries]:
    if isinstance(data, NamedSeries):
        return [data]
    if isinstance(data, str):
        return _own_series(data)
    if isinstance(data, pd.Series):
        return [NamedSeries(str(data.name or UNNAMED), _in_order(data), _unit_of(data))]
    if isinstance(data, pd.DataFrame):
        return _read_frame(data)
    if hasattr(data, "frame"):
        source, caveats = str(getattr(data, "source", "")), tuple(getattr(data, "caveats", ()))
        found = [replace(one, source=source, caveats=caveats) for one in _read_frame(data.frame)]
        return [one.called(getattr(data, "label", "")) if one.label == UNNAMED else one for one in found]
    if isinstance(data, dict):
        return [replace(line, label=str(name)) for name, one in data.items() for line in _read(one)]
    if isinstance(data, Iterable):
        return [line for one in data for line in _read(one)]
    raise InputError(f"{type(data).__name__} holds no figures by period; give an indicator, a Series or a frame.")


def _own_series(name: str) -> list[NamedSeries]:
    """The partnership's own figures of an indicator or a theme: its quarters, or where it has none its months."""
    wanted = [indicator.id for indicator in find_indicators(name, load_catalogue())]
    rows = list_figures()
    rows = rows[rows["indicator"].isin(wanted)]
    if rows.empty:
        raise InputError(f"There are no figures of {name} yet.")
    has_quarters = rows.groupby("indicator")["period_kind"].transform("max").eq("quarter")
    return _read_frame(rows[rows["period_kind"].eq("quarter") | ~has_quarters])


def _read_frame(frame: pd.DataFrame) -> list[NamedSeries]:
    if frame.empty:
        return []
    when = next((name for name in WHEN if name in frame.columns), None)
    how_many = next((name for name in HOW_MANY if name in frame.columns), None)
    if when and how_many:
        return _read_long(frame.dropna(subset=when), when, how_many)
    if when:
        frame = frame.set_index(when)
    numbers = frame.select_dtypes("number")
    if numbers.empty:
        raise InputError(f"The frame has no column of numbers; its columns are {', '.join(map(str, frame.columns))}.")
    return [NamedSeries(str(name), _in_order(numbers[name]), _unit_of(numbers[name])) for name in numbers.columns]


def _read_long(frame: pd.DataFrame, when: str, how_many: str) -> list[NamedSeries]:
    """A tidy frame: one row a series and period."""
    names = [name for name in WHAT if name in frame.columns and frame[name].nunique(dropna=False) > 1][:1]
    names = names or [name for name in WHAT if name in frame.columns][:1]
    groups = frame.groupby(names[0], sort=False, observed=True) if names else [(UNNAMED, frame)]
    return [_of_rows(str(name), rows, when, how_many) for name, rows in groups]


def _of_rows(label: str, rows: pd.DataFrame, when: str, how_many: str) -> NamedSeries:
    keys = rows[when]
    if when == "quarter" and "financial_year" in rows:
        keys = "Q" + rows["quarter"].astype(str) + " " + rows["financial_year"].astype(str)
    values = pd.Series(pd.to_numeric(rows[how_many], errors="coerce").to_numpy(), index=list(keys), name=label)
    freq = QUARTERLY if "quarter" in rows and rows["quarter"].notna().all() and when == "period_start" else None
    kind = str(rows["unit"].iloc[0]) if "unit" in rows else _unit_of(values)
    # Reports of crime are neither good nor bad on their own, nor is what nobody has decided about.
    is_judged = "measures" not in rows or rows["measures"].iloc[0] not in ("", "reporting")
    good = str(rows["good_direction"].iloc[0]) if "good_direction" in rows and is_judged else "neutral"
    unit: Unit = "percent" if kind == "percent" else "count" if kind == "count" else "number"
    caveats = _known_caveats(str(rows["indicator"].iloc[0])) if "indicator" in rows else ()
    return NamedSeries(label, _in_order(values, freq), unit, good, caveats=caveats)  # type: ignore[arg-type]


def _known_caveats(indicator: str) -> tuple[str, ...]:
    """What to beware of with an indicator of the partnership's own."""
    known = load_catalogue().indicators
    return tuple(known[indicator].caveats) if indicator in known else ()


def _in_order(values: pd.Series, freq: str | None = None) -> pd.Series:
    """The figures by period, gaps filled with NaN.

    Raises
    ------
    InputError
        When the index does not say when, or a period stands twice.
    """
    index = _as_periods(values.index, freq)
    numbers = pd.Series(pd.to_numeric(values, errors="coerce").to_numpy(dtype=float), index=index, name=values.name)
    if index.has_duplicates:
        twice = name_period(index[index.duplicated()][0])
        raise InputError(
            f"{values.name or 'The series'}: {twice} stands twice; choose one area or group, or add them up."
        )
    return numbers.reindex(pd.period_range(index.min(), index.max(), freq=index.freq))


def _as_periods(index: pd.Index, freq: str | None) -> pd.PeriodIndex:
    if isinstance(index, pd.PeriodIndex):
        return index
    if isinstance(index, pd.DatetimeIndex):
        return index.to_period(freq or _spacing(index))
    texts = [str(one).strip() for one in index]
    ends = [_financial_year(text) for text in texts]
    if all(ends):
        quarters = [_QUARTER.search(text) for text in texts]
        if all(quarters):
            named = [f"{end}Q{found[1]}" for end, found in zip(ends, quarters, strict=True) if found]
            return pd.PeriodIndex(named, freq=QUARTERLY)
        return pd.PeriodIndex(list(map(str, ends)), freq=YEARLY)
    if all(re.fullmatch(r"(?:19|20)\d\d(?:\.0)?", text) for text in texts):
        return pd.PeriodIndex([text[:4] for text in texts], freq="Y")
    try:
        dates = pd.DatetimeIndex(pd.to_datetime(texts, format="mixed", dayfirst=not re.match(r"\d{4}-", texts[0])))
    except (ValueError, TypeError):
        raise InputError(f"{texts[0]!r} is not a period; write {EXAMPLES}.") from None
    return dates.to_period(freq or _spacing(dates))


def _financial_year(text: str) -> int | None:
    """The year in which 2018/19 ends; none of 2018-04, which is a month."""
    found = _FINANCIAL.search(text)
    return int(found[1]) + 1 if found and (int(found[1]) + 1) % 100 == int(found[2]) else None


def _spacing(dates: pd.DatetimeIndex) -> str:
    """Months, quarters or years, by the shortest step between two dates."""
    steps = dates.unique().sort_values().to_series().diff().dt.days.dropna()
    shortest = steps.min() if len(steps) else 31
    return MONTHLY if shortest < 80 else QUARTERLY if shortest < 300 else YEARLY


def _unit_of(values: pd.Series) -> Unit:
    known = pd.to_numeric(values, errors="coerce").dropna()
    return "count" if (known == known.round()).all() else "number"


def shared_periods(lines: Sequence[NamedSeries]) -> Any:
    """Put lines of one kind of period side by side, a column each.

    Raises
    ------
    InputError
        When they mix months, quarters and years, or two have the same name.
    """
    names = [one.label for one in lines]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise InputError(f'Two of these are called {twice}; name them, as in compare({{"one": …, "other": …}}).')
    kinds = {one.values.index.freqstr for one in lines}
    if len(kinds) > 1:
        raise InputError(f"These mix {', '.join(sorted({one.freq + 's' for one in lines}))}; compare like with like.")
    return pd.concat({one.label: one.values for one in lines}, axis=1).sort_index()


def tabulate_years(one: NamedSeries) -> Any:
    """Tabulate a row a period of the year, a column a year; financial years for months and quarters that start in
    April."""
    is_quarterly, periods = one.freq == "quarter", one.values.index
    order = ["Q1", "Q2", "Q3", "Q4"] if is_quarterly else "Apr May Jun Jul Aug Sep Oct Nov Dec Jan Feb Mar".split()
    places = [f"Q{period.quarter}" if is_quarterly else f"{period.start_time:%b}" for period in periods]
    table = pd.DataFrame({"place": places, "year": list(map(_name_year, periods)), "value": one.values.to_numpy()})
    return table.pivot(index="place", columns="year", values="value").reindex(order).rename_axis(None, axis=1)


def pair_years(one: NamedSeries) -> Any:
    """Give the newest two years over the periods that both have, a column a year; None where there are none."""
    table = tabulate_years(one) if one.freq != "year" else one.values.rename(name_period).to_frame("").T
    both = table.iloc[:, -2:].dropna()
    return both if both.shape[1] == 2 and len(both) else None
