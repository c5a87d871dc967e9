"""Stand-in."""

from swp_analysis.ingest.formats.grid import RawFile
from swp_analysis.errors import InputError
import tempfile
from pathlib import Path


def read_pdf(name: str, content: bytes, label_headings: list[str]) -> RawFile:
    from swp_analysis.ingest.pdf_pages import read_pdf as old

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return RawFile(tuple(old(path, label_headings)))
