"""PDF. In: a document's bytes. Out: a `Grid` a table; for now by way of the readers of a path."""

from __future__ import annotations

import tempfile
from pathlib import Path

from swp_analysis.ingest.formats.grid import RawFile
from swp_analysis.ingest.pdf_pages import read_pdf as read_path


def read_pdf(name: str, content: bytes, label_headings: list[str]) -> RawFile:
    """The tables of a PDF that holds text; `label_headings` are the words that begin a heading row."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return RawFile(tuple(read_path(path, label_headings)))
