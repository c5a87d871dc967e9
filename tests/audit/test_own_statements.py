"""What a partnership's files state about the data, and what the data say to it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.own_statements import find_contradicted
from swp_analysis.build import build
from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.errors import InputError
from swp_analysis.quality.totals import annual_totals
from tests.conftest import SHIPPED, YEAR

KNIVES = "indicators/gangs_and_youth_crime.yml"
CAVEATS, CHOSEN = "    caveats:\n", "text: Prevent and reduce crime"


HOLDS_OR_IS_NOT_UNDERSTOOD = (
    "There were 221 offences in 2017/18.",
    "Recorded offences rose by 30 in 2017/18.",
    "Two years of figures only, so no comparison.",
    "More offences could mean that 300 were found by patrols.",
    "No indicator of arson.",
)
# A file, what stands in it and what shall stand there, and what is said of it.
CONTRADICTED = [
    (KNIVES, CAVEATS, f"{CAVEATS}      - There were 300 offences in 2017/18.\n", "the year is 221"),
    (KNIVES, CAVEATS, f"{CAVEATS}      - Offences fell in 2017/18.\n", "Down in the text; 191 to 221"),
    (KNIVES, CAVEATS, f"{CAVEATS}      - One year of figures only.\n", "the tables hold 2016/17, 2017/18"),
    (KNIVES, CAVEATS, f"{CAVEATS}      - No indicator of arson or hate crime.\n", "hate_crime measures it"),
    ("strategy.yml", CHOSEN, f"{CHOSEN}. Knife violence fell to 100 in 2017/18.", "the year is 221 in the table"),
    ("glossary.md", "## GODOC\n", "## GODOC\n\nKnife violence fell from 221 to 191 in 2017/18.\n", "191 to 221"),
    ("coverage.yml", "- id: residents", "- {id: levels_and_patterns, further_gap: Only one year of figures.}\n"
     "- id: residents", "the tables hold"),
    (KNIVES, "subgroup_of: personal_robbery", "subgroup_of: firearm_violence", "8 of 8 quarters contradict it"),
]  # fmt: skip


@pytest.fixture(scope="module")
def find(shipped, catalogue, tmp_path_factory):
    """What is found after changes of a partnership's files, the figures being the shipped ones."""

    def look(changes) -> list[str]:
        folder = Path(shutil.copytree(SHIPPED / "partnership", tmp_path_factory.mktemp("stated") / "partnership"))
        for name, old, new, *_ in changes:
            text = (folder / name).read_text(encoding="utf-8")
            assert old in text
            (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        changed = load_catalogue(folder)
        totals = annual_totals(shipped.observations, changed.indicators)
        return find_contradicted(folder, TableFigures(shipped.observations, totals, shipped.baselines, changed), YEAR)

    return look


def test_what_holds_or_is_not_understood_is_left_alone(find):
    assert find((KNIVES, CAVEATS, f"{CAVEATS}      - {said}\n") for said in HOLDS_OR_IS_NOT_UNDERSTOOD) == []


def test_what_the_tables_contradict_is_said_with_file_and_line_and_nothing_else_is(find):
    problems = find(CONTRADICTED)
    for name, _, _, said in CONTRADICTED:
        about = re.compile(rf"partnership/{re.escape(name)} line \d+: .*{re.escape(said)}")
        assert [problem for problem in problems if about.match(problem)], (said, problems)
    assert len({problem.partition(":")[0] for problem in problems}) == len(CONTRADICTED)


def test_such_a_statement_stops_the_run(project):
    glossary = project.partnership / "glossary.md"
    glossary.write_text("## Knives\n\nKnife violence fell in 2017/18.\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"partnership/glossary\.md line 3: .*contradicted by the tables"):
        build(project, None)
