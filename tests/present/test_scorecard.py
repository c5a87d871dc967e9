"""The one-page scorecard, the outlook of a year that isn't over, and the other comparison bases."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from swp_analysis.catalogue.models import RebaseEntry
from swp_analysis.errors import RunError
from swp_analysis.present.annex_tables import write_good
from swp_analysis.present.finding_tables import draw_sparkline
from swp_analysis.present.outlook import hold_against_aim, project_year, write_outlook
from swp_analysis.present.words import write_verdict
from swp_analysis.publish.edition_extras import audit_own_text


@pytest.fixture(scope="module")
def three_quarters(shipped):
    """The shipped figures as they stood before Q4 2017/18 came in."""
    observations = shipped.observations.copy()
    late = (observations["financial_year"] == "2017-18") & (observations["quarter"] == 4)
    observations.loc[late, "status"] = "not_available"
    observations.loc[late, ["value", "lower", "upper", "numerator", "denominator"]] = float("nan")
    return replace(shipped, observations=observations)


@pytest.fixture(scope="module")
def after_three_quarters(brief, three_quarters):
    return brief("internal", three_quarters)


def test_every_quarterly_indicator_has_a_row_with_its_verdict(partners):
    card = partners.scorecard
    rows = {row[0]: row[1] for table in (card.table, card.parts) for row in table.texts}
    quarterly = [name for name, series in partners.series.items() if not series.is_snapshot]
    labels = [partners.catalogue.indicators[name].short_label for name in quarterly]
    assert rows == dict(zip(labels, [write_verdict(partners.findings[name]) for name in quarterly], strict=True))


def test_every_picture_in_it_says_what_it_shows(partners):
    html = partners.scorecard._repr_html_()
    alts = re.findall(r'<img[^>]* alt="([^"]*)"', html)
    assert len(alts) > 20
    assert all(alts)
    assert html.count("<caption>") == 2


def read_drawing(cell):
    return base64.b64decode(re.search(r"base64,([^\"]+)", cell.html)[1]).decode("utf-8")


def test_a_gap_breaks_the_small_line(internal):
    whole = draw_sparkline(internal.series["knife_violence"])
    broken = draw_sparkline(internal.series["active_gang_members"])
    assert read_drawing(whole).count("<path") == 7
    assert read_drawing(broken).count("<path") == 5
    assert whole.text == "from 40 in Q1 2016/17 to 67 in Q4 2017/18"


def test_more_reports_are_wanted_and_more_of_the_crime_is_not(partners):
    good = {name: write_good(indicator) for name, indicator in partners.catalogue.indicators.items()}
    assert good["female_genital_mutilation_incidents"] == "more reported"
    assert (good["firearm_violence"], good["home_safety_checks"]) == ("lower", "higher")


def test_the_scorecard_has_six_columns_and_aims_only_where_there_are_any(partners):
    html = partners.scorecard._repr_html_()
    wholes, parts = html.split("<details")
    heads = [re.findall(r"<th scope=\"col\"[^>]*>([^<]*)<", part) for part in (wholes, parts)]
    assert heads[0] == ["Indicator", "Verdict", "2016/17 to 2017/18", "Latest quarter", "Trend"]
    assert heads[1] == [*heads[0], "Aim"]
    assert '33 to 63<br><span class="change">+30 (+90.9%)</span>' in wholes
    assert "Q4: 67 (was 56)" in wholes
    assert len(partners.scorecard.frame) == html.count('<th scope="row">')


def test_a_complete_year_has_no_outlook(partners):
    assert project_year(partners.series["knife_violence"], "2017-18") is None


def test_a_year_whose_last_quarter_is_known_has_no_outlook(internal):
    """Domestic homicides have a figure of Q4 alone: nobody forecasts a year that is over."""
    series = internal.series["domestic_homicides"]
    assert [point.status for point in series.points][-2:] == ["not_available", "reported"]
    assert project_year(series, "2017-18") is None


def test_after_three_quarters_the_year_s_end_is_a_range(after_three_quarters):
    series = after_three_quarters.series["knife_violence"]
    projection = project_year(series, "2017-18")
    assert projection.lower95 < projection.lower80 < projection.median < projection.upper80 < projection.upper95
    assert projection.lower95 <= 221 <= projection.upper95
    sentence = write_outlook(projection, after_three_quarters.findings["knife_violence"])
    assert sentence.startswith("After Q1–Q3, 2017/18 may end at about ")
    assert sentence in after_three_quarters.indicator("knife_violence")._repr_html_()


def test_a_hidden_quarter_stops_the_outlook(brief, three_quarters):
    partial = brief("partners", three_quarters)
    assert project_year(partial.series["female_genital_mutilation_incidents"], "2017-18") is None


def test_a_year_whose_last_quarter_is_known_is_over(partners):
    """Q4 came in and Q1 to Q3 never did: what is missing lies in the past, and nothing is still to come."""
    assert [point.status for point in partners.series["domestic_homicides"].points].count("reported") == 1
    assert project_year(partners.series["domestic_homicides"], "2017-18") is None


@pytest.mark.parametrize(
    ("name", "aim", "good", "said"),
    [
        ("knife_violence", 180, "lower", "221, 41 over the aim of 180."),
        ("knife_violence", 250, "lower", "221, reaching the aim of 250."),
        ("knife_violence", 250, "higher", "221, 29 short of the aim of 250."),
        ("domestic_abuse_recordable_share", 50, "higher", "47.4%, 2.6 points short of the aim of 50%."),
        ("domestic_homicides", 1, "lower", "the aim is 1, and not all four quarters have a figure."),
        ("knife_violence", None, "lower", ""),
    ],
)
def test_a_year_is_held_against_its_aim(internal, name, aim, good, said):
    update = {"target": {} if aim is None else {"2017-18": aim}, "good_direction": good}
    indicator = internal.catalogue.indicators[name].model_copy(update=update)
    series, finding = internal.series[name], internal.findings[name]
    found, _ = hold_against_aim(replace(series, indicator=indicator), replace(finding, indicator=indicator))
    assert found.removeprefix(f"{indicator.short_label}: ") == said


@pytest.mark.parametrize(
    ("name", "decided", "said", "reached"),
    [
        ("knife_violence", {"good_direction": "neutral"}, "the aim is 180; the year is 221.", None),
        ("knife_violence", {"measures": None}, "the aim is 180; the year is 221.", None),
        ("knife_violence", {}, "221, 41 over the aim of 180.", False),
        ("knife_violence", {"good_direction": "higher"}, "221, reaching the aim of 180.", True),
        ("domestic_homicides", {}, "the aim is 180, and not all four quarters have a figure.", None),
    ],
)
def test_an_aim_is_reached_or_missed_only_once_the_good_way_is_decided(internal, name, decided, said, reached):
    indicator = internal.catalogue.indicators[name].model_copy(update={"target": {"2017-18": 180}, **decided})
    series = replace(internal.series[name], indicator=indicator)
    finding = replace(internal.findings[name], indicator=indicator)
    assert hold_against_aim(series, finding) == (f"{indicator.name}: {said}", reached)


def test_no_chance_of_meeting_a_target_is_given_before_it_is_decided_what_is_measured(after_three_quarters):
    series = after_three_quarters.series["knife_violence"]
    chances = []
    for measures in ("harm", None):
        update = {"target": {"2017-18": 180}, "measures": measures}
        indicator = series.indicator.model_copy(update=update)
        chances.append(project_year(replace(series, indicator=indicator), "2017-18").chance)
    assert chances[0] is not None
    assert chances[1] is None


def test_a_target_of_unknown_making_is_met_only_with_a_condition(after_three_quarters):
    said = after_three_quarters.indicator("proven_reoffending_rate").outlook.text
    assert said.endswith("If the target of 25.6% was worked out in the same way, the chance of meeting it is under 1%.")


def test_a_stock_has_no_outlook(after_three_quarters):
    assert project_year(after_three_quarters.series["active_gang_members"], "2017-18") is None


def test_a_theme_in_short_has_at_most_five_lines_and_says_each_clear_change(partners):
    for theme in partners.catalogue.themes:
        assert 1 <= len(partners.in_short(theme).items) <= 5
    said = partners.in_short("gangs_and_youth_crime").items
    assert said[0] == "Firearm violence nearly doubled: 63, up from 33 (early sign)."
    assert said[-1].endswith("we do not have enough data to say.")


def test_an_aim_is_drawn_and_labelled_as_what_a_quarter_may_be(brief, catalogue):
    knives = catalogue.indicators["knife_violence"].model_copy(update={"target": {"2017-18": 180}})
    aimed = catalogue.model_copy(update={"indicators": {**catalogue.indicators, "knife_violence": knives}})
    briefing = brief("internal", words=aimed)
    drawn = briefing.indicator("knife_violence").picture.svg.decode("utf-8")
    assert " ".join(re.findall(r">([^<>]+)</t", drawn)).count("a quarter of the aim, 180") == 1
    assert "aim" not in briefing.indicator("firearm_violence").picture.svg.decode("utf-8")


def test_a_new_level_starts_only_at_a_dated_entry_and_the_chart_says_who_decided(brief, catalogue):
    entry = RebaseEntry(
        indicator="knife_violence",
        date_from=date(2017, 4, 1),
        reason="A new way of counting",
        entered_by="A. Analyst",
        entered_on=date(2017, 7, 15),
    )
    briefing = brief("internal", words=catalogue.model_copy(update={"rebases": [entry]}))
    assert briefing.series["knife_violence"].rebases[0].position == 4
    note = briefing.indicator("knife_violence").picture.note
    assert "new level, Apr 2017" in briefing.indicator("knife_violence").picture.svg.decode("utf-8")
    assert "New level since Q1 2017/18: A new way of counting (entered by A. Analyst on 15 July 2017)." in note
    assert "expected of a quarter" not in note  # four points of the new level have no limits
    assert briefing.series["firearm_violence"].rebases == ()
    cautions = [briefing.caveats(name)._repr_html_() for name in ("knife_violence", "prevent_referrals")]
    assert ["New level since Q1 2017/18: A new way" in one for one in cautions] == [True, False]


def test_twelve_quarters_climb_the_ladder_to_the_rules(brief, shipped):
    earlier = shipped.observations[shipped.observations["financial_year"] == "2016-17"].copy()
    earlier["financial_year"] = "2015-16"
    for column in ("period_start", "period_end"):
        earlier[column] = (
            earlier[column].str.replace("2017", "2o16").str.replace("2016", "2015").str.replace("2o16", "2016")
        )
    three_years = replace(shipped, observations=pd.concat([earlier, shipped.observations], ignore_index=True))
    section = brief("internal", three_years).indicator("knife_violence")
    assert "Shaded: the range expected of a quarter." in section.picture.note  # no trial one any more
    assert section.picture.data.headings == ["Quarter", "2015/16", "2016/17", "2017/18"]
    assert "from 191 in 2016/17 to 221" in section.sentence.text


@pytest.mark.parametrize("audience", ["partners", "public", "internal"])
def test_our_own_text_is_confirmed_by_the_audit(brief, audience):
    audit_own_text(brief(audience))


def test_a_wrong_figure_in_our_own_text_fails_the_run(partners):
    finding = partners.findings["knife_violence"]
    wrong = replace(partners, findings={**partners.findings, "knife_violence": replace(finding, after=222.0)})
    with pytest.raises(RunError, match="Our own text disagrees with the data"):
        audit_own_text(wrong)


def test_a_last_figure_of_another_quarter_or_year_says_so(partners, internal):
    """Partners don't see Q4 of one indicator: its last figure is that of Q3, and must not stand as the others' last."""
    name = "personal_robbery_offenders_10_24"
    assert partners.series[name].reported[-1].quarter == 3
    html = partners.at_a_glance("knife_violence", name)._repr_html_()
    assert f"Q3: {partners.series[name].reported[-1].text}" in html
    assert "Q4:" not in html
    assert "Q3:" not in internal.at_a_glance("knife_violence", name)._repr_html_()
