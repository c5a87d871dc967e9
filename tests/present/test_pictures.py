"""Charts and tables: what they show is what the figures say, for every audience, and nothing comes through
unescaped."""

from __future__ import annotations

import re
from dataclasses import replace
from math import nan
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from swp_analysis.disclosure import protect
from swp_analysis.open_data.small_areas import Outline
from swp_analysis.present.area_charts import draw_map
from swp_analysis.present.chart_style import Margins, is_valley, new_chart, write_svg
from swp_analysis.present.exhibit import Exhibit
from swp_analysis.present.finding_tables import list_unknown
from swp_analysis.present.quarter_charts import draw_timeline
from swp_analysis.present.row_charts import Strip, draw_rows, scale_places
from swp_analysis.present.series import read_indicator_series
from swp_analysis.present.table import Column, Table
from swp_analysis.present.words import write_headline
from swp_analysis.publish.tidy_page import tidy_body
from swp_analysis.quality.totals import annual_totals

HOSTILE = '<img src=x onerror=alert(1)>"&{{ 7*7 }}'


def test_a_chart_s_title_and_alt_text_begin_with_the_finding(internal):
    picture = internal.indicator("firearm_violence").picture
    headline = write_headline(internal.findings["firearm_violence"])
    assert picture.title == headline
    assert picture.alt.startswith(f"{headline}.")
    assert picture.subtitle == "Number in each quarter, 2016/17 to 2017/18"
    svg = picture.svg.decode("utf-8")
    assert all(f">{value}<" in svg for value in (8, 9, 11, 5, 12, 16, 19))


@pytest.mark.parametrize("aim", [40, 160, 180, 200, 221, 250])
@pytest.mark.parametrize("form", ["figure", "narrow"])
def test_words_at_the_lines_of_an_aim_and_an_average_cover_nothing(internal, aim, form):
    series, finding = internal.series["knife_violence"], internal.findings["knife_violence"]
    indicator = series.indicator.model_copy(update={"target": {"2017-18": aim}})
    points = list(series.points)
    if aim == 40:  # small numbers: a bar of what is withheld, with words of its own
        values = 14, 11, 3, 9, 12, 3, 10, 8
        points = [replace(point, value=value) for point, value in zip(points, values, strict=True)]
        points[2::3] = [replace(point, status="suppressed", value=nan, lower=1, upper=4) for point in points[2::3]]
    figure = getattr(draw_timeline(replace(series, indicator=indicator, points=tuple(points)), finding), form)
    axes = figure.axes[0]
    line = next(one for one in axes.lines if list(one.get_ydata()) == [aim / 4] * 2)
    assert min(line.get_xdata()) >= 3.5
    FigureCanvasAgg(figure).draw()
    words = [*axes.texts, *(axes.get_legend().get_texts() if axes.get_legend() else ())]
    said = {" ".join(one.get_text().split()): one.get_window_extent() for one in words if one.get_text().strip()}
    assert f"a quarter of the aim, {aim}" in said
    marks = [axes.transData.transform((place, point.value)) for place, point in enumerate(points)]
    for text in (one for one in said if "aim" in one or "average" in one):
        box = said[text]
        assert not [one for one, other in said.items() if one != text and other.overlaps(box)], text
        assert not [mark for mark in marks if box.contains(*mark)], text
        assert 0 <= box.x0 < box.x1 <= figure.bbox.width, text


def charts_of(briefing) -> list[Exhibit]:
    shown = [briefing.indicator(name).picture for name in briefing.series]
    shown += [briefing.changes(theme) for theme in briefing.catalogue.themes]
    shown += [briefing.slopes("violence_against_women_and_girls"), briefing.wall(*briefing.catalogue.themes)]
    shown += [briefing.priorities.places()]
    return [chart for chart in shown if isinstance(chart, Exhibit)]


@pytest.fixture(scope="module")
def charts(internal, partners) -> dict[str, list[Exhibit]]:
    """Every chart of a briefing for two audiences."""
    return {"internal": charts_of(internal), "partners": charts_of(partners)}


@pytest.mark.parametrize("audience", ["internal", "partners"])
def test_titles_have_at_most_fifteen_words_and_descriptions_sixty(audience, charts):
    assert len(charts[audience]) > 25
    for chart in charts[audience]:
        assert len(chart.title.split()) <= 15, chart.title
        assert len(chart.alt.split()) <= 60, chart.alt


