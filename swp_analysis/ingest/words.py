"""What every word of a text means. In: a text, and the place where it stands: a heading or a cell beside a label, a
title, a note, a comment. Out: a `Meaning`: what it says about time, what kind of figure it names, which areas, and the
words that nothing explains.

The words stand in `words.yml`, the names of areas in the catalogue, a partnership's own ones in its `layouts.yml`. A
word that is left over is refused in a table that somebody typed, and listed in a report's text.
"""

from __future__ import annotations

import re
from dataclasses import replace

from swp_analysis.catalogue.identity import known_areas
from swp_analysis.catalogue.models import Catalogue, Indicator
from swp_analysis.ingest.labels import LabelBook, names_of, words_of_names
from swp_analysis.ingest.meaning import (
    SHORTEST_PLACE,
    Kinds,
    Meaning,
    Phrases,
    gives_figures,
    mark_of,
    said_of_figures,
    unique,
    words_of,
)
from swp_analysis.ingest.period_words import read_when
from swp_analysis.ingest.spelling import fold_look_alikes, pattern, plain, word_book

# Roles that the last word of a heading tells: `PCC priority`, `Indicator type`.
_BY_LAST_WORD = ("asides", "body", "owner", "qualifier", "prose")
# Kinds of which a row's own indicator may be, so that a title with one bars only the other rows.
OF_SOME_ROWS = {"group", "share", "thing", "cut_off"}
# Kinds of which a column may be for some indicators alone: what they count, and on what day.
OF_SOME_COLUMNS = ("thing", "cut_off")
# A longer title with an unknown word in small letters is a sentence about something.
_LONG_TITLE, _SHORT_COMMENT = 4, 3
# Kinds of figure that may stand in columns about the way in which figures are collected.
_OF_COLLECTION = {"cumulative", "rolling", "forecast", "rate", "scaled", "rounded", "calendar"}
# Kinds of figure that a cell names which is nothing but such a word, under whatever heading: `Target`, `Last year`.
_ALONE = _OF_COLLECTION | {"target", "previous", "average", "comparator", "share", "money"}
# What a comment says of the work, and not of its figure: `Below target`, `Outstanding`.
_OF_PROGRESS = {"change", "judgement", "balance"}


