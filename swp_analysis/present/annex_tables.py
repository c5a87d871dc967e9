"""What the annex workbook holds. In: a `Briefing`. Out: a `Table` a sheet, numbers as numbers.

Everything comes from the briefing, so nothing is here that its audience may not see; derived figures are rounded as on
the pages.
"""

from math import isfinite

import pandas as pd

from swp_analysis.analysis.findings import Finding, speaks_of_reports
from swp_analysis.analysis.two_years import quarters_in_words
from swp_analysis.catalogue.models import Indicator
from swp_analysis.present.briefing import Briefing
from swp_analysis.present.exhibit import Fold
from swp_analysis.present.finding_tables import name_both_years
from swp_analysis.present.phrases import read_phrases, say
from swp_analysis.present.table import Cell, Table
from swp_analysis.present.words import write_verdict

NO_FIGURE = "[x]"
DOES_NOT_APPLY = "[z]"
WITHHELD = "withheld"
TO_FILL_IN = "to fill in"
WITHOUT_EVIDENCE = ("Scorecard", "Figures", "Recording breaks", "Notes")


def make_annex_tables(briefing: Briefing) -> dict[str, Table]:
    """Make all tables of the annex by the tab of their sheet, in the order of the sheets."""
    claims = [part.content for part in briefing.audit().parts if isinstance(part, Fold)]
    every = {
        "Scorecard": _scorecard(briefing),
        "Findings": _findings(briefing),
        "Figures": _quarters(briefing),
        "Reconciliation": briefing.tabulate_reconciliation(briefing.reconciled),
        "Coverage": briefing.coverage_table,
        **({"Claims": claims[0]} if claims else {}),
        "Recording breaks": briefing.breaks_table,
        **briefing.priorities.evidence_tables(),
        "Workshop": _workshop(briefing),
        "Notes": _notes(briefing),
    }
    return every if briefing.audience.show_evidence else {tab: every[tab] for tab in WITHOUT_EVIDENCE}


def _scorecard(briefing: Briefing) -> Table:
    found = [one for name, one in briefing.findings.items() if not briefing.series[name].is_snapshot]
    targets = [one.indicator.target.get(one.financial_year) for one in found]
    before, after = name_both_years(found[0])
    latest = [briefing.series[one.indicator.id].signal.variation for one in found]
    return Table.described(
        "annex_scorecard",
        found,
        before=before,
        after=after,
        theme=[briefing.catalogue.themes[one.indicator.theme].title for one in found],
        good=[write_good(one.indicator) for one in found],
        before_cell=[_round(one, one.before) for one in found],
        after_cell=[_round(one, one.after) for one in found],
        quarters_compared=[quarters_in_words(one.quarters) if one.quarters else NO_FIGURE for one in found],
        target=[NO_FIGURE if target is None else target for target in targets],
        verdict_words=[write_verdict(one) for one in found],
        latest_words=[read_phrases()["variation"][name] for name in latest],
    )


def write_good(indicator: Indicator) -> str:
    """Write which way is good. More reports of an under-reported crime are wanted, more of the crime is not."""
    if speaks_of_reports(indicator) and indicator.good_direction == "higher":
        return "more reported"
    return read_phrases()["good_direction"][indicator.good_direction]


def _findings(briefing: Briefing) -> Table:
    found = list(briefing.findings.values())
    decimals = {"effect": 3, "lower": 3, "upper": 3, "p": 4, "p_holm": 4}
    return Table.described(
        "annex_findings",
        found,
        before=[_round(one, one.before) for one in found],
        after=[_round(one, one.after) for one in found],
        change=[_round(one, one.change) for one in found],
        change_pct=[_shorten(one, one.change_pct, 1) for one in found],
        direction=[WITHHELD if one.withheld else one.verdict.direction for one in found],
        judgement=[WITHHELD if one.withheld else _name_judgement(one) for one in found],
        **{
            name: [_shorten(one, getattr(one.verdict.evidence, name), digits) for one in found]
            for name, digits in decimals.items()
        },
        warnings=["; ".join(one.verdict.evidence.warnings) or "none" for one in found],
    )


def _name_judgement(finding: Finding) -> str:
    return finding.verdict.polarity if finding.verdict.polarity in ("better", "worse") else "neither"


def _shorten(finding: Finding, number: float | None, decimals: int | None) -> Cell:
    """A number of a finding, rounded as on the pages, or the mark for one that isn't there."""
    if number is None:
        return WITHHELD if finding.withheld else NO_FIGURE
    return round(number, decimals) if isfinite(number) else "no upper limit"


def _round(finding: Finding, number: float | None) -> Cell:
    return _shorten(finding, number, None if finding.indicator.unit == "count" else 1)


def _quarters(briefing: Briefing) -> Table:
    pairs = [(series.indicator, point) for series in briefing.series.values() for point in series.points]
    points = [point for _, point in pairs]
    return Table.described(
        "annex_figures",
        points,
        year=briefing.year_in_words,
        label=[one.label for one, _ in pairs],
        unit=[one.unit for one, _ in pairs],
        period=[point.month or f"Q{point.quarter}" for point in points],
        figure=[point.value if point.status == "reported" else point.text for point in points],
        numerator=[_behind(one, point.numerator) for one, point in pairs],
        denominator=[_behind(one, point.denominator) for one, point in pairs],
        status_words=[point.status.replace("_", " ") for point in points],
        owner=[one.owner for one, _ in pairs],
    )


def _behind(indicator: Indicator, number: float) -> Cell:
    """One of the numbers behind a percentage."""
    if indicator.unit != "percent":
        return DOES_NOT_APPLY
    return NO_FIGURE if pd.isna(number) else number


def _workshop(briefing: Briefing) -> Table:
    """The board's form: the data's ranking, and empty cells for its own score, place and reason."""
    form = briefing.priorities.workshop_form.astype(object)
    rows = form.where(form.notna() & (form != ""), TO_FILL_IN).to_dict("records")
    return Table.described("annex_workshop", rows, note=say("workshop_note"), **briefing.priorities.unplaced)


def _notes(briefing: Briefing) -> Table:
    least = briefing.audience.suppress_below
    small = {
        f"<{least}": f"A count from 1 to {least - 1}, not shown because it could identify a person.",
        WITHHELD: "Not shown: alone or with other figures it would give away a count that is too small.",
    }
    marks = read_phrases()["marks"] | (small if least else {})
    return Table("Notes: marks and terms in this workbook", ["Mark", "Meaning"], list(marks.items()))
