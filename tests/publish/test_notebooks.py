"""Notebooks that go wrong in every way that was seen, and what the wrapper says of each."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from swp_analysis.engines.warm_kernels import kernels
from swp_analysis.errors import InputError
from swp_analysis.publish.execution import read_notebook
from swp_analysis.publish.notebook_kernels import check_parameters, run_notebooks, start_kernels
from tests.conftest import is_running

YEAR = {"financial_year": "2017-18"}
forking = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")

# Only what is meant to run out of time has little of it, so that nothing here depends on how busy the machine is.
DEADLINES = {"hangs": {"cell_timeout": 2}, "dawdles": {"notebook_timeout": 3}}
FAILURES = {
    "raises": (["x = 1", "raise ValueError('first line\\nsecond line')"], "failed", 3, "ValueError: first line."),
    "exits_quietly": (
        ["import sys; sys.exit(0)", "1"],
        "ended_early",
        2,
        "the notebook ended here, before its last cell.",
    ),
    "exits_loudly": (["import sys; sys.exit(2)"], "ended_early", 2, "before its last cell (exit code 2)."),
    "kernel_dies": (["1", "# Text", "import os; os._exit(3)", "1"], "died", 3, "its kernel died (exit code 3)."),
    "last_cell_dies": (["import os; os._exit(0)"], "died", 2, "its kernel died (exit code 0)."),
    "hangs": (
        ["import time; time.sleep(600)"],
        "timed_out",
        None,
        "no answer within 2 seconds, so the notebook was stopped.",
    ),
    "dawdles": (
        ["import time; time.sleep(1.5)"] * 400,
        "timed_out",
        None,
        "still running after 3 seconds and was stopped.",
    ),
    "allows_itself_to_fail": (["%%tag raises-exception\n1 / 0"], "failed", 2, "ZeroDivisionError: division by zero."),
    "leaves_a_cell_out": (["1", "%%tag skip-execution\n2", "3"], "ended_early", 3, "this cell was left out"),
    "is_of_another_version": (
        ["class Briefing: pass\nBriefing().gone"],
        "failed",
        2,
        "has no attribute 'gone'; `swp init` in a new folder makes the notebooks of this version, to copy from.",
    ),
    "names_a_path": (
        ["import os; open(os.path.join(os.getcwd(), 'no such file'))"],
        "failed",
        2,
        "'notebooks/no such file'.",
    ),
}


def run_notebook(path, parameters, project, **settings):
    """Run one notebook, once its parameters are checked."""
    check_parameters(path, parameters)
    with run_notebooks([path], parameters, project, **settings) as results:
        return next(results)


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    from swp_analysis.project import Project

    project = Project(tmp_path_factory.mktemp("forked"))
    project.notebooks.mkdir()
    return project


@pytest.fixture(scope="module")
def warm(here):
    with start_kernels(here) as process:
        yield process


def kernels_alive() -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if is_kernel(child)]


def is_kernel(process: psutil.Process) -> bool:
    with suppress(psutil.Error):  # it ends while it is looked at
        return "ipykernel_launcher" in " ".join(process.cmdline())
    return False


@pytest.fixture(scope="module")
def failures(tmp_path_factory, write_notebook):
    """All of them, two at a time; `DEADLINES` are for a run of their own."""
    import nbformat

    from swp_analysis.project import Project

    project = Project(tmp_path_factory.mktemp("failures"))
    project.notebooks.mkdir()
    paths = []
    for name, (sources, *_) in FAILURES.items():
        path = write_notebook(project, name, *(source for source in sources))
        notebook = nbformat.read(path, 4)
        for cell in notebook.cells:
            if cell.source.startswith("%%tag "):
                tag, _, cell["source"] = cell.source.removeprefix("%%tag ").partition("\n")
                cell.metadata["tags"] = [tag]
        nbformat.write(notebook, path)
        paths.append(path)
    found = []
    for name in (*DEADLINES, ""):
        chosen = [path for path in paths if (path.stem if path.stem in DEADLINES else "") == name]
        with run_notebooks(chosen, YEAR, project, **DEADLINES.get(name, {})) as results:
            found += results
    return found


@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_is_seen_and_said_in_one_sentence(failures, name):
    _, status, cell, words = FAILURES[name]
    (result,) = (one for one in failures if one.name == name)
    assert (result.status, result.executed) == (status, None), result.error
    assert cell in (None, result.cell)
    assert result.error.startswith(f"{name}, cell {result.cell}: " if result.cell else f"{name}: ")
    assert words in result.error
    assert "\n" not in result.error
    assert result.error.endswith(".")


def test_each_result_comes_once_and_no_kernel_is_left(failures):
    assert sorted(result.name for result in failures) == sorted(FAILURES)
    assert not kernels_alive()


def test_values_arrive_as_they_were_given(project, write_notebook):
    given = {"financial_year": "007", "area_code": 'E"); 1/0 #\n\\', "audience": "{x} 'y'"}
    path = write_notebook(project, "10_values", "(financial_year, area_code, audience)")
    outputs = run_notebook(path, given, project).executed.cells[-1].outputs
    assert eval(outputs[0].data["text/plain"]) == tuple(given.values())


def test_nothing_is_written_and_no_trace_of_the_run_is_kept(project, write_notebook):
    path = write_notebook(project, "10_clean", "import warnings; warnings.warn('x')", "1")
    before = path.read_bytes()
    executed = run_notebook(path, YEAR, project).executed
    assert path.read_bytes() == before
    assert [item.name for item in project.notebooks.iterdir()] == [path.name]
    assert [cell.source for cell in executed.cells[-2:]] == ["import warnings; warnings.warn('x')", "1"]
    text = str(executed)
    assert "papermill" not in text
    assert str(project.root) not in text
    assert "ipykernel_" not in text


def test_a_project_may_lie_in_a_folder_with_braces_and_blanks(tmp_path, write_notebook):
    from swp_analysis.project import Project

    project = Project(tmp_path / "Jo's {project} ü")
    project.notebooks.mkdir(parents=True)
    path = write_notebook(
        project, "10_here", "import os\n(os.path.samefile(os.getcwd(), os.environ['SWP_PROJECT'] + '/notebooks'))"
    )
    assert run_notebook(path, YEAR, project).executed.cells[-1].outputs[0].data["text/plain"] == "True"


def test_it_is_this_interpreter_and_nothing_personal(project, write_notebook, tmp_path, monkeypatch):
    foreign = tmp_path / "jupyter" / "kernels" / "python3"
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    foreign.mkdir(parents=True)
    startup.mkdir(parents=True)
    (foreign / "kernel.json").write_text(
        '{"argv": ["false"], "display_name": "x", "language": "python"}', encoding="utf-8"
    )
    (startup / "00.py").write_text("personal = 1", encoding="utf-8")
    (tmp_path / "start.py").write_text("personal = 2", encoding="utf-8")
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 99", encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "start.py"))
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path / "matplotlibrc"))
    settings = "os.stat(os.environ['MATPLOTLIBRC']).st_size"
    source = f"import os, sys, swp_analysis\n(sys.executable, 'personal' in globals(), {settings})"
    result = run_notebook(write_notebook(project, "10_who", source), YEAR, project)
    assert result.error == ""
    assert eval(result.executed.cells[-1].outputs[0].data["text/plain"]) == (sys.executable, False, 0)


@pytest.mark.skipif(os.name != "posix", reason="process groups are a thing of Unix")
@pytest.mark.parametrize(("ending", "status"), [("os._exit(1)", "died"), ("1", "completed")])
def test_child_processes_end_with_the_notebook(project, write_notebook, ending, status):
    source = (
        "import os, pathlib, signal, subprocess, sys\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)  # the child inherits it, so only being killed ends it\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"pathlib.Path('child').write_text(str(child.pid)); {ending}"
    )
    assert run_notebook(write_notebook(project, "10_parent", source), YEAR, project).status == status
    pid = int((project.notebooks / "child").read_text())
    while is_running(pid):  # killed with the notebook, and gone when the system gets round to it
        time.sleep(0.01)


def test_an_interruption_stops_the_other_notebooks_too(project, write_notebook):
    paths = [write_notebook(project, "10_quick"), write_notebook(project, "20_slow", "import time; time.sleep(600)")]

    def interrupt(result):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), run_notebooks(paths, YEAR, project) as results:
        interrupt(next(results))
    assert not kernels_alive()


@pytest.mark.skipif(os.name != "posix", reason="needs a shell script in place of Python")
@pytest.mark.parametrize(("times", "status"), [(1, "completed"), (2, "died")])
def test_a_kernel_that_does_not_start_gets_one_more_try(project, write_notebook, tmp_path, monkeypatch, times, status):
    script, counter = tmp_path / "python", tmp_path / "starts"
    script.write_text(
        f'#!/bin/sh\necho >> "{counter}"\n'
        f'if [ $(wc -l < "{counter}") -le {times} ]; then echo "no ipykernel in {tmp_path}/x" >&2; exit 1; fi\n'
        f'exec "{sys.executable}" "$@"\n',
        encoding="utf-8",
    )
    script.chmod(0o755)
    monkeypatch.setattr(kernels, "KERNEL_COMMAND", (str(script), "-m", "ipykernel_launcher"))
    result = run_notebook(write_notebook(project, "10_start"), YEAR, project)
    assert result.status == status
    assert result.error in ("", "10_start: its kernel did not start: no ipykernel in x.")


def test_an_environment_that_is_deleted_while_the_run_goes_on_is_a_sentence(project, write_notebook, monkeypatch):
    monkeypatch.setattr(kernels, "KERNEL_COMMAND", (str(project.root / "gone" / "python"), "-m", "ipykernel_launcher"))
    result = run_notebook(write_notebook(project, "10_start"), YEAR, project)
    assert result.status == "died"
    assert result.error.startswith("10_start: its kernel did not start: ")
    assert "No such file" in result.error


def test_a_scratch_folder_too_deep_for_a_socket_gets_ports(project, tmp_path):
    deep = tmp_path / ("x" * 80)
    deep.mkdir()
    with start_kernels(project, forked=False) as stock:
        assert kernels.NotebookKernel(deep, stock).transport == "tcp"


@forking
@pytest.mark.parametrize(
    ("line", "seconds", "status", "words"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 600, "died", "stopped by signal 9"),
        ("import os; os._exit(3)", 600, "died", "exit code 3"),
        ("import sys; sys.exit(0)", 600, "ended_early", "before its last cell"),
        ("import time; time.sleep(600)", 1, "timed_out", "no answer within 1 seconds"),
    ],
)
def test_what_goes_wrong_on_a_forked_kernel_is_seen(here, warm, write_notebook, line, seconds, status, words):
    result = run_notebook(write_notebook(here, "14_wrong", line), YEAR, here, kernels=warm, cell_timeout=seconds)
    assert (result.status, words in result.error) == (status, True)


@forking
def test_when_the_warm_process_is_killed_its_notebook_runs_again_on_a_fresh_kernel(here, write_notebook):
    line = "import os, signal, pathlib\nfirst = not pathlib.Path('mark').exists()\npathlib.Path('mark').touch()\n"
    line += "if first: os.kill(os.getppid(), signal.SIGKILL); import time; time.sleep(600)"
    path = write_notebook(here, "17_orphan", line)
    with start_kernels(here) as process:
        result = run_notebook(path, YEAR, here, kernels=process)
        assert result.completed, result.error
        assert run_notebook(path, YEAR, here, kernels=process).completed


@forking
def test_papermill_knows_the_engine_by_name(here, write_notebook, tmp_path, monkeypatch):
    import papermill

    path = write_notebook(here, "20_named", "import sys\n'scipy.special' in sys.modules")
    (here.root / "data" / "raw").mkdir(parents=True)
    monkeypatch.setenv("SWP_PROJECT", str(here.root))
    call = {"engine_name": "swp-warm", "kernel_name": "python3", "progress_bar": False}
    done = papermill.execute_notebook(path, tmp_path / "out.ipynb", **call)
    assert done.cells[-1].outputs[0]["data"]["text/plain"] == "True"


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        (
            {"finacial_year": "2017-18"},
            "10_known.ipynb has no parameter finacial_year; did you mean 'financial_year'?",
        ),
        ({"zzz": 1}, "has no parameter zzz; it knows financial_year, area_code, audience."),
        ({"a=1; import os #": 1}, "can't be the name of a parameter"),
        ({"class": 1}, "can't be the name of a parameter"),
    ],
)
def test_an_unknown_parameter_is_refused_before_anything_runs(project, write_notebook, parameters, words):
    path = write_notebook(project, "10_known")
    with pytest.raises(InputError) as refusal:
        run_notebook(path, parameters, project)
    assert words in str(refusal.value)


def test_a_notebook_without_the_tag_is_refused(project, write_notebook):
    with pytest.raises(InputError, match='ipynb has no code cell tagged "parameters"'):
        check_parameters(write_notebook(project, "10_untagged", tag="parameter"), YEAR)


@pytest.mark.parametrize(
    "content", [None, "", "{}", "[]", "not json", '{"nbformat": 4, "nbformat_minor": 5, "cells": 3}']
)
def test_a_file_that_is_no_notebook_is_refused(tmp_path, content):
    path = tmp_path / "10_broken.ipynb"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="ipynb can't be read"):
        read_notebook(path)


def test_importing_the_room_does_not_import_jupyter():
    heavy = "import sys, swp_analysis.publish.edition; print({'papermill', 'nbformat', 'nbconvert'} & set(sys.modules))"
    package_home = Path(kernels.__file__).parents[3]
    answer = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, cwd=package_home)
    assert answer.stdout.strip() == "set()", answer.stderr
