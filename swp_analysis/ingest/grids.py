"""The old name of the model in `formats`. In: nothing. Out: its classes, until every reader imports them there."""

from swp_analysis.ingest.formats.grid import Address, Grid, Row, name_of
from swp_analysis.ingest.formats.raw_files import NOT_TABLES, raw_tables, read_grids

__all__ = ["NOT_TABLES", "Address", "Grid", "Row", "name_of", "raw_tables", "read_grids"]
