"""What is said of the last quarter: that of the edition, not of an indicator whose figures end earlier."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from swp_analysis.engines.spc.thresholds import Rebase
from swp_analysis.present.finding_tables import tabulate_glance
from swp_analysis.present.words import write_latest, write_quarter_headline, write_quarters, write_quarters_headline


def cut(series, points):
    """The series with another number of points, which rise to the end."""
    kept = [replace(one, value=float(place), status="reported") for place, one in enumerate(series.points[:points], 10)]
    return replace(series, points=tuple(kept))


def test_an_indicator_that_ends_a_year_earlier_has_no_last_quarter_here(internal):
    """One whose file of the new year has not come: its newest figure is last year's."""
    new, old = cut(internal.series["knife_violence"], 8), cut(internal.series["hate_crime"], 6)
    said = write_quarters([new, old])
    assert said == "Since last quarter. Highest so far: knife violence (16 to 17)."
    finding = replace(internal.findings["hate_crime"], latest=None)
    assert "last quarter" not in write_quarter_headline(finding, old)


def test_quarters_still_to_come_do_not_hide_the_last_one(internal):
    """A half-filled form has blank cells for the rest of the year."""
    half = cut(internal.series["knife_violence"], 8)
    blank = [replace(one, status="not_available", value=float("nan")) for one in half.points[6:]]
    said = write_quarters([replace(half, points=(*half.points[:6], *blank))])
    assert said == "Since last quarter. Highest so far: knife violence (14 to 15)."


def test_only_those_that_have_the_last_quarter_are_counted(internal):
    new, old = cut(internal.series["knife_violence"], 8), cut(internal.series["hate_crime"], 6)
    level = replace(new, points=(*new.points[:7], replace(new.points[7], value=12.0)))
    assert write_quarters([level, level]) == "Last quarter: no new highest or lowest figure."
    said = "Last quarter: no new highest or lowest figure in the"
    assert write_quarters([level, level, old]) == f"{said} two with quarters enough."
    assert write_quarters([level, old]) == f"{said} one with quarters enough."


def test_of_a_first_year_no_quarter_is_called_the_highest_and_none_is_said_not_to_be(internal):
    """Four quarters that rise to the end were called `none of the two is the highest or lowest of its line`."""
    first = cut(internal.series["knife_violence"], 4)
    assert write_quarters([first, first]) == ""
    assert write_quarters_headline([first]) == "Last quarter: too few quarters yet to call one the highest or lowest"


def test_a_last_quarter_of_another_year_is_named_in_the_year_at_a_glance(internal):
    pair = internal.series["knife_violence"], internal.findings["knife_violence"]
    assert "Q4" not in str(tabulate_glance([pair]).texts)
    ended = cut(pair[0], 4)
    assert "Q4 2016/17: 13" in str(tabulate_glance([(ended, pair[1])]).texts)


def test_figures_of_a_new_level_are_held_against_none_before_it(internal):
    """More is counted from the new level on: that its first figures are the highest of all says nothing."""
    whole, finding = cut(internal.series["knife_violence"], 8), internal.findings["knife_violence"]
    new = replace(whole, rebases=(Rebase(6, date(2018, 1, 1), "Threats are counted too.", "A. Analyst"),))
    assert "highest" in write_quarter_headline(finding, whole)
    assert "highest" not in write_quarter_headline(finding, new)
    assert write_quarters([new]) == ""
    assert write_latest(new) == "Last quarter (Q4 2017/18): 17, up from 16 the quarter before."
    first = replace(whole, rebases=(Rebase(7, date(2018, 1, 1), "Threats are counted too.", "A. Analyst"),))
    assert write_latest(first) == "Last quarter (Q4 2017/18): 17."