def test_nothing_reaches_beyond_a_picture(charts):
    """Places are worked out from the font's metrics: no text may start left of a picture or end right of it."""
    for chart in charts["internal"]:
        for figure in filter(None, (chart.figure, chart.narrow)):
            FigureCanvasAgg(figure)
            width, height = figure.get_size_inches() * figure.dpi
            for text in figure.findobj(Text):
                if text.get_text() and text.get_visible():
                    box = text.get_window_extent()
                    assert box.x0 >= -2, (chart.title, text.get_text())
                    assert box.x1 <= width + 2, (chart.title, text.get_text())
                    assert box.y1 <= height + 2, (chart.title, text.get_text())


def test_a_change_in_recording_is_marked_with_its_date(internal):
    svg = internal.indicator("knife_violence").picture.svg.decode("utf-8")
    assert "recording changed, Sep 2017" in svg
    assert "recording changed" not in internal.indicator("home_safety_checks").picture.svg.decode("utf-8")


def test_the_same_figures_give_the_same_bytes(internal):
    assert internal.indicator("knife_violence").picture.svg == internal.indicator("knife_violence").picture.svg


def test_the_figures_behind_small_pictures_are_their_quarters(partners):
    table = partners.wall("knife_violence", "personal_robbery_offenders_10_24").data
    assert table.headings[:2] == ["Indicator", "Q1 2016/17"]
    assert [row[-4:] for row in table.texts] == [["49", "49", "56", "67"], ["withheld", "7", "5", "<5"]]


def test_no_chart_is_drawn_of_one_row_and_a_page_does_not_say_twice_what_its_table_says(partners):
    said = partners.changes("marac_referrals")._repr_html_()
    assert "at_a_glance" in said
    assert tidy_body(said, "").html == ""
    assert isinstance(partners.changes("marac_referrals", "marac_repeat_cases"), Exhibit)


def test_changes_are_in_order_with_both_figures(internal):
    chart = internal.changes("gangs_and_youth_crime")
    ratios = [
        f.verdict.evidence.effect
        for f in internal.findings.values()
        if f.indicator.short_label in [row[0] for row in chart.data.texts]
    ]
    assert len(ratios) <= len(chart.data.rows)
    assert chart.data.texts[0][0] == internal.catalogue.indicators["firearm_violence"].label
    assert "33 → 63" in chart.svg.decode("utf-8")


def test_a_missing_quarter_breaks_the_line(internal):
    svg = internal.indicator("active_gang_members").picture.svg.decode("utf-8")
    assert "not known" in svg


def test_under_five_points_there_is_a_table_and_no_chart(internal):
    section = internal.indicator("proven_reoffending_rate")
    assert section.picture is None
    assert "<table" in section._repr_html_()


def test_charts_and_tables_refuse_unprotected_data(shipped, catalogue):
    with pytest.raises(TypeError, match="protected data only"):
        read_indicator_series(shipped, catalogue.indicators["knife_violence"], "2017-18", catalogue)


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
    assert html.count("&lt;img src=x onerror=alert(1)&gt;") == 8


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
    series = read_indicator_series(data, catalogue.indicators["knife_violence"], "2017-18", catalogue)
    assert series.values == [40, 49, 51, 51, 49, 49, 56, 67]


def test_a_finding_changed_later_changes_every_page_part(internal):
    """One verdict, repeated: table, sentence and chart of an indicator never say different things."""
    finding = internal.findings["knife_violence"]
    verdict = replace(finding.verdict, direction="up", polarity="worse")
    changed = replace(internal, findings={**internal.findings, "knife_violence": replace(finding, verdict=verdict)})
    section = changed.indicator("knife_violence")
    assert "an early sign of a change for the worse" in section.sentence.text
    assert section.picture.title.startswith("Knife violence rose: 221, up from 191 (early sign)")
    assert "Worse (early sign)" in changed.at_a_glance("knife_violence")._repr_html_()


def test_without_figures_a_sentence_says_so(internal):
    for shown in (internal.at_a_glance(), internal.in_short(), internal.changes(), internal.caveats()):
        html = shown._repr_html_()
        assert "<p" in html
        assert "<table" not in html
        assert "<li" not in html


def test_a_chart_of_changes_tells_worse_better_and_neither_apart_by_shape(internal):
    names = ["firearm_violence", "public_place_violence_with_injury_offenders_10_24", "knife_violence"]
    figure = internal.changes(*names).figure
    marks = [line for line in figure.axes[0].lines if line.get_marker() not in ("", "None", None)]
    assert len({(mark.get_marker(), mark.get_markersize()) for mark in marks}) == 3


