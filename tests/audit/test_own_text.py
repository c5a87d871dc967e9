"""Our own text: every figure is looked up; and, once, it is read as an outsider would."""

import re
from dataclasses import replace

import pytest

from swp_analysis.audit.figures import TableFigures, YearSpan
from swp_analysis.audit.judge_text import judge_passages
from swp_analysis.audit.own_text import check_own_text
from swp_analysis.errors import RunError
from swp_analysis.ingest.records import ReportPassage
from swp_analysis.present.words import hand_over_figures, write_sentence
from swp_analysis.quality.totals import annual_totals


@pytest.fixture(scope="module")
def figures(shipped, catalogue):
    totals = annual_totals(shipped.observations, catalogue.indicators)
    return TableFigures(shipped.observations, totals, shipped.baselines, catalogue)


def test_every_finding_of_the_shipped_data_is_borne_out(figures, shipped_findings):
    handed = [hand_over_figures(finding) for finding in shipped_findings.values()]
    assert check_own_text([write_sentence(finding) for finding in shipped_findings.values()], handed, figures) == 0


@pytest.mark.parametrize("name", ["knife_violence", "firearm_violence", "domestic_abuse_recordable_share"])
def test_a_changed_figure_stops_the_run(figures, shipped_findings, name):
    finding = shipped_findings[name]
    handed = [hand_over_figures(finding)]
    wrong = [replace(finding, after=finding.after + 1), replace(finding, before=finding.before + 1)]
    for text in map(write_sentence, wrong):
        with pytest.raises(RunError, match="disagrees with the data"):
            check_own_text([text], handed, figures)


def test_every_number_of_a_comparison_matters(figures, shipped_findings):
    finding = shipped_findings["firearm_violence"]
    text = write_sentence(finding)
    for match in re.finditer(r"(?<![\d/.])(?:33|63)(?![\d/.])", text):
        changed = f"{text[: match.start()]}888{text[match.end() :]}"
        with pytest.raises(RunError, match="888"):
            check_own_text([changed], [hand_over_figures(finding)], figures)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("from 33 in 2016/17 to 63 in 2017/18", "from 63 in 2016/17 to 33 in 2017/18"),
        ("in 2016/17 to 63 in 2017/18", "in 2017/18 to 63 in 2016/17"),
        ("rose from", "fell from"),
        ("up 30", "down 30"),
        ("up 30 (90.9%)", "up 63 (90.9%)"),
        ("(90.9%)", "(33%)"),
        ("to 63", "to 19"),
    ],
)
def test_a_figure_of_the_indicator_in_another_role_stops_the_run(figures, shipped_findings, right, wrong):
    text = write_sentence(shipped_findings["firearm_violence"])
    assert right in text
    with pytest.raises(RunError, match="disagrees with the data"):
        check_own_text([text.replace(right, wrong)], [hand_over_figures(shipped_findings["firearm_violence"])], figures)


def test_a_text_with_numbers_that_names_no_indicator_is_counted(figures, shipped_findings):
    handed = [hand_over_figures(finding) for finding in shipped_findings.values()]
    assert check_own_text(["For 22 we do not have enough data to say."], handed, figures) == 1


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


@pytest.mark.parametrize(("said", "is_right"), [("31.6%", True), ("31.5%", False), ("30.6%", False)])
def test_a_wrong_share_of_half_a_year_stops_the_run(figures, shipped_findings, said, is_right):
    """31.5% is the mean of its two quarters, 29% and 34%, and not their share."""
    finding = replace(shipped_findings["marac_repeat_share"], quarters=(1, 2))
    text = f"MARAC repeat rate: {said} in Q1–Q2, no clear change."
    if is_right:
        assert check_own_text([text], [hand_over_figures(finding)], figures) == 0
        return
    with pytest.raises(RunError, match="disagrees with the data"):
        check_own_text([text], [hand_over_figures(finding)], figures)


@pytest.mark.parametrize(("said", "is_right"), [("34%", True), ("33.8%", True), ("33.9%", False), ("33%", False)])
def test_a_quarter_may_be_said_as_printed_or_as_its_counts_give_it(figures, shipped_findings, said, is_right):
    """51 of 151 is 33.77%; the cell prints 34%."""
    finding = replace(shipped_findings["marac_repeat_share"], quarters=(1,))
    text = f"MARAC repeat rate: {said} in Q1, no clear change."
    if is_right:
        assert check_own_text([text], [hand_over_figures(finding)], figures) == 0
        return
    with pytest.raises(RunError, match="disagrees with the data"):
        check_own_text([text], [hand_over_figures(finding)], figures)


def test_an_outsider_finds_nothing_wrong(figures, shipped_findings):
    """The one place where our own sentences are read as other people's are."""
    said = [ReportPassage("", name, write_sentence(one)) for name, one in shipped_findings.items()]
    judged = judge_passages(said, figures, "2017-18")
    wrong = judged[judged["verdict"].isin(["contradicted", "different_scope"])]
    assert list(wrong["sentence"] + " " + wrong["explanation"]) == []
    assert (judged["verdict"] == "confirmed").any()
