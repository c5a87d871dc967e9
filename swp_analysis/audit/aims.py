"""Was an aim met? In: a claim that says so, the printed direction of the row and the year's movement. Out: a
`Judgement`.

The direction column of the table goes before the catalogue's: a report is held to what it says it wants.
"""

from __future__ import annotations

from dataclasses import replace

from swp_analysis.audit.claims import Claim, FigureMeant
from swp_analysis.audit.figures import YearSpan
from swp_analysis.audit.recompute import recompute, write_pair
from swp_analysis.audit.verdicts import ClaimContext, Judgement, Verdict, sentence, untied
from swp_analysis.catalogue.models import Indicator
from swp_analysis.catalogue.periods import previous_year

WANTED = {"lower": "down", "higher": "up"}


def wanted_direction(indicator: Indicator, evidence: ClaimContext) -> tuple[str, str]:
    """Say which way a row should go, `up`, `down` or empty, and who says so."""
    printed = evidence.directions.get(indicator.id, "")
    if printed:
        return printed, f"the direction column asks for {'an increase' if printed == 'up' else 'a reduction'}"
    wanted = WANTED.get(indicator.good_direction, "")
    return wanted, f"the aim is {'an increase' if wanted == 'up' else 'a reduction'}" if wanted else ""


def judge_aim(claim: Claim, evidence: ClaimContext) -> Judgement:
    """`achieved` or `not_achieved` against the movement of the year; a number of aims goes to `judge_aim_count`."""
    if claim.unit == "measures":
        return judge_aim_count(claim, evidence)
    if not claim.readings:
        return untied(claim.why_untied or "the statement can't be tied to one figure of the tables")
    indicator = evidence.figures.catalogue.indicators[claim.indicator]
    wanted, who = wanted_direction(indicator, evidence)
    result = recompute(replace(claim.readings[0], metric="change"), evidence.figures)
    if not wanted or result is None or not result.certain:
        return untied("the aim is not stated" if not wanted else "the tables don't give both figures")
    said = "achieved" if claim.kind == "achieved" else "not achieved"
    met = result.lowest > 0 if wanted == "up" else result.highest < 0
    pair = write_pair(result)
    words = f"the text says {said}; {who}, and the table went {pair}"
    if result.value == 0 and claim.kind == "achieved":
        return Judgement("different_scope", pair, sentence(f"{words}: the figure was kept, not changed"))
    # An aim may ask for more than a direction ("5% lower than 2015/16"), so a met direction proves no failure false.
    if met and claim.kind == "not_achieved":
        return untied(f"{words}; whether a target beyond that was missed isn't in the tables", pair)
    return Judgement("confirmed" if met == (claim.kind == "achieved") else "contradicted", pair, sentence(words))


def judge_aim_count(claim: Claim, evidence: ClaimContext) -> Judgement:
    """Give a number of measures in all, or of those that met their aim, in the theme that the claim names."""
    printed = claim.printed
    if not claim.theme or printed is None:
        return untied(claim.why_untied or "the measures are not named")
    rows = _rows_of(claim.theme, evidence)
    if claim.kind != "achieved":
        verdict: Verdict = "confirmed" if printed.value == len(rows) else "contradicted"
        return Judgement(
            verdict, str(len(rows)), sentence(f"{claim.stated} in the text; the table has {len(rows)} rows")
        )
    outcomes = [_outcome(row, evidence) for row in rows]
    met, open_ = outcomes.count("met"), outcomes.count("open")
    counted = f"of {len(rows)} rows {met} moved as asked, {outcomes.count('missed')} didn't and {open_} can't be judged"
    recomputed = f"{met} to {met + open_}" if open_ else str(met)
    if not met <= printed.value <= met + open_:
        return Judgement("contradicted", recomputed, sentence(f"{claim.stated} in the text; {counted}"))
    if open_:
        words = f"{counted}; {claim.stated} is reached only by counting some of those as successes"
        return Judgement("different_scope", recomputed, sentence(words))
    return Judgement("confirmed", recomputed, sentence(counted))


def _rows_of(theme: str, evidence: ClaimContext) -> list[Indicator]:
    members = evidence.figures.catalogue.of_theme(theme)
    companions = {member.companion_share for member in members}
    return [member for member in members if member.id not in companions]


def _outcome(indicator: Indicator, evidence: ClaimContext) -> str:
    """`met`, `missed` or `open`; a row that stood still, or whose share moved the other way, is open."""
    year = evidence.figures.years[-1]
    wanted, _ = wanted_direction(indicator, evidence)
    reading = FigureMeant(indicator.id, "change", YearSpan(year), YearSpan(previous_year(year)))
    result = recompute(reading, evidence.figures)
    if not wanted or result is None or not result.certain or result.value == 0 or indicator.good_direction == "neutral":
        return "open"
    return "met" if (result.value > 0) == (wanted == "up") else "missed"
