"""kill -9 at random moments, twenty times: the edition that stands is always whole, and the next run finds its way."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from swp_analysis.publish.notebook_kernels import NOTEBOOK_IMPORTS
from swp_analysis.publish.state import SEAL, hash_folder, seal
from swp_analysis.published import RUN_FILE
from tests.publish.conftest import make_project

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")

SEED = 7
RUN, WARM, KERNEL = "run", "warm process", "kernel"
ROUNDS = [*[RUN] * 12, *[WARM] * 3, *[KERNEL] * 5]
# A run whose warm process dies goes on with ordinary kernels; one of whose notebooks dies says so.
ENDS = {RUN: (0, -9), WARM: (0,), KERNEL: (0, 1)}
NOTEBOOKS = ("20_first", "30_second")
# Forks a run for each line that it reads, so that a round pays for neither imports nor templates; says its process id,
# then how it ended.
RUNNER = """
import os, sys, time
from pathlib import Path
import nbformat, papermill
from swp_analysis.catalogue.loader import load_catalogue
from swp_analysis.errors import RunError
from swp_analysis.lock import AnotherRun, only_run
from swp_analysis.project import Project
from swp_analysis.engines.warm_kernels import kernels
from swp_analysis.publish import edition
from swp_analysis.publish.page_export import render_body
from swp_analysis.publish.edition import publish_edition
from swp_analysis.publish.edition_extras import EditionExtras
from swp_analysis.publish.pages import Overview
from swp_analysis.publish.records import RUNS_FILE, RunBegun, RunRecord, append_line
from swp_analysis.publish.state import survey
from swp_analysis.publish.notebook_kernels import start_kernels

def publish():
    project, nothing = Project(Path(sys.argv[1])), Overview("t", "p", [], [], [], [], "31 March 2018")
    run = RunBegun(RunRecord("2017-18", "partners"), survey(project, "2017-18"), area_code="E1")
    extras = EditionExtras(nothing)
    with only_run(project, "a run"), start_kernels(project) as warm:
        publish_edition(project, run, extras, warm, lambda line: None)
        append_line(project.reports / RUNS_FILE, run.record.as_line())

def publish_when_free():
    # A child of a killed run holds its lock until the child's own program begins: long, if the machine is busy.
    until = time.monotonic() + 600
    while True:
        try:
            return publish()
        except AnotherRun:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)

load_catalogue()
nbformat.validate(nbformat.v4.new_notebook())
render_body(nbformat.v4.new_notebook(), "", show_code=False)
for line in sys.stdin:
    run = os.fork()
    if run == 0:
        try:
            publish_when_free()
        except RunError as error:
            print(error, file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    print(run, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(run, 0)[1]), flush=True)
"""
# The notebooks need nothing of what takes long to import, so the warm process goes without.
LITTLE_TO_IMPORT = f"""
import sys, types
if "swp_analysis.engines.warm_kernels.server" in sys.orig_argv:
    for package in {NOTEBOOK_IMPORTS}:
        sys.modules[package] = types.ModuleType(package)
"""


@pytest.fixture
def victim(tmp_path, write_notebook):
    """A small project, and a process that runs it again and again."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(LITTLE_TO_IMPORT, encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="k") as temporary:  # short, or sockets don't fit
        victim = Victim(make_project(tmp_path / "project"), write_notebook, Path(temporary), site)
        yield victim
        victim.end()


class Victim:
    """Runs of one project, each with notebooks that say which run they belong to."""

    def __init__(self, project, write_notebook, temporary: Path, site: Path) -> None:
        self.project, self.temporary, self._write = project, temporary, write_notebook
        self.edition = project.reports / "2017-18" / "partners"
        paths = os.pathsep.join([str(site), str(Path(__file__).parents[2])])
        environment = {**os.environ, "PYTHONPATH": paths, "TMPDIR": str(temporary)}
        command = [sys.executable, "-c", RUNNER, str(project.root)]
        self._runner = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, number: int) -> int:
        """Begin a run; its process id."""
        for name in NOTEBOOKS:
            self._write(self.project, name, f"'run {number} of it'")
        print(number, file=self._runner.stdin, flush=True)
        return int(self._runner.stdout.readline())

    def wait(self) -> int:
        """Until the run has ended; its exit code."""
        return int(self._runner.stdout.readline())

    def what_stands(self) -> int | None:
        """The number of the run that made the edition, which is whole and of one piece; None when there is none."""
        if not self.edition.exists():
            return None
        record = json.loads((self.edition / RUN_FILE).read_text(encoding="utf-8"))
        assert record[SEAL] == seal(record)
        assert record["outputs"] == hash_folder(self.edition)
        pages = [(self.edition / f"{name}.html").read_text(encoding="utf-8") for name in NOTEBOOKS]
        (number,) = {number for page in pages for number in re.findall(r"run (\d+) of it", page)}
        return int(number)

    def processes(self) -> list[str]:
        """All that belong to the project, however they were started and whose children they are now."""
        return [one.name() for one in psutil.process_iter() if _is_of(one, self.project.root)]

    def left_in_temporary(self) -> list[str]:
        """Files of runs that have ended. A folder that was killed within the moment of its making stays, but there is
        nothing in it."""
        return [path.name for path in self.temporary.rglob("*") if path.is_file()]

    def end(self) -> None:
        self._runner.stdin.close()
        self._runner.wait()


def find(kind: str, run: int) -> int | None:
    """The id of a process of a run, if there is one now."""
    if kind == RUN:
        return run
    parent = run if kind == WARM else find(WARM, run)
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    except OSError:
        return None
    return int(children[0]) if children else None


def _is_of(process: psutil.Process, root: Path) -> bool:
    with suppress(psutil.Error):
        return process.environ().get("SWP_PROJECT") == str(root) and process.status() != psutil.STATUS_ZOMBIE
    return False


def kill_at_random(kind: str, run: int, longest: float, chance: random.Random) -> bool:
    """Kill a process of a run within so many seconds of its beginning; whether it was still there."""
    while psutil.pid_exists(run) and not find(kind, run):
        time.sleep(0.005)
    time.sleep(chance.uniform(0, longest))
    target = find(kind, run)
    with suppress(ProcessLookupError):
        if target:
            os.kill(target, signal.SIGKILL)
            return True
    return False


def test_twenty_kills_leave_the_edition_whole_and_nothing_behind(victim):
    chance = random.Random(SEED)
    for number in range(2):  # the first one also waits for the imports
        victim.start(number)
        began = time.monotonic()
        assert victim.wait() == 0
    duration, standing = time.monotonic() - began, number
    for kind in chance.sample(ROUNDS, len(ROUNDS)):
        hit = False
        while not hit:
            number += 1
            run, began = victim.start(number), time.monotonic()
            hit = kill_at_random(kind, run, duration / 3 if kind == KERNEL else duration, chance)
            code, now = victim.wait(), victim.what_stands()
            assert code in (ENDS[kind] if hit else (0,))
            assert now == number if code == 0 else now in (standing, number)
            standing = now
            if not hit:  # the machine is faster now than it was
                duration = time.monotonic() - began
    victim.start(number + 1)
    assert victim.wait() == 0
    assert victim.what_stands() == number + 1
    assert [path.name for path in victim.edition.parent.iterdir()] == [victim.edition.name]
    deadline = time.monotonic() + 600  # on a machine that is busy with other things
    while left := victim.processes() + victim.left_in_temporary():
        assert time.monotonic() < deadline, left
        time.sleep(0.05)
    assert not list(victim.project.cache.glob(".*"))
