"""A project for free play, and JupyterLab running on it as `swp lab` starts it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from swp_analysis.project import Project
from tests.conftest import SHIPPED, copy_project

DEADLINE = 300  # seconds for what takes two or three on an idle machine
# The notebook's cells stay in the page when they are scrolled out of sight, so that all of them can be read.
# Nothing is saved by itself, so that each test opens the notebook as it was.
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
    "@jupyterlab/docmanager-extension/plugin.jupyterlab-settings": {"autosave": False},
}
# A command that comes before its notebook and kernel are ready is lost without a word, so they are waited for.
READY = """async () => {
  const opened = window.jupyterapp.shell.currentWidget;
  await opened.revealed; await opened.context.ready; await opened.sessionContext.ready;
  await opened.sessionContext.session.kernel.info;
  window.jupyterapp.shell.activateById(opened.id);
}"""
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"


class Lab(NamedTuple):
    """A running JupyterLab: its address with the token, its project, and the file that it writes its lines to."""

    url: str
    project: Project
    log: Path


@pytest.fixture(scope="session")
def lab_project(tmp_path_factory, built) -> Project:
    """A copy of the project with its tables, in which notebooks may write."""
    project = copy_project(tmp_path_factory.mktemp("lab"))
    shutil.copytree(SHIPPED / "data" / "processed", project.processed)
    return project


@pytest.fixture(scope="session")
def lab(lab_project, tmp_path_factory) -> Iterator[Lab]:
    """`swp lab` for a user whose own `python3` kernel is broken."""
    home = tmp_path_factory.mktemp("home")
    token, log = secrets.token_hex(16), home / "log"
    for name, settings in SETTINGS.items():
        (home / "settings" / name).parent.mkdir(parents=True)
        (home / "settings" / name).write_text(json.dumps(settings), encoding="utf-8")
    kernel = home / "data" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    broken = {"argv": ["no-such-python", "{connection_file}"], "display_name": "Broken", "language": "python"}
    kernel.write_text(json.dumps(broken), encoding="utf-8")
    places = {"RUNTIME": "run", "CONFIG": "config", "DATA": "data"}
    own = {f"JUPYTER_{name}_DIR": str(home / folder) for name, folder in places.items()}
    own |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces")}
    own |= {"JUPYTER_PREFER_ENV_PATH": "0", "SWP_PROJECT": str(lab_project.root), "HOME": str(home)}
    options = ["--no-browser", "--ServerApp.port=0", "--LabApp.expose_app_in_browser=True"]
    with log.open("w", encoding="utf-8") as lines:
        server = subprocess.Popen(
            [sys.executable, "-m", "swp_analysis", "lab", *options, f"--IdentityProvider.token={token}"],
            env=os.environ | own,
            stdout=lines,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Lab(f"{_wait_for_address(home / 'run', server, log)}?token={token}", lab_project, log)
    finally:
        for process in [*psutil.Process(server.pid).children(recursive=True), server]:
            process.kill()
        server.wait()


@contextmanager
def open_lab(browser, lab: Lab) -> Iterator:
    """A window of JupyterLab on its start page, with a kernel that answers; `asked` collects its requests."""
    window = browser.new_page(viewport={"width": 1400, "height": 950})
    window.set_default_timeout(DEADLINE * 1000)
    window.asked = []
    window.on("request", lambda request: window.asked.append(request.url))
    window.goto(lab.url)
    window.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.sessionContext")
    window.evaluate(READY)
    window.get_by_text("| Idle").wait_for()
    yield window
    window.close()


def _wait_for_address(folder: Path, server: subprocess.Popen, log: Path) -> str:
    until = time.monotonic() + DEADLINE
    while time.monotonic() < until and server.poll() is None:
        for path in folder.glob("jpserver-*.json"):
            text = path.read_text(encoding="utf-8")
            if text.endswith("}"):
                return json.loads(text)["url"]
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start: {log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def kernel(lab_project):
    """One kernel for many notebooks, as a scheduler's: only what is shown is compared, not how long it takes."""
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(lab_project.notebooks), env=os.environ | {"SWP_PROJECT": str(lab_project.root)})
    yield manager
    manager.shutdown_kernel(now=True)
