"""Quarters of police recorded crime as the methods are tried on them. In: the Home Office's open data. Out: arrays.

Read from a parquet file with columns FY, Financial Quarter, Force, Offence Subgroup, Offence Code, Group, n and
territorial: the published table of recorded crime by police force area, one row a force, quarter and offence code.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
DEFAULT = ROOT.parent / "shared/data/recorded_crime/home_office_prc_pfa_2012-13_to_2025-26.parquet"
SOURCE = "Home Office, Police recorded crime open data: police force area tables, 2012/13 to 2025/26 (OGL v3.0)"
QUARTERS = ["q1", "q2", "q3", "q4"]
LEVELS = {"offence code": '"Offence Code"', "offence subgroup": '"Offence Subgroup"', "offence group": '"Group"'}
# The pandemic and the years about it: what changed then was not scatter.
PANDEMIC = (2019, 2020, 2021)
BANDS = ((5, 15), (15, 50), (50, 150), (150, 500), (500, 1_000_000))
KEEP_OUT_EVERY = 10


@dataclass(frozen=True)
class Pairs:
    """Two consecutive years of one force and offence a row: quarters `after` and `before`, `mean` of a quarter over
    both, and `left_out`, whether the force is kept out of the learning."""

    after: np.ndarray
    before: np.ndarray
    mean: np.ndarray
    left_out: np.ndarray

    def only(self, rows: np.ndarray) -> Pairs:
        return Pairs(self.after[rows], self.before[rows], self.mean[rows], self.left_out[rows])

    def in_band(self, low: float, high: float) -> Pairs:
        return self.only((self.mean >= low) & (self.mean < high))

    def swap(self, swapped: np.ndarray) -> Pairs:
        """The pairs with the quarters that are `swapped` exchanged between the two years: four, or four a pair."""
        after, before = np.where(swapped, self.before, self.after), np.where(swapped, self.after, self.before)
        return Pairs(after, before, self.mean, self.left_out)

    def toss(self, rng: np.random.Generator) -> Pairs:
        """The pairs with each matched quarter swapped, or not, by the toss of a coin."""
        return self.swap(rng.random(self.after.shape) < 0.5)


def read_years(path: Path, level: str) -> pd.DataFrame:
    """Complete years: columns force, series, year (that it starts in), q1 to q4 and left_out."""
    import duckdb

    query = (
        f'select Force force, {LEVELS[level]} series, FY, "Financial Quarter" quarter_number, sum(n) n '
        f"from read_parquet('{path.as_posix()}') where territorial group by all"
    )
    rows = duckdb.connect().execute(query).fetchdf()
    wide = rows.pivot_table(
        index=["force", "series", "FY"], columns="quarter_number", values="n", aggfunc="sum"
    ).dropna()
    wide.columns = pd.Index(QUARTERS)
    years = wide.reset_index()
    years["year"] = years["FY"].str[:4].astype(int)
    kept_out = sorted(years["force"].unique())[KEEP_OUT_EVERY // 2 :: KEEP_OUT_EVERY]
    years["left_out"] = years["force"].isin(kept_out)
    return years.drop(columns="FY").sort_values(["force", "series", "year"]).reset_index(drop=True)


def pair_years(years: pd.DataFrame) -> Pairs:
    """Every two consecutive years outside the pandemic, of 5 a quarter or more."""
    calm = years[~years["year"].isin(PANDEMIC)]
    before = calm.assign(year=calm["year"] + 1)
    both = calm.merge(before, on=["force", "series", "year"], suffixes=("", "_before"))
    after, last = both[QUARTERS].to_numpy(float), both[[f"{name}_before" for name in QUARTERS]].to_numpy(float)
    found = Pairs(after, last, (after + last).mean(axis=1) / 2, both["left_out"].to_numpy())
    counts = np.minimum(after, last).min(axis=1) >= 0  # corrections of earlier quarters are printed below zero
    return found.only(counts & (found.mean >= BANDS[0][0]) & (((after + last) > 0).sum(axis=1) >= 2))
