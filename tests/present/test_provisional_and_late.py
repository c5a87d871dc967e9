"""What may still change is said beside the figure; what is late when the year is over is not forecast."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from swp_analysis.ingest.read_year import read_editions
from swp_analysis.present.words import write_latest

KNIVES, HATE = "Knife violence", "Reported Hate crime"
HEADING = "KPI,Q2 2017/18,Q3 2017/18,Q4 2017/18"
ROWS = f"{KNIVES},49,56,67\n{HATE},97,78,85\n"
OF_KNIVES, OF_Q4 = {("knife_violence", q) for q in (2, 3, 4)}, {(name, 4) for name in ("knife_violence", "hate_crime")}
ALL = OF_KNIVES | {("hate_crime", q) for q in (2, 3, 4)}


def find_provisional(folder, catalogue, files: dict[str, str]) -> set[tuple[str, int]]:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    told = read_editions(folder, "2017-18", catalogue).provisional.dropna(subset="quarter")
    return {(row.indicator, int(row.quarter)) for row in told.itertuples()}


@pytest.mark.parametrize(
    ("table", "found"),
    [
        (f"{HEADING}\n{ROWS}", set()),
        (f"{HEADING}\n{ROWS.replace('67', '67 (p)')}", {("knife_violence", 4)}),
        (f"{HEADING},Status\n{KNIVES},49,56,67,Provisional\n{HATE},97,78,85,Final\n", OF_KNIVES),
        (f"{HEADING} (provisional)\n{ROWS}", OF_Q4),
        (f"Provisional figures\n{HEADING}\n{ROWS}", ALL),
        (f"{HEADING}\n{ROWS}\nAll figures are provisional.\n", ALL),
        (f"{HEADING}\n{ROWS.replace('67', '67*')}\n* Figures are provisional.\n", {("knife_violence", 4)}),
        (f"{HEADING}*\n{ROWS}\n* Figures are provisional.\n", OF_Q4),
        (f"KPI,Jan 2018,Feb 2018 (provisional),Mar 2018\n{KNIVES},20,23,24\n", {("knife_violence", 4)}),
    ],
    ids="none cell row column title note marked-cell marked-column month".split(),
)
def test_the_figures_that_their_table_calls_provisional_are_known(tmp_path, catalogue, table, found):
    assert find_provisional(tmp_path, catalogue, {"2017-18/a.csv": table}) == found


def test_a_figure_is_provisional_no_more_once_a_later_folder_gives_it_as_final(tmp_path, catalogue):
    early = "KPI,Q3 2016/17,Q4 2016/17 (p)\nKnife violence,54,51\n"
    late = "KPI,Q4 2016/17,Q1 2017/18 (p)\nKnife violence,51,49\n"
    found = find_provisional(tmp_path, catalogue, {"2016-17/a.csv": early, "2017-18/a.csv": late})
    assert found == {("knife_violence", 1)}


def test_that_the_last_figure_may_change_is_said_beside_it(internal):
    knives = ("knife_violence", "2017-18", 4)
    record = replace(internal.record, provisional=frozenset({knives}))
    briefing = replace(internal, record=record)
    card = {row[0]: " ".join(map(str, row)) for row in briefing.scorecard.table.texts}
    assert "Q4: 67 (was 56), provisional" in card["Knife violence"]
    assert "provisional" not in card["Firearm violence"]
    assert "It is provisional, and may still change." in write_latest(briefing.series["knife_violence"])
    earlier = replace(internal, record=replace(record, provisional=frozenset({("knife_violence", "2017-18", 1)})))
    assert "Some of these figures are provisional" in write_latest(earlier.series["knife_violence"])


def test_a_figure_that_is_late_when_others_have_the_whole_year_is_not_forecast(shipped, brief):
    rows = shipped.observations.copy()
    late = (rows["financial_year"] == "2017-18") & (rows["quarter"] == 4)
    one = late & (rows["indicator"] == "knife_violence")

    def say_outlook(missing: pd.Series) -> str:
        left = rows.assign(status=rows["status"].mask(missing, "not_available"), value=rows["value"].mask(missing))
        return brief("internal", replace(shipped, observations=left)).indicator("knife_violence")._repr_html_()

    assert "may end at about" in say_outlook(late)
    assert "may end at about" not in say_outlook(one)


def test_how_much_quarters_scatter_is_told_to_who_is_shown_the_evidence(brief):
    told = {
        audience: " ".join(" ".join(one.verdict.evidence.warnings) for one in brief(audience).findings.values())
        for audience in ("partners", "public")
    }
    assert "figures like these vary" in told["partners"]
    assert "figures like these vary" not in told["public"]
    assert "a count on one day" in told["public"]
