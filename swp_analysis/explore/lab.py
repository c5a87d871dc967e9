"""JupyterLab for the project. In: its folder. Out: a running server with this environment's kernel and the start page
of `notebooks/explore`, which asks nothing of the internet and needs no administrator.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from swp_analysis.project import PROJECT_VARIABLE, Project

START = "explore/index.ipynb"
AS_ROOT = "You are root here, as in a container, so JupyterLab is started with --allow-root."
# Written into a folder that Jupyter asks first: `python3`, the kernel of every notebook, is the Python of this
# environment whatever else is installed; and no news are fetched, nor offered.
KERNEL, PAGE = "kernels/python3/kernel.json", "labconfig/page_config.json"
SETTINGS = {
    KERNEL: {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3 (this project)",
        "language": "python",
        "metadata": {"debugger": True},
    },
    PAGE: {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}},
}


def start_lab(project: Project, more: Sequence[str], say: Callable[[str], None]) -> int:
    """Run JupyterLab until it is ended, and return its exit code; `more` goes to it as it is."""
    arguments = ["--LabApp.extension_manager=readonly", f"--ServerApp.root_dir={project.notebooks}"]
    if (project.notebooks / START).is_file():
        arguments.append(f"--LabApp.default_url=/lab/tree/{START}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        say(AS_ROOT)
        arguments.append("--allow-root")
    folder = _write_settings(project.cache / "jupyter")
    first = {name: _put_first(folder, name) for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH")}
    variables = os.environ | first | {PROJECT_VARIABLE: str(project.root)}
    return subprocess.call([sys.executable, "-m", "jupyterlab", *arguments, *more], env=variables)


def _write_settings(folder: Path) -> Path:
    for name, settings in SETTINGS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(settings, indent=1), encoding="utf-8")
    return folder


def _put_first(folder: Path, variable: str) -> str:
    return os.pathsep.join(filter(None, [str(folder), os.environ.get(variable, "")]))
