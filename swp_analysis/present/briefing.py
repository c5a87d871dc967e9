"""What a notebook calls. In: a financial year, an area, an audience. Out: a `Briefing`, whose methods return things
to show.

A briefing holds protected data only: what an audience may not see is gone before the first chart is drawn.
"""

from dataclasses import dataclass
from functools import cached_property

from swp_analysis.analysis.findings import speaks_of_reports
from swp_analysis.errors import explain_calls
from swp_analysis.present import finding_tables, outlook
from swp_analysis.present.delivery_briefing import DeliveryBriefing
from swp_analysis.present.exhibit import Bullets, Fold, Prose, Showable, Stack
from swp_analysis.present.finding_tables import NOTHING_TO_SHOW, TOO_FEW, Scorecard, make_scorecard
from swp_analysis.present.indicator_briefing import IndicatorBriefing, Subject
from swp_analysis.present.phrases import lower_first, say
from swp_analysis.present.priority_briefing import PriorityBriefing
from swp_analysis.present.quality_tables import write_trust
from swp_analysis.present.quarter_charts import draw_timeline, draw_wall
from swp_analysis.present.row_charts import draw_changes, draw_slopes
from swp_analysis.present.series import tabulate_coverage, tabulate_gaps, tabulate_months, tabulate_quarters
from swp_analysis.present.table import Table
from swp_analysis.present.words import CLEAR_GROUPS, NO_CHANGE, UNKNOWN, group_by_verdict, is_clear, write_headline

MOST_IN_FULL = 3
# In a notebook; on a page of a first year the quarters follow, and there is nothing more to see.
NOT_COMPARED = "None of these can be compared with the year before; `wall` has their quarters."
MORE_REPORTS = say("in_short.reports")


