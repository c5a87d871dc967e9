"""Hold each figure that a page says of an indicator against the cells as they were printed.

Run: `python -m benchmarks.recompute_pages 2017-18 [page.html ...]`. Like `recompute_edition`, whose recomputation it
uses, it imports nothing of the project. It reads the tables, chart titles and sentences of every page of the year as a
reader would. Prints how many figures were held against the cells, how many were off, and how many it could not judge.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import html

from benchmarks.recompute_edition import ROOT, read_count, read_indicators, read_printed_cells, read_share, recompute

NUMBER = r"[+−-]?\d[\d,]*(?:\.\d+)?"
YEARS_AGO = re.compile(rf"from ({NUMBER})%? in (?:the same quarters? of )?\d{{4}}/\d\d to ({NUMBER})%? in")
LATEST = re.compile(rf"Last quarter \((Q\d) (\d{{4}}/\d\d)\): ({NUMBER})%?(.*)")
TITLE = re.compile(rf"({NUMBER})%? to ({NUMBER})%?, (.*)")
CLEAR = re.compile(r"early sign|well supported", re.IGNORECASE)
UNCLEAR = re.compile(r"no clear change", re.IGNORECASE)
PLAIN_COLUMNS = ("Last quarter", "Quarter before", "Verdict")


@dataclass(frozen=True)
class Said:
    """What a page says: of which indicator, which figure, in which words."""

    indicator: str
    what: str
    words: str
    place: str


def main(year: str, pages: list[str]) -> int:
    paths = [Path(page).resolve() for page in pages] or sorted((ROOT / "reports" / year).glob("*/**/*.html"))
    counts, off = judge_pages(year, paths)
    print(*off, f"{counts['right']} figures and verdicts right, {len(off)} off, {counts['open']} not judged.", sep="\n")
    return int(bool(off) or not counts["right"])


def judge_pages(year: str, paths: list[Path]) -> tuple[Counter[str], list[str]]:
    """How many figures of these pages are right, off or open; and each that is off, with its place and words."""
    truths = {folder: Truth(year, folder) for folder in {path.parent for path in paths}}
    judged = [
        (truths[path.parent].judge(said), said) for path in paths for said in read_page(path, truths[path.parent])
    ]
    off = [f"{said.place}: {said.indicator}, {said.what}: {said.words}" for result, said in judged if result == "off"]
    return Counter(result for result, _ in judged), off


class Truth:
    """What the printed cells of an edition give, worked out once an indicator."""

    def __init__(self, year: str, edition: Path) -> None:
        self.year, self.last = year, f"{int(year[:4]) - 1}-{year[2:4]}"
        self.indicators, self.cells = read_indicators(edition), read_printed_cells(edition)
        self.tests = {name: recompute(name, year, self.indicators, self.cells) for name in self.indicators}
        self.names = {
            words: name
            for name, one in self.indicators.items()
            for words in (one["label"], one.get("short_label", one["label"]))
        }

    def find(self, words: str) -> str | None:
        """The indicator that a table's row, a title or a sentence is about."""
        return self.names.get(re.sub(r", Q\d.*$", "", words.strip()))

    def quarter(self, name: str, year: str, quarter: int) -> float | None:
        text = self.cells.get((name, year.replace("/", "-"), quarter))
        if text is None:
            return None
        if self.indicators[name]["kind"] != "rate":
            return read_count(text)
        share = read_share(text)
        exact = share is not None and share[0] == share[2] and "/" in text and share[3] > 0
        if exact and share is not None:
            return 100 * share[1] / share[3]
        shown = re.findall(r"(\d[\d,.]*)\s*%", text) or re.findall(r"\d[\d,.]*", text)[-1:]
        return float(shown[0].replace(",", "")) if shown else None

    def latest(self, name: str) -> list[float | None]:
        """The last quarter with a figure in this year, the one before it, and the same one a year earlier."""
        known = [q for q in (1, 2, 3, 4) if self.quarter(name, self.year, q) is not None]
        if not known:
            return [None, None, None]
        before = (self.year, known[-1] - 1) if known[-1] > 1 else (self.last, 4)
        ends = [(self.year, known[-1]), before, (self.last, known[-1])]
        return [self.quarter(name, year, quarter) for year, quarter in ends]

    def judge(self, said: Said) -> str:
        if said.what == "Verdict":
            return self._judge_verdict(said)
        value = self._value(said.indicator, said.what)
        printed = re.findall(NUMBER, said.words.replace("−", "-"))
        if value is None or not printed:
            return "open"
        number = printed[0].replace(",", "")
        return "right" if abs(float(number) - value) <= half_a_unit(number) else "off"

    def _judge_verdict(self, said: Said) -> str:
        p = self.tests[said.indicator].get("p")
        if p is None or not (CLEAR.search(said.words) or UNCLEAR.search(said.words)):
            return "open"
        return "right" if (p < 0.05) == bool(CLEAR.search(said.words)) else "off"

    def _value(self, name: str, what: str) -> float | None:
        test = self.tests[name]
        if quarter := re.fullmatch(r"Q(\d) (\d{4}/\d\d)", what):
            return self.quarter(name, quarter[2], int(quarter[1]))
        if what in ("Last quarter", "Quarter before", "Year earlier"):
            return self.latest(name)[["Last quarter", "Quarter before", "Year earlier"].index(what)]
        if what == "Change" and "Year before" in test:
            return test["This year"] - test["Year before"]
        if what == "Per cent" and test.get("Year before") and self.indicators[name]["kind"] != "rate":
            return 100 * (test["This year"] / test["Year before"] - 1)
        return test.get(what)


