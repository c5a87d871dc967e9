"""The seven ways in which the tables print a figure, and what must never be read as one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swp_analysis.ingest.cells import CellShape, UnreadCell, agrees_with_fraction, is_mark, read_cell

COUNT, PERCENT, BOTH = CellShape(count="n"), CellShape(percent="p"), CellShape(count="n", percent="p")


@pytest.mark.parametrize(
    ("text", "shape", "expected"),
    [
        ("284", COUNT, {"n": 284}),
        ("1,495", COUNT, {"n": 1495}),
        ("0", COUNT, {"n": 0}),
        ("1495 (43.6%)", BOTH, {"n": 1495, "p": 43.6}),
        ("1578 (49.8)", BOTH, {"n": 1578, "p": 49.8}),
        ("75% (176 cases)", BOTH, {"n": 176, "p": 75}),
        ("62.1%", PERCENT, {"p": 62.1}),
        ("12% (6/50)", PERCENT, {"p": 12}),
        ("31.0% (155 of 500)", PERCENT, {"p": 31}),
        ("31% (1,155 out of 3,726)", PERCENT, {"p": 31}),
        ("155 of 500 (31.0%)", PERCENT, {"p": 31}),
        ("6/50 (12)", PERCENT, {"p": 12}),
        ("118 ▲", COUNT, {"n": 118}),
        ("33.2% 1739 offenders of which 578 reoffended", PERCENT, {"p": 33.2}),
    ],
)
def test_printed_figures(text, shape, expected):
    assert {name: figure.value for name, figure in read_cell(text, shape).items()} == expected


@pytest.mark.parametrize("text", ["", "n/a"])
def test_blank_is_not_available_never_zero(text):
    figures = read_cell(text, BOTH, frozenset({"n/a"}))
    assert [(figure.status, figure.value) for figure in figures.values()] == [("not_available", None)] * 2


@pytest.mark.parametrize(
    ("text", "is_none"),
    [
        *((text, True) for text in ("awaiting data", "Data not yet available", "not received", "To follow", "pending")),
        *((text, True) for text in ("not available yet", "no return", "to be confirmed", "Not applicable", "TBA.")),
        *((text, False) for text in ("none", "nil", "no", "no change", "no cases", "not", "data", "to date", "yet")),
        *((text, False) for text in ("12 pending", "no return to prison", "not known offenders", "awaiting trial")),
    ],
)
def test_words_that_only_say_that_a_figure_is_not_there_are_a_mark(text, is_none):
    """Before, each such wording stopped the first edition until it was typed into `missing_marks`."""
    assert is_mark(text, frozenset()) is is_none


@pytest.mark.parametrize("text", ["0/0", "0% (0/0)", "(0/0)", "n/a (0/0)", "0.0% ( 0 / 0 )"])
def test_a_part_of_no_cases_is_no_percentage_and_not_zero(text):
    figure = read_cell(text, PERCENT)["p"]
    assert (figure.status, figure.value) == ("not_available", None)


@pytest.mark.parametrize("text", ["less than 5", "Fewer than 5", "under 5", "below 5", "1-4", "1 to 4"])
def test_a_small_number_in_words(text):
    figure = read_cell(text, COUNT)["n"]
    assert (figure.status, figure.lower, figure.upper) == ("suppressed", 1, 4)


@pytest.mark.parametrize(
    ("text", "way_out"),
    [
        ("Nil", "type 0 if nothing was counted"),
        ("zero", "type 0 if nothing was counted"),
        ("None", "type 0 if nothing was counted"),
        ("0-4", "as <5"),
        ("0 to 2", "as <3"),
        ("≤5", "as <6"),
        ("Less than five", "such as <5"),
        ("*", "held back as <5"),
        ("1 573", "write 1573 if it is one number"),
    ],
)
def test_the_way_out_never_makes_a_nought_missing_nor_a_small_number_a_gap(text, way_out):
    with pytest.raises(UnreadCell, match=re.escape(way_out)):
        read_cell(text, COUNT)


def test_small_number_is_an_interval():
    figures = read_cell("<5 (15%)", BOTH)
    assert (figures["n"].status, figures["n"].value, figures["n"].lower, figures["n"].upper) == (
        "suppressed",
        None,
        1,
        4,
    )
    assert figures["p"].value == 15


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("4O", COUNT),
        ("-3", COUNT),
        ("3.5", COUNT),
        ("12,34", COUNT),
        ("40 49", COUNT),
        ("<1", COUNT),
        ("101%", PERCENT),
        ("8/0", PERCENT),
        ("100% (0/0)", PERCENT),
        ("0/0", COUNT),
        ("132% (57/43)", PERCENT),
        ("17% (8/49)", PERCENT),
        ("12% (6/50", PERCENT),
        ("30.5% (155 of 500)", PERCENT),
        ("155 of 500 (155)", PERCENT),
        ("155 of 500 (31%)", COUNT),
        ("=1+1", COUNT),
        ("٤٠", COUNT),
    ],
)
def test_anything_else_is_refused_with_what_was_found(text, shape):
    with pytest.raises(UnreadCell):
        read_cell(text, shape)


@pytest.mark.parametrize("digits", ["1000000001", "1,000,000,001", "9" * 400, "9" * 5_000])
@pytest.mark.parametrize("printed", ["{}", "<{}", "{} (50%)", "50% ({} cases)", "50% (1/{})", "50% (1 / {})", "{}%"])
def test_more_than_a_thousand_million_of_anything_is_refused_however_it_is_written(printed, digits):
    assert read_cell("1000000000", COUNT)["n"].value == 1e9
    for shape in (COUNT, PERCENT, BOTH):
        with pytest.raises(UnreadCell) as refused:
            read_cell(printed.format(digits), shape)
        assert str(refused.value).startswith("found ")


def test_percent_may_be_rounded_or_cut_but_not_wrong():
    assert agrees_with_fraction("3.84", 2, 52)
    assert agrees_with_fraction("3.85", 2, 52)
    assert not agrees_with_fraction("3.86", 2, 52)
    assert not agrees_with_fraction("3.83", 2, 52)


@given(n=st.integers(0, 10_000), extra=st.integers(0, 10_000), decimals=st.integers(0, 2))
def test_every_rounded_percent_of_a_fraction_is_read_back(n, extra, decimals):
    total = n + extra
    if total == 0:
        return
    printed = f"{100 * n / total:.{decimals}f}%"
    figure = read_cell(f"{printed} ({n}/{total})", PERCENT)["p"]
    assert (figure.numerator, figure.denominator, figure.value) == (n, total, float(printed[:-1]))


@given(st.text(max_size=30))
def test_no_text_raises_anything_but_an_unread_cell(text):
    for shape in (COUNT, PERCENT, BOTH):
        try:
            figures = read_cell(" ".join(text.split()), shape)
        except UnreadCell:
            continue
        assert set(figures) == set(shape.indicators)
