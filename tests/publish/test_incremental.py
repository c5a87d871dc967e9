"""Only what has changed is done again: an edition knows what it was made from, and results of notebooks are kept."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from swp_analysis.errors import InputError, RunError
from swp_analysis.project import Project
from swp_analysis.publish.edition_extras import EditionExtras
from swp_analysis.publish.records import RunBegun, RunRecord
from swp_analysis.publish.state import (
    SUFFIX,
    KeptResults,
    find_changes,
    is_as_surveyed,
    survey,
)
from swp_analysis.published import DIGEST_KEY
from swp_analysis.runs.unattended import STOCK, Call, list_changes, run_assess, survey_for
from tests.publish.conftest import make_project, write_edition

YEAR = "2017-18"
HEAVY = {"pandas", "numpy", "papermill", "nbconvert", "nbformat", "nbclient", "jupyter_client", "matplotlib", "bs4"}
# A notebook that counts how often it runs, in a file that is not one of those it is made from.
COUNTED = "open('../ran.txt', 'a').write('{name} ')"


@pytest.fixture(scope="module")
def published(tmp_path_factory, write_notebook, publish) -> Project:
    """A project of two notebooks with an edition."""
    project = make_project(tmp_path_factory.mktemp("published") / "project")
    for name in ("20_first", "30_second"):
        write_notebook(project, name, COUNTED.format(name=name) + ";", f"'{name}'")
    project.processed.mkdir(parents=True)
    (project.processed / "observations.csv").touch()
    publish(project)
    ran(project)
    return project


@pytest.fixture
def made(published, tmp_path, publish):
    """A copy of it, and a function that publishes again."""
    project = Project(Path(shutil.copytree(published.root, tmp_path / "project")))
    return project, lambda **settings: publish(project, **settings)


def ran(project: Project) -> list[str]:
    """The notebooks that were run since this was last asked."""
    path = project.root / "ran.txt"
    names = path.read_text(encoding="utf-8").split() if path.exists() else []
    path.unlink(missing_ok=True)
    return sorted(names)


def now(project: Project, *settings):
    return survey(project, YEAR, *settings)


def folder_of(project: Project, audience: str = "partners") -> Path:
    return project.reports / YEAR / audience


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def kept_results(project: Project) -> list[Path]:
    """The kept results of notebooks, by name; the key of the hashes lies beside them."""
    return sorted(project.cache.glob(f"*{SUFFIX}"))


def pages(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "run.json"}


def test_nothing_changed_is_seen_and_so_is_each_change(made, tmp_path):
    project, _ = made
    folder = folder_of(project)
    assert find_changes(folder, now(project)) == []

    words = tmp_path / "words.md"
    words.write_text("# knives", encoding="utf-8")
    assert find_changes(folder, now(project, words)) == ["commentary.md changed"]
    assert find_changes(folder, now(project, None, {"area_code": "E1"})) == ["parameters changed"]
    for place in ("data/raw/2017-18/more.csv", "data/raw/2016-17/old.csv", "notebooks/25_new.ipynb", "notebooks/x.csv"):
        path = project.root / place
        path.parent.mkdir(exist_ok=True)
        path.touch()
        assert find_changes(folder, now(project)) == [f"{place} changed"]
        path.unlink()
    for place in ("data/raw/2018-19/next.csv", "data/raw/2017-18/~$more.xlsx", "notebooks/explore/25_new.ipynb"):
        path = project.root / place
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert find_changes(folder, now(project)) == []
    change(project.raw / YEAR / "figures.csv", "191", "192")
    assert find_changes(folder, now(project)) == ["data/raw/2017-18/figures.csv changed"]


def test_code_and_packages_count(made, monkeypatch, tmp_path):
    project, _ = made
    package = tmp_path / "site" / "anything-1.0.dist-info"
    package.mkdir(parents=True)
    monkeypatch.syspath_prepend(str(package.parent))
    assert find_changes(folder_of(project), now(project)) == ["environment changed"]
    package.rename(package.with_name("anything-1.1.dist-info"))
    monkeypatch.undo()
    change(folder_of(project) / "run.json", '"code": "', '"code": "0')
    assert "code changed" in find_changes(folder_of(project), now(project))


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lambda folder: change(folder / "20_first.html", "Crime", "Grime"), "20_first.html is not as published"),
        (lambda folder: (folder / "index.html").unlink(), "index.html is not as published"),
        (lambda folder: (folder / "notes.txt").touch(), "notes.txt is not as published"),
        (lambda folder: change(folder / "run.json", '"OFFICIAL"', '"SECRET"'), "run.json is not as published"),
        (lambda folder: change(folder / "run.json", "{", "["), "there is no edition yet"),
    ],
    ids=["changed", "missing", "added", "record", "no record"],
)
def test_an_edition_that_is_not_whole_is_seen(made, damage, found):
    project, _ = made
    damage(folder_of(project))
    assert find_changes(folder_of(project), now(project)) == [found]


def test_a_day_on_which_another_figure_is_due_is_a_change(made, publish):
    project, _ = made
    due = replace(now(project), due_again="2018-07-31")
    publish(project, begun=RunBegun(RunRecord(YEAR, "partners"), due))
    assert find_changes(folder_of(project), now(project), date(2018, 7, 30)) == []
    assert find_changes(folder_of(project), now(project), date(2018, 7, 31)) == ["another figure is due"]


def test_only_the_changed_notebook_is_run_and_the_pages_are_those_of_a_full_run(made):
    project, again = made
    change(project.notebooks / "30_second.ipynb", "'30_second'", "'another'")
    said: list[str] = []
    edition = again(said=said)
    assert ran(project) == ["30_second"]
    assert said[0] == "[1/2] 20_first: completed earlier from the same"
    record = json.loads((edition / "run.json").read_text(encoding="utf-8"))
    assert [(row["name"], row["status"], row.get("reused")) for row in record["notebooks"]] == [
        ("20_first", "completed", True),
        ("30_second", "completed", None),
    ]
    incremental = pages(edition)
    again(begun=RunBegun(RunRecord(YEAR, "partners"), now(project), reuse=False))
    assert ran(project) == ["20_first", "30_second"]
    assert pages(edition) == incremental


def test_what_a_notebook_reads_runs_it_again_and_what_is_put_around_it_does_not(made, tmp_path):
    project, again = made
    words = tmp_path / "words.md"
    words.touch()
    again(commentary=words)
    assert ran(project) == []
    again(audience="internal")
    assert ran(project) == ["20_first", "30_second"]
    change(project.raw / YEAR / "figures.csv", "191", "192")
    again()
    assert ran(project) == ["20_first", "30_second"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-20]),
        lambda path: path.write_bytes(
            gzip.compress(gzip.decompress(path.read_bytes()).replace(b"Crime trends", b"Grime trends"))
        ),
        lambda path: path.write_bytes(gzip.compress(b'{"sha256": 1}\nnull')),
    ],
    ids=["empty", "cut short", "changed", "something else"],
)
def test_a_damaged_entry_is_made_anew(made, damage):
    project, again = made
    before = pages(folder_of(project))
    found = kept_results(project)
    assert len(found) == 2
    for path in found:
        damage(path)
    again()
    assert ran(project) == ["20_first", "30_second"]
    assert pages(folder_of(project)) == before


def test_a_result_is_not_kept_when_something_changed_while_it_ran(project, write_notebook, publish):
    write_notebook(project, "20_first", "open('../data/raw/2017-18/figures.csv', 'a').write('x');")
    publish(project)
    assert [path.name for path in project.cache.iterdir()] == [DIGEST_KEY]


def test_a_refused_page_is_not_taken_from_before(project, write_notebook, publish):
    write_notebook(project, "20_first", COUNTED.format(name="20_first") + ";", "import os\nos.getcwd()")
    for _ in range(2):
        with pytest.raises(RunError, match="an absolute path"):
            publish(project)
        assert ran(project) == ["20_first"]


@pytest.mark.parametrize("part", ["code", "environment", "due_again", "shown"])
def test_a_result_belongs_to_all_that_it_was_made_from(made, part):
    project, _ = made
    then, given = now(project), {"audience": "partners"}
    changed = replace(then, **{part: "another"})
    assert changed.key_of("20_first", given) != then.key_of("20_first", given)
    assert is_as_surveyed(then, project)
    assert is_as_surveyed(changed, project) == (part != "code")


def test_a_clock_that_was_set_back_changes_nothing(made):
    project, again = made
    for path in project.cache.iterdir():
        os.utime(path, (time.time() + 1e8,) * 2)
    assert find_changes(folder_of(project), now(project), date(1999, 1, 1)) == []
    again()
    assert ran(project) == []


def test_a_result_that_was_used_again_is_not_the_oldest(made):
    project, again = made
    for path in project.cache.iterdir():
        os.utime(path, (1, 1))
    again()
    assert [path.stat().st_mtime > 1 for path in kept_results(project)] == [True, True]


def test_the_oldest_results_are_thrown_away(made):
    project, _ = made
    first, second = kept_results(project)
    key = project.cache / DIGEST_KEY
    for path in (first, key):
        os.utime(path, (1, 1))
    secret = key.read_bytes()
    for left, age in ((".crashed.new", 7200), (".at_work.new", 0)):
        (project.cache / left).touch()
        os.utime(project.cache / left, (time.time() - age,) * 2)
    KeptResults(project, now(project), {}).tidy(most_bytes=second.stat().st_size)
    assert set(project.cache.iterdir()) == {second, project.cache / ".at_work.new", key}
    assert key.read_bytes() == secret
    if os.name == "posix":
        assert [path.stat().st_mode & 0o077 for path in (project.cache, key)] == [0, 0]


KILLED = """
import os, signal, sys
from pathlib import Path
from swp_analysis.project import Project
from swp_analysis.publish.edition import publish_edition
from swp_analysis.publish.edition_extras import EditionExtras
from swp_analysis.publish.pages import Overview
from swp_analysis.publish.records import RunBegun, RunRecord
from swp_analysis.publish.state import survey