def half_a_unit(number: str) -> float:
    """How far a figure may lie from its print: half a unit of the last printed digit."""
    return 0.5 * 10.0 ** -len(number.partition(".")[2]) + 1e-6


def read_page(path: Path, truth: Truth) -> Iterator[Said]:
    """Every figure that a page says of one indicator, with its place."""
    root, place = html.parse(path, html.HTMLParser(encoding="utf-8")).getroot(), f"{path.parent.name}/{path.stem}"
    for table in root.iter("table"):
        yield from read_table(table, truth, place)
    for title in root.iter("figcaption"):
        words = text_of(title)
        name = truth.find(words.partition(":")[0])
        found = TITLE.search(words.partition(":")[2].partition(";")[0])
        if name and found:
            yield from read_two_years(name, found[1], found[2], f"{place}, title")
            yield Said(name, "Verdict", found[3], f"{place}, title")
    for heading in root.iter("h3"):
        name = truth.find(text_of(heading))
        if name:
            own = [
                one
                for one in heading.xpath("following-sibling::p")
                if one.xpath("preceding-sibling::h3[1]") == [heading]
            ]
            for sentence in own[:2]:
                yield from read_sentence(name, text_of(sentence), f"{place}, sentence")


def read_sentence(name: str, words: str, place: str) -> Iterator[Said]:
    if found := YEARS_AGO.search(words):
        yield from read_two_years(name, found[1], found[2], place)
        if change := re.search(rf"(up|down) ({NUMBER})(?: \(({NUMBER})%\))?(?: points)?", words[found.end() :]):
            sign = "-" if change[1] == "down" else ""
            yield Said(name, "Change", sign + change[2], place)
            if change[3]:
                yield Said(name, "Per cent", sign + change[3], place)
    if found := LATEST.search(words):
        yield Said(name, "Last quarter", found[3], place)
        for what, pattern in (("Quarter before", "the quarter before"), ("Year earlier", "a year earlier")):
            if other := re.search(rf"from ({NUMBER})%? {pattern}", found[4]):
                yield Said(name, what, other[1], place)


def read_two_years(name: str, before: str, after: str, place: str) -> Iterator[Said]:
    yield Said(name, "Year before", before, place)
    yield Said(name, "This year", after, place)


def read_table(table: html.HtmlElement, truth: Truth, place: str) -> Iterator[Said]:
    """The cells of a table of indicators, or of one indicator by quarter, which its caption names."""
    headings = [text_of(cell) for cell in table.findall(".//thead//th")]
    rows = [[text_of(cell) for cell in row] for row in table.findall(".//tbody/tr")]
    caption = text_of(table.find("caption")) if table.find("caption") is not None else ""
    if headings[:1] == ["Quarter"]:
        name = truth.find(caption.partition(": figures by quarter")[0])
        for row in rows if name else []:
            for year, words in zip(headings[1:], row[1:], strict=True):
                yield Said(str(name), f"{row[0]} {year}", words, f"{place}, table")
    elif headings[:1] == ["Indicator"]:
        for row in rows:
            name = truth.find(row[0])
            for heading, words in zip(headings[1:], row[1:], strict=False) if name else []:
                yield from read_cell(str(name), heading, words, truth, f"{place}, table")


def read_cell(name: str, heading: str, words: str, truth: Truth, place: str) -> Iterator[Said]:
    this, last = truth.year.replace("-", "/"), truth.last.replace("-", "/")
    words = words.replace("−", "-")
    if heading == f"{last} to {this}":
        if found := re.match(rf"({NUMBER})%? to ({NUMBER})%?", words):
            yield from read_two_years(name, found[1], found[2], place)
    elif heading == "Change":
        yield Said(name, "Change", words.partition("(")[0], place)
        if percent := re.search(rf"\(({NUMBER})%\)", words):
            yield Said(name, "Per cent", percent[1], place)
    elif heading == "95% range":
        ends = re.fullmatch(rf"({NUMBER})(?:–| to )({NUMBER})(?: points)?", words)
        for end, what in zip(ends.groups() if ends else (), ("Lower 95%", "Upper 95%"), strict=False):
            yield Said(name, what, end, place)
    elif found := re.fullmatch(rf"Q\d: ({NUMBER})%?(?: \(was ({NUMBER})%?\))?", words):
        yield Said(name, "Last quarter", found[1], place)
        if found[2]:
            yield Said(name, "Quarter before", found[2], place)
    else:
        known = {this: "This year", last: "Year before", **dict.fromkeys(PLAIN_COLUMNS)}
        if heading in known or re.fullmatch(r"Q\d \d{4}/\d\d", heading):
            yield Said(name, known.get(heading) or heading, words, place)


def text_of(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
