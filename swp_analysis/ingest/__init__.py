"""Raw files -> observations: file -> grids -> headings -> cells -> tidy rows, each figure with the cell it came
from."""

from swp_analysis.ingest.records import BASELINE_COLUMNS, OBSERVATION_COLUMNS, Reading, Unread
from swp_analysis.ingest.tidy import read_year

__all__ = ["BASELINE_COLUMNS", "OBSERVATION_COLUMNS", "Reading", "Unread", "read_year"]
