"""Hostile text in every field that a file can bring, through the real path: shown as text, everywhere, and inert."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from swp_analysis.publish.pdf import find_browser, pdf_names
from swp_analysis.quality.processed import read_processed
from tests.conftest import SHIPPED

OWNED = "document.title='owned'"
BIDI = "knife\N{RIGHT-TO-LEFT OVERRIDE}eht\N{ZERO WIDTH SPACE}end\N{POP DIRECTIONAL FORMATTING}"

LABEL = f'<img src=x onerror="{OWNED}"> {{{{7*7}}}} {{% raw %}} $x^{{$ =1+1'
FIELDS = {
    "label": LABEL,
    "short_label": "<i>crime</i> $_{x}^$ {{7*7}}",
    "owner": f'<svg onload="{OWNED}">{BIDI}',
    "definition": f"[click](javascript:{OWNED}) <a href=\"javascript:{OWNED}\">x</a> $$note$$ {BIDI}",
    "why_it_matters": f"</p></main><script>{OWNED}</script><!-- {{# not a comment #}} {BIDI}",
    "caveats": [
        f"</td></tr></table><iframe src='http://evil.example' onload={OWNED}>",
        "=HYPERLINK(\"http://evil.example\",\"click\")",
        "Donaudampfschiff" * 400,
        "&lt;script&gt; &#x3c;b&#x3e; ]]> <![CDATA[ <style>body{display:none}</style><base href='http://evil.example'>",
    ],
}  # fmt: skip
ALIAS = f"@SUM(A1) <script>{OWNED}</script> {{{{config}}}}"
OWNER_IN_RAW = f"=cmd|' /C calc'!A0 <b onmouseover={OWNED}>{BIDI}"
FORMULA = '=HYPERLINK("http://evil.example","click")'
REMARK = f"<script>{OWNED}</script> [x](javascript:{OWNED}) =1+1 {{{{7*7}}}} <!-- {BIDI}"
SHOWN = [
    f'<img src=x onerror="{OWNED}"> {{{{7*7}}}} {{% raw %}} $x^{{$ =1+1',
    f"</p></main><script>{OWNED}</script><!-- {{# not a comment #}} knife[U+202E]eht[U+200B]end[U+202C]",
    f"[click](javascript:{OWNED})",
    '=HYPERLINK("http://evil.example","click")',
    "&lt;script&gt; &#x3c;b&#x3e; ]]> <![CDATA[",
    f"<script>{OWNED}</script> [x](javascript:{OWNED}) =1+1 {{{{7*7}}}} <!-- knife[U+202E]",
]


@pytest.fixture(scope="module")
def edition(tmp_path_factory) -> Path:
    """A small project whose catalogue, tables and commentary are hostile, published by the command itself."""
    home = tmp_path_factory.mktemp("hostile")
    for part in ("data/raw", "partnership"):
        shutil.copytree(SHIPPED / part, home / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("notebooks/10_data_quality.ipynb", "notebooks/60_vulnerability.ipynb"):
        (home / part).parent.mkdir(exist_ok=True)
        shutil.copy(SHIPPED / part, home / part)
    spoil(home)
    call = [sys.executable, "-m", "swp_analysis", "assess", "--commentary", "words.yml"]
    call += ["--pdf"] if find_browser() else []
    settings = os.environ | {"SWP_PROJECT": str(home)}
    done = subprocess.run(call, cwd=home, env=settings, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return home / "reports" / "2017-18" / "partners"


def spoil(home: Path) -> None:
    theme = home / "partnership" / "indicators" / "vulnerability.yml"
    content = yaml.safe_load(theme.read_text(encoding="utf-8"))
    crime = next(entry for entry in content["indicators"] if entry["id"] == "hate_crime")
    crime |= FIELDS | {"aliases": [ALIAS]}
    theme.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    table = home / "data" / "raw" / "2017-18" / "vulnerability.csv"
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    row = next(row for row in rows if row[0].startswith("Hate Crime"))
    row[0], row[-1] = f"{ALIAS} Baseline 374", OWNER_IN_RAW
    next(row for row in rows if "Prevent" in row[0])[2] = FORMULA
    with table.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(rows)
    claims = home / "data" / "raw" / "2017-18" / "claims.csv"
    with claims.open("a", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerow(
            ["c999", f"@SUM(A1) <script>{OWNED}</script>", "hate_crime", "level", "2017-18", "366", "crimes", "up"]
        )
    remark = {"indicator": "hate_crime", "name": f"<b>{OWNED}</b>", "date": "2018-07-02", "words": REMARK}
    (home / "words.yml").write_text(yaml.safe_dump([remark], allow_unicode=True), encoding="utf-8")


def test_pages_show_it_as_text_and_run_none_of_it(edition, browser):
    asked: list[str] = []
    words = ""
    for path in sorted(edition.glob("*.html")):
        tab = browser.new_page(viewport={"width": 320, "height": 800})
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("dialog", lambda dialog: pytest.fail("a dialog opened"))
        tab.goto(path.as_uri())
        tab.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        tab.mouse.move(100, 300)
        assert tab.title() != "owned"
        live = (
            "script, iframe, object, embed, base, form, svg, [onerror], [onload], [onmouseover], a[href^='javascript']"
        )
        assert tab.evaluate(f"document.querySelectorAll(`{live}`).length") == 0
        assert tab.evaluate("document.querySelectorAll('h1').length") == 1
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320
        assert tab.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
        words += " ".join(tab.evaluate("document.body.textContent").split())
        tab.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    for text in SHOWN:
        assert text in words
    assert "49 {% raw" not in words


@pytest.mark.parametrize("name", ["10_data_quality.html", "60_vulnerability.html", "index.html"])
def test_no_character_hides_or_turns_text(edition, name):
    from swp_analysis.publish.checks import make_page_visible

    html = (edition / name).read_text(encoding="utf-8")
    assert make_page_visible(html) == html


def test_the_annex_holds_text_only(edition):
    with zipfile.ZipFile(edition / "annex.xlsx") as workbook:
        parts = {name: workbook.read(name).decode("utf-8") for name in workbook.namelist()}
    assert not any(re.search(r"<f[ >]", text) for name, text in parts.items() if name.startswith("xl/worksheets/sheet"))
    assert not any("evil" in text for name, text in parts.items() if name.endswith(".rels"))
    assert "=1+1" in parts["xl/sharedStrings.xml"]
    assert "knife[U+202E]" in parts["xl/sharedStrings.xml"]


def test_the_data_open_in_a_spreadsheet_without_formulas(edition):
    """Those of the edition and those in data/processed, in every column."""
    tables = [*(edition / "data").glob("*.csv"), *(edition.parents[2] / "data" / "processed").glob("*.csv")]
    assert len(tables) > 10
    for path in tables:
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                live = [entry for entry in row if re.match(r"\s*[=+@\uff1d\uff0b\uff0d\uff20-]|[\t\r\n]", entry)]
                assert [entry for entry in live if not re.fullmatch(r"[+-]?[\d.,]*%?", entry)] == []
        assert "apostrophe" in path.with_name(f"{path.name}-metadata.json").read_text(encoding="utf-8")


def test_who_loads_the_table_gets_the_cell_as_printed(edition):
    processed = edition.parents[2] / "data" / "processed"
    assert f"\"'{FORMULA[:10]}" in (processed / "observations.csv").read_text(encoding="utf-8")
    assert FORMULA in set(read_processed(processed, "observations")["raw_value"])
    assert "@SUM(A1) " in " ".join(read_processed(processed, "claims")["location"])


def test_the_record_is_sound(edition):
    assert json.loads((edition / "run.json").read_text(encoding="utf-8"))["status"] == "published"


def test_the_pdf_holds_text_only(edition, browser):
    import pdfplumber

    path = edition / pdf_names("Strategic assessment 2017/18", "OFFICIAL")[1]
    assert not re.search(rb"/JavaScript|/JS\b|/Launch|/EmbeddedFile|evil\.example\)", path.read_bytes())
    assert path.name in json.loads((edition / "run.json").read_text(encoding="utf-8"))["outputs"]
    missing = {"".join(LABEL.split()), "knife[U+202E]eht[U+200B]end"}
    with pdfplumber.open(path) as pdf:
        words = ""
        for page in reversed(pdf.pages):  # the sheets about the hostile indicator are among the last
            words = "".join((page.extract_text() or "").split()) + words
            if not (missing := {text for text in missing if text not in words}):
                break
    assert not missing
