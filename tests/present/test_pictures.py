"""Charts and tables: what they show is what the figures say, for every audience, and nothing comes through
unescaped."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pandas as pd
import pytest

from swp_analysis.disclosure import protect
from swp_analysis.present.exhibit import Column, Table
from swp_analysis.present.series import read_series
from swp_analysis.quality.totals import annual_totals

HOSTILE = '<img src=x onerror=alert(1)>"&{{ 7*7 }}'


def test_alt_text_is_made_of_the_chart_s_own_figures(internal):
    picture = internal.indicator("firearm_violence").picture
    assert "Q1 2016/17 8, Q2 2016/17 9, Q3 2016/17 11, Q4 2016/17 5, Q1 2017/18 12" in picture.alt
    assert "2016/17 33, 2017/18 63" in picture.alt
    assert picture.alt.endswith("Verdict: clear rise: worse.")
    svg = picture.svg.decode("utf-8")
    assert all(f">{value}<" in svg for value in (8, 9, 11, 5, 12, 16, 19, 33, 63))


def test_the_same_figures_give_the_same_bytes(internal):
    assert internal.indicator("knife_violence").picture.svg == internal.indicator("knife_violence").picture.svg


def test_the_figures_behind_small_pictures_are_their_quarters(partners):
    table = partners.wall("knife_violence", "personal_robbery_offenders_10_24").data
    assert table.headings[:2] == ["Indicator", "Q1 2016/17"]
    assert [row[-4:] for row in table.texts] == [["49", "49", "56", "67"], ["withheld", "7", "5", "<5"]]


def test_alt_text_keeps_abbreviations_and_counts_one(partners):
    assert "marac" not in partners.changes("marac_referrals", "marac_repeat_cases").alt
    alone = partners.changes("marac_referrals").alt
    assert (
        alone
        == "Dot chart of this year divided by last year for 1 indicator. No clear change: MARAC referrals (0.998)."
    )


def test_a_missing_quarter_breaks_the_line(internal):
    svg = internal.indicator("active_gang_members").picture.svg.decode("utf-8")
    assert "not known" in svg
    assert "Q4 2016/17 not known" in internal.indicator("active_gang_members").picture.alt


def test_under_five_points_there_is_a_table_and_no_chart(internal):
    section = internal.indicator("proven_reoffending_rate")
    assert section.picture is None
    assert "<table" in section._repr_html_()


def test_every_chart_prints_its_rung_of_the_ladder(internal):
    for name, series in internal.series.items():
        picture = internal.indicator(name).picture
        if picture:
            assert f"{len(series.reported)} points. {series.signal.rung.label}." in picture.note


def test_charts_and_tables_refuse_unprotected_data(shipped, catalogue):
    with pytest.raises(TypeError, match="protected data only"):
        read_series(shipped, catalogue.indicators["knife_violence"], "2017-18", catalogue)


def test_partners_never_see_a_small_count(partners, shipped, catalogue):
    """Every count of 1 to 4 of the raw tables: shown as <5 or withheld in the tables, the alt texts and the charts."""
    for name, series in partners.series.items():
        if catalogue.indicators[name].unit == "count":
            for point in series.points:
                assert point.text not in {"1", "2", "3", "4"}, (name, point.label)
    custody = partners.indicator("youth_custody_share")._repr_html_()
    assert "3.84" not in custody
    assert "3.8%" not in custody


def test_a_withheld_finding_says_so_and_nothing_else(partners):
    finding = partners.findings["forced_marriage_incidents"]
    assert (finding.withheld, finding.before, finding.after, finding.baseline, finding.latest) == (
        True,
        None,
        None,
        None,
        None,
    )
    sentence = partners.indicator("forced_marriage_incidents").sentence.text
    assert not re.search(r"\d", sentence)


def test_internal_readers_see_everything(internal):
    assert not any(finding.withheld for finding in internal.findings.values())
    assert internal.indicator("forced_marriage_incidents").table.texts[0] == ["Q1", "3", "0"]


def test_the_yearly_total_of_protected_quarters_is_still_right(partners, internal):
    for name, finding in partners.findings.items():
        if not finding.withheld and finding.indicator.unit == "count":
            assert (finding.before, finding.after) == (internal.findings[name].before, internal.findings[name].after)
            shown, all_of_it = finding.verdict, internal.findings[name].verdict
            assert (shown.direction, shown.polarity) == (all_of_it.direction, all_of_it.polarity)
            assert shown.evidence.effect == all_of_it.evidence.effect


def test_an_adjusted_chance_speaks_of_the_findings_that_are_shown(partners, internal):
    """Forced marriages are tested for analysts and withheld from partners, whose adjusted p must not tell theirs."""
    tested = [
        {finding.verdict.evidence.tested for finding in briefing.findings.values()} - {0}
        for briefing in (internal, partners)
    ]
    assert tested == [{17}, {16}]


def test_a_share_with_a_hidden_quarter_is_that_of_the_protected_totals(partners, internal):
    """Both come from counts: the rounded quarters of honour-based abuse would weigh up to 66.65%."""
    name = "honour_based_abuse_recordable_share"
    assert internal.findings[name].after == pytest.approx(100 * 16 / 24)
    assert partners.findings[name].after == pytest.approx(100 * 16 / 24)


def test_hostile_text_is_shown_as_text():
    html = Table(HOSTILE, [HOSTILE, HOSTILE], [[HOSTILE, HOSTILE]], note=HOSTILE)._repr_html_()
    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt;") == 7


def test_a_hostile_label_stays_text_in_charts(brief, catalogue):
    indicator = catalogue.indicators["knife_violence"].model_copy(update={"label": HOSTILE, "short_label": "<b>k</b>"})
    hostile = catalogue.model_copy(update={"indicators": {**catalogue.indicators, "knife_violence": indicator}})
    briefing = brief("internal", words=hostile)
    html = briefing.indicator("knife_violence")._repr_html_()
    assert "<img src=x" not in html
    wall = briefing.wall("knife_violence")
    assert "<b>k</b>" not in wall.svg.decode("utf-8")
    assert "<b>k</b>" not in wall._repr_html_()


def test_protected_data_pass_through_the_type_that_charts_ask_for(shipped, catalogue):
    totals = annual_totals(shipped.observations, catalogue.indicators)
    data = protect(shipped.observations, shipped.baselines, totals, catalogue.indicators)
    series = read_series(data, catalogue.indicators["knife_violence"], "2017-18", catalogue)
    assert series.values == [40, 49, 51, 51, 49, 49, 56, 67]


def test_a_finding_changed_later_changes_every_page_part(internal):
    """One verdict, repeated: table, sentence and chart of an indicator never say different things."""
    finding = internal.findings["knife_violence"]
    verdict = replace(finding.verdict, direction="up", polarity="worse")
    changed = replace(internal, findings={**internal.findings, "knife_violence": replace(finding, verdict=verdict)})
    section = changed.indicator("knife_violence")
    assert "a clear rise, for the worse" in section.sentence.text
    assert section.picture.alt.endswith("Verdict: clear rise: worse.")
    assert "Clear rise: worse" in changed.at_a_glance("knife_violence")._repr_html_()


def test_no_table_of_findings_without_findings(internal):
    assert isinstance(internal.data.observations, pd.DataFrame)
    with pytest.raises(ValueError, match="at least one finding"):
        internal.at_a_glance()


def test_a_chart_of_changes_tells_worse_better_and_neither_apart_by_shape(internal):
    names = ["firearm_violence", "public_place_violence_with_injury_offenders_10_24", "knife_violence"]
    shapes = {name: _marker(internal.changes(name).svg) for name in names}
    assert len(set(shapes.values())) == 3
    assert shapes["knife_violence"] == _marker(internal.changes("serious_sexual_offences").svg)


def _marker(svg):
    """Outline and colour of the mark in a chart of one row; the line of its range has no marker."""
    shapes = re.findall(r'<path id="m[^"]*" d="([^"]*)" style="[^"]*stroke: (#\w+)', svg.decode("utf-8"))
    return [shape for shape in shapes if shape[1] != "#000000"][-1]


@pytest.mark.parametrize("draw", ["changes", "places", "why_not"])
def test_on_a_narrow_screen_a_chart_has_its_names_above_its_dots(internal, draw):
    picture = internal.changes("vulnerability") if draw == "changes" else getattr(internal.priorities, draw)()
    html = picture._repr_html_()
    assert re.search(
        r'<picture><source media="screen and \(max-width: [^"]*" srcset="data:image/svg[^>]*><img src', html
    )
    wide, narrow = (ElementTree.fromstring(svg) for svg in (picture.svg, picture.narrow_svg))
    assert float(narrow.get("width").rstrip("pt")) < 300 < float(wide.get("width").rstrip("pt"))
    said = [{text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")} for drawing in (wide, narrow)]
    assert said[0] == said[1]


def test_equal_figures_at_the_end_don_t_cover_each_other(internal):
    """MARAC repeat rate: 36.0% in Q4 of both years, so that both years' names end at one point."""
    heights = _heights(internal.indicator("marac_repeat_share").picture.svg)
    assert abs(heights["2017/18"][0] - heights["2016/17"][0]) > 9
    assert heights["36.0%"][0] - heights["36.0%"][-1] > 9