class Vocabulary:
    """Every word that is known to one partnership, and what it means; its `labels`, and the `marks` for no figure."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue, self.layouts, self.labels = catalogue, catalogue.layouts, LabelBook(catalogue)
        self.marks = frozenset(self.layouts.missing_marks)
        self._book = book = word_book()
        self._known, self._harmless = Phrases(), Phrases()
        self._explained: dict[tuple[str, str], Meaning] = {}
        self._counts = {
            (kind, place): {" ".join(words_of(one)) for one in _listed(entry.get(place, ""))}
            for kind, entry in book["kinds"].items()
            for place in ("title", "note")
        }
        self._known.add([*_listed(book["nothing"]), *self.layouts.plain_words], "nothing")
        self._known.add(_listed(book["things"]), "thing")
        self._known.add(_listed(book["provisional"]), "provisional")
        for kind, entry in book["kinds"].items():
            phrases = (one for place in ("words", "title", "note") for one in _listed(entry.get(place, "")))
            self._known.add((one for one in phrases if one != "all"), "kind", kind)
        self._harmless.add([*_listed(book["titles"]), *names_of(catalogue)], "nothing")
        self._ordinary = {*map(plain, _listed(book["ordinary"])), *words_of_names(catalogue)}
        self._small = {*book["small"].split(), *words_of_names(catalogue)}
        columns = {role: _listed(words) for role, words in book["columns"].items()}
        own = {"owner": self.layouts.owner_headings, "ignored": self.layouts.ignored_headings}
        own |= {"prose": self.layouts.text_headings}
        self._columns = _by_name(columns)
        self._roles = self._columns | _by_name({"definition": columns["definition"]} | own)
        self._definitions = frozenset(plain(one.definition) for one in catalogue.indicators.values())
        self._add_areas(catalogue)

    def _add_areas(self, catalogue: Catalogue) -> None:
        identity, areas = catalogue.identity, known_areas()
        own = {plain(one) for one in (identity.area_name, identity.name, *self.layouts.own_area_names)}
        within = {area.within for area in areas if plain(area.name) == plain(identity.area_name)}
        around = {area.within for area in areas if area.name in within}
        around |= {"England", "England and Wales", "UK"} | within
        self._known.add(identity.force_initials, "around", identity.force)
        for name in (area.name for area in areas if plain(area.name) not in own):
            self._known.add([name], "around" if name in around else "area", name)
        units = [f"{name} {unit}" for name in own for unit in _listed(self._book["units_of_police"])]
        for phrases in (self._known, self._harmless):
            phrases.add([*own, *units, *(f"{name} only" for name in own)], "own")
        self._roles = dict.fromkeys(own, "value") | self._roles

    def explain(self, text: str, place: str = "heading") -> Meaning:
        """Explain the meaning of a text.

        Parameters
        ----------
        place : where it stands. In a `heading`, or a cell beside a label, every word counts. A `title`, caption or
            sheet's name is about every figure below: words that titles have are not `left`. Of a `note` counts what it
            says of the table's figures; of a cell under the heading of `asides`, a `frequency`, a `definition` or
            `prose` what it says of the way in which the row's figures were collected.
        """
        if (text, place) not in self._explained:
            readers = {"heading": self._heading, "title": self._title, "note": self._note}
            said = text if place == "heading" else pattern("no_word").sub(" ", text)
            self._explained[text, place] = readers[place](said) if place in readers else self._comment(said, place)
        return self._explained[text, place]

    def _heading(self, text: str) -> Meaning:
        text = " ".join(fold_look_alikes(text).split())
        states = [match.groupdict() for match in pattern("state_mark").finditer(text)]
        codes = {code.upper() for code in pattern("area_code").findall(text)}
        marked = [*_by_pattern(text, "heading")]
        for mark in ("called_period", "struck_or_base", "area_code", "state_mark", "note_mark"):
            text = pattern(mark).sub(" ", text)
        when, rest = read_when(pattern("per").sub(" per ", text))
        found = [one[:3] for one in self._known.find(rest)]
        marked += [(kind, one[kind]) for one in states for kind in ("forecast", "target") if one[kind]]
        marked += [(kind, said) for kind, said in (("several", when.uneven), ("part", when.part_of_quarter)) if said]
        marked += _by_pattern(rest, f"beside_{when.unit}") if when.unit else ()
        own = self.catalogue.identity.area_code
        is_said = {what for what, _, _ in found}
        return Meaning(
            when,
            unique([*marked, *((name, printed) for what, name, printed in found if what == "kind")]),
            unique([*(name for what, name, _ in found if what == "area"), *sorted(codes - {own})]),
            unique(name for what, name, _ in found if what == "around"),
            own in codes or "own" in is_said,
            any(one["provisional"] for one in states) or "provisional" in is_said,
            tuple(printed for what, _, printed in found if what == "left"),
            any(what == "thing" or name == "thing" for what, name, _ in found),
        )

    def _title(self, text: str) -> Meaning:
        text, whole = self._without_sources(text), text
        found = self.explain(text).without_kinds("cut_off", "mixed")
        kinds = tuple(one for one in found.kinds if not found.left or self._says("title", *one)) + _by_pattern(text)
        kinds = unique((*kinds, *self._told(text).kinds, *self._of_sources(whole)))
        *others, last = map(self.explain, pattern("joined").split(text))
        if others and last.kind_names == {"group"} and not last.left and not any(one.kinds for one in others):
            kinds = tuple(one for one in kinds if one[0] != "group")  # a subject of its own: `Gangs and young people`
        around = found.around if found.is_own else tuple(name for name in found.around if gives_figures(name, text))
        areas = found.areas + tuple(name for name in found.around if name not in around)
        is_sentence = len(text.split()) >= _LONG_TITLE
        unknown = [word for word in found.left if not self._is_ordinary(word)]
        # A person's name is made of words that are nothing else.
        names = (re.findall(r"[^\s.]+", match[0]) for match in pattern("person").finditer(text))
        people = [name for name in names if all(len(one) < SHORTEST_PLACE or one in unknown for one in name[1:])]
        unknown = [word for word in unknown if not any(word in name for name in people)]
        is_field = self.role_of(re.split(r" ?[:|] ?", text, maxsplit=1)[0]) in ("asides", "body", "owner")
        left = tuple(word for word in unknown if not (is_field or (is_sentence and word.islower())))
        return replace(found, kinds=kinds, areas=areas, around=around, left=left)

    def _note(self, text: str) -> Meaning:
        """What is included or left out makes figures no others, unless an area or a period is not whole without it."""
        whole, said = self.explain(text, "title"), said_of_figures(text)
        own, found = self.explain(self._without_sources(said)), self.explain(said, "title")
        is_whole = not pattern("lacks").search(said)
        left_out = {"comparator"} if pattern("leaves_out").search(text) else set()
        parts = {"part", "group", "thing"} | left_out if is_whole and pattern("part").search(text) else set()
        # A few known words are a title, unless they say how the figures turned out: `Below target`.
        is_name = bool(mark_of(text)) or not own.kind_names & _OF_PROGRESS
        as_title = is_name and not own.left and len(said.split()) <= _SHORT_COMMENT + 1
        kinds = [one for one in own.kinds if self._says_in_note(*one, as_title)]
        kinds += [*self._of_sources(text), *([] if parts else _by_pattern(said)), *_by_pattern(text, "note")]
        kinds += _by_pattern(said, "said")
        if said and (includes := pattern("includes").search(self._without_sources(text))):
            kinds.append(("cumulative", includes[0]))
        if part := whole.when.part_of_quarter:
            kinds, whole = kinds or [("part", part)], replace(whole, when=replace(whole.when, spans=()))
        field, _, value = text.partition(":")
        if (role := self.role_of(field)) in ("qualifier", "definition", "frequency", "prose"):
            kinds += self.explain(value, "heading" if role == "qualifier" else role).kinds
        strict = self._told(pattern("these").sub("Figures", text))
        return replace(
            found,
            when=whole.when,
            kinds=unique(one for one in (*kinds, *strict.kinds) if one[0] not in parts),
            left=strict.left,
            is_provisional=found.is_provisional
            or (whole.is_provisional and bool(pattern("names_figures").search(text))),
        )

    def _of_sources(self, text: str) -> Kinds:
        """What is said of figures in the name of those who gave them: `Source: forecasts by the analyst`."""
        named = " ".join(match[0] for match in pattern("given_by").finditer(text))
        return self.explain(named).with_kinds(*_OF_COLLECTION).kinds + _by_pattern(named, "source")

    def _told(self, text: str) -> Meaning:
        """What sentences about the figures say of them, each word of which counts: `Each figure is twice the true one`;
        how they moved, who gave them and what will be done with them is nothing."""
        found = Meaning()
        for part in pattern("parts").split(pattern("source_line").sub(" ", text)):
            about = pattern("about").match(part)
            what = about["what"] if about else part
            if pattern("harmless").match(what) if about else not pattern("handled").match(part):
                continue
            said = self.explain(self._without_titles(what))
            found |= Meaning(kinds=said.kinds, left=tuple(one for one in said.left if plain(one) not in self._small))
        return found

    def _comment(self, text: str, role: str) -> Meaning:
        opening = pattern("opening").match(text)
        text = text[opening.end() :] if opening else text
        alone = self.explain(text)
        says_figure = alone.kind_names <= _ALONE
        says_figure |= (role == "prose" or bool(alone.when)) and not alone.kind_names & _OF_PROGRESS
        if role == "owner":
            alone = replace(alone.without_kinds("comparator"), areas=(), around=())
        if not alone.left and (alone.is_provisional or (says_figure and (alone.kinds or alone.other_areas))):
            areas = alone.other_areas if role == "prose" else alone.areas
            return Meaning(kinds=alone.kinds, areas=areas, is_provisional=alone.is_provisional)
        if role in ("aside", "owner") or plain(text) in self._definitions:
            return Meaning(kinds=_by_pattern(text, "comment") if role == "aside" else ())
        if role == "frequency":
            return Meaning(kinds=alone.with_kinds(*_OF_COLLECTION).kinds)
        is_said = role == "prose" and len(text.split()) > _SHORT_COMMENT
        found = self.explain(text, "title").with_kinds(*_OF_COLLECTION) if not is_said else Meaning()
        kinds = unique((*found.kinds, *_by_pattern(text, "comment")))
        plainly = Meaning(kinds=kinds, areas=tuple(filter(pattern("area_code").fullmatch, found.areas)))
        if role != "prose":
            return plainly
        said = self.explain(said_of_figures(text, are_fragments=False), "note")
        said = Meaning(kinds=said.kinds, areas=said.areas, is_provisional=said.is_provisional)
        return plainly | replace(said, left=self._told(text).left)

    def passes_over(self, line: str) -> bool:
        """Tell whether a line has a word that nothing explains, nor titles have, or one that they say nothing with."""
        whole, counted = self.explain(self._without_sources(line)), self.explain(line, "title")
        return not {*whole.kinds} <= {*counted.kinds} or not all(map(self._is_ordinary, whole.left))

    def _says(self, place: str, kind: str, word: str) -> bool:
        """Whether a word says in a title, or in a note, what all figures are."""
        return bool(self._counts[kind, place] & {word, "all"})

    def _says_in_note(self, kind: str, word: str, as_title: bool) -> bool:
        counts, as_title = self._counts[kind, "note"], as_title and kind not in OF_SOME_ROWS
        is_said = word in counts or (as_title and kind not in _OF_PROGRESS)
        return is_said or ((as_title or "all" in counts) and self._says("title", kind, word))

    def _without_sources(self, text: str) -> str:
        """The text without those who gave the figures, and without what titles say and mean nothing by."""
        return self._without_titles(pattern("given_by").sub(" ", text))

    def _without_titles(self, text: str) -> str:
        for what, _, _, (begin, end) in self._harmless.find(text):
            text = text[:begin] + " " * (end - begin) + text[end:] if what == "nothing" else text
        return text

    def _is_ordinary(self, word: str) -> bool:
        """Whether a title says nothing of its figures with a word: one that titles have, a number, a letter."""
        spelt = plain(word).strip(" .,:;()[]'’-–")
        singular = spelt.removesuffix("'s").removesuffix("’s").removesuffix("s")
        is_counting = len(spelt) < SHORTEST_PLACE or any(ch.isdigit() for ch in spelt)
        return is_counting or bool({spelt, singular, f"{spelt}s"} & self._ordinary)

    def names_field(self, text: str) -> bool:
        """Tell whether a text is what a form asks for: `Completed by`, `Date`, `Area`."""
        is_source = bool(pattern("given_by").match(text))
        return is_source or self.role_of(text.partition(":")[0]) not in ("", "label", "value")

    def role_of(self, text: str) -> str:
        """Say what a column beside the figures is about, by its heading: a role of `words.yml`, or nothing."""
        name = plain(pattern("note_mark").sub(" ", fold_look_alikes(text).replace("_", " "))).strip(" :;,()?#")
        name = name if name in self._roles else pattern("exported").sub("", name)
        if name in self._roles or text.rstrip().endswith("?"):
            return self._roles.get(name, "prose")
        told = self.explain(name)
        is_name = not told.when and (told.left or not told.kinds)
        ends = (" ".join(name.split()[-most:]) for most in (2, 1)) if is_name else ()
        return next((self._columns[one] for one in ends if self._columns.get(one) in _BY_LAST_WORD), "")

    def not_of(self, meaning: Meaning, indicator: Indicator) -> Meaning:
        """Give a meaning without the things that an indicator counts, by its names, and the day of one that is counted
        on a day."""
        own = {"cut_off"} if indicator.kind == "stock" else set()
        if things := {word.split()[0].removesuffix("s") for _, word in meaning.with_kinds("thing").kinds}:
            names = {name.removesuffix("s") for one in (indicator.label, *indicator.aliases) for name in words_of(one)}
            own |= {"thing"} if things <= names else set()
        return meaning.without_kinds(*own)


def _by_pattern(text: str, place: str = "title") -> Kinds:
    """The kinds of figure that a text names in no word of the list: a rate `per` something, ages."""
    names = word_book()["kinds_by_pattern"][place]
    return tuple((kind, one[0]) for name, kind in names.items() for one in pattern(name).finditer(text))


def _by_name(words: dict[str, list[str]]) -> dict[str, str]:
    """The role of each heading; of one that stands in two lists the first counts."""
    return {plain(one): role for role, listed in reversed(words.items()) for one in listed}


def _listed(text: object) -> list[str]:
    return [" ".join(one.split()) for one in str(text).split(", ") if one.strip()]
