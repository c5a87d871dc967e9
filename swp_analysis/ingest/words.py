"""What every word of a text means. In: a heading, title, sheet name, note, or a cell beside a label. Out: a `Meaning`:
what it says about time, what kind of figure it names, which areas, and the words that nothing explains.

The words stand in `words.yml`, the names of areas in the catalogue, a partnership's own ones in its `layouts.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from swp_analysis.catalogue.identity import known_areas
from swp_analysis.catalogue.models import Catalogue
from swp_analysis.ingest.labels import LabelBook
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.spelling import (
    SHORTEST_PLACE,
    Phrases,
    fold_look_alikes,
    gives_figures,
    mark_of,
    pattern,
    plain,
    read_tokens,
    said_of_figures,
    stands_as_place,
    word_book,
)
from swp_analysis.ingest.timeline import When

# What points at a note; and a letter in brackets that says that a figure is provisional or revised.
_NOTE_MARK = re.compile(
    r"[¹²³⁰⁴-⁹†‡§*]+|\[(?:notes? )?\w{1,2}\]|\((?:notes? )?(?:\d|[a-z]|i{1,3}|iv)\)|\bnotes? \d+\b", re.IGNORECASE
)
_STATE_MARK = re.compile(
    r"[\[(]\s*(?:(?P<p>p|prov)|r|rev|(?P<forecast>e|est|f|fc)|(?P<target>t|tgt))\.?\s*[\])]", re.IGNORECASE
)
_AREA_CODE = re.compile(r"\b[EWSNK]\d{8}\b", re.IGNORECASE)
_OF_RESULTS = {"judgement", "change", "target", "previous"}
# Roles that the last word of a heading tells: `PCC priority`, `Indicator type`.
_BY_LAST_WORD = ("asides", "qualifier", "prose")
# Kinds of which a row's own indicator may be: a group of people, a percentage.
_OF_SOME_ROWS = {"group", "share"}
# A longer title with an unknown word in small letters is a sentence about something.
LONG_TITLE, SHORT_COMMENT = 4, 3
# Kinds of figure that may stand in columns about the way in which figures are collected.
_OF_COLLECTION = {"cumulative", "rolling", "forecast", "rate", "scaled", "rounded", "calendar"}


@dataclass(frozen=True)
class Meaning:
    """What a text says: its `when`, the kinds of figure that its words name (with the words), other areas and those
    `around` the partnership's own, whether it names that one, whether it calls the figures provisional, and the words
    that are `left`; whether it names what is counted."""

    when: When = field(default_factory=When)
    kinds: tuple[tuple[str, str], ...] = ()
    areas: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    is_own: bool = False
    is_provisional: bool = False
    left: tuple[str, ...] = ()
    names_things: bool = False

    def __or__(self, other: Meaning) -> Meaning:
        return Meaning(
            self.when | other.when,
            tuple(dict.fromkeys(self.kinds + other.kinds)),
            tuple(dict.fromkeys(self.areas + other.areas)),
            tuple(dict.fromkeys(self.around + other.around)),
            self.is_own or other.is_own,
            self.is_provisional or other.is_provisional,
            self.left + other.left,
            self.names_things or other.names_things,
        )

    @property
    def other_areas(self) -> tuple[str, ...]:
        """The areas that the figures are of, when they are not the partnership's own: a region around it says nothing
        beside its name."""
        return self.areas + (() if self.is_own else self.around)

    @property
    def kind_names(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in self.kinds)

    @property
    def is_plain(self) -> bool:
        """Whether the words leave the figures as counted in this area and period."""
        return not (self.kinds or self.other_areas or self.left)


class Vocabulary:
    """Every word that is known to one partnership, and what it means; its `labels`, and the `marks` for no figure."""

    def __init__(self, catalogue: Catalogue) -> None:
        layouts, book = catalogue.layouts, word_book()
        self.catalogue, self.layouts, self.labels = catalogue, layouts, LabelBook(catalogue)
        self.marks = frozenset(layouts.missing_marks)
        self.means = {kind: entry["means"] for kind, entry in book["kinds"].items()}
        self._known = Phrases()
        self._explained: dict[str, Meaning] = {}
        nothing = [*_listed(book["nothing"]), *layouts.plain_words]
        plainly = {"nothing": nothing, "thing": _listed(book["things"]), "provisional": _listed(book["provisional"])}
        for what, phrases in plainly.items():
            for phrase in phrases:
                self._known.add(phrase, what, "")
        for kind, entry in book["kinds"].items():
            for phrase in _listed(entry["words"]):
                self._known.add(phrase, "kind", kind)
        self.in_titles = {kind: _titled(entry, "title") for kind, entry in book["kinds"].items()}
        self.in_notes = {kind: _titled(entry, "note") for kind, entry in book["kinds"].items()}
        self._harmless = Phrases()
        for phrase in (*_listed(book["titles"]), *_names_of(catalogue)):
            self._harmless.add(phrase, "nothing", "")
        self._ordinary = frozenset(map(plain, _listed(book["ordinary"]))) | frozenset(_words_of(catalogue))
        self._sources = re.compile(
            rf"\b(?:{'|'.join(map(re.escape, _listed(book['sources'])))})\b:?[^(\[]*", re.IGNORECASE
        )
        self._columns = {role: {plain(one) for one in _listed(words)} for role, words in book["columns"].items()}
        self._definitions = frozenset(plain(one.definition) for one in catalogue.indicators.values())
        self._add_areas(catalogue)

    def _add_areas(self, catalogue: Catalogue) -> None:
        identity, layouts, areas = catalogue.identity, catalogue.layouts, known_areas()
        own = {plain(identity.area_name), plain(identity.name), *map(plain, layouts.own_area_names)}
        within = {area.within for area in areas if plain(area.name) == plain(identity.area_name)}
        around = (
            within | {area.within for area in areas if area.name in within} | {"England", "England and Wales", "UK"}
        )
        for area in areas:
            if plain(area.name) not in own:
                self._known.add(area.name, "around" if area.name in around else "area", area.name)
        for name in own:
            self._known.add(name, "own", name)
            self._harmless.add(name, "own", name)

    def explain(self, text: str) -> Meaning:
        """Explain the meaning of a heading, or of a cell beside a label: every word counts."""
        if text not in self._explained:
            self._explained[text] = self._explain(text, self._known)
        return self._explained[text]

    def explain_title(self, text: str) -> Meaning:
        """Explain the meaning of a title, caption or sheet's name: words about every figure below; those that titles
        have, and the partnership's own ones for its themes, are not `left`."""
        text = self._without_sources(text)
        found = self._explain(text, self._known)
        kinds = tuple(one for one in found.kinds if self._counts_in_title(*one))
        kinds += _by_pattern(text)
        places = tuple(word for word in found.left if stands_as_place(word, text))
        around = found.around if found.is_own else tuple(name for name in found.around if gives_figures(name, text))
        areas = found.areas + places + tuple(name for name in found.around if name not in around)
        unknown = [word for word in found.left if word not in places and not self._is_ordinary(word)]
        is_sentence = len(text.split()) >= LONG_TITLE
        left = tuple(word for word in unknown if not (is_sentence and word.islower()))
        return replace(found, kinds=kinds, areas=areas, around=around, left=left)

    def _counts_in_title(self, kind: str, word: str) -> bool:
        return bool(self.in_titles[kind] & {word, "all"})

    def _counts_in_note(self, kind: str, word: str, is_label: bool) -> bool:
        """Whether a word says in a note what figures are; few known words behind a mark are a title."""
        notes = self.in_notes[kind]
        as_title = (is_label and kind not in _OF_SOME_ROWS) or "all" in notes
        return word in notes or (as_title and self._counts_in_title(kind, word))

    def _without_sources(self, text: str) -> str:
        return self._harmless.blank(self._sources.sub(" ", text))

    def _is_ordinary(self, word: str) -> bool:
        """Whether a title says nothing of its figures with a word: one that titles have, a number, a letter."""
        spelt = plain(word).strip(" .,:;()[]'’-–")
        singular = spelt.removesuffix("'s").removesuffix("’s").removesuffix("s")
        is_counting = len(spelt) < SHORTEST_PLACE or any(ch.isdigit() for ch in spelt)
        return is_counting or bool({spelt, singular, f"{spelt}s"} & self._ordinary)

    def explain_note(self, text: str) -> Meaning:
        """Explain the meaning of a note: only what it says of the figures of the table; what is included or left out
        makes them no others, unless an area or a period is not whole without it."""
        whole, said = self.explain_title(text), said_of_figures(text)
        own = self.explain(self._without_sources(said))
        found = replace(self.explain_title(said), kinds=own.kinds)
        is_provisional = found.is_provisional or (
            whole.is_provisional and pattern("names_figures").search(text) is not None
        )
        left_out = pattern("leaves_out").search(text)
        is_whole = not (left_out and said and pattern("is_lacking").search(left_out["rest"]))
        parts = {"part"} if pattern("part").search(text) and is_whole else set()
        is_label = bool(mark_of(text)) and not own.left and len(said.split()) <= SHORT_COMMENT
        kinds = tuple(one for one in found.kinds if one[0] not in parts and self._counts_in_note(*one, is_label))
        kinds += () if parts else _by_pattern(said)
        if said and (includes := pattern("includes").search(text)):
            kinds = (*kinds, ("cumulative", includes[0]))
        called = None if pattern("compared").search(text) else pattern("called").search(self._without_sources(said))
        strict = self.explain(called["what"]) if called else Meaning()
        kinds += tuple(one for one in strict.kinds if one not in kinds and one[0] not in _OF_RESULTS | parts)
        left = tuple(word for word in strict.left if not self._is_ordinary(word))
        return replace(found, when=whole.when, kinds=kinds, left=left, is_provisional=is_provisional)

    def explain_beside(self, text: str, role: str) -> Meaning:
        """Explain the meaning of a cell in a column that is no figure of its own: what it says of the way in which the
        row's figures were collected, and the code of another area; the rest of its words are somebody's."""
        if role == "frequency":
            return Meaning(kinds=_only(self.explain(text).kinds, _OF_COLLECTION))
        if plain(text) in self._definitions:
            return Meaning()
        if role == "prose" and len(text.split()) > SHORT_COMMENT:
            text = said_of_figures(text, are_fragments=False)
        found = self.explain_title(text)
        codes = tuple(area for area in found.areas if _AREA_CODE.fullmatch(area))
        return Meaning(kinds=_only(found.kinds, _OF_COLLECTION), areas=codes)

    def role_of(self, text: str) -> str:
        """Say what a column beside the figures is about, by its heading: a role of `words.yml`, or nothing."""
        name = plain(_NOTE_MARK.sub(" ", fold_look_alikes(text))).strip(" :;,()?#")
        layouts = self.layouts
        own = {"owner": layouts.owner_headings, "ignored": layouts.ignored_headings, "prose": layouts.text_headings}
        for role, headings in own.items():
            if name in set(map(plain, headings)) - self._columns["definition"]:
                return role
        if found := next((role for role, words in self._columns.items() if name in words), ""):
            return found
        last = "" if read_when(name)[0] else name.rpartition(" ")[2]
        asked = "prose" if text.rstrip().endswith("?") else ""
        return asked or next((role for role in _BY_LAST_WORD if last in self._columns[role]), "")

    def _explain(self, text: str, phrases: Phrases) -> Meaning:
        text = " ".join(fold_look_alikes(text).split())
        states = [match.groupdict() for match in _STATE_MARK.finditer(text)]
        marks = tuple((kind, one[kind]) for one in states for kind in ("forecast", "target") if one[kind])
        codes = {code.upper() for code in _AREA_CODE.findall(text)}
        text = _AREA_CODE.sub(" ", text)
        text = pattern("per").sub(" per ", _NOTE_MARK.sub(" ", _STATE_MARK.sub(" ", text)))
        when, rest = read_when(text)
        found = list(phrases.find(rest))
        marks += (("several", when.uneven),) if when.uneven else ()
        areas, around = ([name for what, name, _ in found if what == one] for one in ("area", "around"))
        return Meaning(
            when,
            tuple(dict.fromkeys((*marks, *((name, printed) for what, name, printed in found if what == "kind")))),
            tuple(dict.fromkeys([*areas, *sorted(codes - {self.catalogue.identity.area_code})])),
            tuple(dict.fromkeys(around)),
            self.catalogue.identity.area_code in codes or any(what == "own" for what, _, _ in found),
            any(one["p"] for one in states) or any(what == "provisional" for what, _, _ in found),
            tuple(printed for what, _, printed in found if what == "left"),
            any(what == "thing" for what, _, _ in found),
        )

    def describe(self, meaning: Meaning) -> str:
        """Describe why figures are not the ones that are read, in words; nothing when they are."""
        if meaning.other_areas:
            return f"{' and '.join(meaning.other_areas)}: another area's figures"
        if meaning.kinds:
            return "; ".join(f"{word!r}: {self.means[kind]}" for kind, word in meaning.kinds)
        if meaning.left:
            return f"{' '.join(meaning.left)!r}, and nothing says what that makes of the figures"
        return ""