@pytest.mark.parametrize("draw", ["changes", "places"])
def test_on_a_narrow_screen_a_chart_has_its_names_above_its_dots(internal, draw):
    picture = internal.changes("vulnerability") if draw == "changes" else getattr(internal.priorities, draw)()
    html = picture._repr_html_()
    assert re.search(
        r'<picture><source media="screen and \(max-width: [^"]*" srcset="data:image/svg[^>]*><img src', html
    )
    wide, narrow = (ElementTree.fromstring(svg) for svg in (picture.svg, write_svg(picture.narrow)))
    assert float(narrow.get("width").rstrip("pt")) < 300 < float(wide.get("width").rstrip("pt"))


def test_names_and_sentences_in_a_table_have_room():
    row = ["a", "short", "a name of middling length", "long " * 30, "long " * 30]
    html = Table("c", ["A", "B", "C", "D", Column("E", "number")], [row])._repr_html_()
    assert re.findall(r'<td data-label="\w"([^>]*)>', html) == [
        ' class="short"',
        ' class="names"',
        ' class="words"',
        ' class="number"',
    ]


def test_the_year_at_a_glance_and_a_table_of_names_are_cards_on_a_phone(partners):
    names = Table("c", ["A", "B"], [["a", "a name of middling length"]])._repr_html_()
    short = Table("c", ["A", Column("B", "number")], [["a", 1]])._repr_html_()
    assert ["cards" in html for html in (names, short)] == [True, False]
    assert 'class="figures cards glance"' in partners.at_a_glance("vulnerability")._repr_html_()


@pytest.mark.parametrize(
    ("values", "place", "below"),
    [
        ([9, 5, 8], 1, True),
        ([5, 9, 8], 1, False),
        ([4, 5, 8], 1, False),
        ([5, 9], 0, True),
        ([1, 9], 0, False),
        ([float("nan"), 5, float("nan")], 1, False),
    ],
)
def test_a_figure_stands_where_its_line_is_not(values, place, below):
    _, axes = new_chart(3, Margins())
    axes.set_ylim(0, 10)
    assert is_valley(axes, values, place) is below


def test_a_caveat_of_several_indicators_is_said_once(internal):
    names = ["treatment_clients_opiate", "treatment_completions_opiate", "treatment_re_presentations_opiate"]
    items = internal.caveats(*names).content.items
    assert len(items) == len(set(items)) < sum(len(internal.catalogue.indicators[name].caveats) for name in names)
    assert any("lost words" in item and not item.startswith("Criminal justice") for item in items)


def test_what_cannot_be_said_is_listed_by_its_reason(internal):
    said = list_unknown(internal.findings.values())
    assert len(said.items) == len({line.partition(":")[0] for line in said.items}) > 1
    unknown = [one for one in internal.findings.values() if one.verdict.direction == "can't tell"]
    assert all(any(one.indicator.short_label in line for line in said.items) for one in unknown)


def test_long_names_leave_room_for_the_marks():
    """A table's label of eighty letters once left an inch for twenty places."""
    name = "Young people in education, training or employment at the end of their order (all ages)"
    rows = [Strip(label, 1, 1, 6, "94%") for label in (name, "Shoplifting")]
    figure = draw_rows(rows, scale_places(21), narrow=False)
    (axes,) = figure.axes
    assert axes.get_position().width * figure.get_figwidth() > 3
    written = [text.get_text() for text in axes.texts]
    assert "Shoplifting" in written
    assert " ".join(one for one in written if one in name and one != "94%") == name


def test_a_name_on_a_map_stands_within_its_ward_and_can_be_read():
    """Names stood at the mean of the corners, which a jagged side pulls off the ward, white beside the map."""
    jagged = [(0.0, 1.0 - step / 50) for step in range(50)]
    ring = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), *jagged, (0.0, 0.0)])
    figure = draw_map(
        [Outline("E05000001", "2024", (ring,))],
        {"E05000001": 9},
        [5],
        ["few", "many"],
        {"E05000001": "Tettenhall Wightwick"},
    )
    [name] = figure.axes[0].texts
    assert np.allclose(name.get_position(), (0.5, 0.5), atol=0.02)
    assert name.get_text() == "Tettenhall\nWightwick"
    assert name.get_fontsize() >= 8
    assert name.get_color() == "black"
