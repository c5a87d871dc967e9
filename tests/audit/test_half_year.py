"""A paper in the middle of a year: two quarters are there, two are still to come, and one figure is only bounded."""

from datetime import date

import pytest

from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.judge_text import judge_passages, passages_of_text
from swp_analysis.audit.mentions import Amount
from swp_analysis.catalogue.models import RebaseEntry
from swp_analysis.quality.totals import annual_totals

YEAR = "2017-18"


@pytest.fixture(scope="module")
def judged(shipped, catalogue):
    """Gives the verdicts on a text, and why; hate crime stood at 118, then at fewer than 5."""
    frame = shipped.observations.copy()
    to_come = (frame["financial_year"] == YEAR) & (frame["quarter"] > 2)
    frame.loc[to_come, ["status", "value"]] = ["not_available", float("nan")]
    small = (frame["financial_year"] == YEAR) & (frame["quarter"] == 2) & (frame["indicator"] == "hate_crime")
    frame.loc[small, ["status", "value", "lower", "upper"]] = ["suppressed", float("nan"), 1, 4]
    figures = TableFigures(frame, annual_totals(frame, catalogue.indicators), shipped.baselines, catalogue)

    def judge(text: str):
        found = judge_passages(passages_of_text(text), figures, YEAR)
        return list(found["verdict"]), " ".join(found["explanation"])

    return judge


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("Firearm violence was highest in Q2.", "confirmed"),
        ("Firearm violence was lowest in Q2.", "contradicted"),
        ("MARAC referrals stood at 143 in the quarter.", "confirmed"),
        ("MARAC referrals stood at 173 in the quarter.", "contradicted"),
        ("MARAC referrals stood at 173 in the quarter to March.", "not judged"),
    ],
)
def test_quarters_to_come_are_no_part_of_what_is_said(judged, said, verdict):
    assert judged(said)[0] == [verdict]


def test_the_quarter_is_not_one_that_another_was_compared_with(judged):
    text = "Knife crime was 49 in Q2 2016/17. MARAC referrals stood at 173 in the quarter."
    assert judged(text)[0][1] == "not judged"


def test_a_figure_that_is_only_bounded_is_written_with_its_bounds(judged):
    verdicts, why = judged("Hate crime rose by 30% between Q1 and Q2.")
    assert verdicts == ["contradicted"]
    assert "between −99.2% and −96.6% (118 to 1–4)" in why


def test_a_size_inside_what_the_tables_leave_open_is_open():
    twice = Amount(2.0, "ratio", rough=True)
    assert twice.fits(0.25, 4.0) is None
    assert twice.fits(0.25, 0.5) is False
    assert twice.fits(1.95, 2.05) is True


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Firearm violence rose by 91% from 2016/17 to 2017/18.", "not judged"),
        ("Firearm violence fell from 2016/17 to 2017/18.", "contradicted"),
        ("There were 63 violent crimes with a firearm in 2017/18.", "confirmed"),
    ],
)
def test_a_change_across_a_new_level_of_ones_own_is_not_confirmed(shipped, catalogue, text, verdict):
    entry = {"reason": "Another count.", "entered_by": "A. Analyst", "entered_on": date(2017, 7, 1)}
    new = RebaseEntry(indicator="firearm_violence", date_from=date(2017, 4, 1), **entry)
    totals = annual_totals(shipped.observations, catalogue.indicators)
    own = catalogue.model_copy(update={"rebases": [new]})
    found = judge_passages(
        passages_of_text(text), TableFigures(shipped.observations, totals, shipped.baselines, own), YEAR
    )
    assert list(found["verdict"]) == [verdict]
    assert ("A new level starts in April 2017" in " ".join(found["explanation"])) == (verdict == "not judged")
