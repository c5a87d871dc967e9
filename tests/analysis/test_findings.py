"""Verdicts of the shipped year: direction, polarity and evidence kept apart, and no more said than the figures
carry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swp_analysis.analysis.findings import compare_years
from swp_analysis.quality.totals import annual_totals


def blank(observations, where):
    """The observations with some figures taken away."""
    changed = observations.copy()
    changed.loc[where(changed), ["status", "value"]] = ["not_available", float("nan")]
    return changed


def test_knives_are_no_clear_change_and_firearms_a_clear_rise(shipped_findings):
    knife, firearm = shipped_findings["knife_violence"], shipped_findings["firearm_violence"]
    assert (knife.before, knife.after, knife.change) == (191, 221, 30)
    assert knife.change_pct == pytest.approx(15.7, abs=0.05)
    assert (knife.verdict.direction, knife.verdict.polarity) == ("no clear change", "no judgement")
    assert (firearm.before, firearm.after) == (33, 63)
    assert (firearm.verdict.direction, firearm.verdict.polarity) == ("up", "worse")
    assert firearm.verdict.evidence.p == pytest.approx(0.0028786, rel=1e-4)


def test_a_rise_in_reports_of_a_hidden_crime_is_not_judged(shipped_findings):
    sexual = shipped_findings["serious_sexual_offences"]
    assert (sexual.verdict.direction, sexual.verdict.polarity) == ("up", "no judgement")
    hidden = [finding for finding in shipped_findings.values() if finding.indicator.hidden_crime]
    assert {finding.verdict.polarity for finding in hidden} == {"no judgement"}


def test_a_stock_is_never_added_up(shipped, catalogue, shipped_findings):
    totals = annual_totals(shipped.observations, catalogue.indicators)
    stocks = totals[totals["indicator"].map(lambda name: catalogue.indicators[name].kind == "stock")]
    assert set(stocks["status"]) == {"not_available"}
    assert stocks["value"].isna().all()
    gang = shipped_findings["active_gang_members"]
    assert (gang.quarters, gang.before, gang.after, gang.verdict.direction) == ((3,), 35, 31, "can't tell")


def test_a_rate_is_the_sum_of_n_over_the_sum_of_N(shipped_findings):
    custody = shipped_findings["youth_custody_share"]
    assert custody.parts == {"2016-17": (26, 172), "2017-18": (19, 201)}
    assert custody.after == pytest.approx(100 * 19 / 201)
    assert custody.verdict.evidence.lower == pytest.approx(-12.61707820532, abs=1e-6)
    repeats = shipped_findings["marac_repeat_share"]
    assert repeats.parts["2017-18"] == (221, 651)


def test_a_share_of_a_known_number_is_weighted_and_not_tested(shipped_findings):
    share = shipped_findings["domestic_abuse_recordable_share"]
    assert share.before == pytest.approx(44.04, abs=0.005)
    assert (share.verdict.direction, share.verdict.evidence.lower) == ("can't tell", None)


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
    assert evidence.method == "quasi-Poisson"
    assert evidence.dispersion > 10
    assert any("chance alone" in warning for warning in evidence.warnings)


def test_no_percentage_change_on_a_small_base(shipped_findings):
    mutilation = shipped_findings["female_genital_mutilation_incidents"]
    assert (mutilation.before, mutilation.after, mutilation.change_pct) == (17, 27, None)


def test_half_a_year_is_compared_with_the_same_half(shipped, catalogue):
    half = blank(shipped.observations, lambda f: (f["financial_year"] == "2017-18") & (f["quarter"] > 2))
    knife = compare_years(half, catalogue, "2017-18")["knife_violence"]
    assert (knife.quarters, knife.before, knife.after) == ((1, 2), 89, 98)
    assert "only Q1–Q2 has figures in both years" in knife.verdict.evidence.warnings


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

    @given(st.lists(st.integers(0, 60), min_size=8, max_size=8))
    def agrees(values):
        rows["value"] = [float(value) for value in values]
        finding = compare_years(rows, catalogue, "2017-18")["knife_violence"]
        evidence, direction = finding.verdict.evidence, finding.verdict.direction
        assert direction == ("up" if evidence.lower > 1 else "down" if evidence.upper < 1 else "no clear change")
        assert finding.verdict.polarity == {"up": "worse", "down": "better"}.get(direction, "no judgement")

    agrees()
