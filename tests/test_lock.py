"""One run at a time, between real processes: who comes second is told, and a killed run leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import datetime

import pytest

from swp_analysis.errors import RunError
from swp_analysis.lock import WORDS_FILE, only_run
from swp_analysis.project import Project

HOLD = """
import os, signal, sys
from pathlib import Path
from swp_analysis.lock import only_run
from swp_analysis.project import Project
with only_run(Project(Path(sys.argv[1])), "swp assess 2017-18 --audience internal"):
    ready, tell = os.pipe()
    child = os.fork() if hasattr(os, "fork") else os.getpid()
    if not child:
        os.closerange(0, 3)
        os.write(tell, b"1")
        signal.pause()
    if child != os.getpid():
        os.read(ready, 1)  # on a busy machine the child may not yet have let go of what it inherited
    print(child, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """A process that holds the lock of the project in `tmp_path` until its input is closed, and its child."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    child = int(process.stdout.readline())
    yield process
    process.kill()
    process.communicate()
    if child != process.pid:
        os.kill(child, signal.SIGKILL)


def test_the_second_run_is_told_who_runs(tmp_path, holder):
    with pytest.raises(RunError) as refusal, only_run(Project(tmp_path), "swp build"):
        pytest.fail("two runs at once")
    said = str(refusal.value)
    assert said.startswith("swp assess 2017-18 --audience internal has been running since ")
    assert f"(process {holder.pid} on " in said
    assert said.endswith("; wait until it has ended, or stop it.")


def test_a_run_that_has_not_signed_yet_is_a_run(tmp_path, holder, monkeypatch):
    monkeypatch.setattr("swp_analysis.lock.PATIENCE_SECONDS", 0.1)
    (tmp_path / "reports" / WORDS_FILE).write_bytes(b'{"what": "swp ass')
    with pytest.raises(RunError, match="Another run is going on"), only_run(Project(tmp_path), "swp build"):
        pytest.fail("two runs at once")


def test_a_killed_run_leaves_no_lock_even_if_its_child_lives_on(tmp_path, holder):
    holder.kill()
    holder.wait()
    with only_run(Project(tmp_path), "swp build"):
        pass


def test_the_record_is_wiped_at_the_end_and_names_nobody(tmp_path):
    file = tmp_path / "reports" / WORDS_FILE
    with only_run(Project(tmp_path), "swp build"):
        record = file.read_text(encoding="utf-8")
    assert not file.exists()
    assert "user" not in record
    with only_run(Project(tmp_path), "swp build"):
        pass


def test_a_run_inside_a_run_is_refused_and_the_outer_one_keeps_its_lock(tmp_path):
    with only_run(Project(tmp_path), "swp assess"):
        for _ in range(2):
            with pytest.raises(RunError, match=f"process {os.getpid()} on"), only_run(Project(tmp_path), "swp build"):
                pytest.fail("two runs at once")


def test_an_old_record_that_nobody_holds_is_no_hindrance(tmp_path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / WORDS_FILE).write_bytes(b'{"what": "swp assess", "started": "half a rec')
    with only_run(Project(tmp_path), "swp build"):
        pass


@pytest.mark.skipif(os.name != "posix", reason="says what a POSIX disk answers that can't lock")
def test_a_disk_that_cannot_lock_is_used_and_it_is_said(tmp_path, monkeypatch):
    import fcntl

    def refuse(*arguments):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    said = []
    with only_run(Project(tmp_path), "swp build", said.append) as held:
        assert not held
        assert said == ["The disk of this project can't lock files: see to it yourself that no second run starts."]


@pytest.mark.skipif(os.name != "posix", reason="needs a file on which nothing finds room")
def test_a_full_disk_costs_only_the_words(tmp_path, monkeypatch):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / WORDS_FILE).symlink_to("/dev/full")
    with only_run(Project(tmp_path), "swp build") as held:
        assert held


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "reports").write_text("a file where the folder should be", encoding="utf-8")
    with (
        pytest.raises(RunError, match=r"No run can start: reports/\.lock can't be written"),
        only_run(Project(tmp_path), "swp build"),
    ):
        pytest.fail("ran without a lock")


def test_a_run_since_yesterday_says_the_day(tmp_path, holder):
    file = tmp_path / "reports" / WORDS_FILE
    record = json.loads(file.read_text(encoding="utf-8")) | {"started": "2017-07-02T10:02:00+00:00"}
    file.write_text(json.dumps(record), encoding="utf-8")
    day = datetime.fromisoformat("2017-07-02T10:02:00+00:00").astimezone()
    with pytest.raises(RunError, match=f"since {day:%H:%M} on 2017-07-02"), only_run(Project(tmp_path), "swp build"):
        pytest.fail("two runs at once")
