"""The board's questions about an area, each answered or with the sentence why not. In: an area. Out: `AreaResult`s.

Where a table is missing, an answer is one sentence with the command that brings it; nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial, wraps
from itertools import product

import pandas as pd

from swp_analysis.analysis.areas.series import By, name_month
from swp_analysis.catalogue.loader import load_catalogue, require_audience
from swp_analysis.catalogue.periods import display_year, quarter_bounds
from swp_analysis.errors import InputError
from swp_analysis.explore import crime, own, peers, places
from swp_analysis.explore.areas import choose_area, here, name_authorities
from swp_analysis.open_data.breaks import load_breaks
from swp_analysis.open_data.gazetteer import Area
from swp_analysis.open_data.offences import load_offences
from swp_analysis.open_data.recorded_crime import REPORTED
from swp_analysis.present import area_words
from swp_analysis.present.area_result import AreaResult, sentence_alone
from swp_analysis.present.exhibit import show_marking
from swp_analysis.present.phrases import say
from swp_analysis.project import find_project

WEIGHTS = "harm_weights.csv"
MONTHS_OF_A_MAP = 12
# The part of a message that is for analysts: the command that brings what is missing, or the file that says it.
COMMAND = re.compile(r"; [^;]*(?:\bswp (?:fetch|open|build)\b|\bpartnership/).*$", re.DOTALL)
BY: tuple[By, By] = ("quarter", "year")
Question = Callable[..., AreaResult]


def or_why(question: Question) -> Question:
    """Make a method give the sentence why there is no answer instead of raising it."""

    @wraps(question)
    def ask(profile: AreaProfile, *wanted: str) -> AreaResult:
        try:
            if profile.area.why_not:
                raise InputError(profile.area.why_not)
            return question(profile, *wanted)
        except InputError as error:
            return sentence_alone(question.__name__.replace("_", " "), profile.write_why(error), missing=True)

    return ask


def _ask(question: Question, *, or_force: bool = False) -> Question:
    """Make the method that puts a question about the area, or about its force where that alone has an answer."""

    def ask(profile: AreaProfile, *wanted: str) -> AreaResult:
        try:
            return question(profile.area.area_code, *wanted)
        except InputError:
            if not or_force:
                raise
            return question(profile.area.area_code, *wanted, level="force")

    return or_why(wraps(question)(ask))


@dataclass(frozen=True)
class AreaProfile:
    """The questions that can be asked of one area; `group` is a group of offences, default all recorded crime."""

    area: Area
    audience: str = "partners"
    financial_year: str = ""  # that is assessed; open data that go beyond it are said to

    def write_why(self, error: InputError) -> str:
        """Write why there is no answer: with the command that brings it for analysts, without for other readers."""
        internal = not require_audience(self.audience).suppress_below
        return str(error) if internal else COMMAND.sub(".", str(error))

    def period(self) -> AreaResult:
        """Say which time the open data are about, and whether that is beyond the year that is assessed; nothing where
        there are none."""
        if self.area.why_not:
            return sentence_alone("", "")
        beyond = self._year if self.financial_year and self.newest > self._year_ends else None
        text = say("profile.period", newest=name_month(self.newest), beyond=beyond)
        if made_of := name_authorities(self.area):
            text = f"{text} {say('profile.made of', area=self.area.name, names=made_of)}"
        return sentence_alone("Which time these figures are about", text)

    @property
    def newest(self) -> str:
        """The last day that an open table of the area or of every area is about."""
        own = here().recorded_crime(self.area.force_code)["period_end"].astype(str)
        return max([*here().printed_years["period_end"], *own])

    @property
    def _year(self) -> str:
        return display_year(self.financial_year)

    @property
    def _year_ends(self) -> str:
        return quarter_bounds(self.financial_year, 4)[1].isoformat()

    def _mark_year(self, found: AreaResult, counted: str) -> AreaResult:
        """A long series with the figure of the assessed year first, and that year's end marked, when it goes beyond."""
        known = found.frame.loc[found.frame["status"] == REPORTED, "period_end"]
        if not found.draw or not self.financial_year or known.max() <= self._year_ends:
            return found
        own = found.frame[found.frame["financial_year"] == self.financial_year.replace("/", "-")]
        whole = len(own) > 0 and (own["status"] == REPORTED).all() and own["quarter"].iloc[-1] in ("", "4")
        when, _, rest = found.sentence.partition(counted)[2].partition(".")  # a place may hold a full stop, a time none
        newest = {"newest": found.frame["count"][known.index[-1]], "when": when, "counted": counted}
        both = say("profile.of the year", year=self._year, count=own["count"].sum(), **newest)
        draw = partial(found.draw, assessed=(self._year_ends, self._year))
        return replace(found, sentence=f"{both}{rest}" if whole else found.sentence, draw=draw)

    @or_why
    def long_series(self, group: str = "total") -> AreaResult:
        """Say how it has moved: by quarter and of the area itself if that is here, else by year, else of its force."""
        why: InputError | None = None
        for level, by in product(("csp", "force"), BY):
            try:
                found = crime.series(self.area.area_code, group, by, level)
                place = here().book.areas[self.area.force_code] if level == "force" else self.area
                found = self._mark_year(found, area_words.count_crimes(group, place.name))
                said = f" {self.write_why(why)}" if why and level == "force" else ""
                return replace(found, sentence=f"{found.sentence}{said}")
            except InputError as error:
                why = why or error
        raise why or InputError(f"No table here has {group}.")

    changes = _ask(crime.changes, or_force=True)  # which groups rose or fell, this year on last
    season = _ask(crime.season, or_force=True)  # how much is season
    share = _ask(crime.share)  # the share of the force's crime and people
    rates = _ask(crime.rates)  # per 1,000 residents
    among_force = _ask(peers.compare)  # beside the other areas of its force
    rank = _ask(peers.rank)  # which place, and how sure it is
    funnel = _ask(peers.funnel)  # whether it is unusual, given how areas differ anyway

    @or_why
    def among_peers(self, group: str = "total") -> AreaResult:
        """Compare it with the peers that the partnership chose."""
        chosen = peers.groups().frame.dropna(subset=["area"])
        own = next((row for row in chosen.itertuples() if choose_area(row.area) == self.area), None)
        if own is None:
            raise InputError(f"No peers of {self.area.name} were chosen; name them in partnership/peers.yml.")
        found = peers.compare(self.area.area_code, group, str(own.id))
        return replace(found, caveats=[*found.caveats, say("peers.list", source=own.source, date=own.date)])

    @or_why
    def harm(self) -> AreaResult:
        """Weigh the harm by the partnership's own weights."""
        return crime.harm(self.area.area_code, find_project().partnership / WEIGHTS)

    @or_why
    def wards(self, crime_type: str = "") -> AreaResult:
        """Show where in the area, by ward, over the newest year: a map where outlines are here, else a table."""
        counted = places.counts(self.area.area_code, "ward", self._newest_year(), "", crime_type)
        try:
            return places.map(counted, audience=self.audience)
        except InputError as error:
            return replace(counted, caveats=[*counted.caveats, f"There is no map: {self.write_why(error)}"])

    @or_why
    def lsoas(self, crime_type: str = "") -> AreaResult:
        """Show where in the area, by LSOA in bands, over the newest year."""
        first, there = self._newest_year(), here().street(self.area.area_code)["month"].unique()
        if first < min(there):
            figures = {"there": len(there), "months": MONTHS_OF_A_MAP, "area": self.area.name}
            raise InputError(say("profile.few months", force=self.area.force_code, **figures))
        return places.map(places.counts(self.area.area_code, "lsoa", first, "", crime_type), audience=self.audience)

    def _newest_year(self) -> str:
        """The first of the newest twelve months."""
        last = pd.Period(here().street(self.area.area_code)["month"].max(), freq="M")
        return str(last - (MONTHS_OF_A_MAP - 1))

    @or_why
    def own_figures(self, *indicators: str) -> AreaResult:
        """Do our own figures (default those of the first indicator that an open table counts too) and the open tables
        agree?"""
        return own.against_open(next(iter([*indicators, *self.indicators()]), "any of the partnership's indicators"))

    def indicators(self) -> list[str]:
        """Give the partnership's indicators that an open table counts too."""
        own = load_catalogue().indicators.items()
        return [
            name for group in load_offences() for name, one in own if group in (one.open_group, one.within_open_group)
        ]

    @or_why
    def cannot_be_told(self) -> AreaResult:
        """Say what can't be told: gaps, what is unassigned, what was remarked, changes that somebody must look up."""
        rows = [("not supplied", self.write_why(InputError(places.coverage(self.area.area_code).sentence)))]
        rows += [("unassigned", why) for why in self._unassigned()]
        briefly = " ".join(why for _, why in rows)
        if not require_audience(self.audience).suppress_below:
            rows += [("a remark of the build", text) for text in here().listing.get("remarks", [])]
            rows += [
                ("to be looked up", f"{change.what_changed} {change.needs_person}")
                for change in load_breaks()
                if change.needs_person
            ]
        frame = pd.DataFrame(rows, columns=["what", "why"])
        title = f"{self.area.name}: what we cannot say, and why"
        if " ".join(frame["why"]) == briefly:
            return sentence_alone(title, briefly)
        sentence = say("profile.with care", said=briefly, things=len(frame))
        return AreaResult(title, sentence, frame, shown={"what": "Kind", "why": "What and why"})

    def _unassigned(self) -> Iterator[str]:
        """What of the force's crime stands under no partnership, so that no area is said to have it."""
        try:
            found = crime.share(self.area.area_code)
        except InputError:
            return
        whole, assigned = found.frame["whole"][:2]
        if rest := int(whole - assigned):
            yield say("profile.unassigned", rest=rest, whole=whole, share=rest / whole)


def open_profile(area_code: str = "", audience: str = "partners", financial_year: str = "") -> AreaProfile:
    """Open the profile of an area by code or name; empty for the partnership's own.

    `financial_year`: the year that is assessed; figures that go beyond it say so.

    Raises
    ------
    InputError
        When there is no such area, or it is none that can be described, unless it is the partnership's own.
    """
    identity = load_catalogue().identity
    try:
        area = choose_area(area_code or identity.area_code)
        if not area.usable:
            raise InputError(f"{area.name} has no profile: {area.why_not}")
    except InputError:
        if area_code not in ("", identity.area_code):
            raise
        why_not = say("profile.no data", area=identity.area_name)
        area = Area(identity.area_code, identity.area_name, "csp", usable=False, why_not=why_not)
    show_marking(f"{identity.name}, recorded crime of {area.name}", require_audience(audience))
    return AreaProfile(area, audience, financial_year)