@explain_calls
@dataclass(frozen=True, repr=False)
class Briefing(IndicatorBriefing):
    """One edition's evidence for one audience: findings, charts, tables and sentences by indicator and theme."""

    def at_a_glance(self, *subjects: Subject) -> Showable:
        """Give both years, the change and the verdict of the named indicators or themes."""
        pairs = [pair for pair in self._pairs(subjects) if not pair[0].is_snapshot]
        if all(finding.withheld for _, finding in pairs):
            return Prose(NOTHING_TO_SHOW, "cannot-tell")
        is_first = all(series.is_short for series, _ in pairs)
        glance = Prose(NOT_COMPARED, "empty") if is_first else finding_tables.tabulate_glance(pairs)
        months = tabulate_months(self.months, [finding.indicator for _, finding in pairs])
        return Stack([glance, months]) if months else glance

    def changes(self, *subjects: Subject) -> Showable:
        """Give the change of each named count with its 95% range, as a picture."""
        findings = self._findings(subjects)
        return draw_changes(findings) or TOO_FEW

    def slopes(self, *subjects: Subject) -> Showable:
        """Give the named percentages in both years, as slopes."""
        findings = self._findings(subjects)
        shares = [finding for finding in findings if finding.indicator.unit == "percent"]
        return draw_slopes(shares) or TOO_FEW

    def wall(self, *subjects: Subject) -> Showable:
        """Give small pictures of the named indicators, with their verdicts; a table where none has quarters enough."""
        pairs = [one for one in self._pairs(subjects) if one[0].reported and not one[0].is_snapshot]
        if pairs and all(series.is_short for series, _ in pairs):
            return tabulate_quarters([series for series, _ in pairs])
        pairs = [one for one in pairs if len(one[0].reported) > 1]
        if len(pairs) == 1:  # never a small picture on its own
            return draw_timeline(*pairs[0], self._events(pairs[0][0]))
        return draw_wall(pairs) if pairs else Prose("", "empty")

    def about(self, *topics: str) -> list[str]:
        """Give the indicators of these themes or about any of these topics, in the order of the catalogue; there may be
        none, as the partnership may not measure it."""
        wanted = set(topics)
        every = self.catalogue.indicators.values()
        return [one.id for one in every if one.theme in wanted or one.is_about(wanted)]

    def main(self, *subjects: Subject) -> list[str]:
        """Give the indicators that a page shows in full: clear changes first, then wholes before their parts."""
        charted = [pair for pair in self._pairs(subjects) if pair[0].has_chart]
        first = sorted(charted, key=lambda pair: (not is_clear(pair[1]), pair[0].is_part))
        small = [pair for pair in first[MOST_IN_FULL:] if not pair[1].withheld]
        full = [*first[:MOST_IN_FULL], *(small if len(small) == 1 else ())]  # never a small picture on its own
        chosen = {finding.indicator.id for _, finding in full}
        return [finding.indicator.id for _, finding in charted if finding.indicator.id in chosen]

    def others(self, *subjects: Subject) -> list[str]:
        """Give the named indicators that a page shows small: all that are collected by quarter but those of `main`.

        Those too where no page of a theme would show quarters: one without evidence shows none in full.
        """
        small = self._list_small(*subjects)
        is_shown = self.audience.show_evidence or any(map(self._list_small, self.catalogue.themes))
        return small if small or is_shown else self.main(*subjects)

    def _list_small(self, *subjects: Subject) -> list[str]:
        """Those that are drawn beside `main`; in a first year, of which nothing is drawn, all that have a figure."""
        full = self.main(*subjects)
        pairs = [pair for pair in self._pairs(subjects) if pair[0].reported and not pair[1].withheld]
        is_first = all(series.is_short or series.is_snapshot for series, _ in pairs)
        small = [pair for pair in pairs if (pair[0].is_short if is_first else pair[0].has_chart)]
        return [finding.indicator.id for _, finding in small if finding.indicator.id not in full]

    def in_short(self, *subjects: Subject) -> Bullets:
        """Say what changed, what it may mean, and for how many figures there are not enough data: at most five
        lines."""
        findings = self._findings(subjects)
        groups = group_by_verdict(findings)
        clear = [finding for group in CLEAR_GROUPS for finding in groups[group]]
        if not findings:
            return Bullets("", [], when_empty=NOTHING_TO_SHOW)
        lines = [f"{write_headline(finding)}." for finding in clear[: 4 if len(clear) == 4 else 3]]
        more = [lower_first(finding.indicator.name) for finding in clear[len(lines) :]]
        reports = any(speaks_of_reports(finding.indicator) for finding in clear)
        same, unknown = (len(groups[name]) or None for name in (NO_CHANGE, UNKNOWN))
        named = "in_short.rest" if same or unknown else "in_short.none"
        rest = say(named, same=same, unknown=unknown, some=bool(clear))
        also = [say("in_short.also", names=more)] if more else []
        return Bullets("", [*lines, *also, *([MORE_REPORTS] if reports else []), rest], "key-points")

    @cached_property
    def scorecard(self) -> Scorecard:
        """Every quarterly indicator on one page: figures, verdict, small line, both icons, data status."""
        brief = not self.audience.show_evidence
        return make_scorecard(self.findings, self.series, self.catalogue, brief=brief)

    def chart_rules(self) -> Fold:
        """Give every rule, constant and threshold that the charts follow, with its source."""
        return Fold("Every rule with its value and its source", outlook.tabulate_thresholds())

    def backtest(self) -> Showable:
        """Say how year-end projections would have done in past years."""
        return outlook.tabulate_backtest(self.data.observations, self.catalogue)

    def meaning(self, *subjects: Subject) -> Stack:
        """Say what the figures mean for delivery: the priorities that they are about, and what they cannot say."""
        findings = self._findings(subjects)
        priorities = finding_tables.list_priorities_of(findings, self.catalogue, self.financial_year)
        unknown = finding_tables.list_unknown(findings)
        return Stack([priorities, unknown] if unknown.items else [priorities])

    def trust(self) -> Prose:
        """Tell whether the figures can be trusted, in a sentence with its reasons."""
        points = [point for one in self.series.values() if not one.is_snapshot for point in one.points]
        shown = sum(point.status == "reported" for point in points)
        verdicts = self.reconciled["verdict"], self.shown_claims["verdict"]
        return Prose(write_trust(shown, len(points), *verdicts), "summary")

    @cached_property
    def priorities(self) -> PriorityBriefing:
        """The ranking of candidates for next year's delivery priorities, and how far to trust it."""
        known = self.data, self.findings, self.workshop
        return PriorityBriefing(self.catalogue, self.audience, self.financial_year, *known)

    @cached_property
    def delivery(self) -> DeliveryBriefing:
        """What was done in the year for each of its priorities, the money, and what the figures did meanwhile."""
        return DeliveryBriefing(self.catalogue, self.financial_year, self.findings)

    def work_ahead(self) -> None:
        """Work out what several notebooks show, so that it is handed to them together with the briefing."""
        _ = self.series, self.scorecard, self.priorities.ranking, self.priorities.backcasts

    def plan_gaps(self) -> Bullets:
        """Say what the local plan and residents ask about, and these tables don't measure."""
        plans = self.catalogue.strategy.plans
        asked = [one for plan in plans for one in (*plan.objectives, *plan.community_concerns)]
        items = [f"{one.text}: {one.gap}" for one in asked if one.gap]
        return Bullets("Asked for in the local plan, and not fully covered by our data", items)

    def completeness(self) -> Showable:
        """Say which quarters have a figure, for every indicator that is collected by quarter and has a gap."""
        quarterly = [series for series in self.series.values() if not series.is_snapshot]
        return tabulate_gaps(quarterly) or Prose("No indicator has a gap.")

    def coverage(self) -> Fold:
        """Say how many figures each indicator has, and who owns it."""
        return Fold("How many figures each indicator has, and who owns it", self.coverage_table)

    @property
    def coverage_table(self) -> Table:
        """The table alone, as the annex has it."""
        return tabulate_coverage(self.series, self.catalogue)
