"""Where a sentence states something. In: a recognised sentence and the patterns. Out: matches that don't overlap.

A match is only a form of words; what it is about is settled in `binding`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from swp_analysis.audit.sentences import NOISE, Sentence
from swp_analysis.catalogue.claim_rules import ClaimRules, Pattern

_DIGITS = r"(?<![\d.,£/\w+−-])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![,.]?\d|\s?%|\s?per ?cent\b|[A-Za-z/])"
_PERCENT = r"(?P<{name}>(?<![\d.,])[-−+]?\d+(?:\.\d+)?) ?(?:%|per ?cent\b(?! points?))"
SECOND_KINDS = {"share_level": "change_pct", "level": "change_abs"}
CHANGES = {"change_abs", "change_pct", "change_points", "from_to", "from_to_percent"}


@dataclass(frozen=True)
class Match:
    """A pattern found: its kind, its stretch of the sentence and the named parts of it."""

    kind: str
    start: int
    end: int
    parts: dict[str, str]
    pattern: Pattern
    direction: str = ""


class Matcher:
    """The patterns of `claims.yml`, compiled with their placeholders."""

    def __init__(self, rules: ClaimRules) -> None:
        self.rules = rules
        links = "|".join(rules.second_figure)
        self._joins = re.compile(rf"[\s,:;(–-]*(?:(?:{links})\s*)*\(?\s*", re.IGNORECASE)
        self._patterns = [
            (pattern, re.compile(self._expand(pattern.match), re.IGNORECASE)) for pattern in rules.patterns
        ]

    def find(self, sentence: Sentence) -> list[Match]:
        """The matches of a sentence from left to right; the first pattern that fits a stretch takes it."""
        left, found = sentence.masked, []
        for pattern, compiled in self._patterns:
            for match in compiled.finditer(left):
                one = self._read(match, pattern)
                if one.start < one.end:
                    found.append(one)
            for one in found:
                # Later patterns still see the marks of indicators and periods, but neither words nor figures.
                left = left[: one.start] + re.sub(r"[\w£%]", NOISE, left[one.start : one.end]) + left[one.end :]
        found.sort(key=lambda one: one.start)
        return _join_second_figures(found, sentence.masked, self._joins)

    def _read(self, match: re.Match, pattern: Pattern) -> Match:
        parts = {name: text for name, text in match.groupdict().items() if text is not None}
        direction = pattern.direction or ("up" if "up" in parts else "down" if "down" in parts else "")
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        return Match(pattern.kind, start, match.end(), parts, pattern, direction)

    def _expand(self, text: str) -> str:
        rules = self.rules
        number = rf"(?:{_DIGITS}|\b(?:{'|'.join(rules.number_words)})\b)"
        unit = "|".join([*rules.units, *rules.role_units])
        rise, fall = "|".join(rules.rises), "|".join(rules.falls)
        values = {
            "n": rf"(?P<n>{number})",
            "n2": rf"(?P<n2>{number})",
            "pct": _PERCENT.replace("{name}", "pct"),
            "pct2": _PERCENT.replace("{name}", "pct2"),
            "unit": rf"(?: (?:{unit})\b)",
            "up": rf"(?P<up>\b(?:{rise})\b)",
            "down": rf"(?P<down>\b(?:{fall})\b)",
            "move": rf"(?:\b(?P<up>{rise})\b|\b(?P<down>{fall})\b)",
            "noun": rf"(?:(?P<up>{'|'.join(rules.rise_nouns)})|(?P<down>{'|'.join(rules.fall_nouns)}))",
            "compare": rf"(?:(?P<up_c>{'|'.join(rules.more)})|(?P<down_c>{'|'.join(rules.less)}))",
            "gap": r"[^.;%\d○]{0,70}?",
            "period": "◆+",
            "subject": "[●◐]+",
        }
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", value)
        return _rename_repeats(text)


def _rename_repeats(text: str) -> str:
    """Give a group name that stands twice in a pattern a number, so that it compiles."""
    seen: dict[str, int] = {}

    def rename(match: re.Match) -> str:
        name = match[1]
        seen[name] = seen.get(name, -1) + 1
        return f"(?P<{name}{f'__{seen[name]}' if seen[name] else ''}>"

    return re.sub(r"\(\?P<(\w+)>", rename, text)


def _may_follow(match: Match) -> set[str]:
    """The kinds that a bare figure right after this match can be."""
    if match.kind.startswith("from_to"):
        return {"change_pct"}
    return set(SECOND_KINDS.values()) - {match.kind} if match.kind in CHANGES else set()


def _join_second_figures(found: list[Match], text: str, joins: re.Pattern) -> list[Match]:
    """`30 offences (16.5%)`: a bare figure right after a change is the same change in the other unit."""
    joined: list[Match] = []
    for one in found:
        last = joined[-1] if joined else None
        second = SECOND_KINDS.get(one.kind)
        bare = text[one.start : one.start + 1].isdigit() and last is not None and second in _may_follow(last)
        if bare and joins.fullmatch(text[last.end : one.start]):
            one = replace(one, kind=second, direction=way_of(last))
        joined.append(one)
    return joined


def way_of(match: Match) -> str:
    """The direction that a match states, from its words of movement or comparison."""
    if match.direction:
        return match.direction
    names = {name.partition("__")[0] for name in match.parts}
    if names & {"up", "up_c"}:
        return "up"
    return "down" if names & {"down", "down_c"} else ""
