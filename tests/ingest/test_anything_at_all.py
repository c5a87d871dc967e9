"""Whatever a file holds, it is read or refused in one sentence."""

from __future__ import annotations

import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.errors import InputError
from swp_analysis.ingest.read_year import read_year
from tests.ingest.test_bad_input import OLE, YEAR, package
from tests.ingest.writers import WRITERS, write_csv

PIECES = ["KPI", "Quarter 1", "Q2", "2016/17", "2017/18", "Hate Crime - number of recorded crimes", "118", "<5", "1 2"]
PIECES += ["", "", "Data Owner", "Commentary", "Total", "To reduce", "SWP Analyst", "12% (6/50)", "2017-06-30", "=1+1"]


@settings(deadline=None)
@given(rows=st.lists(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=8), max_size=6))
def test_any_table_is_read_or_refused_in_one_sentence(rows):
    head = [["KPI", "Q1 2016/17", "Q1 2017/18"]]
    for text in (rows, head + rows):
        read_or_refuse(write_csv(text, "utf-8", ","))


@settings(max_examples=60, deadline=None)
@given(
    start=st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.7\n", b"<html><table>", OLE, b"KPI\t"]),
    rest=st.binary(max_size=300),
)
def test_any_bytes_are_read_or_refused_in_one_sentence(start, rest):
    read_or_refuse(start + rest)


@pytest.mark.parametrize("writer", ["xlsx", "ods", "docx", "pdf"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_file_with_wrong_bytes_in_it_is_read_or_refused_in_one_sentence(writer, data):
    content = bytearray(written(writer))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=20)):
        content[place] = data.draw(st.integers(0, 255))
    read_or_refuse(bytes(content))


@pytest.mark.parametrize("writer", ["xlsx", "ods", "docx"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_package_with_wrong_text_in_it_is_read_or_refused_in_one_sentence(writer, data):
    with zipfile.ZipFile(io.BytesIO(written(writer))) as zipped:
        parts = {name: bytearray(zipped.read(name)) for name in zipped.namelist()}
    part = data.draw(st.sampled_from(sorted(name for name in parts if len(parts[name]) and "xml" in name)))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(parts[part]) - 1))
        parts[part][place] = data.draw(st.sampled_from(b'<>/"=& 09aAz'))
    read_or_refuse(package({name: bytes(content) for name, content in parts.items()}))


@cache
def written(writer: str) -> bytes:
    """A small table; made once, as writers put the time into their files and an example must stay the same."""
    return WRITERS[writer][1]([["KPI", "", *["Q1 2017/18", ""] * 4, "Data Owner"], ["Hate Crime", *["1"] * 10]])


def read_or_refuse(content: bytes) -> None:
    refusal = "."
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.csv").write_bytes(content)
        try:
            read_year(Path(folder), YEAR, load_catalogue())
        except InputError as error:
            refusal = str(error)
    assert refusal.endswith(".")
    assert "\n" not in refusal
