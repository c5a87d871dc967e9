"""The shipped year, published: once for partners, and for the other audiences where a test asks for them."""

from __future__ import annotations

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from swp_analysis.cli import main
from swp_analysis.engines.warm_kernels.process import ForkedKernel, WarmProcess
from tests.conftest import copy_project

OTHERS = ["public", "internal"]


def note_forks(patch: pytest.MonkeyPatch, pids: list[int]) -> None:
    """Let `pids` have the ids of all kernels that are forked from here on."""

    def note(pid: int, warm: WarmProcess) -> ForkedKernel:
        pids.append(pid)
        return ForkedKernel(pid, warm)

    patch.setattr("swp_analysis.engines.warm_kernels.process.ForkedKernel", note)


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> tuple[Path, list[int]]:
    """A copy of the project in which the main job has been done for partners, and the kernels that were forked for it.

    The project is named in the environment only while it runs: other folders' tests share the process.
    """
    folder, pids = tmp_path_factory.mktemp("project"), list[int]()
    copy_project(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SWP_PROJECT", str(folder))
        note_forks(patch, pids)
        assert run() == 0
    return folder, pids


@pytest.fixture
def home(made, monkeypatch) -> Path:
    """The project, named in the environment of one test."""
    monkeypatch.setenv("SWP_PROJECT", str(made[0]))
    return made[0]


@pytest.fixture
def forked(made, monkeypatch) -> list[int]:
    """The ids of the kernels that were forked for the first run, and of those that a test forks."""
    pids = list(made[1])
    note_forks(monkeypatch, pids)
    return pids


@pytest.fixture(scope="session")
def edition(made) -> Path:
    return made[0] / "reports" / "2017-18" / "partners"


@pytest.fixture(scope="session")
def others(made) -> Path:
    """The editions for the other audiences beside the first, so that each is attacked together with the rest; made in
    one call, on two workers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SWP_PROJECT", str(made[0]))
        assert run(*(part for audience in OTHERS for part in ("--audience", audience)), "--workers", "2") == 0
    return made[0] / "reports" / "2017-18"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(["assess", *arguments])
    return stopped.value.code


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Page(HTMLParser):
    """The words of a page without its style sheet, and the descriptions of its charts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.charts: list[str] = []
        self.feed(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if tag == "img" and "icon" not in (named.get("class") or ""):
            self.charts.append(named.get("alt") or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def words_of(path: Path) -> str:
    return " ".join(" ".join(Page(path.read_text(encoding="utf-8")).words).split())
