"""The page of a judged text: each statement marked, and a table that says why. In: a `JudgedText`. Out: HTML.

Without script and without anything fetched; a verdict is a word, and its colour only repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from swp_analysis.audit.judge_text import JudgedText
from swp_analysis.audit.lexing import normalise

LABELS = {
    "confirmed": "confirmed",
    "contradicted": "contradicted",
    "different_scope": "another scope",
    "not judged": "not judged",
}
_STYLE = """
body { font: 1.05rem/1.5 Arial, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color: #0b0c0c; }
mark { padding: 0 .15rem; color: inherit; background: #f3f2f1; border-bottom: 2px solid #505a5f; }
mark.confirmed { background: #e3f2e6; border-color: #00703c; }
mark.contradicted { background: #fbe4e0; border: 2px solid #b10e1e; }
mark.different_scope { background: #fff4cf; border: 2px dashed #7a5b00; }
mark a { color: inherit; font-size: .75rem; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem; border-bottom: 1px solid #b1b4b6; }
"""
_HEAD = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{style}</style></head><body><main>
<h1>{title}</h1><p>{counts}</p>
"""


def write_page(judged: JudgedText, name: str) -> str:
    """Write the text of a file with its statements marked, as a page that stands on its own."""
    rows = list(judged.statements.itertuples())
    title = escape(f"{name} against the tables of {judged.financial_year.replace('-', '/')}")
    counts = ", ".join(f"{sum(row.verdict == verdict for row in rows)} {word}" for verdict, word in LABELS.items())
    head = _HEAD.format(title=title, style=_STYLE, counts=f"{len(rows)} statements: {counts}.")
    text = "\n".join(_paragraphs(judged, rows))
    lines = "\n".join(_line(number, row) for number, row in enumerate(rows, start=1))
    heads = "".join(f'<th scope="col">{one}</th>' for one in ("No.", "Where", "Statement", "Verdict", "Words", "Why"))
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>\n{lines}\n</tbody></table>"
    return f"{head}<h2>The text</h2>\n{text}\n<h2>Each statement</h2>\n{table}\n</main></body></html>\n"


def _line(number: int, row) -> str:
    cells = (row.place, row.statement, LABELS[row.verdict], row.words, row.explanation)
    return (
        f'<tr id="s{number}"><th scope="row">{number}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
    )


def _paragraphs(judged: JudgedText, rows: list) -> Iterator[str]:
    places: dict[str, list] = {}
    for number, row in enumerate(rows, start=1):
        places.setdefault(row.place, []).append((number, row))
    for passage in judged.passages:
        text = normalise(passage.text)
        yield f"<p>{_marked(text, places.get(passage.place, []))}</p>"


def _marked(text: str, rows: list) -> str:
    """The text with a mark round each statement, found in the words that it rests on; never two round one another."""
    parts, done = [], 0
    for number, row in rows:
        words = text.find(row.words, max(0, text.find(row.sentence)))
        within = text.find(row.statement, max(words, done), words + len(row.words)) if words >= 0 else -1
        start, shown = (within, row.statement) if within >= 0 else (words, row.words)
        if start < done or not shown:
            continue
        label = f'<a href="#s{number}">[{number} {LABELS[row.verdict]}]</a>'
        mark = f'<mark class="{escape(row.verdict.replace(" ", "_"))}">{escape(shown)} {label}</mark>'
        parts += [escape(text[done:start]), mark]
        done = start + len(shown)
    return "".join([*parts, escape(text[done:])])