def test_a_year_s_percentage_stands_on_the_scale_of_its_quarters(internal):
    """The number in the middle of the bar of 34.5% stands below the 20 of the axis."""
    heights = _heights(internal.indicator("marac_repeat_share").picture.svg)
    assert heights["34.5%"][0] > heights["20"][0] + 5


def _heights(svg):
    """How far from the top each text stands, in the order of the drawing."""
    found = {}
    for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        if text.get("y"):  # what is turned on its side has its place elsewhere
            found.setdefault(text.text, []).append(float(text.get("y")))
    return found


def test_names_and_sentences_in_a_table_have_room():
    row = ["a", "short", "a name of middling length", "long " * 30, "long " * 30]
    html = Table("c", ["A", "B", "C", "D", Column("E", "number")], [row])._repr_html_()
    assert re.findall("<td([^>]*)>", html) == [' class="short"', ' class="names"', ' class="words"', ' class="number"']


def test_a_caveat_of_several_indicators_is_said_once(internal):
    names = ["treatment_clients_opiate", "treatment_completions_opiate", "treatment_re_presentations_opiate"]
    items = internal.caveats(*names).items
    assert len(items) == len(set(items)) < sum(len(internal.catalogue.indicators[name].caveats) for name in names)
    assert any("lost words" in item and not item.startswith("Criminal justice") for item in items)


def test_what_can_t_be_told_is_listed_by_its_reason(internal):
    lists = internal.cannot_tell().parts
    assert all(part.lead and part.items for part in lists)
    assert sum(len(part.items) for part in lists) == sum(
        finding.verdict.direction == "can't tell" for finding in internal.findings.values()
    )