def say(line):
    if "20_first: completed" in line:
        os.kill(os.getpid(), signal.SIGKILL)

nothing, project = Overview("t", "p", [], [], [], [], "31 March 2018"), Project(Path(sys.argv[1]))
run = RunBegun(RunRecord("2017-18", "partners"), survey(project, "2017-18"), area_code="E1")
publish_edition(project, run, EditionExtras(nothing), say=say)
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL on Windows")
def test_after_a_kill_only_the_rest_is_run(project, write_notebook, publish):
    from swp_analysis.published import RUN_FILE

    write_notebook(project, "20_first", COUNTED.format(name="20_first") + ";")
    write_notebook(project, "30_second", "import time; time.sleep(1)", COUNTED.format(name="30_second") + ";")
    killed = subprocess.run([sys.executable, "-c", KILLED, str(project.root)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not (folder_of(project) / RUN_FILE).exists()
    ran(project)
    publish(project, area_code="E1")
    assert "20_first" not in ran(project)
    assert (folder_of(project) / RUN_FILE).exists()


def test_an_unchanged_edition_costs_next_to_nothing(made):
    project, _ = made
    before = {path: path.stat().st_mtime_ns for path in folder_of(project).rglob("*")}
    (project.root / "tell.py").write_text("open('told', 'w')", encoding="utf-8")
    arguments = ["assess", "--notify-command", f'"{sys.executable}" tell.py']
    watch = (
        f"import sys\nfrom swp_analysis.cli import main\ntry:\n    main({arguments!r})\nfinally:\n"
        f"    print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", watch],
        env={**os.environ, "SWP_PROJECT": str(project.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said, imported = done.stdout.splitlines()
    assert " Unchanged: " in said
    assert imported == "[]"
    assert {path: path.stat().st_mtime_ns for path in folder_of(project).rglob("*")} == before
    last = (project.reports / "runs.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(last)["status"] == "unchanged"
    assert not (project.root / "told").exists()  # nobody is told


def test_what_is_missing_or_new_beside_an_edition_is_a_reason_to_make_it(made):
    project, _ = made
    call = Call(YEAR, "partners")

    def changes() -> list[str]:
        return list_changes(project, folder_of(project), survey_for(call, project, YEAR), call)

    assert changes() == []
    built = project.processed / "observations.csv"
    built.rename(built.with_suffix(".away"))
    assert changes() == ["data/processed is missing"]
    built.with_suffix(".away").rename(built)
    write_edition(folder_of(project, "public"), "", [])
    assert changes() == ["other editions in reports changed"]


def test_an_edition_without_the_pdf_that_is_wanted_is_not_unchanged(made, overview):
    project, again = made

    def ask() -> list[str]:
        said: list[str] = []
        call = Call(YEAR, "partners", pdf=True, engine=STOCK)
        with suppress(InputError, RunError):  # nothing can be made of the figures of this small project
            said.append(run_assess(project, call, said.append))
        return said

    assert ask()[0] == "To do, because: it has no PDF yet."

    class WithPdf(EditionExtras):
        def print_pages(self, folder: Path) -> None:
            (folder / "assessment.pdf").touch()

    again(extras=WithPdf(overview))
    assert ask()[0].startswith("Unchanged: ")
