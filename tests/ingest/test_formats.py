"""One table, written by every writer there is, gives the same observations; each cell can be found again."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from swp_analysis.errors import InputError
from swp_analysis.ingest.cells import shape_of
from swp_analysis.ingest.read_year import read_year
from tests.ingest.writers import WRITERS

YEARS = ("2016/17", "2017/18")
HEADING = [
    "KPI and preferred direction of outcome",
    "",
    *[w for q in "1234" for w in (f"Quarter {q}", "")],
    "Data Owner",
]
YEAR_ROW = ["", "", *YEARS * 4, ""]
OF_WHICH = {"court_successful_outcomes"}


@st.composite
def tables(draw, catalogue):
    """Rows of a valid table, and what each of its cells means: {(indicator, year, quarter): (status, value)}."""
    known = [i for i in catalogue.indicators.values() if i.aliases and "treatment" not in i.id]
    # Parts of another row are left out: drawn at random they would be larger than their whole, which is refused.
    companions = {i.companion_share for i in known} | {i.numerator for i in known}
    chosen = draw(
        st.lists(
            st.sampled_from([i for i in known if i.id not in companions]),
            min_size=1,
            max_size=6,
            unique_by=lambda i: i.id,
        )
    )
    rows, meant = [HEADING, YEAR_ROW], {}
    for indicator in chosen:
        cells = []
        for quarter in range(1, 5):
            for year in ("2016-17", "2017-18"):
                text, figures = draw(cell_of(indicator))
                cells.append(text)
                meant |= {(name, year, quarter): figure for name, figure in figures.items()}
        rows.append([indicator.aliases[0], "To reduce", *cells, "SWP Analyst"])
    return rows, meant


@st.composite
def cell_of(draw, indicator):
    shape = shape_of(indicator)
    count = draw(st.integers(0, 40_000))  # from 41,640 on a count may be the serial number of a day
    percent = draw(st.integers(0, 1000)) / 10
    kind = draw(st.sampled_from(["figure", "figure", "figure", "missing", "small"]))
    if kind == "missing" or (kind == "small" and not shape.count):
        return draw(st.sampled_from(["", "n/a"])), dict.fromkeys(shape.indicators, ("not_available", None))
    printed = "<5" if kind == "small" else draw(st.sampled_from([str(count), f"{count:,}"]))
    known = ("suppressed", None) if kind == "small" else ("reported", float(count))
    if shape.count and shape.percent:
        text = f"{percent}% ({printed} cases)" if indicator.id in OF_WHICH else f"{printed} ({percent}%)"
        return text, {shape.count: known, shape.percent: ("reported", percent)}
    if shape.count:
        return printed, {shape.count: known}
    total = draw(st.integers(1, 500))
    part = draw(st.integers(0, total))
    if draw(st.booleans()):
        value = round(100 * part / total, 1)
        return f"{value}% ({part}/{total})", {shape.percent: ("reported", value)}
    return f"{percent}%", {shape.percent: ("reported", percent)}


def read_figures(name: str, content: bytes, catalogue):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        reading = read_year(Path(folder), "2017-18", catalogue)
    return {
        (row["indicator"], row["financial_year"], row["quarter"]): (row["status"], row["value"])
        for row in reading.observations
    }, reading


@pytest.mark.parametrize("writer", WRITERS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_writer_is_read_back_to_the_same_observations(writer, data, catalogue):
    rows, meant = data.draw(tables(catalogue))
    name, write = WRITERS[writer]
    try:
        read, _ = read_figures(name, write(rows), catalogue)
    except InputError as problem:  # by chance all rows that were drawn rise, as cumulative figures do
        assume("the figures only rise within each year" not in str(problem))
        raise
    assert read == meant


def test_a_blank_before_seven_figures_is_no_doubt_in_a_pdf_without_lines(catalogue):
    label = catalogue.indicators["knife_violence"].aliases[0]
    name, write = WRITERS["pdf, no ruled lines"]
    row = [label, "To reduce", "", *"0" * 7, "SWP Analyst"]
    read, _ = read_figures(name, write([HEADING, YEAR_ROW, row]), catalogue)
    assert sorted(read.values(), key=str) == [("not_available", None), *[("reported", 0.0)] * 7]


@pytest.mark.parametrize(
    ("writer", "sheet", "row"),
    [
        ("csv, UTF-8", "", 3),
        ("xlsx", "KPI 1", 5),
        ("ods", "KPI 1", 3),
        ("docx", "table 1", 3),
        ("html", "table 1", 3),
        ("pdf", "page 1, table 1", 3),
        ("pdf, no ruled lines", "page 1", 5),
    ],
)
def test_a_figure_is_found_again_where_a_person_would_look(writer, sheet, row, catalogue):
    label = catalogue.indicators["hate_crime"].aliases[0]
    rows = [HEADING, YEAR_ROW, [label, "To increase", *map(str, range(90, 98)), "SWP Analyst"]]
    name, write = WRITERS[writer]
    _, reading = read_figures(name, write(rows), catalogue)
    first = reading.observations[0]
    place = first["source_file"], first["source_sheet"], first["source_row"], first["source_column"], first["raw_value"]
    assert place == (name, sheet, row, "C", "90")
