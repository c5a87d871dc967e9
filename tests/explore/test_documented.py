"""docs/explore.md, run as a reader would type it: each question has at most three lines, a true picture and a true
sentence. `make pictures` (PICTURES=write) draws the pictures again and writes what they show beside them.
"""

from __future__ import annotations

import io
import os
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot

from swp_analysis import describe
from swp_analysis.explore.pickers import Panel
from swp_analysis.project import PROJECT_VARIABLE
from tests.conftest import copy_project
from tests.explore.northbridge import write_csv, write_northbridge

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explore.md"
TEXT = PAGE.read_text(encoding="utf-8")
ANSWER = re.compile(r"```python\n(?P<code>[^`]*)```\n\n!\[(?P<words>[^\]]*)\]\((?P<picture>explore/\w+\.\w+)\)")
ANSWERS = {found["picture"]: found for found in ANSWER.finditer(TEXT)}
PREAMBLE = re.search(r"```python\n([^`]*)```", TEXT)[1]
WRITES = os.environ.get("PICTURES") == "write"
NUMBER, MADE_UP_ID = re.compile(r"-?\d+\.?\d*"), re.compile(r"(?<=[\"#])(?:[mpC]|image)[0-9a-f]{10,}")
THIRTEEN = """seaborn index worst rate same_quarter owners slide heat_map panel own_control_chart sandwell street_series
    ward_map"""


def run(code: str, scope: dict) -> Any:
    """Run lines as a cell of a notebook: the value of the last expression is what it shows."""
    *lines, last = code.strip().splitlines()
    exec(compile("\n".join(lines), "docs/explore.md", "exec"), scope)
    try:
        shown = eval(compile(last.strip(), "docs/explore.md", "eval"), scope)
    except SyntaxError:
        exec(compile(last, "docs/explore.md", "exec"), scope)
        return None
    return scope["chart"] if isinstance(shown, Path) else shown


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> dict[str, Any]:
    """What each block of the page shows, or the error that it ends in."""
    folder = tmp_path_factory.mktemp("reader")
    write_csv(folder / "vans.csv", ["month", "count"], [(f"{year}-{month:02d}", count) for year, month, count in VANS])
    project = copy_project(tmp_path_factory.mktemp("project"))
    write_northbridge(project.raw / "open")
    pyplot.switch_backend("Agg")
    scope, found = {}, {}
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()):
        patch.setenv(PROJECT_VARIABLE, str(project.root))
        patch.delenv("SWP_OPEN_DATA", raising=False)
        patch.chdir(folder)
        run(PREAMBLE, scope)
        for picture, answer in ANSWERS.items():
            try:
                found[picture] = run(answer["code"], scope)
            except Exception as error:
                found[picture] = error
            pyplot.close("all")  # as the next cell of a notebook begins
        assert {path.name for path in folder.iterdir()} >= {"hate_crime.png", "hate_crime.svg", "weapons.xlsx"}
        yield found


VANS = [
    (2023 + place // 12, place % 12 + 1, count)
    for place, count in enumerate([31, 28, 35, 30, 29, 33, 34, 32, 30, 27, 31, 30, 29, 33, 32, 28, 30, 31, 34, 29, 52])
]


def test_the_thirteen_questions_and_more_are_answered_in_at_most_three_lines():
    assert {Path(picture).stem for picture in ANSWERS} >= set(THIRTEEN.split())
    assert len(ANSWERS) >= 20
    for answer in ANSWERS.values():
        lines = [line for line in answer["code"].splitlines() if line.strip() and not line.startswith("import ")]
        assert len(lines) <= 3, answer["code"]


def outline(svg: str) -> tuple[str, np.ndarray]:
    """What an SVG draws without its numbers, and these; ids are made of a digest of them."""
    text = MADE_UP_ID.sub("id", svg)
    return NUMBER.sub("0", text), np.array([float(number) for number in NUMBER.findall(text)])


@pytest.mark.parametrize("picture", ANSWERS)
def test_the_picture_and_the_words_are_what_the_lines_give(picture, shown, tmp_path):
    answer, words = shown[picture], ANSWERS[picture]["words"]
    if isinstance(answer, Exception):
        raise answer
    made = answer if hasattr(answer, "sentence") else describe(answer, words)
    if WRITES:
        write_answer(picture, made)
        return
    assert words == made.sentence
    if isinstance(answer, Panel):
        assert (PAGE.parent / picture).read_bytes().startswith(b"\x89PNG")
        return
    drawn, numbers = outline(made.save(tmp_path / "x.svg").read_text(encoding="utf-8"))
    kept, expected = outline((PAGE.parent / picture).read_text(encoding="utf-8"))
    assert drawn == kept
    assert numbers == pytest.approx(expected, abs=0.05)


def write_answer(picture: str, made: Any) -> None:
    (PAGE.parent / picture).parent.mkdir(exist_ok=True)
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(re.sub(rf"!\[[^\]]*\]\({picture}\)", f"![{made.sentence}]({picture})", text), encoding="utf-8")
    if picture.endswith(".svg"):
        made.save(PAGE.parent / picture)
