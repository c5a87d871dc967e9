"""What the ingest tests share: a year's folder made for one test, and how two readings are compared."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from swp_analysis.ingest.read_year import RawEvidence, read_editions

YEAR = "2017-18"
PERIOD = ["indicator", "period_start", "period_end"]
FIGURES = ["value", "lower", "upper", "numerator", "denominator", "status"]


def read_alone(raw: Path, name: str, content: bytes | str, catalogue, year: str = YEAR) -> RawEvidence:
    """The reading of one file that lies alone in its year's folder."""
    folder = raw / year
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return read_editions(raw, year, catalogue)


def figures_of(observations: pd.DataFrame) -> pd.DataFrame:
    """Periods and figures in a fixed order, without where they stand."""
    return observations[[*PERIOD, *FIGURES]].sort_values(PERIOD).reset_index(drop=True)


def baselines_of(baselines: pd.DataFrame) -> pd.DataFrame:
    """Baselines in a fixed order, without where they stand."""
    columns = ["indicator", "financial_year", "value", "raw_value"]
    return baselines[columns].sort_values(columns[:2]).reset_index(drop=True)
