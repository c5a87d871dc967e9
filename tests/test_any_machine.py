"""Paths of Windows and macOS: none is told to a reader, every file can be written there, and Lab is set up for them."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from swp_analysis.commands.calls import start_lab
from swp_analysis.project import Project
from swp_analysis.publish.checks import find_private, hide_private
from tests.conftest import ROOT

COUNCIL = r"C:\Users\Ann Smith\OneDrive - City of Northbridge Council\Community Safety\swp"
FOLDERS = [
    PureWindowsPath(COUNCIL),
    PureWindowsPath(r"H:\Community Safety\swp"),
    PureWindowsPath(r"\\fileserver01\Community Safety$\swp"),
    PureWindowsPath(r"\\?\C:\Users\Ann Smith\swp"),
    PureWindowsPath(r"\\?\UNC\fileserver01\Ann Smith\swp"),
    PurePosixPath("/Users/ann/Library/CloudStorage/OneDrive-NorthbridgeCouncil/swp"),
    PurePosixPath("/Volumes/CommunitySafety/ann/swp"),
]
TELLING = re.compile(r"[Aa]nn|OneDrive|fileserver|Users|Council|Volumes|[CH]:")
FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$')
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
LONGEST = 259 - len(COUNCIL) - 1  # what Windows leaves of a path in such a folder, unless long paths are allowed


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_where_a_project_lies_is_told_to_nobody(folder):
    said = hide_private(f"No such file: '{folder / 'data' / 'raw' / 'x.csv'}'", Path("/srv/swp"))
    assert said.endswith("x.csv'")
    assert not TELLING.search(said)
    assert find_private(said, Path("/srv/swp")) == ""


@pytest.mark.parametrize("folder", [folder for folder in FOLDERS if not str(folder).startswith("H:")], ids=str)
def test_a_page_that_tells_it_is_not_published(folder):
    assert find_private(f"read {folder / 'x.csv'}", Path("/srv/swp")) == "an absolute path"


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    if listed.returncode:
        pytest.skip("This is no git checkout, so its files are not listed.")
    return [name for name in listed.stdout.split("\0") if name]


def test_every_file_of_the_project_can_be_checked_out_anywhere():
    names = tracked()
    parts = {part for name in names for part in name.split("/")}
    assert [part for part in parts if FORBIDDEN.search(part) or RESERVED.fullmatch(part)] == []
    assert len({name.casefold() for name in names}) == len(names)
    assert [name for name in names if len(name) > LONGEST] == []
    assert all(name.isascii() for name in names)  # macOS takes letters with accents apart


def test_text_is_written_and_read_as_utf_8_everywhere():
    """Windows' own encoding is another one; a call that names none depends on the machine."""
    found = []
    for path in (ROOT / "swp_analysis").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
            if name in ("read_text", "write_text") and not any(one.arg == "encoding" for one in node.keywords):
                found.append(f"{path.name}:{node.lineno}")
    assert found == []


@pytest.mark.parametrize(("separator", "is_root"), [(";", None), (":", True), (":", False)], ids=["nt", "root", "user"])
def test_lab_is_set_up_for_windows_a_container_and_an_account(tmp_path, monkeypatch, separator, is_root):
    called, said = {}, []
    monkeypatch.setattr(subprocess, "call", lambda command, env: called.update(command=command, env=env) or 0)
    monkeypatch.setattr(os, "pathsep", separator)
    monkeypatch.setenv("JUPYTER_PATH", "of the user")
    if is_root is None:
        monkeypatch.delattr(os, "geteuid", raising=False)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 0 if is_root else 1000, raising=False)
    (tmp_path / "notebooks" / "explore").mkdir(parents=True)
    (tmp_path / "notebooks" / "explore" / "index.ipynb").write_text("{}", encoding="utf-8")
    assert start_lab(Project(tmp_path), ["--no-browser"], say=said.append) == 0
    own, of_user = called["env"]["JUPYTER_PATH"].split(separator)
    assert (Path(own) / "kernels" / "python3" / "kernel.json").is_file()
    assert of_user == "of the user"
    assert called["env"]["SWP_PROJECT"] == str(tmp_path)
    assert "--LabApp.default_url=/lab/tree/explore/index.ipynb" in called["command"]
    assert ("--allow-root" in called["command"], len(said)) == (bool(is_root), int(bool(is_root)))


WITHOUT_WINDOWS = """
import os, signal, socket, sys
from importlib import import_module

parts = ["runs.unattended", "runs.deadline", "runs.workers", "engines.warm_kernels.kernels", "publish.release", "cli"]
names = [f"swp_analysis.{part}" for part in parts]
for name in names:
    import_module(name)  # and with them the packages of others
for name in [name for name in sys.modules if name.partition(".")[0] == "swp_analysis"]:
    del sys.modules[name]
for place, lacking in ((signal, "SIGUSR1 SIGUSR2 SIGKILL SIGHUP SIGALRM pthread_kill"), (socket, "AF_UNIX"),
                       (os, "fork killpg setsid geteuid pidfd_open")):
    for name in lacking.split():
        delattr(place, name)
sys.modules |= dict.fromkeys("fcntl grp pwd resource termios".split())
for name in names:
    import_module(name)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="takes away what only this system has")
def test_what_windows_lacks_is_not_asked_for_while_importing():
    done = subprocess.run([sys.executable, "-c", WITHOUT_WINDOWS], cwd=ROOT, capture_output=True, text=True)
    assert not done.stderr
