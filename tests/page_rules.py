"""What every page of every edition must keep to, measured in a browser. In: a page. Out: figures, or faults in words.

The reading age is the Flesch-Kincaid grade (Kincaid et al. 1975: 0.39 words a sentence + 11.8 syllables a word - 15.59)
plus five, over what is written in sentences: paragraphs, list items and the titles of charts. Tables, headings and
names of pages are left out, and what is folded is read too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PROSE = "main p:not(.subtitle):not(.on-paper), main li, main figcaption"
FEWEST_WORDS = 5  # in a sentence: fewer are a label
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^laeiouytd]ed|[^laeiouy]e)$")


def count_syllables(word: str) -> int:
    """Count the groups of vowels in a word, without a silent ending.

    >>> [count_syllables(word) for word in ("police", "reported", "domestic", "knife", "table", "changes", "rise")]
    [2, 3, 3, 1, 2, 2, 1]
    """
    plain = word.lower()
    if plain.endswith(("ches", "shes", "ges", "ses", "ces", "zes", "xes")):
        return len(_VOWELS.findall(plain))
    return max(1, len(_VOWELS.findall(_SILENT.sub(lambda found: found[0][0], plain))))


def read_sentences(texts: Sequence[str]) -> list[str]:
    """The sentences of some texts, without labels."""
    found = [part for text in texts for part in _SENTENCE.split(" ".join(text.split()))]
    return [one for one in found if len(_WORD.findall(one)) >= FEWEST_WORDS]


def find_reading_age(texts: Sequence[str]) -> float:
    """The age at which a child at school in England reads this, by Flesch and Kincaid."""
    sentences = read_sentences(texts)
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    syllables = sum(map(count_syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59 + 5


INDEX_WORDS, PAGE_WORDS, PAGE_HEIGHT = 900, 1400, 6000  # visible, at 1280 wide
TITLE_WORDS, ALT_WORDS = 15, 60
WIDTHS = (1280, 768, 320)
TABLE_WIDTHS = (1280, 1024, 768)  # here a table in sight is seen whole; below, it is cards or can be pushed aside
PHONE = {"width": 360, "height": 740}
GLOSSARY = "glossary.html"  # a page to look words up in, not one to read
PROVENANCE = ("Contact", "Published", "Next update", "Licence", "Sources", "What changed")
# Refused in words.md, or the like of it; `said` is matched as it stands, in any case.
REFUSED = (
    *("can't be told", "no judgement", "hidden crime", "good is", "clear rise", "clear fall", "drawn from a hat"),
    *(
        "when all tested",
        "speaks most for",
        "measured by nothing",
        "more in than out",
        "turns on the weights",
        "nobody should",
    ),
    *("a signal spoke", "chosen without a signal", "last year's work did not hold", "due and has not come"),
    *(
        "the same four quarters of each year",
        "not yet proof",
        "a second sign",
        "what to do about what",
        "act on the lead",
    ),
    *(
        "where each figure stands",
        "how each notebook went",
        "to download",
        "what can't be told",
        "goes on beyond the picture",
    ),
    *(
        "can stand in it many times",
        "what is folded on the screen",
        "a mark is this year",
        "worse:",
        "nobody is called best",
    ),
    *("too few quarters for an icon", "beyond doubt"),
)
VISIBLE = "chosen => [...document.querySelectorAll(chosen)].filter(n => n.checkVisibility()).map(n => n.innerText)"
RUN_AXE = """rules => axe.run({runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']}).then(found =>
  [found.violations.map(one => [one.id, one.nodes[0].html.slice(0, 200)]), document.documentElement.scrollWidth])"""
CHARTS = """[...document.querySelectorAll('main figure.chart')].map(figure => ({
  title: figure.querySelector('figcaption').textContent.trim(),
  subtitle: figure.querySelector('.subtitle')?.textContent.trim() || '',
  alt: figure.querySelector('img')?.alt || '',
  rows: figure.querySelectorAll('details tbody tr').length,
  by_hand: Boolean(figure.closest('details')),
  wide: figure.querySelector('img').getBoundingClientRect().right,
  high: figure.querySelector('img').getBoundingClientRect().bottom
    - figure.querySelector('figcaption').getBoundingClientRect().top,
}))"""
SAID = """[...document.querySelectorAll('main p, main li, main figcaption')]
  .filter(node => !node.closest('table') && !node.closest('details') && !node.matches('.subtitle, .on-paper'))
  .map(node => node.innerText)"""
CUT_OFF = """[...document.querySelectorAll('main .scroll')]
  .filter(box => box.checkVisibility() && !box.closest('details:not([open])') && box.scrollWidth > box.clientWidth + 1)
  .map(box => (box.querySelector('caption') || box).textContent.trim().slice(0, 80))"""
EMPTY = """[...document.querySelectorAll('main h2, main h3')].filter(heading => {
  const next = heading.nextElementSibling
  return !next || (next.tagName <= heading.tagName && /^H[1-6]$/.test(next.tagName))
}).map(heading => heading.innerText)"""


def count_words(tab) -> int:
    """The words that can be seen between the top and the foot of a page."""
    return len(tab.inner_text("main").split())


def find_faults(tab, name: str, *, for_analysts: bool = False) -> list[str]:
    """What a page does against the rules on a wide screen and on a phone, in words; `name`: of its file."""
    tab.set_viewport_size({"width": 1280, "height": 900})
    return [
        *_find_excess(tab, name),
        *_find_repeated(tab),
        *_find_refused(tab, for_analysts=for_analysts),
        *_find_cut_off(tab),
        *_find_bad_charts(tab),
        *(f"nothing below the heading {heading!r}" for heading in tab.evaluate(EMPTY)),
        *(f"the foot lacks {entry!r}" for entry in PROVENANCE if entry not in tab.inner_text("footer")),
    ]


def _find_cut_off(tab) -> Iterator[str]:
    for width in TABLE_WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        yield from (f"{width}: a table runs off its place: {caption}" for caption in tab.evaluate(CUT_OFF))
    tab.set_viewport_size({"width": 1280, "height": 900})


def _find_excess(tab, name: str) -> Iterator[str]:
    words, height = count_words(tab), tab.evaluate("document.documentElement.scrollHeight")
    most = INDEX_WORDS if name == "index.html" else PAGE_WORDS
    if words > most:
        yield f"{words} words, more than {most}"
    if height > PAGE_HEIGHT and name != GLOSSARY:
        yield f"{height} px high, more than {PAGE_HEIGHT}"


def _find_repeated(tab) -> Iterator[str]:
    """Whole sentences that stand twice on a page in the open; a source belongs to each chart."""
    sentences = [one for one in read_sentences(tab.evaluate(SAID)) if not one.startswith("Source")]
    yield from (f"said {times} times: {one}" for one, times in Counter(sentences).items() if times > 1)


def _find_refused(tab, *, for_analysts: bool) -> Iterator[str]:
    said = tab.evaluate("document.body.textContent").lower().replace("’", "'")
    yield from (f"the refused words {phrase!r}" for phrase in REFUSED if phrase in said)
    if not for_analysts and re.search(r"\bswp (?:fetch|open|build|assess)\b", said):
        yield "a command, for readers"


def _find_bad_charts(tab) -> Iterator[str]:
    charts = tab.evaluate(CHARTS)
    titles = Counter(chart["title"] for chart in charts)
    yield from (f"two charts with the title {title!r}" for title, times in titles.items() if times > 1)
    for chart in charts:
        title, alt = chart["title"], chart["alt"]
        if len(title.split()) > TITLE_WORDS:
            yield f"a title of more than {TITLE_WORDS} words: {title}"
        if not alt.startswith(title.rstrip(".")) or len(alt.split()) > ALT_WORDS:
            yield f"a description that is long or begins with something else: {alt}"
        if not chart["subtitle"] and not chart["by_hand"]:
            yield f"no unit and period below the title: {title}"
        if chart["rows"] == 1:
            yield f"a chart of one row: {title}"
    tab.set_viewport_size(PHONE)
    for chart in tab.evaluate(CHARTS):
        if not chart["by_hand"] and chart["wide"] > PHONE["width"]:
            yield f"wider than a phone: {chart['title']}"
        if "Line chart" in chart["alt"] and chart["high"] > PHONE["height"]:
            yield f"title and newest point are not on one screen of a phone: {chart['title']}"


def find_axe_faults(tab, widths: Sequence[int] = WIDTHS) -> list[str]:
    """What axe finds with everything unfolded, and whether a page is wider than its window, at each width.

    axe is put into the page once and hands over what it finds wrong alone: what it finds right holds every picture.
    """
    from axe_playwright_python.base import AXE_SCRIPT

    faults = []
    tab.evaluate(AXE_SCRIPT)
    tab.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    for width in widths:
        tab.set_viewport_size({"width": width, "height": 900})
        found, wide = tab.evaluate(RUN_AXE, AXE_RULES)
        faults += [f"{width}: {rule}: {html}" for rule, html in found]
        faults += [f"{width}: too wide"] if wide > width else []
    return faults
