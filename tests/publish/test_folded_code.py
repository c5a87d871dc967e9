"""Code is there to read for analysts, folded; partners get neither code nor what works a figure out by hand."""

from __future__ import annotations

import nbformat
import pytest
from bs4 import BeautifulSoup

from swp_analysis.publish.page_export import render_body
from tests.conftest import SHIPPED

NOTEBOOKS = sorted((SHIPPED / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def rendered(path, *, is_internal: bool) -> BeautifulSoup:
    notebook = nbformat.read(path, as_version=4)
    body = render_body(notebook, "A title", show_code=is_internal, show_evidence=True)
    return BeautifulSoup(body.html, "html.parser")


def cells(path, tag: str = "") -> list:
    every = nbformat.read(path, as_version=4).cells
    return [cell for cell in every if not tag or tag in cell.metadata.get("tags", [])]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_analysts_can_unfold_every_line_and_partners_get_none(path):
    internal, partners = (rendered(path, is_internal=is_internal) for is_internal in (True, False))
    folds = internal.select("details.code")
    code = [cell.source for cell in cells(path) if cell.cell_type == "code"]
    assert [text.get_text().strip() for fold in folds for text in fold.find_all("pre")] == [
        source.strip() for source in code
    ]
    assert not any(fold.has_attr("open") for fold in folds)
    assert not partners.select("details.code, pre")
    for cell in cells(path, "workings"):
        first = BeautifulSoup(cell.source, "html.parser").get_text().splitlines()[0].lstrip("# ")
        assert first not in partners.get_text()
