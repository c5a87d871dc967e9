"""The whole walk: an edition is published whole or not at all, and what it was made of is written down."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from swp_analysis.errors import InputError, RunError
from swp_analysis.publish.records import git_state

FAILURES = {
    "raises": "raise KeyError('knives')",
    "exits": "import sys; sys.exit(0)",
    "dies": "import os; os._exit(3)",
    "shows an untold picture": "from IPython.display import HTML\nHTML('<img src=\"data:image/png;base64,AA\">')",
    "shows a path": "import os\nos.getcwd()",
}
SENTENCES = {
    "raises": "- 40_bad, cell 2: KeyError: 'knives'.",
    "exits": "- 40_bad, cell 2: the notebook ended here, before its last cell.",
    "dies": "- 40_bad, cell 2: its kernel died (exit code 3).",
    "shows an untold picture": "- Page 40_bad.html was not published: it holds a picture without a description.",
    "shows a path": "- Page 40_bad.html was not published: it holds an absolute path.",
}


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def runs(project) -> list[dict]:
    lines = (project.reports / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def published(tmp_path_factory, write_notebook, publish):
    """A project with one good notebook and a published edition, and the lines that were said."""
    from swp_analysis.project import Project

    project = Project(tmp_path_factory.mktemp("published"))
    (project.raw / "2016-17").mkdir(parents=True)
    (project.raw / "2016-17" / "figures.csv").write_text("a,b\n", encoding="utf-8")
    project.notebooks.mkdir()
    write_notebook(project, "20_crime_trends", "financial_year, audience")
    said: list[str] = []
    edition = publish(project, said=said)
    return project, edition, said


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_leaves_the_previous_edition_byte_for_byte(published, write_notebook, publish, failure):
    project, edition, _ = published
    before = hashes(edition)
    bad = write_notebook(project, "40_bad", FAILURES[failure])
    said: list[str] = []
    try:
        with pytest.raises(RunError) as refusal:
            publish(project, said=said)
    finally:
        bad.unlink()
    first, *sentences = str(refusal.value).splitlines()
    assert first.startswith("1 of 2 notebooks failed; nothing was published")
    assert sentences == [SENTENCES[failure]]
    assert sum("20_crime_trends: completed" in line for line in said) == 1
    assert hashes(edition) == before
    assert [item.name for item in edition.parent.iterdir()] == ["partners"]
    last = runs(project)[-1]
    assert (last["status"], last["problems"]) == ("failed", [SENTENCES[failure].removeprefix("- ")])
    assert str(project.root) not in json.dumps(last)


def test_an_edition_says_what_it_was_made_of(published):
    project, edition, said = published
    record = json.loads((edition / "run.json").read_text(encoding="utf-8"))
    assert (record["edition"], record["marking"], record["status"]) == ("2017-18/partners", "OFFICIAL", "published")
    assert record["started"] <= record["finished"]
    assert record["parameters"] == {"financial_year": "2017-18", "area_code": "E08000031", "audience": "partners"}
    assert record["suppression"] == {"suppress_below": 5}
    assert [(row["name"], row["status"]) for row in record["notebooks"]] == [("20_crime_trends", "completed")]
    assert record["notebooks"][0]["seconds"] > 0
    assert record["packages"]["papermill"].startswith("2.")
    assert record["outputs"] == {name: value for name, value in hashes(edition).items() if name != "run.json"}
    assert set(record["outputs"]) == {"index.html", "20_crime_trends.html"}
    inputs = record["inputs"]
    key = (project.cache / "digest.key").read_bytes()
    assert inputs["data/raw/2016-17/figures.csv"] == hmac.new(key, b"a,b\n", "sha256").hexdigest()
    assert "notebooks/20_crime_trends.ipynb" in inputs
    assert any(name.startswith("swp_analysis/catalogue/") and name.endswith(".yml") for name in inputs)
    text = json.dumps(record)
    assert str(project.root) not in text
    assert "\\\\" not in text
    assert re.fullmatch(r"\[1/1\] 20_crime_trends: completed in \d+\.\d s", "".join(said))
    assert runs(project)[0]["status"] == "published"


def test_the_same_inputs_give_the_same_pages(example, tmp_path, write_notebook, publish, request):
    again = tmp_path / "again"
    root = example["partners"].parents[2]
    shutil.copytree(root, again, ignore=shutil.ignore_patterns("reports"))
    from swp_analysis.project import Project

    edition = publish(Project(again))
    before, after = hashes(example["partners"]), hashes(edition)
    assert {name: before[name] for name in before if name != "run.json"} == {
        name: after[name] for name in after if name != "run.json"
    }


def test_partners_see_less_than_analysts(example):
    partners, internal = (
        (folder / "20_crime_trends.html").read_text(encoding="utf-8")
        for folder in (example["partners"], example["internal"])
    )
    for page in (partners, internal):
        assert "2017-18" in page
        assert "ipykernel" not in page
    for words in ("mind this", "on stderr", "import sys"):
        assert words not in partners
        assert words in internal.replace('<span class="w"> </span>', " ") or words == "import sys"
    assert '<details class="code">' in internal
    index = (example["partners"] / "index.html").read_text(encoding="utf-8")
    assert '<a href="30_violence.html">Violence</a>' in index
    assert "Who is <em>harmed</em>?" in (example["partners"] / "30_violence.html").read_text(encoding="utf-8")
    assert "Seconds" not in index + (example["internal"] / "index.html").read_text(encoding="utf-8")


def test_pages_are_light(example):
    for folder in example.values():
        for page in folder.glob("*.html"):
            assert page.stat().st_size < 40_000, page.name


def test_explored_notebooks_are_never_run(example):
    assert sorted(path.name for path in example["partners"].iterdir()) == [
        "20_crime_trends.html",
        "30_violence.html",
        "index.html",
        "run.json",
    ]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"notebooks": ("20_crime_trend",)}, "There is no notebook '20_crime_trend'; did you mean '20_crime_trends'?"),
        ({"audience": "press"}, "'press' is no audience; choose one of internal, partners, public."),
        (
            {"parameters": {"audience": "internal"}},
            "The parameter audience follows from the call itself; it can't be given a second time.",
        ),
    ],
)
def test_a_wrong_call_is_refused_before_anything_runs(published, publish, settings, words):
    project, *_ = published
    before = len(runs(project))
    with pytest.raises(InputError) as refusal:
        publish(project, **settings)
    assert str(refusal.value) == words
    assert len(runs(project)) == before


def test_an_edition_of_some_notebooks_with_a_parameter_of_its_own(project, write_notebook, publish):
    for name in ("10_first", "20_second"):
        path = write_notebook(project, name, "threshold")
    path.write_text(
        path.read_text(encoding="utf-8").replace("audience: str", "threshold: int = 5\\naudience: str"), "utf-8"
    )
    edition = publish(project, notebooks=("20_second",), parameters={"threshold": "007"})
    assert sorted(path.name for path in edition.glob("*.html")) == ["20_second.html", "index.html"]
    assert "&#x27;007&#x27;" in (edition / "20_second.html").read_text(encoding="utf-8").replace("'", "&#x27;")
    assert json.loads((edition / "run.json").read_text(encoding="utf-8"))["parameters"]["threshold"] == "007"


def test_a_project_without_notebooks_is_refused(project, publish):
    with pytest.raises(InputError, match="There are no notebooks to run"):
        publish(project)


def test_a_notebook_that_misses_a_parameter_is_refused(project, write_notebook, publish):
    path = write_notebook(project, "10_old")
    path.write_text(path.read_text(encoding="utf-8").replace("audience", "readers"), encoding="utf-8")
    with pytest.raises(InputError, match="ipynb has no parameter audience"):
        publish(project)
    assert not project.reports.exists()


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_the_commit_is_recorded_when_there_is_one(tmp_path):
    def git(*arguments):
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(tmp_path), *identity, *arguments], check=True, capture_output=True)

    git("init")
    assert git_state(tmp_path) is None
    (tmp_path / "a.txt").write_text("1", encoding="utf-8")
    git("add", ".")
    git("commit", "-m", "first")
    state = git_state(tmp_path)
    assert len(state["commit"]) == 40
    assert state["dirty"] is False
    (tmp_path / "a.txt").write_text("2", encoding="utf-8")
    assert git_state(tmp_path)["dirty"] is True


def test_no_git_is_no_error(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_state(tmp_path) is None