def _by_pattern(text: str) -> tuple[tuple[str, str], ...]:
    """The kinds of figure that a text names in no word of the list: a rate `per` something, ages."""
    return tuple((kind, match[0]) for kind in ("rate", "group") for match in pattern(kind).finditer(text))


def _only(kinds: tuple[tuple[str, str], ...], wanted: set[str]) -> tuple[tuple[str, str], ...]:
    return tuple((kind, word) for kind, word in kinds if kind in wanted)


def _listed(text: str) -> list[str]:
    return [" ".join(one.split()) for one in str(text).split(", ") if one.strip()]


def _titled(entry: dict[str, object], where: str) -> frozenset[str]:
    """The words of a kind that count in titles or notes; `all` for every one."""
    return frozenset(" ".join(token for token, _ in read_tokens(one)) for one in _listed(str(entry.get(where, ""))))


def _names_of(catalogue: Catalogue) -> Iterable[str]:
    """The partnership's own names for themes and indicators: a title may say them."""
    for name, theme in catalogue.themes.items():
        yield from (theme.title, name.replace("_", " "))
    for indicator in catalogue.indicators.values():
        yield from (indicator.label, *indicator.aliases)


def _words_of(catalogue: Catalogue) -> Iterable[str]:
    """The words of the partnership's own names: a title of a theme, an indicator or an owner is made of them."""
    names = [*catalogue.themes, *_names_of(catalogue), catalogue.identity.name]
    for indicator in catalogue.indicators.values():
        names += [indicator.id.replace("_", " "), indicator.short_label or "", indicator.owner]
    yield from (token for name in names for token in re.findall(r"[^\W\d_]{3,}", plain(name)))
