"""Verdicts of the shipped year: direction, polarity and evidence kept apart, and no more said than the figures
carry."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swp_analysis.analysis.findings import compare_years, find_whole
from swp_analysis.catalogue.models import RebaseEntry
from swp_analysis.quality.totals import annual_totals


def blank(observations, where):
    """The observations with some figures taken away."""
    changed = observations.copy()
    changed.loc[where(changed), ["status", "value"]] = ["not_available", float("nan")]
    return changed


def test_knives_are_no_clear_change_and_firearms_an_early_sign(shipped_findings):
    knife, firearm = shipped_findings["knife_violence"], shipped_findings["firearm_violence"]
    assert (knife.before, knife.after, knife.change) == (191, 221, 30)
    assert knife.change_pct == pytest.approx(15.7, abs=0.05)
    assert (knife.verdict.direction, knife.verdict.polarity) == ("no clear change", "no judgement")
    assert (firearm.before, firearm.after) == (33, 63)
    assert (firearm.verdict.direction, firearm.verdict.polarity) == ("up", "worse")
    assert firearm.verdict.evidence.p == pytest.approx(0.0304, abs=0.0005)
    assert (firearm.verdict.evidence.strength, knife.verdict.evidence.strength) == ("early sign", "")


def test_a_rise_in_reports_of_a_hidden_crime_is_not_judged(shipped_findings):
    """Their quarters scatter 2.7 times as much as chance: the rise from 535 to 615 is no clear one."""
    sexual = shipped_findings["serious_sexual_offences"]
    assert (sexual.verdict.direction, sexual.verdict.polarity) == ("no clear change", "no judgement")
    hidden = [finding for finding in shipped_findings.values() if finding.indicator.hidden_crime]
    assert {finding.verdict.polarity for finding in hidden} == {"no judgement"}


@pytest.mark.parametrize(("day", "is_compared"), [("2016-04-01", True), ("2017-11-01", False), ("2018-04-01", True)])
def test_years_on_both_sides_of_a_new_level_are_not_compared(shipped, catalogue, day, is_compared):
    entry = RebaseEntry(
        indicator="firearm_violence", date_from=day, reason="Air guns count.", entered_by="A", entered_on="2018-07-01"
    )
    words = catalogue.model_copy(update={"rebases": [entry]})
    firearm = compare_years(shipped.observations, words, "2017-18")["firearm_violence"]
    assert (firearm.verdict.direction == "up", firearm.before is not None) == (is_compared, is_compared)
    if not is_compared:
        assert firearm.verdict.evidence.warnings == ("a new level starts in November 2017 (Air guns count)",)


def test_a_stock_is_never_added_up(shipped, catalogue, shipped_findings):
    totals = annual_totals(shipped.observations, catalogue.indicators)
    stocks = totals[totals["indicator"].map(lambda name: catalogue.indicators[name].kind == "stock")]
    assert set(stocks["status"]) == {"not_available"}
    assert stocks["value"].isna().all()
    gang = shipped_findings["active_gang_members"]
    assert (gang.quarters, gang.before, gang.after, gang.verdict.direction) == ((3,), 35, 31, "can't tell")


def test_a_rate_is_the_sum_of_n_over_the_sum_of_N(shipped_findings):
    custody = shipped_findings["youth_custody_share"]
    assert (custody.before, custody.after) == pytest.approx((100 * 26 / 172, 100 * 19 / 201))
    # Newcombe would say -12.6; the quarters scatter 2.3 times as much as chance.
    assert custody.verdict.evidence.lower == pytest.approx(-20.1606, abs=1e-3)
    repeats = shipped_findings["marac_repeat_share"]
    assert repeats.after == pytest.approx(100 * 221 / 651)


def test_a_share_of_a_known_number_is_tested_at_the_worst_rounding(shipped_findings):
    share = shipped_findings["domestic_abuse_recordable_share"]
    evidence = share.verdict.evidence
    assert (round(share.before, 1), round(share.after, 1)) == (44.0, 47.4)  # 2,655 to 2,661 of 6,031; 2,960 to 2,965
    assert "worst rounding" in evidence.method
    assert share.verdict.direction == "no clear change"
    assert evidence.lower < 0 < evidence.upper


def test_a_year_of_shares_comes_from_counts_and_not_from_rounded_percentages(shipped_findings):
    """33% of 3, 100% of 1 and 0% of 1 is 2 of 5; 44.4% of 9 is 4."""
    assert shipped_findings["forced_marriage_recordable_share"].before == pytest.approx(40)
    assert shipped_findings["honour_based_abuse_recordable_share"].after == pytest.approx(100 * 16 / 24)


def test_a_change_that_the_last_quarter_has_lost_says_so(shipped_findings):
    lost = shipped_findings["public_place_violence_with_injury_offenders_10_24"]
    assert lost.verdict.evidence.warnings[-1] == "the last quarter was back at last year's level: 27 against 28"
    assert not any("last quarter" in said for said in shipped_findings["firearm_violence"].verdict.evidence.warnings)


def test_what_is_part_of_another_indicator_is_no_further_chance_of_a_false_alarm(shipped_findings, catalogue):
    tested = [finding for finding in shipped_findings.values() if finding.verdict.evidence.p is not None]
    wholes = {find_whole(finding.indicator.id, catalogue.indicators) for finding in tested}
    assert {finding.verdict.evidence.tested for finding in tested} == {len(wholes)}
    assert len(wholes) < len(tested)
    assert find_whole("personal_robbery_victims_10_24", catalogue.indicators) == "personal_robbery"
    assert find_whole("marac_repeat_share", catalogue.indicators) == "marac_referrals"


def test_a_bare_percent_is_compared_by_its_latest_shared_quarter_only(shipped_findings):
    tests = shipped_findings["positive_drug_test_rate"]
    assert (tests.quarters, tests.before, tests.after) == ((3,), 70.0, 69.2)
    assert tests.verdict.direction == "can't tell"


def test_a_year_without_figures_is_not_compared(shipped_findings):
    reoffending = shipped_findings["proven_reoffending_rate"]
    assert (reoffending.before, reoffending.after, reoffending.latest) == (None, None, (3, 30.3))
    assert reoffending.verdict.direction == "can't tell"


def test_scattered_counts_get_the_wider_interval(shipped_findings):
    evidence = shipped_findings["home_safety_checks"].verdict.evidence
    assert evidence.dispersion > 10
    assert any("chance alone" in warning for warning in evidence.warnings)


def test_no_percentage_change_on_a_small_base(shipped_findings):
    mutilation = shipped_findings["female_genital_mutilation_incidents"]
    assert (mutilation.before, mutilation.after, mutilation.change_pct) == (17, 27, None)


def test_half_a_year_is_compared_with_the_same_half(shipped, catalogue):
    half = blank(shipped.observations, lambda f: (f["financial_year"] == "2017-18") & (f["quarter"] > 2))
    knife = compare_years(half, catalogue, "2017-18")["knife_violence"]
    assert (knife.quarters, knife.before, knife.after) == ((1, 2), 89, 98)
    assert "only Q1–Q2 have exact figures in both years" in knife.verdict.evidence.warnings


def test_a_missing_quarter_is_never_a_zero(shipped, catalogue):
    gap = blank(shipped.observations, lambda f: (f["financial_year"] == "2016-17") & (f["quarter"] == 2))
    firearm = compare_years(gap, catalogue, "2017-18")["firearm_violence"]
    assert (firearm.quarters, firearm.before, firearm.after) == ((1, 3, 4), 24, 47)


def test_every_indicator_has_a_finding_even_without_data(shipped, catalogue):
    empty = shipped.observations.iloc[0:0]
    findings = compare_years(empty, catalogue, "2017-18")
    assert list(findings) == list(catalogue.indicators)
    assert {finding.verdict.direction for finding in findings.values()} == {"can't tell"}


def test_any_counts_give_a_verdict_that_agrees_with_its_interval(shipped, catalogue):
    rows = shipped.observations[shipped.observations["indicator"] == "knife_violence"].copy()
    one = {"knife_violence": catalogue.indicators["knife_violence"]}
    alone = catalogue.model_copy(update={"indicators": one})

    @given(st.lists(st.integers(0, 60), min_size=8, max_size=8))
    def agrees(values):
        rows["value"] = [float(value) for value in values]
        finding = compare_years(rows, alone, "2017-18")["knife_violence"]
        evidence, direction = finding.verdict.evidence, finding.verdict.direction
        assert direction == ("up" if evidence.lower > 1 else "down" if evidence.upper < 1 else "no clear change")
        assert finding.verdict.polarity == {"up": "worse", "down": "better"}.get(direction, "no judgement")

    agrees()


RISING = "firearm_violence"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2016, 4, 1), []),
        (date(2017, 4, 1), ["recording changed from 1 April 2017 on, so 33 and 63 may not be like for like"]),
        (date(2018, 4, 1), []),
    ],
)
def test_a_clear_change_that_spans_one_in_recording_says_so(shipped, catalogue, day, said):
    entry = catalogue.recording_breaks[0].model_copy(
        update={"indicators": [RISING, "knife_violence"], "topics": [], "forces": [], "date_from": day}
    )
    changed = catalogue.model_copy(update={"recording_breaks": [entry]})
    findings = compare_years(shipped.observations, changed, "2017-18")
    assert list(findings[RISING].verdict.evidence.warnings) == said
    # What may be chance is claimed of nothing.
    assert not findings["knife_violence"].verdict.evidence.warnings
