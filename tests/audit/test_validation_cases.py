"""The V cases of method_cases.json against the public functions of the audit."""

import json

import pandas as pd
import pytest

from swp_analysis.audit.claims import Claim, FigureMeant
from swp_analysis.audit.figures import TableFigures, YearSpan, exactly
from swp_analysis.audit.judgements import judge_claim
from swp_analysis.audit.recompute import change_between, recompute
from swp_analysis.audit.verdicts import ClaimContext
from swp_analysis.engines.small_numbers.rounding import is_possible_mean, is_print_of, read_printed
from swp_analysis.quality.totals import annual_totals
from tests.conftest import ROOT

CASES = {
    case["id"]: case
    for case in json.loads((ROOT / "tests" / "fixtures" / "method_cases.json").read_text(encoding="utf-8"))
    if case["id"].startswith("V")
}
BEFORE, AFTER = YearSpan("2016-17"), YearSpan("2017-18")
ROWS = {
    "FTE": "youth_justice_first_time_entrants",
    "knife": "knife_violence",
    "firearm": "firearm_violence",
    "PPVWI": "public_place_violence_with_injury",
    "DA": "domestic_abuse_incidents",
    "SSO": "serious_sexual_offences",
    "hate": "hate_crime",
    "HSC": "home_safety_checks",
}


@pytest.fixture(scope="module")
def figures(shipped, catalogue):
    totals = annual_totals(shipped.observations, catalogue.indicators)
    return TableFigures(shipped.observations, totals, shipped.baselines, catalogue)


def test_no_case_is_left_out():
    assert set(CASES) == {"V01", "V02", "V04", "V05", "V07", "V08"}


def test_v01_quarters_give_the_stated_totals(figures):
    for name, total in CASES["V01"]["expected"]["sum"].items():
        span = BEFORE if name.endswith("16") else AFTER
        assert figures.get(ROWS[name[:-2]], span).value == total == sum(CASES["V01"]["inputs"]["series"][name])


def test_v02_stated_percentages_are_flagged():
    case = CASES["V02"]
    reading = FigureMeant("knife_violence", "percent", AFTER, BEFORE)
    for (_, before, after, stated), pct, ok in zip(
        case["inputs"]["claims"], case["expected"]["pct"], case["expected"]["ok"], strict=True
    ):
        if pct is None:
            continue
        result = change_between(reading, exactly(before), exactly(after), is_share=False)
        assert result.value == pytest.approx(pct, abs=case["tolerance"]["abs"])
        assert is_print_of(read_printed(str(stated)), result.value) is ok


def test_v04_the_same_quantity_twice_is_a_conflict(figures):
    change = FigureMeant("public_place_violence_with_injury", "change", AFTER, BEFORE)
    pairs = {
        ("public_place_violence_with_injury", "change_abs", "70", change),
        ("firearm_violence", "previous_level", "37", FigureMeant("firearm_violence", "level", BEFORE)),
        ("firearm_violence", "level", "64", FigureMeant("firearm_violence", "level", AFTER)),
        ("hate_crime", "level", "384", FigureMeant("hate_crime", "level", AFTER)),
        (
            "personal_robbery_victims_10_24",
            "change_pct",
            "-40.4%",
            FigureMeant("personal_robbery_victims_10_24", "percent", AFTER, BEFORE),
        ),
    }
    for name, kind, stated, reading in pairs:
        claim = Claim("v", "", name, kind, stated, readings=(reading,))
        assert judge_claim(claim, ClaimContext(figures, [claim])).verdict == "contradicted"


def test_v05_a_baseline_that_its_quarters_dont_give(figures):
    expected = CASES["V05"]["expected"]
    custody = figures.get("youth_custody_share", BEFORE)
    abuse = figures.get("domestic_abuse_recordable_share", BEFORE)
    assert custody.value / 100 == pytest.approx(expected["custody"], abs=CASES["V05"]["tolerance"]["abs"])
    assert abuse.value / 100 == pytest.approx(expected["da"], abs=CASES["V05"]["tolerance"]["abs"])
    assert not is_print_of(read_printed("9.9%"), custody.lowest, custody.highest)
    assert not is_print_of(read_printed("42.4%"), abuse.lowest, abuse.highest)


def test_v07_a_quarter_quoted_as_the_year(figures):
    expected, share = CASES["V07"]["expected"], "marac_repeat_share"
    assert recompute(FigureMeant(share, "level", AFTER), figures).value == pytest.approx(expected["annual"], abs=1e-6)
    cases, referrals = CASES["V07"]["inputs"]["q4"]
    assert 100 * cases / referrals == pytest.approx(expected["q4"], abs=1e-6)
    claim = Claim("v", "", share, "level", "36%", readings=(FigureMeant(share, "level", AFTER),))
    judgement = judge_claim(claim, ClaimContext(figures, [claim]))
    assert (judgement.verdict, "Q4 2017/18" in judgement.explanation) == ("different_scope", True)


def test_v08_impossible_means():
    case = CASES["V08"]
    found = [is_possible_mean(read_printed(str(value)), case["inputs"]["n"]) for value in case["inputs"]["values"]]
    assert found == case["expected"]["ok"]


def test_hidden_figures_judge_nothing(shipped, catalogue):
    """A claim about a figure that is suppressed is neither confirmed nor contradicted."""
    observations = shipped.observations.copy()
    rows = (observations["indicator"] == "hate_crime") & (observations["financial_year"] == "2017-18")
    observations.loc[rows, ["status", "value"]] = ["withheld", float("nan")]
    totals = annual_totals(observations, catalogue.indicators)
    evidence = ClaimContext(TableFigures(observations, totals, shipped.baselines, catalogue))
    claim = Claim("v", "", "hate_crime", "level", "385", readings=(FigureMeant("hate_crime", "level", AFTER),))
    assert judge_claim(claim, evidence).verdict == "no_table"
    assert pd.isna(observations.loc[rows, "value"]).all()
