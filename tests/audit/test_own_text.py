"""Our own text: every figure is looked up; and, once, it is read as an outsider would."""

from contextlib import nullcontext
from dataclasses import replace

import pytest

from swp_analysis.audit.claims import FigureMeant
from swp_analysis.audit.figures import TableFigures, YearSpan
from swp_analysis.audit.judge_text import judge_passages
from swp_analysis.audit.recompute import OwnFigure, check_own_figures
from swp_analysis.errors import RunError
from swp_analysis.ingest.records import ReportPassage
from swp_analysis.present.phrases import write_value
from swp_analysis.present.words import write_sentence
from swp_analysis.publish.edition_extras import hand_over_figures
from swp_analysis.quality.totals import annual_totals

YEAR = "2017-18"


@pytest.fixture(scope="module")
def figures(shipped, catalogue):
    totals = annual_totals(shipped.observations, catalogue.indicators)
    return TableFigures(shipped.observations, totals, shipped.baselines, catalogue)


def check(finding, figures):
    check_own_figures(hand_over_figures(finding), figures)


def test_every_finding_of_the_shipped_data_is_borne_out(figures, shipped_findings):
    for finding in shipped_findings.values():
        check(finding, figures)


@pytest.mark.parametrize("name", ["knife_violence", "firearm_violence", "domestic_abuse_recordable_share"])
@pytest.mark.parametrize("part", ["before", "after"])
def test_a_changed_figure_stops_the_run(figures, shipped_findings, name, part):
    finding = shipped_findings[name]
    with pytest.raises(RunError, match="disagrees with the data"):
        check(replace(finding, **{part: getattr(finding, part) + 1}), figures)


@pytest.mark.parametrize(
    "wrong", [{"before": 63.0, "after": 33.0}, {"latest": (4, 63.0)}, {"latest": (3, 19.0)}, {"baseline": 34.0}]
)
def test_a_figure_of_the_indicator_in_another_place_stops_the_run(figures, shipped_findings, wrong):
    with pytest.raises(RunError, match="disagrees with the data"):
        check(replace(shipped_findings["firearm_violence"], **wrong), figures)


@pytest.mark.parametrize(("said", "is_right"), [("+30", True), ("-30", False), ("+63", False)])
def test_a_change_has_its_sign(figures, said, is_right):
    after, before = YearSpan("2017-18"), YearSpan("2016-17")
    own = OwnFigure(said, FigureMeant("firearm_violence", "change", after, before))
    with nullcontext() if is_right else pytest.raises(RunError, match="is not the change of 'Violent crimes with a"):
        check_own_figures([own], figures)


def test_a_part_of_a_year_is_known_by_its_total_where_its_quarters_are_withheld(shipped, catalogue):
    rows = shipped.observations.query("indicator == 'knife_violence' and financial_year == '2017-18'").copy()
    totals = annual_totals(rows[rows["quarter"] < 4], catalogue.indicators)
    rows.loc[rows["quarter"] < 3, ["value", "status"]] = [float("nan"), "withheld"]
    figures = TableFigures(rows, totals, shipped.baselines, catalogue)
    assert figures.get("knife_violence", YearSpan("2017-18", (1, 2, 3))).value == 49 + 49 + 56
    assert figures.get("knife_violence", YearSpan("2017-18", (1, 2))) is None


def test_the_share_of_half_a_year_is_that_of_its_numbers(figures, shipped, catalogue):
    """Counted, printed or implied by the percentage: as the findings add them up, never a mean of percentages."""
    shares = {one.id: (1, 2) for one in catalogue.indicators.values() if one.unit == "percent"}
    known = annual_totals(shipped.observations, catalogue.indicators, shares)
    known = known[known["indicator"].isin(list(shares)) & (known["quarters"] == "1,2")]
    assert len(known) >= 4
    for row in known.itertuples():
        found = figures.get(row.indicator, YearSpan(row.financial_year, (1, 2)))
        assert found.certain, row.indicator
        assert (found.value, found.denominator) == pytest.approx((row.value, row.denominator)), row.indicator


@pytest.mark.parametrize(
    ("quarters", "said", "is_right"),
    [
        ((1, 2), 31.6, True),
        ((1, 2), 31.5, False),  # the mean of its two quarters, 29% and 34%, and not their share
        ((1,), 34.0, True),
        ((1,), 33.8, True),
        ((1,), 33.9, False),
        ((1,), 33.0, False),
    ],
)
def test_a_share_may_be_said_as_printed_or_as_its_counts_give_it(figures, quarters, said, is_right):
    """In the first quarter 51 of 151 is 33.77%; the cell prints 34%."""
    own = OwnFigure(write_value(said, "percent"), FigureMeant("marac_repeat_share", "level", YearSpan(YEAR, quarters)))
    with nullcontext() if is_right else pytest.raises(RunError, match="disagrees with the data"):
        check_own_figures([own], figures)


def test_an_outsider_finds_nothing_wrong(figures, shipped_findings):
    """The one place where our own sentences are read as other people's are."""
    said = [ReportPassage("", name, write_sentence(one)) for name, one in shipped_findings.items()]
    judged = judge_passages(said, figures, YEAR)
    wrong = judged[judged["verdict"].isin(["contradicted", "different_scope"])]
    assert list(wrong["sentence"] + " " + wrong["explanation"]) == []
    assert (judged["verdict"] == "confirmed").any()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("from 33 in 2016/17 to 63 in 2017/18", "from 63 in 2016/17 to 33 in 2017/18"),
        ("rose from", "fell from"),
        ("to 63", "to 19"),
    ],
)
def test_an_outsider_finds_a_template_with_its_figures_in_the_wrong_places(figures, shipped_findings, right, wrong):
    text = write_sentence(shipped_findings["firearm_violence"])
    assert right in text
    judged = judge_passages([ReportPassage("", "page", text.replace(right, wrong))], figures, YEAR)
    assert set(judged["verdict"]) & {"contradicted", "different_scope"}
