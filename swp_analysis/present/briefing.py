"""What a notebook calls. In: a financial year, an area, an audience. Out: a `Briefing`, whose methods return things
to show.

A briefing holds protected data only: what an audience may not see is gone before the first chart is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

import pandas as pd

from swp_analysis.analysis.findings import Finding
from swp_analysis.catalogue.models import Audience, Catalogue, Indicator
from swp_analysis.catalogue.periods import display_year, following_year, previous_year
from swp_analysis.disclosure import Protected
from swp_analysis.errors import InputError
from swp_analysis.present.claim_tables import tabulate_claims
from swp_analysis.present.exhibit import Exhibit, Table
from swp_analysis.present.finding_tables import tabulate_findings
from swp_analysis.present.outlook import project_year, tabulate_backtest, tabulate_bases, write_outlook
from swp_analysis.present.overview_charts import draw_changes, draw_completeness, draw_wall
from swp_analysis.present.priorities import (
    list_by_verdict,
    list_gaps,
    list_priorities_of,
    list_unknown,
)
from swp_analysis.present.priority_briefing import PriorityBriefing
from swp_analysis.present.prose import Bullets, Fold, Heading, Paragraph, Shown, Stack
from swp_analysis.present.quality_tables import (
    list_recording_breaks,
    tabulate_coverage,
    tabulate_reconciliation,
    tabulate_revisions,
    tabulate_thresholds,
    tabulate_unread,
)
from swp_analysis.present.reading_record import ReadingRecord
from swp_analysis.present.scorecard import Scorecard, make_scorecard
from swp_analysis.present.section import IndicatorSection
from swp_analysis.present.series import Series, read_series, tabulate_series, tabulate_snapshots
from swp_analysis.present.suppression import tabulate_suppression
from swp_analysis.present.trend_chart import draw_trend
from swp_analysis.present.words import write_corroboration, write_sentence, write_theme_paragraph
from swp_analysis.present.year_chart import draw_year_on_year

LEAST_POINTS_FOR_A_CHART = 5


@dataclass(frozen=True, repr=False)
class Briefing:
    """One edition's evidence for one audience: findings, pictures, tables and sentences by indicator and theme.

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
        area, shown = self.catalogue.layouts.area_name, self.audience.label
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
        # A line along the foot of a chart says less than a table of noughts.
        charted = len(series.reported) >= LEAST_POINTS_FOR_A_CHART and any(point.value for point in series.reported)
        return IndicatorSection(
            heading=Heading(indicator.label),
            why_it_matters=Paragraph(indicator.why_it_matters, "why"),
            sentence=self._sentence(finding),
            picture=draw_year_on_year(series, finding, self._breaks(indicator)) if charted else None,
            table=tabulate_series(series),
            over_time=draw_trend(series) if charted else None,
            outlook=self._outlook(series),
            comparisons=tabulate_bases(indicator, self.data.observations, finding, self.catalogue),
            definition=Paragraph(f"What is counted: {indicator.definition}", "note"),
            caveats=Bullets("Read with care", indicator.caveats, "caveats"),
        )

    def sections(self, *names: str) -> Stack:
        """The sections of several indicators, one below the other; a theme's id stands for all its indicators."""
        return Stack([self.indicator(name) for name in self._resolve(names)])

    def at_a_glance(self, *names: str) -> Table:
        """Both years, the change and the verdict of the named indicators or themes."""
        return tabulate_findings(self._findings(names), f"{self.year_in_words} at a glance")

    def changes(self, *names: str) -> Shown:
        """The change of each named count with its 95% range, as a picture."""
        years = f"{display_year(previous_year(self.financial_year))} and {self.year_in_words}"
        picture = draw_changes(self._findings(names), f"How counts changed between {years}")
        return picture or Paragraph("None of these figures can be compared and shown here.", "cannot-tell")

    def wall(self, *names: str) -> Exhibit:
        """Small pictures of the named indicators, with their verdicts."""
        pairs = [(self.series[name], self.findings[name]) for name in self._resolve(names)]
        return draw_wall([pair for pair in pairs if not pair[0].is_snapshot], "Quarter by quarter")

    def sentences(self, *names: str) -> Stack:
        """One sentence for each named indicator."""
        return Stack([self._sentence(finding) for finding in self._findings(names)])

    def caveats(self, *names: str) -> Bullets:
        """What to beware of with the named indicators, each thing once, with all that it is true of."""
        of: dict[str, list[str]] = {}
        for name in self._resolve(names):
            for text in self.catalogue.indicators[name].caveats:
                of.setdefault(text, []).append(self.catalogue.indicators[name].label)
        every = len(self._resolve(names))
        items = [text if 1 < every == len(who) else f"{'; '.join(who)}: {text}" for text, who in of.items()]
        return Bullets("Read with care", items, "caveats")

    def snapshot(self, *names: str) -> Table:
        """Those of the named indicators or themes whose figures were published for one month only."""
        series = [self.series[name] for name in self._resolve(names)]
        return tabulate_snapshots([one for one in series if one.is_snapshot], self.catalogue.identity.area_name)

    def paragraph(self, *themes: str) -> Paragraph:
        """One theme, or several together, in a few sentences."""
        return Paragraph(write_theme_paragraph(self._findings(themes)), "summary")

    @cached_property
    def scorecard(self) -> Scorecard:
        """Every quarterly indicator on one page: figures, verdict, small line, both icons, data status."""
        return make_scorecard(self.findings, self.series, self.catalogue, self.financial_year)

    def chart_rules(self) -> Fold:
        """Every rule, constant and threshold that the charts follow, with its source."""
        return Fold("Every rule with its value and its source", tabulate_thresholds())

    def backtest(self) -> Shown:
        """How year-end projections would have done in past years."""
        return tabulate_backtest(self.data.observations, self.catalogue)

    def meaning(self, *themes: str) -> Stack:
        """What the verdicts of themes mean for delivery: sorted by what can be said, beside the priorities they speak
        to."""
        findings = self._findings(themes)
        return Stack([*list_by_verdict(findings), list_priorities_of(findings, self.catalogue, self.financial_year)])

    def verdicts(self) -> Stack:
        """Every indicator's finding, sorted by what can be said."""
        return Stack(list_by_verdict(list(self.findings.values())))

    def cannot_tell(self) -> Stack:
        """What these figures can't say, and why."""
        return list_unknown(self.findings.values())

    @cached_property
    def priorities(self) -> PriorityBriefing:
        """The ranking of candidates for next year's delivery priorities, and how far to trust it."""
        return PriorityBriefing(
            self.catalogue, self.audience, self.financial_year, self.data, self.findings, self.workshop
        )

    def gaps(self, financial_year: str) -> Bullets:
        """The delivery priorities of a year for which nothing, or not everything, is measured."""
        chosen = self.catalogue.strategy.delivery_priorities.get(financial_year, [])
        lead = f"Delivery priorities of {display_year(financial_year)} that these tables don't fully measure"
        return Bullets(lead, list_gaps(chosen), when_empty="None is recorded in the strategy book.")

    def plan_gaps(self) -> Bullets:
        """What the local plan and residents ask about, and these tables don't measure."""
        plans = self.catalogue.strategy.plans
        items = [gap for plan in plans for gap in list_gaps([*plan.objectives, *plan.community_concerns])]
        return Bullets("Asked for in the local plan, and not fully measured in these tables", items)

    def completeness(self) -> Exhibit:
        """Which quarters have a figure, for every indicator that is collected by quarter."""
        quarterly = [series for series in self.series.values() if not series.is_snapshot]
        return draw_completeness(quarterly, "Which quarters have a figure")

    def coverage(self) -> Fold:
        """How many figures each indicator has, and who owns it."""
        return Fold("How many figures each indicator has, and who owns it", self.coverage_table)

    @property
    def coverage_table(self) -> Table:
        """The table alone, as the annex has it."""
        return tabulate_coverage(self.series, self.catalogue)

    def reconciliation(self) -> Table:
        """Printed baselines against their own quarters."""
        return tabulate_reconciliation(self.reconciled, self.catalogue)

    def audit(self) -> Shown:
        """What the report says against its own tables: the claims that don't hold as stated, and how many do."""
        return tabulate_claims(self.claims, self.data, self.catalogue, self.audience)

    def unread_cells(self) -> Shown:
        """Cells that could not be read; small numbers in their text are for analysts only."""
        return tabulate_unread(self.unread, self.catalogue, show_text=not self.audience.suppress_below)

    def restated_figures(self) -> Shown:
        """Figures that a later report restates; their text, like that of unread cells, is for analysts only."""
        return tabulate_revisions(self.revisions, self.catalogue, show_text=not self.audience.suppress_below)

    def suppressed_figures(self) -> Shown:
        """What disclosure control hides from other readers, and why; for analysts only."""
        return tabulate_suppression(self.data, self.audience, self.catalogue, self.earlier)

    def recording_breaks(self) -> Bullets:
        """Known changes in how things are recorded."""
        return list_recording_breaks(self.catalogue)

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

    def _breaks(self, indicator: Indicator) -> list[str]:
        """What to say about recording changes between the first and the last quarter of an indicator's series."""
        quarters = self.data.observations
        dates = quarters.loc[quarters["indicator"] == indicator.id, ["period_start", "period_end"]]
        return [
            f"Recording changed from {entry.date_from:%B %Y}; see “Changes in recording”."
            for entry in self.catalogue.recording_breaks
            if indicator.id in entry.indicators
            and dates["period_start"].min() < entry.date_from.isoformat() <= dates["period_end"].max()
        ]

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
