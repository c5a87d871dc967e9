"""What the notebooks call on single indicators. In: protected data and findings. Out: an `IndicatorBriefing`, the base
of every briefing, and the `IndicatorSection`s it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

import pandas as pd

from swp_analysis.analysis.findings import Finding
from swp_analysis.catalogue.models import Audience, Catalogue, Indicator
from swp_analysis.catalogue.periods import display_year, following_year
from swp_analysis.disclosure import Protected
from swp_analysis.errors import InputError
from swp_analysis.present.charts.timeline import Event, draw_timeline
from swp_analysis.present.exhibit import Exhibit, Table
from swp_analysis.present.headlines import write_latest
from swp_analysis.present.outlook import project_year, tabulate_bases, write_outlook
from swp_analysis.present.prose import Bullets, Fold, Heading, Paragraph, Shown, Stack
from swp_analysis.present.reading_record import ReadingRecord
from swp_analysis.present.series import Series, read_series, tabulate_series, tabulate_snapshots
from swp_analysis.present.words import (
    list_words,
    write_corroboration,
    write_sentence,
)

LEAST_POINTS_FOR_A_CHART = 5
MOST_NAMED = 2


@dataclass(frozen=True, repr=False)
class IndicatorSection:
    """Everything about one indicator, in the order a reader needs it; each part can also be shown on its own."""

    heading: Heading
    why_it_matters: Paragraph
    sentence: Paragraph
    latest: Paragraph
    picture: Exhibit | None
    table: Table
    outlook: Paragraph | None
    comparisons: Table | None
    definition: Paragraph
    caveats: Bullets

    @property
    def frame(self) -> pd.DataFrame:
        """The quarters as a frame."""
        return self.table.frame

    def __repr__(self) -> str:
        return f"<IndicatorSection “{self.heading.text}”>"

    def _repr_html_(self) -> str:
        # The figures are behind the chart; without a chart they are in the open.
        figures = self.picture or self.table
        counted = Stack([self.why_it_matters, self.definition])
        about = Fold("Why it matters, and what is counted", counted)
        parts: list[Shown | None] = [self.heading, self.sentence, self.latest, self.outlook, figures, about]
        return Stack([part for part in parts if part])._repr_html_()


@dataclass(frozen=True, repr=False)
class IndicatorBriefing:
    """One edition's evidence for one audience, indicator by indicator.

    `data` and everything derived from it went through disclosure control; `reconciled`, `unread` and `revisions`
    likewise. `workshop` is what the board wrote itself, `earlier` what editions in reports/ have shown.
    """

    catalogue: Catalogue
    audience: Audience
    financial_year: str
    data: Protected
    findings: dict[str, Finding]
    reconciled: pd.DataFrame
    unread: pd.DataFrame
    revisions: pd.DataFrame
    claims: pd.DataFrame
    record: ReadingRecord
    workshop: pd.DataFrame
    earlier: tuple[Protected, ...] = ()

    def __repr__(self) -> str:
        area, shown = self.catalogue.identity.area_name, self.audience.label
        return f"<Briefing {area} {self.year_in_words}, for {shown}: {len(self.findings)} indicators>"

    @cached_property
    def series(self) -> dict[str, Series]:
        """Every indicator's quarters, by id."""
        return {
            name: read_series(self.data, indicator, self.financial_year, self.catalogue)
            for name, indicator in self.catalogue.indicators.items()
        }

    def indicator(self, name: str) -> IndicatorSection:
        """Why it matters, the sentence, the picture with its figures, and the caveats of one indicator."""
        indicator = self._indicator(name)
        finding, series = self.findings[name], self.series[name]
        charted = self._has_chart(name)
        return IndicatorSection(
            heading=Heading(indicator.label),
            why_it_matters=Paragraph(indicator.why_it_matters, "why"),
            sentence=self._sentence(finding),
            latest=Paragraph(write_latest(series), "latest"),
            picture=draw_timeline(series, finding, self._events(indicator)) if charted else None,
            table=tabulate_series(series),
            outlook=self._outlook(series),
            comparisons=tabulate_bases(indicator, self.data.observations, finding, self.catalogue),
            definition=Paragraph(f"What is counted: {indicator.definition}", "note"),
            caveats=Bullets("Read with care", indicator.caveats, "caveats"),
        )

    def sections(self, *names: str) -> Stack:
        """The sections of several indicators, one below the other; a theme's id stands for all its indicators."""
        return Stack([self.indicator(name) for name in self._resolve(names)])

    def sentences(self, *names: str) -> Stack:
        """One sentence for each named indicator."""
        return Stack([self._sentence(finding) for finding in self._findings(names)])

    def caveats(self, *names: str) -> Shown:
        """What to beware of with the named indicators, each thing once, with all that it is true of, folded."""
        of: dict[str, list[str]] = {}
        for name in self._resolve(names):
            for text in self.catalogue.indicators[name].caveats:
                of.setdefault(text, []).append(self.catalogue.indicators[name].label)
        every = len(self._resolve(names))
        items = [text if 1 < every == len(who) else f"{'; '.join(who)}: {text}" for text, who in of.items()]
        if not items:
            return Paragraph("Nothing is known that a reader must beware of.")
        return Fold(f"{len(items)} points to beware of", Bullets("", items, "caveats"))

    def snapshot(self, *names: str) -> Table:
        """Those of the named indicators or themes whose figures were published for one month only."""
        series = [self.series[name] for name in self._resolve(names)]
        return tabulate_snapshots([one for one in series if one.is_snapshot], self.catalogue.identity.area_name)

    @property
    def next_year(self) -> str:
        """The id of the financial year that the assessment plans for."""
        return following_year(self.financial_year)

    @property
    def year_in_words(self) -> str:
        """How a page writes the edition's year: 2017/18."""
        return display_year(self.financial_year)

    def _sentence(self, finding: Finding) -> Paragraph:
        said = [write_sentence(finding), write_corroboration(finding, self.findings)]
        kind = "cannot-tell" if finding.verdict.direction == "can't tell" else "finding"
        return Paragraph(" ".join(part for part in said if part), kind)

    def _outlook(self, series: Series) -> Paragraph | None:
        projection = project_year(series, self.financial_year)
        if projection is None:
            return None
        return Paragraph(write_outlook(projection, self.findings[series.indicator.id]), "outlook")

    def _events(self, indicator: Indicator) -> list[Event]:
        """The changes in recording between the first and the last quarter of an indicator's series."""
        points = self.series[indicator.id].points
        return [
            Event(entry.date_from, "recording changed")
            for entry in self.catalogue.recording_breaks
            if indicator.id in entry.indicators and points and points[0].starts < entry.date_from < points[-1].starts
        ]

    def _has_chart(self, name: str) -> bool:
        # A line along the foot of a chart says less than a table of noughts.
        reported = self.series[name].reported
        enough = len(reported) >= LEAST_POINTS_FOR_A_CHART and any(point.value for point in reported)
        return enough and not self.series[name].is_snapshot

    def _is_part(self, name: str) -> bool:
        """Whether an indicator counts part of another one, or is a share of one."""
        indicator = self.catalogue.indicators[name]
        return bool(indicator.subgroup_of) or indicator.unit == "percent"

    def _pairs(self, names: Sequence[str]) -> list[tuple[Series, Finding]]:
        return [(self.series[name], self.findings[name]) for name in self._resolve(names)]

    def _subject(self, names: Sequence[str]) -> str:
        """What several names are about: their theme, or both."""
        themes = dict.fromkeys(self.catalogue.indicators[name].theme for name in self._resolve(names))
        titles = [self.catalogue.themes[theme].title for theme in themes]
        return list_words(titles) if len(titles) <= MOST_NAMED else "All themes"

    def _resolve(self, names: Sequence[str]) -> list[str]:
        """Indicator ids, each theme id replaced by its indicators."""
        themes = self.catalogue.themes
        return [
            indicator.id
            for name in names
            for indicator in (self.catalogue.of_theme(name) if name in themes else [self._indicator(name)])
        ]

    def _findings(self, names: Sequence[str]) -> list[Finding]:
        return [self.findings[name] for name in self._resolve(names)]

    def _indicator(self, name: str) -> Indicator:
        try:
            return self.catalogue.indicators[name]
        except KeyError:
            close = get_close_matches(name, self.catalogue.indicators, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else "."
            raise InputError(f"No indicator has the id {name!r}{hint}") from None
