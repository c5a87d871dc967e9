"""A private folder goes with its owner, or with the next run when the owner was killed; nobody else's is touched."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from swp_analysis.engines.warm_kernels.private_folder import private_folder, remove_abandoned

HOLD = """
import sys
from swp_analysis.engines.warm_kernels.private_folder import private_folder
with private_folder() as folder:
    (folder / "deep").mkdir()
    for place in (folder, folder / "deep"):
        (place / "figures.briefing").write_text("3", encoding="utf-8")
    print(folder.name, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The machine's temporary folder, for us and our children."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def holder(temporary):
    """A process with a private folder, and the folder."""
    process = subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process, temporary / process.stdout.readline().strip()
    process.kill()
    process.communicate()


def test_it_is_for_this_account_only_and_goes_at_the_end(temporary):
    with private_folder() as folder:
        if os.name == "posix":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "sub").mkdir()
        (folder / "sub" / "file").touch()
    assert list(temporary.iterdir()) == []


def test_a_folder_in_use_stays_whoever_uses_it(temporary, holder):
    _, theirs = holder
    with private_folder() as ours, private_folder():
        remove_abandoned()
        assert ours.is_dir()
        assert sorted(path.name for path in theirs.iterdir()) == [".owner", "deep", "figures.briefing"]


def test_the_folder_of_a_killed_run_goes_with_the_next_one(temporary, holder):
    process, theirs = holder
    process.kill()
    process.wait()
    assert theirs.is_dir()
    with private_folder() as ours:
        assert list(temporary.iterdir()) == [ours]


@pytest.mark.skipif(os.name != "posix", reason="on Windows each account has a temporary folder of its own")
def test_folders_of_others_stay(temporary, monkeypatch):
    (temporary / "swp-of-something-else").mkdir()
    (temporary / "swp-of-somebody").mkdir()
    (temporary / "swp-of-somebody" / ".owner").touch()
    monkeypatch.setattr(os, "geteuid", lambda: 1234567)
    remove_abandoned()
    assert len(list(temporary.iterdir())) == 2


def test_what_cannot_be_deleted_now_is_found_by_the_next_run(temporary, monkeypatch):
    def refuse(path):
        raise PermissionError(errno.EACCES, "open in another program")

    with monkeypatch.context() as busy:
        busy.setattr(shutil, "rmtree", refuse)
        with private_folder() as folder:
            (folder / "deep").mkdir()
        remove_abandoned()
        assert sorted(path.name for path in folder.iterdir()) == [".owner", "deep"]
    remove_abandoned()
    assert list(temporary.iterdir()) == []


def test_runs_that_begin_at_the_same_moment_take_nothing_from_each_other(temporary):
    """Each of many threads makes and removes folders, and looks for abandoned ones as it does."""

    def use(number: int) -> None:
        for _ in range(10):
            with private_folder() as folder:
                (folder / "figures").write_text(str(number), encoding="utf-8")
                assert (folder / "figures").read_text(encoding="utf-8") == str(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(8)))
    assert list(temporary.iterdir()) == []


FORKS = """
import os, signal
from swp_analysis.engines.warm_kernels.private_folder import private_folder
with private_folder():
    child = os.fork()
    if not child:
        os.closerange(0, 3)
        signal.pause()
    print(child, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no fork on Windows")
def test_a_forked_child_that_lives_on_does_not_keep_the_folder_of_a_killed_run(temporary):
    killed = subprocess.run([sys.executable, "-c", FORKS], stdout=subprocess.PIPE, text=True, check=False)
    assert len(list(temporary.iterdir())) == 1
    remove_abandoned()
    os.kill(int(killed.stdout), signal.SIGKILL)
    assert list(temporary.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="flock")
def test_a_disk_that_cannot_lock_costs_only_the_tidying(temporary, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    with private_folder() as folder:
        remove_abandoned()
        assert folder.is_dir()
    assert not folder.exists()
