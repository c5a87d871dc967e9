"""Calls as a person makes them: the exit code, and one sentence instead of a traceback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack

import pytest

from swp_analysis import load, open_briefing
from swp_analysis.build import build_if_needed, is_current
from swp_analysis.cli import main
from swp_analysis.errors import InputError, RunError, describe_error
from swp_analysis.lock import only_run
from swp_analysis.project import find_project
from tests.conftest import SHIPPED


def call(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(list(arguments))
    out, err = capsys.readouterr()
    return stopped.value.code, out, err


def test_build_prints_what_it_read(project, capsys):
    code, out, err = call(capsys, "build")
    assert (code, err) == (0, "")
    assert out.startswith("Read 5 tables: ")


def test_outside_a_project_a_command_says_which_one_it_is_about(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SWP_PROJECT", raising=False)
    assert "this is about Safer Wolverhampton Partnership" in call(capsys, "assess", "1999-00")[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["assess", "1999-00"], "There is no folder data/raw/1999-00"),
        (["build", "last-year"], "'last-year' is not a financial year"),
        (["assess", "--audence", "partners"], "No such option: --audence"),
        (["assess", "--engine", "stock", "--audience", "press"], "'press' is no audience"),
        (["assess", "--engine", "stock", "-p", "yaer=2026"], "has no parameter yaer"),
        (["assess", "-p", "yaer"], "has no value"),
        (["asess"], "No such command"),
    ],
)
def test_a_wrong_call_is_one_sentence_and_exit_2(project, capsys, arguments, said):
    code, _, err = call(capsys, *arguments)
    assert code == 2
    assert said in err
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert not (project.reports / "2017-18").exists()


def test_a_letter_in_a_number_is_one_sentence_and_exit_2(project, capsys):
    table = project.raw / "2017-18" / "vulnerability.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("399", "3g9"), encoding="utf-8")
    code, _, err = call(capsys, "assess", "--engine", "stock")
    assert code == 2
    assert err.startswith(
        "swp: vulnerability.csv, row 5, column C: found '3g9', expected a whole number or <5; type the"
    )
    assert err.count("\n") == 1


def test_debug_shows_the_traceback(project):
    with pytest.raises(InputError):
        main(["build", "1999-00", "--debug"])


def test_a_disk_that_refuses_is_one_sentence(project, capsys):
    project.processed.write_text("a file where a folder should be", encoding="utf-8")
    code, _, err = call(capsys, "build")
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith("swp: data/processed could not be read or written: ")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyError("Q5"), "KeyError: 'Q5'"),
        (RecursionError("too deep\nand deeper"), "RecursionError: too deep and deeper"),
    ],
)
def test_an_error_that_nobody_foresaw_is_one_sentence_with_the_file_and_debug_shows_more(
    project, capsys, monkeypatch, error, said
):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("yaml.compose", fail)
    with pytest.raises(SystemExit) as stopped:
        main(["build"])
    complaint = capsys.readouterr().err
    assert stopped.value.code == 1
    assert re.search(rf"while reading \w+/\w+\.yml: {said}\. Add --debug to see where", complaint)
    assert complaint.count("\n") == 1
    with pytest.raises(type(error)):
        main(["build", "--debug"])


def test_a_lack_of_memory_names_what_was_being_done(project, capsys, monkeypatch):
    def fail(*_, **__):
        raise MemoryError

    monkeypatch.setattr("pandas.DataFrame.groupby", fail)
    with pytest.raises(SystemExit) as stopped:
        main(["build"])
    assert stopped.value.code == 1
    assert re.match(r"swp: There was not enough memory.*, for this step: \w+ .+\. Close other", capsys.readouterr().err)


def test_ctrl_c_is_one_sentence_too(project, capsys, monkeypatch):
    def stop(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("swp_analysis.build.build", stop)
    code, _, err = call(capsys, "build")
    assert (code, err) == (1, "swp: stopped; the previous edition stands as it was.\n")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no pipe that breaks like this")
def test_a_log_that_nobody_reads_any_more_ends_nothing(project):
    notebooks = project.root / "notebooks"
    shutil.rmtree(notebooks, ignore_errors=True)
    notebooks.mkdir()
    shutil.copy(SHIPPED / "notebooks" / "70_delivery.ipynb", notebooks)
    reader, writer = os.pipe()
    os.close(reader)
    assess = [sys.executable, "-m", "swp_analysis", "assess", "--engine", "stock"]
    done = subprocess.run(assess, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (project.reports / "2017-18" / "partners" / "index.html").exists()


def test_help_says_in_whole_sentences_and_plain_words_what_every_command_does(capsys):
    code, out, _ = call(capsys, "--help")
    lines = dict(line.split(maxsplit=1) for line in out.partition("Commands:\n")[2].splitlines())
    assert (code, len(lines)) == (0, 11)
    assert [line for line in lines.values() if not line.endswith(".") or line.endswith("..")] == []
    for command in lines:
        code, out, _ = call(capsys, command, "--help")
        assert (code, out.startswith(f"Usage: swp {command} ")) == (0, True)
        assert re.findall("<.*?>", out) == []  # such as <list[str]>, which tells an analyst nothing


def test_load_builds_what_is_not_built_yet(project):
    figures = load("2017-18")
    assert len(figures) == 284
    assert (project.processed / "observations.csv").exists()
    knives = figures.query("indicator == 'knife_violence' and financial_year == '2017-18'")
    assert knives["value"].sum() == 221


def test_load_sees_a_raw_file_that_changed_since_the_last_build(built_project):
    assert load("2017-18").query("indicator == 'hate_crime'")["value"].sum() == 374 + 385
    table = built_project.raw / "2017-18" / "vulnerability.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("92,118", "93,118"), encoding="utf-8")
    assert load("2017-18").query("indicator == 'hate_crime'")["value"].sum() == 375 + 385


def test_load_waits_for_a_run_that_is_going_on(project):
    said = []
    run = ExitStack()
    run.enter_context(only_run(project, "swp assess 2017-18"))

    def say(line: str) -> None:
        assert not project.processed.exists()
        said.append(line)
        run.close()

    build_if_needed(project, "2017-18", say)
    assert is_current(project, "2017-18")
    assert len(said) == 1
    assert said[0].startswith("Waiting with a build of the data: swp assess 2017-18 has been running since ")


def test_load_needs_no_lock_for_what_is_built_and_names_a_run_that_does_not_end(project, monkeypatch):
    monkeypatch.setattr("swp_analysis.build.LONGEST_WAIT_SECONDS", 0)
    with only_run(project, "swp assess 2017-18"), pytest.raises(RunError, match="swp assess 2017-18 has been running"):
        load("2017-18")
    assert len(load("2017-18")) == 284
    with only_run(project, "swp assess 2017-18"):
        assert len(load("2017-18")) == 284


def test_load_refuses_a_year_without_data(project):
    with pytest.raises(InputError, match="the years with data are 2017-18"):
        load("2030-31")


def test_a_briefing_is_opened_for_a_year_as_people_write_it_and_refused_without_figures(built_project):
    assert open_briefing("2017/18").findings == open_briefing("2017-18").findings
    with pytest.raises(InputError, match="no figures for 2030-31; the data cover 2016-17, 2017-18"):
        open_briefing("2030/31")
    with pytest.raises(InputError, match="write it like 2017-18"):
        open_briefing("last year")


def test_outside_a_project_the_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("SWP_PROJECT", str(tmp_path))
    with pytest.raises(InputError, match="No project found"):
        find_project()


@pytest.mark.parametrize(
    ("number", "way_out"),
    [
        (28, "Make room on the disk"),
        (13, "Close it where it is open, or ask for the right"),
        (2, "Make the folder first"),
    ],
)
def test_what_a_disk_refuses_is_told_with_the_way_out(number, way_out):
    for error in (OSError(number, "Some reason"), OSError(number, "Some reason", "data/processed/totals.csv")):
        assert f"could not be read or written: Some reason. {way_out}" in describe_error(error)
