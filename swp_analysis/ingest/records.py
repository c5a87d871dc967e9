"""The rows that ingest hands on. In: a figure, its period and its cell. Out: records with the columns of DESIGN
section 3."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from swp_analysis.ingest.cells import Figure
from swp_analysis.ingest.formats.grid import Address
from swp_analysis.ingest.report_text import ReportText
from swp_analysis.ingest.timeline import Period

if TYPE_CHECKING:
    import pandas as pd

SOURCE_COLUMNS = ["source_file", "source_sheet", "source_row", "source_column", "raw_value"]
OBSERVATION_COLUMNS = [
    *("indicator", "area_code", "financial_year", "quarter", "period_start", "period_end"),
    *("value", "lower", "upper", "numerator", "denominator", "status", *SOURCE_COLUMNS),
]
BASELINE_COLUMNS = ["indicator", "financial_year", "value", "raw_value", *SOURCE_COLUMNS[:-1]]


@dataclass(frozen=True)
class Unread:
    """A cell that is kept as printed but not turned into a figure, with the reason."""

    address: Address
    text: str
    reason: str


@dataclass
class Reading:
    """What a year's folder says: observations, baselines, the cells that could not be read, and what was decided on
    the way."""

    financial_year: str
    area_code: str
    files: list[str] = field(default_factory=list)
    observations: list[dict[str, Any]] = field(default_factory=list)
    baselines: list[dict[str, Any]] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    report: ReportText = field(default_factory=ReportText)

    def add(self, other: Reading) -> None:
        """Take over all that another reading holds."""
        self.observations += other.observations
        self.baselines += other.baselines
        self.unread += other.unread
        self.notes += other.notes
        self.report.add(other.report)

    def add_observation(
        self,
        indicator: str,
        period: Period,
        figure: Figure,
        address: Address,
        printed: str,
    ) -> None:
        """Keep a figure with its cell."""
        first, last = period.days
        self.observations.append(
            {
                "indicator": indicator,
                "area_code": self.area_code,
                "financial_year": period.financial_year,
                "quarter": None if period.month else period.quarter,
                "period_start": first.isoformat(),
                "period_end": last.isoformat(),
                "value": figure.value,
                "lower": figure.lower,
                "upper": figure.upper,
                "numerator": figure.numerator,
                "denominator": figure.denominator,
                "status": figure.status,
                **source_of(address, printed),
            }
        )

    def add_baseline(self, indicator: str, financial_year: str, figure: Figure, address: Address, printed: str) -> None:
        """Keep a printed baseline: the figure of the year before the newest one in the table."""
        self.baselines.append(
            {
                "indicator": indicator,
                "financial_year": financial_year,
                "value": figure.value,
                **source_of(address, printed),
            }
        )

    def observation_frame(self) -> pd.DataFrame:
        """Give one row per indicator and period, columns of `data/processed/observations.csv`."""
        return _frame(self.observations, OBSERVATION_COLUMNS)

    def baseline_frame(self) -> pd.DataFrame:
        """Give one row per printed baseline."""
        return _frame(self.baselines, BASELINE_COLUMNS)


def source_of(address: Address, printed: str) -> dict[str, Any]:
    """Give a cell's address and its text, as columns."""
    return {
        "source_file": address.file,
        "source_sheet": address.sheet,
        "source_row": address.row,
        "source_column": address.column_letter,
        "raw_value": printed,
    }


def _frame(records: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(records, columns=columns)
    numbers = [name for name in ("value", "lower", "upper", "numerator", "denominator") if name in columns]
    frame = frame.astype(dict.fromkeys(numbers, "float64"))
    return frame.astype({"quarter": "Int64"}) if "quarter" in columns else frame
