"""The shipped year, published: once for partners, and for the other audiences where a test asks for them."""

from __future__ import annotations

import hashlib
import re
import shutil
import socket
from html.parser import HTMLParser
from pathlib import Path

import pytest

from swp_analysis.cli import main
from swp_analysis.engines.warm_kernels.process import ForkedKernel
from tests.conftest import SHIPPED

OTHERS = ["public", "internal"]


@pytest.fixture(scope="session")
def forked():
    """The ids of all kernels that were forked so far."""
    pids: list[int] = []

    def note(pid: int, channel: socket.socket) -> ForkedKernel:
        pids.append(pid)
        return ForkedKernel(pid, channel)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("swp_analysis.engines.warm_kernels.process.ForkedKernel", note)
        yield pids


@pytest.fixture(scope="session")
def home(tmp_path_factory, forked):
    """A copy of the project in which the main job has been done for partners."""
    folder = tmp_path_factory.mktemp("project")
    for part in ("data/raw", "notebooks", "partnership"):
        shutil.copytree(SHIPPED / part, folder / part)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SWP_PROJECT", str(folder))
        assert run() == 0
        yield folder


@pytest.fixture(scope="session")
def edition(home) -> Path:
    return home / "reports" / "2017-18" / "partners"


@pytest.fixture(scope="session")
def others(home) -> Path:
    """The editions for the other audiences beside the first, so that each is attacked together with the rest; made in
    one call, on two workers."""
    assert run(*(part for audience in OTHERS for part in ("--audience", audience)), "--workers", "2") == 0
    return home / "reports" / "2017-18"


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
