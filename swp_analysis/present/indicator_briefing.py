"""What the notebooks call on single indicators. In: protected data and findings. Out: an `IndicatorBriefing`, the base
of every briefing, and the `IndicatorSection`s it shows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from swp_analysis.analysis.findings import Finding, compare_years
from swp_analysis.analysis.two_years import HAS_FIGURE
from swp_analysis.catalogue.models import NO_DEFINITION
from swp_analysis.catalogue.periods import QUARTERS, display_year, following_year, previous_year
from swp_analysis.disclosure import Protected
from swp_analysis.errors import InputError, count_noun, explain_calls
from swp_analysis.present import frames, outlook, words
from swp_analysis.present.exhibit import Bullets, Fold, IndicatorSection, Prose, Showable, Stack, SubHeading
from swp_analysis.present.phrases import say
from swp_analysis.present.quality_tables import QualityBriefing
from swp_analysis.present.quarter_charts import Event, draw_timeline
from swp_analysis.present.series import Series, read_indicator_series, tabulate_series, tabulate_snapshots
from swp_analysis.present.table import Table

# Whom or what a call is about: a name of an indicator or theme, a frame of figures or comparisons, or several of them.
Subject = str | pd.DataFrame | Sequence[Any]


@explain_calls
@dataclass(frozen=True, repr=False, kw_only=True)
class IndicatorBriefing(QualityBriefing):
    """One edition's evidence for one audience, indicator by indicator.

    `months` are the latest ones, not yet quarters; `workshop` is what the board wrote itself.
    """

    findings: dict[str, Finding]
    workshop: pd.DataFrame
    months: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __repr__(self) -> str:
        area, shown = self.catalogue.identity.area_name, self.audience.label
        return f"<Briefing {area} {self.year_in_words}, for {shown}: {len(self.findings)} indicators>"

    @property
    def given_away(self) -> Protected:
        """All figures that this edition's readers get, months among them, as the next edition must know them."""
        every = pd.concat([self.data.observations.astype({"quarter": "Int64"}), self.months], ignore_index=True)
        return replace(self.data, observations=every) if len(self.months) else self.data

    @cached_property
    def series(self) -> dict[str, Series]:
        """Every indicator's quarters, by id."""
        return {name: self._read_series(self.data, name) for name in self.catalogue.indicators}

    def _read_series(self, data: Protected, name: str) -> Series:
        indicator, provisional = self.catalogue.indicators[name], self.record.provisional
        return read_indicator_series(data, indicator, self.financial_year, self.catalogue, provisional)

    @cached_property
    def _is_over(self) -> bool:
        """Whether any indicator has its last quarter of the year: what is missing then is late, and not to come."""
        last = [one.of(self.financial_year, QUARTERS[-1]) for one in self.series.values()]
        return any(point and point.status in HAS_FIGURE for point in last)

    def figures(self, *subjects: Subject) -> pd.DataFrame:
        """Give the protected figures of some indicators or themes as a frame: filter it, draw it, hand it on.

        Columns are those of `load()`: one row an indicator and period, with labels, unit and real dates. An indicator
        of which nothing was published has one row without a period. `briefing.figures(*briefing.catalogue.themes)` has
        all.
        """
        names = list(dict.fromkeys(one.indicator.id for one in self._findings(subjects)))
        return frames.tabulate_figures(self.data.observations, names, self.catalogue)

    def compare_years(self, figures: pd.DataFrame) -> pd.DataFrame:
        """Compare the year with the one before, an indicator a row, over the quarters that the frame has of both.

        Figures as published give the published verdicts; those of a frame that was filtered or changed are tested
        afresh, together with all other indicators. See `frames.describe_findings` for the columns.
        """
        return frames.describe_findings([finding for _, finding in self._pairs([figures])])

    def indicator(self, name: str) -> IndicatorSection:
        """Say why it matters, the sentence, the picture with its figures, and the caveats of one indicator."""
        pairs = self._pairs_of(name)
        if len(pairs) != 1:
            of = count_noun(len(pairs), "indicator")
            raise InputError(f"{name!r} is a theme of {of}; briefing.sections({name!r}) shows them all.")
        return self._section(*pairs[0])

    def _section(self, series: Series, finding: Finding) -> IndicatorSection:
        indicator = finding.indicator
        undefined = indicator.definition == NO_DEFINITION
        every = self.data.observations
        own = every[every["indicator"] == indicator.id].sort_values("period_start")
        return IndicatorSection(
            heading=SubHeading(indicator.label),
            why_it_matters=Prose(indicator.why_it_matters, "why"),
            sentence=self._sentence(finding),
            latest=Prose(self._write_latest(series, finding), "latest"),
            picture=draw_timeline(series, finding, self._events(series)) if series.has_chart else None,
            table=tabulate_series(series),
            outlook=self._outlook(series, finding),
            definition=Prose("" if undefined else f"What is counted: {indicator.definition}", "note"),
            caveats=Bullets("Read with care", indicator.caveats, "caveats"),
            source=frames.name_source(own.assign(owner=indicator.owner)),
        )

    def sections(self, *subjects: Subject) -> Stack:
        """Give the sections of several indicators, one below the other; a theme's id stands for all its indicators."""
        return Stack([self._section(*pair) for pair in self._pairs(subjects)])

    def caveats(self, *subjects: Subject) -> Showable:
        """Say what to beware of with the named indicators, each thing once, with all that it is true of, folded."""
        of: dict[str, list[str]] = {}
        every = len(pairs := self._pairs(subjects))
        for series, finding in pairs:
            for text in (*series.new_levels, *finding.indicator.caveats):
                of.setdefault(text, []).append(finding.indicator.label)
        items = [text if 1 < every == len(who) else f"{'; '.join(who)}: {text}" for text, who in of.items()]
        if not items:
            return Prose("We know of nothing more to beware of in these figures.")
        return Fold(say("folded.caveats", count=len(items)), Bullets("", items, "caveats"))

    def snapshot(self, *subjects: Subject) -> Table:
        """Give those of the named indicators or themes whose figures were published for one month only."""
        series = [one for one, _ in self._pairs(subjects) if one.is_snapshot]
        return tabulate_snapshots(series, self.catalogue.identity.area_name)

    @property
    def last_day(self) -> str:
        """The last day that a figure is about, like "2018-03-31"."""
        rows = self.data.observations
        return str(rows.loc[rows["status"] == "reported", "period_end"].max())

    @property
    def last_year(self) -> str:
        """The id of the financial year that the assessed one is compared with."""
        return previous_year(self.financial_year)

    @property
    def next_year(self) -> str:
        """The id of the financial year that the assessment plans for."""
        return following_year(self.financial_year)

    @property
    def year_in_words(self) -> str:
        """How a page writes the edition's year: 2017/18."""
        return display_year(self.financial_year)

    def _sentence(self, finding: Finding) -> Prose:
        said = [words.write_sentence(finding), words.write_corroboration(finding, self.findings)]
        kind = "cannot-tell" if finding.verdict.direction == "can't tell" else "finding"
        return Prose(" ".join(part for part in said if part), kind)

    def _write_latest(self, series: Series, finding: Finding) -> str:
        """The last quarter, and what neither the title of the chart nor the sentence has said."""
        if not series.has_chart:
            return words.write_latest(series)
        told = words.write_remarks(finding), words.write_corroboration(finding, self.findings)
        return " ".join(filter(None, [words.write_latest(series), *told]))

    def _outlook(self, series: Series, finding: Finding) -> Prose | None:
        projection = None if self._is_over else outlook.project_year(series, self.financial_year)
        return None if projection is None else Prose(outlook.write_outlook(projection, finding), "outlook")

    def _events(self, series: Series) -> list[Event]:
        """The changes in recording between the first and the last quarter of an indicator's series."""
        points, indicator = series.points, series.indicator
        return [
            Event(entry.date_from, "recording changed")
            for entry in self.catalogue.recording_breaks
            if indicator.id in entry.indicators and points and points[0].starts < entry.date_from < points[-1].starts
        ]

    def _findings(self, subjects: Iterable[Subject]) -> list[Finding]:
        return [finding for _, finding in self._pairs(subjects)]

    def _pairs(self, subjects: Iterable[Subject]) -> list[tuple[Series, Finding]]:
        """The series and the finding of each indicator that is meant: by its id, its theme's, or in a frame."""
        return [pair for subject in subjects for pair in self._pairs_of(subject)]

    def _pairs_of(self, subject: Subject) -> list[tuple[Series, Finding]]:
        if isinstance(subject, pd.DataFrame):
            return self._pairs_in(subject)
        if isinstance(subject, list | tuple):
            return self._pairs(subject)
        found = frames.find_indicators(str(subject), self.catalogue)
        return [(self.series[one.id], self.findings[one.id]) for one in found]

    def _pairs_in(self, frame: pd.DataFrame) -> list[tuple[Series, Finding]]:
        """Those of a frame of `figures`, afresh where it was changed, or of one of `compare_years`."""
        names = frames.require_indicators(frame, self.catalogue)
        if frames.FINDING in frame:
            return [(self.series[one.indicator.id], one) for one in frame[frames.FINDING]]
        rows, changed = frames.put_back(frame, self.data.observations)
        if not changed:
            return [(self.series[name], self.findings[name]) for name in names]
        data = replace(self.data, observations=rows)
        totals = data.totals[~data.totals["indicator"].isin(changed)]
        found = compare_years(rows, self.catalogue, self.financial_year, data.baselines, totals)
        series = self.series | {name: self._read_series(data, name) for name in changed}
        return [(series[name], found[name]) for name in names]
