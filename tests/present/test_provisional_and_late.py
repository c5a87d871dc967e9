"""What may still change is said beside the figure; what is late when the year is over is not forecast."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from swp_analysis.present.last_quarters import write_latest
from swp_analysis.present.reading_record import find_provisional

HERE = ("knives", "2024-25", 4)
CELLS = pd.DataFrame(
    {
        "indicator": ["knives", "knives", "fires", "other"],
        "financial_year": "2024-25",
        "quarter": [3, 4, 4, 4],
        "source_file": ["a.xlsx", "a.xlsx", "a.xlsx", "b.csv"],
        "source_sheet": ["Crime", "Crime", "Crime", ""],
        "source_row": [4, 4, 5, 4],
        "source_column": ["I", "J", "J", "J"],
    }
)


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("a.xlsx, sheet 'Crime', row 4, column J: the figure is provisional; read, and may still change.", {HERE}),
        (
            "a.xlsx, sheet 'Crime', row 4, column B: the row is called provisional; read, and may still change.",
            {HERE, ("knives", "2024-25", 3)},
        ),
        (
            "a.xlsx, sheet 'Crime', row 3, column J: 'Q4 (prov)' is provisional; read, and may still change.",
            {HERE, ("fires", "2024-25", 4)},
        ),
        ("b.csv: the title calls the figures provisional; read, and they may still change.", {("other", "2024-25", 4)}),
        ("b.csv: the note 'Q4' calls figures provisional; read, and they may still change.", {("other", "2024-25", 4)}),
        ("a.xlsx, sheet 'Crime', row 4, column J: the figure is a slip.", set()),
    ],
    ids=["cell", "row", "column", "title", "note", "another note"],
)  # fmt: skip
def test_the_figures_that_a_note_calls_provisional_are_found(note, found):
    assert find_provisional(CELLS, pd.DataFrame({"decision": ["x: a thing.", note]})) == found


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
    assert "the quarters vary" in told["partners"]
    assert "the quarters vary" not in told["public"]
    assert "a count on one day" in told["public"]
