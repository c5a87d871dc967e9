"""Tables made on the spot: stand-in indicators, a builder of the three frames, and random KPI sets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd
import pytest

NAN = float("nan")
AREA = "E08000031"
YEARS = ("2016-17", "2017-18")


@dataclass(frozen=True)
class Indicator:
    """The attributes of a catalogue indicator that disclosure control looks at."""

    id: str
    unit: str = "count"
    kind: str = "flow"
    companion_share: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    subgroup_of: str | None = None
    short_label: str = ""


@dataclass
class Tables:
    """Observations, baselines and totals, filled figure by figure."""

    indicators: dict[str, Indicator] = field(default_factory=dict)
    rows: list[dict] = field(default_factory=list)
    printed_baselines: list[dict] = field(default_factory=list)

    def add(
        self, indicator: Indicator, year: str, cells: list, n: list | None = None, big_n: list | None = None
    ) -> Tables:
        """Four quarters: a number, None (not available) or "<5"; `n` and `big_n` where a percentage prints them."""
        self.indicators[indicator.id] = indicator
        for quarter, cell in enumerate(cells, start=1):
            top, bottom = (None if side is None else side[quarter - 1] for side in (n, big_n))
            self.rows.append(_observation(indicator, year, quarter, cell, top, bottom))
        return self

    def add_baseline(self, indicator: str, year: str, value: float) -> Tables:
        row = {"indicator": indicator, "financial_year": year, "value": float(value), "raw_value": f"Baseline {value}"}
        self.printed_baselines.append(
            row | {c: "" for c in ("source_file", "source_sheet", "source_row", "source_column")}
        )
        return self

    @property
    def observations(self) -> pd.DataFrame:
        return pd.DataFrame(self.rows)

    @property
    def baselines(self) -> pd.DataFrame:
        columns = ["indicator", "financial_year", "value", "raw_value"]
        source = ["source_file", "source_sheet", "source_row", "source_column"]
        return pd.DataFrame(self.printed_baselines, columns=[*columns, *source])

    @property
    def totals(self) -> pd.DataFrame:
        """The year totals, worked out as the analysis room does."""
        found = [
            {"indicator": name, "financial_year": year, **self._total(self.indicators[name], year)}
            for name, year in dict.fromkeys((row["indicator"], row["financial_year"]) for row in self.rows)
        ]
        columns = ["indicator", "financial_year", "quarters", "value", "numerator", "denominator", "status"]
        return pd.DataFrame(found, columns=columns).astype({"value": float, "numerator": float, "denominator": float})

    @property
    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, dict[str, Indicator]]:
        return self.observations, self.baselines, self.totals, self.indicators

    def _total(self, indicator: Indicator, year: str) -> dict:
        rows = [r for r in self._reported(indicator.id) if r["financial_year"] == year]
        nothing = {"quarters": "", "value": NAN, "numerator": NAN, "denominator": NAN, "status": "not_available"}
        if indicator.kind == "stock" or not rows:
            return nothing
        listed = nothing | {"quarters": ",".join(str(row["quarter"]) for row in rows), "status": "reported"}
        if indicator.kind == "flow":
            return listed | {"value": sum(row["value"] for row in rows)}
        tops = [self._part(row, "numerator", indicator.numerator) for row in rows]
        bottoms = [self._part(row, "denominator", indicator.denominator) for row in rows]
        if any(pd.isna(bottom) for bottom in bottoms) or not sum(bottoms):
            return nothing
        if any(pd.isna(top) for top in tops):
            weighted = sum(row["value"] * bottom for row, bottom in zip(rows, bottoms, strict=True)) / sum(bottoms)
            return listed | {"value": weighted, "denominator": sum(bottoms)}
        return listed | {"value": 100 * sum(tops) / sum(bottoms), "numerator": sum(tops), "denominator": sum(bottoms)}

    def _reported(self, name: str) -> list[dict]:
        return [row for row in self.rows if row["indicator"] == name and row["status"] == "reported"]

    def _part(self, row: dict, column: str, source: str | None) -> float:
        if source is None:
            return row[column]
        same = [r for r in self._reported(source) if all(r[k] == row[k] for k in ("financial_year", "quarter"))]
        return same[0]["value"] if same else NAN


def _observation(indicator: Indicator, year: str, quarter: int, cell, top, bottom) -> dict:
    status = "suppressed" if cell == "<5" else "not_available" if cell is None else "reported"
    lower, upper = (1.0, 4.0) if status == "suppressed" else (NAN, NAN)
    raw = "" if cell is None else f"{cell:g}%" if status == "reported" and indicator.unit == "percent" else str(cell)
    if top is not None and bottom is not None and cell is not None:
        raw += f" ({top}/{bottom})"
    known = [NAN if side is None or cell is None else float(side) for side in (top, bottom)]
    return {
        "indicator": indicator.id, "area_code": AREA, "financial_year": year, "quarter": quarter,
        "value": float(cell) if status == "reported" else NAN, "lower": lower, "upper": upper,
        "numerator": known[0], "denominator": known[1], "status": status, "raw_value": raw,
        "source_file": "", "source_sheet": "", "source_row": "", "source_column": "",
    }  # fmt: skip


def print_percent(top: int, bottom: int, decimals: int, cut: bool) -> float:
    """A percentage as somebody prints it, rounded or cut off; nothing of nothing is 0%."""
    if bottom == 0:
        return 0.0
    scaled = 100 * 10**decimals * top
    return (scaled // bottom if cut else (2 * scaled + bottom) // (2 * bottom)) / 10**decimals


def invent_tables(choose: Callable[[int, int], int]) -> Tables:
    """A random KPI set out of whole numbers that `choose(low, high)` picks.

    A count with, by chance, a share of it, a sub-group, a rate of printed n/N, a baseline (sometimes a wrong one), gaps
    and cells that the source itself suppressed, for one or two years.
    """
    tables = Tables()
    years = YEARS[choose(0, 1) :]
    with_share, with_part, with_rate, with_baseline = (choose(0, 1) for _ in range(4))
    most = (4, 9, 20, 60)[choose(0, 3)]
    decimals, cut = choose(0, 1), bool(choose(0, 1))
    whole = Indicator("whole", companion_share="share" if with_share else None)
    for year in years:
        counts = [choose(0, most) for _ in range(4)]
        gap = choose(0, 11)
        printed = [None if gap == q else "<5" if gap == q + 4 and 0 < c < 5 else c for q, c in enumerate(counts)]
        tables.add(whole, year, printed)
        if with_share:
            tops = [choose(0, count) for count in counts]
            percents = [print_percent(t, c, decimals, cut) for t, c in zip(tops, counts, strict=True)]
            shown = [None if cell in (None, "<5") else percent for cell, percent in zip(printed, percents, strict=True)]
            tables.add(Indicator("share", "percent", "rate", denominator="whole"), year, shown)
        if with_part:
            tables.add(Indicator("part", subgroup_of="whole"), year, [choose(0, count) for count in counts])
        if with_rate:
            sizes = [choose(1, 60) for _ in range(4)]
            tops = [choose(0, min(size, 15)) for size in sizes]
            percents = [print_percent(t, s, decimals, cut) for t, s in zip(tops, sizes, strict=True)]
            tables.add(Indicator("rate", "percent", "rate"), year, percents, tops, sizes)
        if with_baseline:
            tables.add_baseline("whole", year, sum(counts) + (choose(1, 9) if choose(0, 5) == 5 else 0))
    return tables


def report_tables() -> Tables:
    """The small series of the 2017/18 report, typed from its Appendix C: both years, shares, n/N and baselines."""
    tables = Tables()
    counts = {
        "personal_robbery_offenders_10_24": ([15, 12, 11, 9], [13, 7, 5, 3], 47, None, None),
        "forced_marriage_incidents": ([3, 1, 1, 0], [0, 2, 1, 1], 5, [33, 100, 0, 0], [0, 50, 0, 0]),
        "honour_based_abuse_incidents": ([8, 5, 3, 8], [9, 4, 2, 9], 24, [87.5, 60, 0, 62.5], [100, 25, 100, 44.4]),
        "female_genital_mutilation_incidents": ([2, 4, 7, 4], [1, 6, 12, 8], 17, [50, 0, 0, 0], [0, 0, 0, 0]),
    }
    for name, (before, after, baseline, *shares) in counts.items():
        share = name.replace("_incidents", "_recordable_share") if shares[0] else None
        for year, cells, percents in zip(YEARS, (before, after), shares, strict=True):
            tables.add(Indicator(name, companion_share=share), year, cells)
            if share:
                tables.add(Indicator(share, "percent", "rate", denominator=name), year, percents)
        tables.add_baseline(name, YEARS[0], baseline)
    custody = Indicator("youth_custody_share", "percent", "rate")
    tables.add(custody, YEARS[0], [16.33, 26.31, 11.9, 6.98], [8, 10, 5, 3], [49, 38, 42, 43])
    tables.add(custody, YEARS[1], [3.84, 7.54, 12, 15.2], [2, 4, 6, 7], [52, 53, 50, 46])
    return tables.add_baseline("youth_custody_share", YEARS[0], 9.9)


@pytest.fixture(scope="session")
def report():
    return report_tables()


@pytest.fixture(scope="session")
def make_indicator():
    return Indicator


@pytest.fixture(scope="session")
def make_tables():
    return Tables


@pytest.fixture(scope="session")
def invent():
    return invent_tables
