"""Text that a person does not see, or sees struck out or raised, in documents and pages."""

from __future__ import annotations

import io

import pytest

from swp_analysis.errors import InputError
from tests.ingest.test_layouts import HATE, NEW, PREVENT, figures, read


def test_hidden_raised_and_struck_text_of_a_document(tmp_path, catalogue):
    import docx

    document = docx.Document()
    table = document.add_table(rows=2, cols=3)
    for line, row in zip(table.rows, [["KPI", "Q1 2017/18", "Q2 2017/18"], [HATE, "118", "104"]], strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            cell.text = text
    table.cell(1, 1).paragraphs[0].add_run("5").font.hidden = True
    table.cell(1, 2).paragraphs[0].add_run("1").font.superscript = True
    content = io.BytesIO()
    document.save(content)
    assert figures(read(tmp_path / "raw", catalogue, content.getvalue(), "kpi.docx")) == {(NEW, 1): 118, (NEW, 2): 104}
    table.cell(1, 1).paragraphs[0].add_run("99").font.strike = True
    document.save(content)
    with pytest.raises(InputError, match=r"found '118\[struck out: 99\]'"):
        read(tmp_path / "raw", catalogue, content.getvalue(), "kpi.docx")


def test_hidden_raised_and_struck_text_of_a_page(tmp_path, catalogue):
    heading = "<table><tr><th>KPI<th>Q1 2017/18<th>Q2 2017/18"
    rows = f"<tr hidden><td>{PREVENT}<td>1<td>2<tr><td>{HATE}<td>118<sup>1</sup><td style='display: none'>7<td>104"
    page = f"{heading}{rows}<span hidden>5</span></table>".encode()
    reading = read(tmp_path / "raw", catalogue, page, "kpi.html")
    assert figures(reading) == {(NEW, 1): 118, (NEW, 2): 104}
    assert figures(reading, "prevent_referrals") == {}
    assert reading.notes == [
        "kpi.html, table 1, row 2, column A: the row is hidden; not read: 'Number of Prevent referrals received'."
    ]
    with pytest.raises(InputError, match="struck out: 99"):
        read(
            tmp_path / "raw",
            catalogue,
            f"{heading}<tr><td>{HATE}<td><del>99</del>118<td>4</table>".encode(),
            "kpi.html",
        )
