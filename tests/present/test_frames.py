"""Frames that a notebook gets and passes on: what is handed back unchanged gives what is published, what was filtered
is compared afresh, and a chart or frame of one's own is published with words.
"""

from __future__ import annotations

from dataclasses import replace

import nbformat.v4
import pandas as pd
import pytest
from matplotlib.figure import Figure

from swp_analysis import describe
from swp_analysis.errors import InputError, RunError
from swp_analysis.publish.page_export import refuse_undescribed

THEME = "gangs_and_youth_crime"


@pytest.fixture(scope="module")
def briefing(brief):
    return brief("internal")


@pytest.fixture(scope="module")
def figures(briefing):
    return briefing.figures(THEME)


@pytest.mark.parametrize("audience", ["internal", "partners", "public"])
def test_a_frame_says_what_its_theme_says(brief, audience):
    briefing = brief(audience)
    for theme in briefing.catalogue.themes:
        frame = briefing.figures(theme)
        changes = briefing.compare_years(frame)
        assert list(changes["finding"]) == [briefing.findings[name] for name in changes["indicator"]]
        assert briefing.in_short(changes) == briefing.in_short(theme)
        assert briefing.meaning(changes)._repr_html_() == briefing.meaning(theme)._repr_html_()
        assert briefing.at_a_glance(frame)._repr_html_() == briefing.at_a_glance(theme)._repr_html_()
        assert briefing.main(frame) == briefing.main(theme)
        assert briefing.others(frame) == briefing.others(theme)


def test_the_order_of_rows_does_not_matter(briefing, figures):
    shuffled = figures.sample(frac=1, random_state=1)
    changes = briefing.compare_years(shuffled).set_index("indicator")["p"]
    assert changes.sort_index().equals(briefing.compare_years(figures).set_index("indicator")["p"].sort_index())


def test_half_a_year_is_compared_with_the_same_half(briefing, figures):
    half = figures[figures["quarter"] <= 2]
    row = briefing.compare_years(half).set_index("indicator").loc["firearm_violence"]
    own = half[half["indicator"] == "firearm_violence"].groupby("financial_year")["value"].sum()
    assert [row["before"], row["after"]] == own.tolist()
    assert row["finding"].quarters == (1, 2)
    assert briefing.wall(half).frame.shape[1] < briefing.wall(figures).frame.shape[1]


def test_a_changed_figure_changes_its_comparison_alone(briefing, figures):
    doubled = figures.copy()
    chosen = (doubled["indicator"] == "knife_violence") & (doubled["financial_year"] == "2017-18")
    doubled.loc[chosen, "value"] *= 2
    before, after = (briefing.compare_years(one).set_index("indicator") for one in (figures, doubled))
    assert after.loc["knife_violence", "after"] == 2 * before.loc["knife_violence", "after"]
    assert after.loc["knife_violence", "p"] < 0.05
    others = before.index.drop("knife_violence")
    assert after.loc[others, "p"].equals(before.loc[others, "p"])


def test_an_indicator_without_figures_is_not_lost(brief, shipped, catalogue):
    from dataclasses import replace

    rows = shipped.observations
    without = replace(shipped, observations=rows[rows["indicator"] != "knife_violence"])
    briefing = brief("internal", evidence=without)
    changes = briefing.compare_years(briefing.figures(THEME)).set_index("indicator")
    assert changes.loc["knife_violence", "verdict"] == "Not enough data to say"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda frame: frame.drop(columns="indicator"), "no column `indicator`"),
        (lambda frame: frame.drop(columns="status"), "lacks the column status"),
        (lambda frame: frame.assign(indicator="burglary_in_mars"), "burglary_in_mars"),
        (lambda frame: frame.assign(financial_year="1999-00"), "not read from the tables"),
    ],
)
def test_a_frame_that_says_too_little_is_refused_with_the_way_out(briefing, figures, change, said):
    with pytest.raises(InputError, match=said):
        briefing.compare_years(change(figures))


def drawn() -> Figure:
    figure = Figure()
    figure.subplots().plot([1, 2, 3])
    return figure


def test_no_small_picture_stands_alone(internal):
    names = "knife_violence", "firearm_violence", "hate_crime", "personal_robbery", "domestic_abuse_incidents"
    assert (len(internal.main(*names)), len(internal.others(*names))) == (3, 2)
    assert (len(internal.main(*names[:4])), internal.others(*names[:4])) == (4, [])


def test_the_public_pages_of_few_indicators_show_quarters(brief):
    names, shipped = ("knife_violence", "firearm_violence"), brief("public")
    few = {"indicators": {name: shipped.catalogue.indicators[name] for name in names}}
    public = replace(shipped, catalogue=shipped.catalogue.model_copy(update=few))
    assert shipped.others(*names) == []
    assert public.others(*names) == list(names)
    assert len(public.wall(*names).frame) == 2
    assert public.wall("knife_violence").title.startswith("Knife violence: 191 to 221")  # no small picture alone


def test_an_own_chart_is_published_with_its_words():
    shown = describe(drawn(), "Robbery rose in each of three quarters.")
    assert 'alt="Robbery rose in each of three quarters."' in shown._repr_html_()
    assert describe(drawn().axes[0], "Robbery rose three times.").figure.axes
    table = describe(pd.Series([1.5, None], index=["a", "b"], name="rate"), "Rates of two places")
    assert table.texts == [["a", "1.5"], ["b", "–"]]


def test_it_is_shown_once_when_pyplot_drew_it():
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    axes.plot([1, 2])
    describe(figure, "A line that rises steadily")
    assert not pyplot.get_fignums()


@pytest.mark.parametrize("words", ["", "chart", "  ", "two words"])
def test_words_that_say_nothing_are_refused(words):
    with pytest.raises(InputError, match=r"describe\(\)"):
        describe(drawn(), words)


@pytest.mark.parametrize("made", [3, "a text", None, Figure()])
def test_what_is_no_chart_is_refused(made):
    with pytest.raises(InputError, match=r"describe\(\)"):
        describe(made, "What would be shown here")


@pytest.mark.parametrize(
    "data", [{"image/png": "aGk=", "text/plain": "<Figure>"}, {"text/html": '<table border="1" class="dataframe">'}]
)
def test_a_page_with_a_bare_chart_or_frame_names_cell_and_call(data):
    cells = [
        nbformat.v4.new_code_cell("a = 1", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("a = 2", metadata={"tags": ["injected-parameters"]}),
        nbformat.v4.new_code_cell("show", outputs=[nbformat.v4.new_output("display_data", data)]),
    ]
    with pytest.raises(RunError, match=r"Page 70_own was not published: cell 2 shows .*describe\("):
        refuse_undescribed(nbformat.v4.new_notebook(cells=cells), "70_own")
