"""JupyterLab as an analyst uses it, in a real browser: open, run all, pick, complete with Tab, save; and what is left
of pickers where nothing runs."""

from __future__ import annotations

import os

import nbformat
import pytest

from tests.explore.conftest import DEADLINE, RUN_ALL, open_lab
from tests.explore.test_documented import PAGE, WRITES


@pytest.fixture
def page(browser, lab):
    """A window of JupyterLab on its start page; `asked` collects its requests."""
    with open_lab(browser, lab) as window:
        yield window


def photograph(page) -> None:
    """Keep the picture of docs/explore.md, when its pictures are drawn again."""
    if WRITES:
        page.locator(".jp-CodeCell").screenshot(path=PAGE.parent / "explore" / "panel.png")


def test_an_analyst_opens_runs_picks_completes_and_saves(page, lab):
    from playwright.sync_api import expect

    expect.set_options(timeout=DEADLINE * 1000)
    first = lab.log.read_text(encoding="utf-8").splitlines()[0]
    assert ("--allow-root" in first) is (hasattr(os, "geteuid") and os.geteuid() == 0)
    expect(page.get_by_text("Python 3 (this project) | Idle")).to_have_count(1)  # the user's own python3 is broken
    page.evaluate(RUN_ALL)
    caption = page.locator("figure.chart figcaption")
    expect(caption).to_contain_text("Knife violence: 67 in Q4 2017/18")
    photograph(page)
    page.get_by_label("Indicator", exact=True).select_option(label="Firearm violence")
    expect(caption).to_contain_text("Firearm violence: 19 in Q4 2017/18")
    page.get_by_label("Compare with", exact=True).select_option(label="the year before")
    expect(caption).to_contain_text("up from 5 in the same quarter a year before")

    page.locator(".jp-CodeCell .cm-content").click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    cell = page.locator(".jp-CodeCell").nth(1)
    cell.locator(".cm-content").click()
    page.keyboard.type('explore.trend("fire')
    page.keyboard.press("Tab")
    page.locator(".jp-Completer-item", has_text="firearm_violence").wait_for()
    page.keyboard.press("Enter")
    expect(cell.locator(".cm-content")).to_have_text('explore.trend("firearm_violence')
    page.keyboard.type('").save("firearm.png")')
    page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-OutputArea-output")).to_contain_text("firearm.png")
    saved = lab.project.notebooks / "explore" / "firearm.png"
    assert saved.read_bytes().startswith(b"\x89PNG")

    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.type('from swp_analysis import open_briefing\nbriefing = open_briefing()\nbriefing.indicator("')
    page.keyboard.press("Tab")
    offered = page.locator(".jp-Completer-item")
    offered.first.wait_for()
    assert offered.first.inner_text().split() == ["n", "knife_violence", "name"]
    assert [url for url in page.asked if not url.startswith((lab.url.split("?")[0], "data:", "blob:"))] == []


def test_an_exported_notebook_keeps_the_chart_and_the_sentence(lab_project, kernel):
    from nbconvert import HTMLExporter
    from nbconvert.preprocessors import ExecutePreprocessor

    notebook = nbformat.read(lab_project.notebooks / "explore" / "index.ipynb", as_version=4)
    ExecutePreprocessor(timeout=DEADLINE).preprocess(notebook, {}, km=kernel)
    html, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    assert "Knife violence: 67 in Q4 2017/18, the highest of 8 quarters" in html
    assert "data:image/svg+xml;base64" in html
    del notebook.metadata["widgets"]  # as JupyterLab saves it
    html, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    assert "Chosen: indicator Knife violence; compare with nothing; up to 2017/18; as seen by internal." in html
