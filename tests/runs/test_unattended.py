"""`swp assess` as a scheduler calls it: exit codes, the log of runs, and what the notify command is told."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from swp_analysis.cli import main
from swp_analysis.lock import only_run
from swp_analysis.publish.records import FAILED, PUBLISHED, RunRecord
from swp_analysis.runs.run_reporter import VerdictsBefore, read_verdicts_before, summarise_run
from tests.conftest import is_running

TELL = "import sys; open('told.json', 'wb').write(sys.stdin.buffer.read())"
WORSE = {"label": "Knives", "direction": "up", "polarity": "worse"}
UNCLEAR = {"label": "Knives", "direction": "no clear change", "polarity": "no judgement"}


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["assess", *arguments])
    return stopped.value.code


def last_run(project) -> dict:
    return json.loads((project.reports / "runs.jsonl").read_text(encoding="utf-8").splitlines()[-1])


def tell(project) -> list[str]:
    """The option that has the summary written to told.json."""
    script = project.root / "tell.py"
    script.write_text(TELL, encoding="utf-8")
    return ["--notify-command", f'"{sys.executable}" "{script}"']


def told(project) -> dict:
    return json.loads((project.root / "told.json").read_text(encoding="utf-8"))


def test_a_damaged_table_is_written_down_and_told_without_its_figures(project, capsys):
    table = project.raw / "2017-18" / "vulnerability.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("399", "3g9"), encoding="utf-8")
    assert call(*tell(project)) == 2
    assert last_run(project)["status"] == "refused"
    assert "'3g9'" in last_run(project)["problems"][0]
    assert told(project)["status"] == "refused"
    assert told(project)["problems"] == ["vulnerability.csv, row 5, column C (the log says more)"]
    assert "3g9" not in json.dumps(told(project))
    assert call("--audience", "internal", *tell(project)) == 2
    assert "'3g9'" in told(project)["summary"]
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d To do, because: there is no edition", capsys.readouterr().out)


def test_who_comes_second_is_refused_and_told(project, capsys):
    with only_run(project, "swp assess 2017-18 --audience public"):
        assert call(*tell(project)) == 1
        assert call("--help") == 0
    complaint = capsys.readouterr().err
    assert complaint.startswith("swp: swp assess 2017-18 --audience public has been running since ")
    assert last_run(project)["status"] == told(project)["status"] == "busy"
    assert not (project.reports / "2017-18").exists()


def test_a_build_waits_for_no_one_either(project, capsys):
    with only_run(project, "swp assess"), pytest.raises(SystemExit) as stopped:
        main(["build"])
    assert stopped.value.code == 1
    assert not project.processed.exists()


def test_a_run_that_takes_too_long_ends_and_leaves_nothing_running(project, capsys):
    before = children()
    assert call("--run-timeout", "4", *tell(project)) == 1
    assert capsys.readouterr().err == "swp: The run was stopped: it was not done after 4 seconds (--run-timeout).\n"
    assert last_run(project)["status"] == told(project)["status"] == "failed"
    assert not list(project.reports.glob("2017-18/*"))
    assert children() - before == set()


def children() -> set[psutil.Process]:
    """Every kernel and warm process below this one: those that were there before belong to other tests."""
    return {child for child in psutil.Process().children(recursive=True) if is_ours(child)}


def is_ours(process: psutil.Process) -> bool:
    """Whether it is a kernel or a warm process that runs; other tests keep a browser open."""
    with suppress(psutil.Error):  # it ends while it is looked at
        return is_running(process.pid) and bool(re.search("ipykernel_launcher|warm_kernels", str(process.cmdline())))
    return False


def test_a_log_of_runs_that_cannot_be_written_hides_nothing(project, capsys):
    (project.reports / "runs.jsonl").mkdir(parents=True)
    with only_run(project, "swp assess 2017-18 --audience public"):
        assert call(*tell(project)) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("swp: this run has no line in the log of runs: reports/runs.jsonl could not be read or")
    assert second.startswith("swp: swp assess 2017-18 --audience public has been running")
    assert told(project)["status"] == "busy"


def test_a_disk_that_refuses_is_a_sentence_and_what_a_killed_run_of_any_edition_left_is_taken_away(project, capsys):
    left = [project.reports / "2017-18" / ".internal.staging-x1", project.cache / "fan_out"]
    for folder in left:
        folder.mkdir(parents=True)
    project.processed.write_text("a file where a folder should be", encoding="utf-8")
    with only_run(project, "swp assess"):
        assert call() == 1
    assert all(folder.is_dir() for folder in left)
    capsys.readouterr()
    assert call() == 1
    assert not any(folder.exists() for folder in left)
    out, err = capsys.readouterr()
    assert "A run was killed before its end; removed what it had left in reports: 2017-18/.internal.staging-x1." in out
    assert err.startswith("swp: data/processed could not be read or written: ")
    assert last_run(project)["problems"][0].startswith("data/processed could not be read or written: ")


def test_a_wrong_notify_command_is_refused_before_anything_runs(project, capsys):
    assert call("--notify-command", "") == 2
    assert "--notify-command" in capsys.readouterr().err


def test_a_changed_verdict_is_told_by_name():
    record = RunRecord("2017-18", "partners", marking="OFFICIAL", verdicts={"knives": WORSE, "new": WORSE})
    record.finish(PUBLISHED)
    summary = summarise_run(record, VerdictsBefore("2016-17/partners", {"knives": UNCLEAR, "gone": UNCLEAR}))
    assert summary["verdicts_changed"] == [
        {"indicator": "knives", "label": "Knives", "from": "no clear change", "to": "up (worse)"}
    ]
    assert summary["summary"] == (
        "The strategic assessment 2017-18 for partners was published; verdicts that differ from 2016-17/partners: "
        "Knives: from no clear change to up (worse)."
    )
    unknown = VerdictsBefore("2016-17/partners", {"knives": UNCLEAR | {"direction": "can't tell"}})
    assert summarise_run(record, unknown)["verdicts_changed"][0]["from"] == "not enough data to say"
    record.finish(FAILED, ["The time was over."])
    assert summarise_run(record, VerdictsBefore("2016-17/partners", {"knives": UNCLEAR}))["verdicts_changed"] == []


def test_verdicts_are_compared_with_the_same_edition_or_an_earlier_year(project):
    def publish(place: str, verdict: dict) -> None:
        folder = project.reports / place
        folder.mkdir(parents=True)
        (folder / "run.json").write_text(json.dumps({"verdicts": {"knives": verdict}}), encoding="utf-8")

    def compared() -> str:
        return read_verdicts_before(project, "2017-18", "partners").edition

    assert compared() == ""
    for place in ("2018-19/partners", "2017-18/public"):
        publish(place, WORSE)
        assert compared() == ""
    publish("2016-17/partners", WORSE)
    assert compared() == "2016-17/partners"
    publish("2017-18/partners", UNCLEAR)
    assert compared() == "2017-18/partners"


def test_a_log_without_unicode_breaks_nothing(project):
    """As cron gives it: a home, a path to nothing else, a character set from another age."""
    environment = {"HOME": str(Path.home()), "PYTHONPATH": str(Path(__file__).parents[2]), "LC_ALL": "C"}
    environment |= {"SWP_PROJECT": str(project.root), "PYTHONIOENCODING": "latin-1", "PATH": "/usr/bin:/bin"}
    table = project.raw / "2017-18" / "vulnerability.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("399", "3–КРІ9"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "swp_analysis", "build"], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 2, done.stderr.decode("latin-1")
    assert done.stderr.startswith(b"swp: vulnerability.csv, row 5, column C: found '3")
    assert b"Traceback" not in done.stderr


WRONG_WORDS = "- {indicator: nope, name: A, date: 2018-01-01, words: Some words.}\n"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--audience", "board"], "'board' is no audience"),
        (["--audience", "public", "--audience", "board"], "'board' is no audience"),
        (["-p", "colour=red"], "has no parameter colour"),
        (["-p", "audience=public"], "The parameter audience follows from the call itself"),
        (["--commentary", "none.yml"], "none.yml: there is no such file"),
        (["--commentary", "wrong.yml"], "wrong.yml line 1: no indicator has the id 'nope'"),
        (["--commentary", "wrong.yml", "--audience", "public", "--audience", "internal"], "wrong.yml line 1"),
        (["--area", "Wolverhampton", "--audience", "public", "--audience", "board"], "'board' is no audience"),
        (["--area", "Wolverhampton", "-p", "colour=red"], "an edition of an area takes no --commentary"),
    ],
)
def test_a_wrong_call_is_refused_before_anything_is_said_or_built(project, monkeypatch, capsys, wrong, said):
    monkeypatch.chdir(project.root)
    (project.root / "wrong.yml").write_text(WRONG_WORDS, encoding="utf-8")
    before = sorted(project.processed.rglob("*.csv"))
    assert call(*wrong) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert not told.out
    assert sorted(project.processed.rglob("*.csv")) == before
