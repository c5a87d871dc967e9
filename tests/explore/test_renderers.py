"""Every notebook through papermill, plain nbconvert and JupyterLab: the figures that a reader sees are the same."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from tests.conftest import EVERYTHING, SHIPPED
from tests.explore.conftest import DEADLINE, READY, RUN_ALL, open_lab

NOTEBOOKS = sorted(
    str(path.relative_to(SHIPPED / "notebooks").as_posix()) for path in (SHIPPED / "notebooks").rglob("*.ipynb")
)
SOME = ["40_gangs_and_youth_violence.ipynb", "explore/first_look.ipynb"]
RAN = """() => {
  const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(one => one.innerText);
  return prompts.length && prompts.every(text => /\\[\\d+\\]/.test(text));
}"""
NUMBER = re.compile(r"\d[\d,]*\.?\d*")
# Of each output of the notebook: its text, and its pictures; none of the pickers, which hold no figure.
READ = """() => [...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output')]
  .filter(one => !one.querySelector('.jupyter-widgets'))
  .map(one => [one.textContent, ...[...one.querySelectorAll('img')].map(image => image.src)])"""


def figures_in(outputs: list[list[str]]) -> list[tuple]:
    """The numbers of each output, in order, and a digest of each of its pictures."""
    return [
        (NUMBER.findall(text), [hashlib.sha256(picture.encode()).hexdigest()[:12] for picture in pictures])
        for text, *pictures in outputs
    ]


def parse(html: str) -> list[str]:
    soup = BeautifulSoup(html, "html.parser")
    return [soup.get_text(), *(image["src"] for image in soup.find_all("img"))]


def by_papermill(path: Path, out: Path, kernel) -> list[list[str]]:
    import papermill

    done = papermill.execute_notebook(str(path), str(out), km=kernel, progress_bar=False, cwd=str(path.parent))
    outputs = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    return [
        _shown(output) for output in outputs if "application/vnd.jupyter.widget-view+json" not in output.get("data", {})
    ]


def _shown(output) -> list[str]:
    data = output.get("data", {})
    if "text/html" in data:
        return parse(data["text/html"])
    picture = [f"data:image/png;base64,{data['image/png']}".replace("\n", "")] if "image/png" in data else []
    return ["" if picture else data.get("text/plain", output.get("text", "")), *picture]


def by_nbconvert(path: Path, kernel) -> list[list[str]]:
    from nbconvert import HTMLExporter
    from nbconvert.preprocessors import ExecutePreprocessor

    notebook = nbformat.read(path, as_version=4)
    ExecutePreprocessor(timeout=DEADLINE).preprocess(notebook, {"metadata": {"path": str(path.parent)}}, km=kernel)
    html, _ = HTMLExporter().from_notebook_node(notebook)
    outputs = BeautifulSoup(html, "html.parser").select(".jp-OutputArea-output:not(.jupyter-widgets)")
    return [parse(str(output)) for output in outputs]


@pytest.fixture(scope="module")
def window(browser, lab):
    """JupyterLab in a window in which all notebooks run on one kernel."""
    with open_lab(browser, lab) as page:
        page.evaluate(
            "async () => { window.kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel; }"
        )
        yield page


def by_lab(window, name: str) -> list[list[str]]:
    window.evaluate(
        """async name => {
          const app = window.jupyterapp;
          for (const widget of [...app.shell.widgets('main')]) widget.dispose();
          await app.commands.execute('docmanager:open', {path: name, kernel: {id: window.kernel.id}});
        }""",
        name,
    )
    window.evaluate(READY)
    window.evaluate(RUN_ALL)
    window.wait_for_function(RAN)
    return window.evaluate(READ)


@pytest.mark.parametrize("name", NOTEBOOKS if EVERYTHING else SOME)
def test_papermill_nbconvert_and_lab_show_the_same_figures(name, lab, window, kernel, tmp_path):
    path = lab.project.notebooks / name
    expected = figures_in(by_papermill(path, tmp_path / "out.ipynb", kernel))
    assert expected, "there is nothing to compare"
    assert figures_in(by_nbconvert(path, kernel)) == expected
    assert figures_in(by_lab(window, name)) == expected
