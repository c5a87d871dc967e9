"""`swp check`: whatever is wrong with a project is said in one go, with its place and the way out."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from swp_analysis.build import build, describe_build
from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.catalogue.partnership import OPTIONAL_FILES
from swp_analysis.collect.collection import list_due
from swp_analysis.commands.check import check_project
from swp_analysis.commands.init import init_project
from swp_analysis.ingest.read_year import read_editions
from swp_analysis.project import Project

YEAR = "2024-25"
ROWS = [
    ["Indicator", *[f"Q{quarter} {year}" for year in ("2023/24", "2024/25") for quarter in (1, 2, 3, 4)], "Owner"],
    ["Residential burglary", 120, 131, 145, 138, 101, 99, 117, 96, "Police"],
    ["Shoplifting", 210, 204, 233, 241, 280, 291, 310, 333, "Police"],
    ["Fly-tipping", 60, 71, 55, 49, 66, 70, 58, 47, "Council"],
]
THEME = "indicators/acquisitive.yml"


@pytest.fixture
def made(tmp_path) -> Path:
    table = tmp_path / "Acquisitive.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(ROWS)
    init_project(tmp_path / "made", "Northbridge Community Safety Partnership", "E07000999", [table])
    return tmp_path / "made"


def change(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def mistakes_of(made: Path) -> list[str]:
    return check_project(Project(made)).mistakes


def test_a_fresh_project_has_no_mistake_and_says_what_waits(made):
    found = check_project(Project(made))
    assert found.mistakes == []
    assert any(
        "definition of 3 indicators: what does it count? residential_burglary, " in line for line in found.reminders
    )


def test_mistakes_of_all_kinds_are_said_together_and_each_once(made):
    own = made / "partnership"
    change(
        own / THEME,
        ("kind: flow", "kind: flwo"),
        (
            "unit: count\n    kind: flow\n    good_direction: neutral",
            "units: count\n    kind: flow\n    good_direction: down",
        ),
        ("id: fly_tipping", "id: Fly-tipping"),
    )
    change(own / "identity.yml", ('area_code: "E07000999"', 'area_code: "Northbridge"'))
    (own / "rebases.yml").write_text("- indicator: qqq\n  date_from: April\n", encoding="utf-8")
    (own / "criteria.yml").write_text("- id: harm\n\tweight: 3\n", encoding="utf-8")
    (own / "coverage.yml").write_text("- id: &x residents\n- id: *x\n", encoding="utf-8")
    (own / "peers.yml").write_text(
        "- {id: near, label: Near, members: [Barking & Dagenham, Nottinham], source: Us, date: 2024-01-01}\n",
        encoding="utf-8",
    )
    (own / "strategies.yml").write_text("strategies: []\n", encoding="utf-8")
    (made / "notebooks" / "40_broken.ipynb").write_text("{", encoding="utf-8")
    change(
        made / "notebooks" / "30_acquisitive.ipynb",
        ("briefing.at_a_glance(", "briefing.at_a_glanc("),
        ('briefing.about(\\"acquisitive', 'briefing.about(\\"aquisitive'),
    )
    change(made / "data" / "raw" / YEAR / "Acquisitive.csv", ("Owner", "Owner"))
    (made / "data" / "raw" / "2025").mkdir()
    found = mistakes_of(made)
    for wanted in (
        r"acquisitive\.yml line \d+: 'kind' is 'flwo': .*'flow', 'stock' or 'rate'",
        r"acquisitive\.yml line \d+: unknown key 'units'; did you mean 'unit'\?",
        r"acquisitive\.yml line \d+: 'good_direction' is 'down'",
        r"acquisitive\.yml line \d+: 'id' is 'Fly-tipping': write it in small letters",
        r"identity\.yml line \d+: 'area_code' is 'Northbridge': write the ONS code",
        r"rebases\.yml line 1: no indicator has the id 'qqq'; take it out, or add",
        r"rebases\.yml line 2: 'date_from' is 'April': write the day like 2025-04-01",
        r"rebases\.yml line 1: the key 'reason' is missing; add it",
        r"criteria\.yml line 2: not readable as YAML: .*tab",
        r"coverage\.yml line 1: .*anchors and aliases such as '&x' are not read; write the words out",
        r"peers\.yml line 1: no area is called 'Nottinham'; did you mean 'Nottingham'\?",
        r"partnership/strategies\.yml is not read.*did you mean 'strategy\.yml'\?",
        r"notebooks/40_broken\.ipynb: not a notebook",
        r"30_acquisitive\.ipynb, code cell \d+: a briefing has no 'at_a_glanc'; did you mean 'at_a_glance'\?",
        r"30_acquisitive\.ipynb, code cell \d+: .* has the id 'aquisitive'; did you mean 'acquisitive'\?",
        r"data/raw/2025: not named like a financial year",
    ):
        assert sum(bool(re.search(wanted, line)) for line in found) == 1, (wanted, found)
    # What follows from a mistake already said is left out: the rows whose entries can't be read.
    assert [line for line in found if "not in the catalogue" in line] == []


@pytest.mark.parametrize("mistake", [("unit: count", "unit: cuont"), ("id: residential_burglary", "id: []")])
def test_what_names_an_entry_with_a_mistake_is_left_out_with_it(made, mistake):
    own = made / "partnership"
    part = "id: fly_tipping\n    subgroup_of: residential_burglary\n    corroborated_by: [residential_burglary]"
    change(own / THEME, ("id: fly_tipping", part))
    (own / "layouts.yml").write_text(
        "unlabelled_rows: [{before: Shoplifting, indicator: residential_burglary, reason: It is.}]\n",
        encoding="utf-8",
    )
    change(made / "data" / "raw" / YEAR / "Acquisitive.csv", ("Residential burglary,120", ",120"))
    assert mistakes_of(made) == []
    change(own / THEME, mistake)
    found = mistakes_of(made)
    assert re.search(r"acquisitive\.yml line \d+: '(unit' is|id': must be words)", found[0])
    assert all("the id 'residential_burglary'" in line for line in found[1:])


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (
            "aliases: [RESIDENTIAL burglary]",
            "'RESIDENTIAL burglary' is a name of residential_burglary too; take it out",
        ),
        ('target: {"2024": 40}', """'2024': a financial year is written like "2017-18"."""),
        ("subgroup_of: shoplifting", "an indicator is no part of itself; name the whole"),
        ("harm: {low: 9, high: 2, reason: a, source: b}", "'harm': the low end of a band is above its high end."),
        ("caveats: ", "'caveats' is empty: must be a list"),
        (
            "why_it_matters: Cost: high",
            "mapping values are not allowed in this context; here or above, close each quote",
        ),
    ],
)
def test_a_mistake_in_one_entry_is_one_sentence_with_line_and_way_out(made, key, said):
    change(made / "partnership" / THEME, ('label: "Shoplifting"', f'label: "Shoplifting"\n    {key}'))
    assert [
        re.search(rf"acquisitive\.yml line 1\d: .*{re.escape(said)}", line) is not None for line in mistakes_of(made)
    ] == [True]


def test_the_examples_of_the_page_on_adopting_are_right(made):
    page = (Path(__file__).parents[2] / "docs" / "adopt.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n# (\w+\.yml)\n(.*?)```", page, re.DOTALL)
    for name, text in examples:
        (made / "partnership" / name).write_text(text, encoding="utf-8")
    assert mistakes_of(made) == []
    assert {name for name, _ in examples} == {f"{name}.yml" for name in OPTIONAL_FILES}


def test_every_bad_cell_of_every_table_is_said(made):
    path = made / "data" / "raw" / YEAR / "Acquisitive.csv"
    change(path, ("120,131", "12O,1x1"), ("Shoplifting", "Shop lifting of all kinds"), (",66,", ",-66,"))
    (path.parent / "more.csv").write_text("Indicator,Q1 2024/25\nNobody knows this,4\n", encoding="utf-8")
    found = mistakes_of(made)
    for wanted in (
        r"Acquisitive\.csv, row 2, column B: found '12O'",
        r"Acquisitive\.csv, row 2, column C: found '1x1'",
        r"Acquisitive\.csv, row 3, column A: the label 'Shop lifting of all kinds' is not in the catalogue",
        r"Acquisitive\.csv, row 4, column F: found '-66', a negative number",
        r"more\.csv, row 2, column A: the label 'Nobody knows this'",
    ):
        assert any(re.search(wanted, line) for line in found), (wanted, found)
    assert len(found) == 5


def test_names_of_other_areas_are_found_unless_they_are_meant(made):
    words = "## Forum\n\nThe forum of Wolverhampton.\n\nShared with Milton Keynes. <!-- meant -->\n"
    (made / "partnership" / "glossary.md").write_text(words, encoding="utf-8")
    change(made / "partnership" / THEME, ('owner: "Council"', 'owner: "Derby Council"'))
    change(made / "partnership" / "identity.yml", ("contact:", "contakt:"))  # who we are is known all the same
    assert [line for line in mistakes_of(made) if "another area" in line] == [
        "partnership/glossary.md line 3: names Wolverhampton, another area than Northbridge; correct it, or write "
        "`# meant` behind it (`<!-- meant -->` in a .md)."
    ]


def test_a_statement_that_the_tables_contradict_is_a_mistake(made):
    text = "## Thefts\n\nResidential burglary rose in 2024/25.\n"
    (made / "partnership" / "glossary.md").write_text(text, encoding="utf-8")
    assert any(re.search(r"glossary\.md line 3: .*contradicted", line) for line in mistakes_of(made))


def test_what_nothing_uses_and_what_is_due_for_review_is_a_reminder_with_its_line(made):
    entry = (
        "\n  - id: arson\n    label: Arson\n    unit: count\n    kind: flow\n    good_direction: lower\n"
        "    owner: Fire service\n    definition: Deliberate fires.\n    next_review: 2025-01-31\n"
    )
    path = made / "partnership" / THEME
    path.write_text(path.read_text(encoding="utf-8") + entry, encoding="utf-8")
    number = path.read_text(encoding="utf-8").splitlines().index("    next_review: 2025-01-31") + 1
    (made / "notebooks" / "page.ipynb").write_text('{"cells": []}', encoding="utf-8")
    found = check_project(Project(made), date(2025, 4, 1))
    assert found.mistakes == []
    assert any(
        f"acquisitive.yml line {number}: the review of arson was due on 31 January 2025" in r for r in found.reminders
    )
    assert any("no table has a row of arson; ask its owner" in line for line in found.reminders)
    assert any("page.ipynb: is never published" in line for line in found.reminders)
    assert not any("review" in line for line in check_project(Project(made), date(2025, 1, 1)).reminders)


def test_a_theme_whose_entries_all_have_a_mistake_is_not_called_empty(made):
    path = made / "partnership" / THEME
    path.write_text(path.read_text(encoding="utf-8").replace("direction: neutral", "direction: down"), encoding="utf-8")
    found = check_project(Project(made))
    assert len(found.mistakes) == 3
    assert not any("has no indicator" in line for line in found.reminders)


def test_a_row_that_is_not_read_is_named_and_asked_of_nobody(made):
    """It was called wholly read, its owner was chased for the figures that it had given, and nothing was a mistake."""
    table = made / "data" / "raw" / YEAR / "Acquisitive.csv"
    change(table, ("96,Police", "96,Rolling 12 months"))
    [mistake] = mistakes_of(made)
    assert "Acquisitive.csv, row 2, column A: the row is not read: Residential burglary: 'rolling'" in mistake
    assert mistake.endswith("take the words out of the row.")
    evidence = read_editions(made / "data" / "raw", YEAR, load_catalogue(made / "partnership"))
    due = list_due(evidence.observations, load_catalogue(made / "partnership"), YEAR, date(2026, 1, 1), evidence.unread)
    assert due.empty
    assert len(evidence.unread_frame()) == 1


def test_what_is_not_decided_is_asked_once_and_first_what_may_make_a_figure_wrong(tmp_path):
    """A fresh project has some forty marked lines; a person reads a dozen."""
    labels = [f"{where} fires" for where in ("North", "South", "East", "West", "Moor", "Town", "Vale")]
    rows = [f"{label},{place},1{place},9,8" for place, label in enumerate(labels)]
    rows += ["Homes in temporary accommodation,30,41,36,28", "Fires on the moor,7,9,8,6", "Fire on moor,1,2,3,4"]
    table = tmp_path / "fires.csv"
    table.write_text("\n".join(["KPI,Q1 2023/24,Q2 2023/24,Q1 2024/25,Q2 2024/25", *rows]), encoding="utf-8")
    init_project(tmp_path / "own", "Northbridge CSP", "E07000999", [table])
    asked = check_project(Project(tmp_path / "own")).reminders
    first = [line for line in asked if line.startswith("decide first: ")]
    assert first == asked[: len(first)]
    assert re.search(r"fires\.yml line \d+: is homes_in_temporary_accommodation counted on a day \(stock\)", first[0])
    assert any("is fire_on_moor the same as " in line for line in first)
    directions = "good_direction of 10 indicators: is lower or higher good? north_fires, south_fires, "
    assert any(f"{directions}east_fires, west_fires, moor_fires, town_fires and 4 more" in line for line in asked)
    assert any(
        re.fullmatch(r"not decided: partnership/identity\.yml line \d+: contact: who answers .*", line)
        for line in asked
    )
    assert len(asked) - len(first) <= 11


def test_what_lies_in_data_raw_and_no_year_reads_is_named_by_check_and_by_a_build(made):
    raw = made / "data" / "raw"
    table = (raw / YEAR / "Acquisitive.csv").read_text(encoding="utf-8")
    for place in ("2025-2026/Theft.csv", f"{YEAR}/Superseded/Theft.csv", "Theft.csv"):
        (raw / place).parent.mkdir(exist_ok=True)
        (raw / place).write_text(table, encoding="utf-8")
    for name in ("desktop.ini", "Thumbs.db", "~$Acquisitive.xlsx", ".DS_Store"):  # looked at by a person
        (raw / YEAR / name).write_bytes(b"\xd0\xcf\x11\xe0")
        (raw / name).write_bytes(b"\xd0\xcf\x11\xe0")
    (raw / YEAR / ".trash").mkdir()
    expected = [
        f"data/raw/{YEAR}/Superseded: a folder in the folder of a year; move its tables up, or it out of data/raw.",
        "data/raw/2025-2026: not named like a financial year; rename it, for example to 2025-26.",
        "data/raw/Theft.csv: lies in no year; move it into data/raw/<financial year>, like 2024-25.",
    ]
    assert mistakes_of(made) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SWP_PROJECT", str(made))
        lines = describe_build(build(Project(made), None))
    assert lines[0] == f"Read 1 table: {YEAR}/Acquisitive.csv."
    assert [line for line in lines if line.startswith("Not read: data")] == [f"Not read: {one}" for one in expected]
    assert not any("Claims of the report" in line for line in lines)  # there is none
