"""Several years' folders become one series. In: `data/raw`. Out: `Evidence` up to a financial year.

A later report that prints an earlier quarter again is the newer edition: its figure is used, and where it differs
from the older one the revision is listed with both. A blank in the newer edition, or what could not be read, takes
nothing away, and a figure that was missing before is not a revision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from swp_analysis.catalogue.models import Catalogue
from swp_analysis.ingest.consistency import SILENT, without_months
from swp_analysis.ingest.formats.raw_files import raw_years
from swp_analysis.ingest.read_year import read_year
from swp_analysis.ingest.records import SOURCE_COLUMNS, Reading, ReportText, Unread, source_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RawEvidence:
    """Everything that the raw folders say up to a financial year, with where each figure stands.

    `everything` has a row for each figure, months among them; `observations` are those that are compared quarter by
    quarter (`without_months`).
    """

    financial_year: str
    files: list[str]
    observations: pd.DataFrame
    baselines: pd.DataFrame
    unread: list[Unread]
    notes: list[str]
    revisions: pd.DataFrame
    everything: pd.DataFrame
    report: ReportText

    def unread_frame(self) -> pd.DataFrame:
        """Give the cells that could not be read, one row a cell."""
        import pandas as pd

        rows = [{**source_of(unread.address, unread.text), "reason": unread.reason} for unread in self.unread]
        return pd.DataFrame(rows, columns=[*SOURCE_COLUMNS, "reason"])

    def decisions_frame(self) -> pd.DataFrame:
        """Say what was decided while reading, one row a decision, in the order of reading."""
        import pandas as pd

        return pd.DataFrame({"number": range(1, len(self.notes) + 1), "decision": self.notes})


def read_editions(raw: Path, financial_year: str, catalogue: Catalogue, today: date | None = None) -> RawEvidence:
    """Read every year's folder up to `financial_year`; the newest folder wins where two give the same figure.

    `today` (default the clock's) tells which quarters lie in the future.
    """
    import pandas as pd

    years = [year for year in raw_years(raw) if year <= financial_year]
    readings = [read_year(raw / year, year, catalogue, today) for year in years]
    newest_first = [reading.observation_frame() for reading in reversed(readings)]
    observations = pd.concat(newest_first, ignore_index=True)
    baselines = pd.concat([reading.baseline_frame() for reading in reversed(readings)], ignore_index=True)
    key = ["indicator", "area_code", "period_start", "period_end"]
    kept = _newest_figures(observations, key)
    return RawEvidence(
        financial_year,
        [f"{reading.financial_year}/{name}" for reading in readings for name in reading.files],
        without_months(kept.reset_index(drop=True)),
        baselines.drop_duplicates(["indicator", "financial_year"]).reset_index(drop=True),
        [unread for reading in readings for unread in reading.unread],
        [*(note for reading in readings for note in reading.notes), *name_absent(readings, catalogue)],
        _revisions(observations, kept, key),
        kept.reset_index(drop=True),
        next((one.report for one in readings if one.financial_year == financial_year), ReportText()),
    )


def name_absent(readings: list[Reading], catalogue: Catalogue) -> list[str]:
    """Name what the tables of the year before are about and those of the last year are not: a row may be cut off."""
    if len(readings) < 2:
        return []
    before, now = readings[-2:]
    there = {row["indicator"] for row in now.observations}
    absent = {row["indicator"]: row["source_file"] for row in before.observations if row["indicator"] not in there}
    return [
        f"{now.financial_year}: no table has a row for {catalogue.indicators[indicator].label!r}, which {file} of "
        f"{before.financial_year} has; if it is still collected, a row or a file is missing: ask its owner for it."
        for indicator, file in absent.items()
    ]


def _newest_figures(newest_first: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The first row of each period that has something to say, else the first."""
    says_less = newest_first["status"].map({"unreadable": 1, "not_available": 2}).fillna(0)
    return newest_first.loc[says_less.sort_values(kind="stable").index].drop_duplicates(key).sort_index()


def _revisions(every: pd.DataFrame, kept: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    both = every.drop(kept.index).merge(kept, on=key, suffixes=("_before", "_now"))
    figure = ["status", "value", "lower", "upper", "numerator", "denominator"]
    was = both[[f"{name}_before" for name in figure]].set_axis(figure, axis=1)
    now = both[[f"{name}_now" for name in figure]].set_axis(figure, axis=1)
    same = ((was == now) | (was.isna() & now.isna())).all(axis=1)
    changed = ~same & ~was["status"].isin(SILENT) & ~now["status"].isin(SILENT)
    columns = [
        "indicator",
        "period_start",
        "raw_value_before",
        "source_file_before",
        "raw_value_now",
        "source_file_now",
    ]
    return both.loc[changed, columns].reset_index(drop=True)
