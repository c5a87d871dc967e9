"""Any figures as series with a name. In: an indicator's name, a Series, a frame, anything with `.frame`. Out:
`NamedSeries` in time order, one a line, whose periods are months, financial quarters or years.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, get_args

import pandas as pd

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.catalogue.models import name_in_sentence
from swp_analysis.engines.spc.run_rules import GoodDirection
from swp_analysis.errors import InputError, count_noun, describe_os_error, require_choice
from swp_analysis.explore.period_index import (
    QUARTERLY,
    join_year,
    name_period,
    put_in_order,
    read_numbers_typed,
)
from swp_analysis.present.frames import find_indicators, name_source
from swp_analysis.present.opening import list_figures
from swp_analysis.present.phrases import NOTHING, write_new_level, write_value

Unit = Literal["count", "percent", "number"]
# Names of columns that say when; the first that is there is taken.
WHEN = ("period_start", "month", "date", "period", "quarter", "financial_year", "year")
HOW_MANY = ("value", "count", "rate", "share", "number", "offences", "crimes", "total", "figure")
WHAT = ("short_label", "label", "indicator", "area_name", "area", "offence_group", "crime_type", "name", "series")
UNNAMED = "Figures"


@dataclass(frozen=True, repr=False)
class NamedSeries:
    """One line of figures: `values` has an index of periods, in time order, missing ones as NaN."""

    label: str
    values: Any  # a Series
    unit: Unit = "count"
    good_direction: GoodDirection = "neutral"
    source: str = ""
    caveats: tuple[str, ...] = ()
    is_stock: bool = False  # counted on a day
    shares: Any = None  # a frame with the numerator and denominator of each period
    breaks: tuple[date, ...] = ()  # days from which on something else is recorded or counted

    @property
    def adds_up(self) -> bool:
        """Whether the figures of a year's periods add up to its own."""
        return self.unit == "count" and not self.is_stock

    @property
    def known(self) -> Any:
        """The figures that are there."""
        return self.values.dropna()

    @property
    def freq(self) -> str:
        """`quarter`, `month` or `year`."""
        return {"Q": "quarter", "M": "month"}.get(self.values.index.freqstr[:1], "year")

    @property
    def has_numbers(self) -> bool:
        """Whether the numbers behind every percentage are known."""
        return self.shares is not None and not self.shares.reindex(self.known.index).isna().any(axis=None)

    @property
    def how_many(self) -> str:
        """How many figures there are: `8 quarters`, and where some are missing `5 quarters with a figure`."""
        return f"{count_noun(len(self.known), self.freq)}{' with a figure' if self.gaps else ''}"

    @property
    def gaps(self) -> tuple[str, ...]:
        """What to beware of where a period between the first and the last has no figure of its own."""
        missing, every = len(self.values) - len(self.known), len(self.values)
        said = f"{missing} of {count_noun(every, self.freq)} {'has' if missing == 1 else 'have'} no exact figure and"
        why = "not published, not readable, withheld or known only within bounds."
        return (f"{said} {'is' if missing == 1 else 'are'} left out: {why}",) if missing else ()

    def write(self, value: float) -> str:
        """Write a figure of this series."""
        return write_figure(value, self.unit)

    @property
    def newest(self) -> str:
        """The newest figure in words; nothing where there is none."""
        return self.write(self.known.iloc[-1]) if len(self.known) else ""

    def write_at(self, period: Any) -> str:
        """Write the figure of a period with its name, such as `67 in Q4 2017/18`."""
        return f"{self.write(self.values[period])} in {name_period(period)}"

    def called(
        self, label: str = "", unit: Unit | None = None, good_direction: GoodDirection | None = None
    ) -> NamedSeries:
        """Give the same figures by another name, in another unit or judged the other way, where one is given."""
        given = {"label": label, "unit": unit, "good_direction": good_direction}
        for name, choice in (("unit", Unit), ("good_direction", GoodDirection)):
            if given[name]:
                require_choice(name, given[name], get_args(choice))
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
        names = ", ".join(one.label for one in found[:6]) + ("…" if len(found) > 6 else "")
        raise InputError(
            f"This holds {len(found)} series ({names}); choose one, or use compare() or small_multiples()."
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
    if not any(len(one.known) for one in found):
        named = f" {found[0].label} has no exact figure" if found else ""
        raise InputError(f"There is nothing to show:{named or ' give an indicator, a Series or a frame with periods'}.")
    return found


def _read(data: Any) -> list[NamedSeries]:
    if isinstance(data, NamedSeries):
        return [data]
    if isinstance(data, str):
        return _read_frame(_read_csv(data)) if data.lower().endswith(".csv") else _own_series(data)
    if isinstance(data, pd.Series):
        return [] if data.empty else [_of_values(data)]
    if isinstance(data, pd.DataFrame):
        return _read_frame(data)
    if hasattr(data, "frame"):
        source, caveats = str(getattr(data, "source", "")), tuple(getattr(data, "caveats", ()))
        found = [replace(one, source=source, caveats=caveats) for one in _read_frame(data.frame)]
        label = getattr(data, "label", "") or str(getattr(data, "title", "")).partition(":")[0]
        return [one.called(label) if one.label == UNNAMED else one for one in found]
    if isinstance(data, dict):
        return [replace(line, label=str(name)) for name, one in data.items() for line in _read(one)]
    if isinstance(data, Iterable):
        return [line for one in data for line in _read(one)]
    raise InputError(f"{type(data).__name__} holds no figures by period; give an indicator, a Series or a frame.")


def _read_csv(name: str) -> pd.DataFrame:
    try:
        return pd.read_csv(name)
    except OSError as error:
        raise InputError(describe_os_error(error)) from None
    except ValueError as error:
        raise InputError(f"{name} can't be read: {error}; save it as CSV in UTF-8.") from None


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
    frame = frame.rename(columns=lambda name: _plain(name) if _plain(name) in (*WHEN, *HOW_MANY, *WHAT) else name)
    when = next((name for name in WHEN if name in frame.columns), None)
    how_many = next((name for name in HOW_MANY if name in frame.columns), None)
    if when and how_many:
        return _read_long(frame.dropna(subset=when), when, how_many)
    if when:
        frame = frame.set_index(when)
    elif isinstance(frame.index, pd.RangeIndex):
        named = ", ".join(map(str, frame.columns))
        raise InputError(f"No column says when; call the one that does month, quarter or year. There are {named}.")
    numbers = frame.select_dtypes("number")
    if numbers.empty:  # figures typed as text; what is no number among them is named
        numbers = frame.loc[:, [frame[name].astype(str).str.fullmatch(r"[\d,.]+").any() for name in frame]]
    if numbers.empty:
        raise InputError(f"The frame has no column of numbers; its columns are {', '.join(map(str, frame.columns))}.")
    return [_of_values(numbers[name]) for name in numbers.columns]


def _plain(name: object) -> str:
    return str(name).strip().casefold().replace(" ", "_")


def _of_values(values: pd.Series) -> NamedSeries:
    numbers = put_in_order(values)
    return NamedSeries(str(values.name or UNNAMED), numbers, _unit_of(numbers))


def _read_long(frame: pd.DataFrame, when: str, how_many: str) -> list[NamedSeries]:
    """A tidy frame: one row a series and period."""
    names = [name for name in WHAT if name in frame.columns and frame[name].nunique(dropna=False) > 1][:1]
    names = names or [name for name in WHAT if name in frame.columns][:1]
    groups = frame.groupby(names[0], sort=False, observed=True) if names else [(UNNAMED, frame)]
    return [_of_rows(str(name), rows, when, how_many) for name, rows in groups]


def _of_rows(label: str, rows: pd.DataFrame, when: str, how_many: str) -> NamedSeries:
    keys, whole = rows[when], str(rows["label"].iloc[0]) if "label" in rows else label
    label = name_in_sentence(whole, label)  # as the pages name an indicator
    year = next((name for name in ("financial_year", "year") if name in rows and name != when), None)
    if year and when in ("quarter", "month"):
        keys = pd.Series([join_year(str(one), str(of), when) for one, of in zip(keys, rows[year], strict=True)])
    values = pd.Series(read_numbers_typed(rows[how_many]), index=list(keys), name=label)
    freq = QUARTERLY if "quarter" in rows and rows["quarter"].notna().all() and when == "period_start" else None
    kind = str(rows["unit"].iloc[0]) if "unit" in rows else _unit_of(values)
    # Reports of crime are neither good nor bad on their own, nor is what nobody has decided about.
    is_judged = "measures" not in rows or rows["measures"].iloc[0] not in ("", "reporting")
    good = str(rows["good_direction"].iloc[0]) if "good_direction" in rows and is_judged else "neutral"
    unit: Unit = "percent" if kind == "percent" else "count" if kind == "count" else "number"
    caveats, breaks = _known_caveats(str(rows["indicator"].iloc[0])) if "indicator" in rows else ((), ())
    is_stock = "kind" in rows and rows["kind"].iloc[0] == "stock"
    shares = None
    if unit == "percent" and {"numerator", "denominator"} <= {*rows.columns}:
        shares = rows[["numerator", "denominator"]].set_axis(values.index).apply(put_in_order, freq=freq)
    line = put_in_order(values, freq)
    return NamedSeries(label, line, unit, good, name_source(rows), caveats, is_stock, shares, breaks)  # type: ignore[arg-type]


def _known_caveats(indicator: str) -> tuple[tuple[str, ...], tuple[date, ...]]:
    """What to beware of with an indicator of the partnership's own: new levels first; and the days of these and of
    changes in recording."""
    catalogue = load_catalogue()
    if indicator not in catalogue.indicators:
        return (), ()
    levels = [one for one in catalogue.rebases if one.indicator == indicator]
    said = [write_new_level(f"{one.date_from:%B %Y}", one.reason, one.entered_by, one.entered_on) for one in levels]
    recorded = [one for one in catalogue.recording_breaks if indicator in one.indicators]
    days = sorted({one.date_from for one in levels} | {one.date_from for one in recorded})
    return (*said, *catalogue.indicators[indicator].caveats), tuple(days)


def _unit_of(values: pd.Series) -> Unit:
    known = pd.to_numeric(values, errors="coerce").dropna()
    return "count" if ((known >= 0) & (known == known.round())).all() else "number"


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
    table = pd.concat({one.label: one.values for one in lines}, axis=1).sort_index()
    return table.loc[: table.dropna(how="all").index.max()]  # open quarters of a year that has begun are no newest ones
