"""What the sentences say, and what they must never say."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swp_analysis.present.phrases import write_change, write_interval, write_ratio, write_value
from swp_analysis.present.words import (
    name_in_words,
    write_corroboration,
    write_headline,
    write_sentence,
    write_strength,
    write_verdict,
)

CAUSAL = re.compile(r"\b(because of|due to|thanks to|caused|led to|as a result|reflects|success of)\b", re.IGNORECASE)


def test_a_change_within_chance_says_so(shipped_findings):
    assert write_sentence(shipped_findings["knife_violence"]) == (
        "Violent crimes with a knife or sharp blade rose from 191 in 2016/17 to 221 in 2017/18, up 30 (15.7%). Chance "
        "alone could explain a difference of this size."
    )


def test_an_early_sign_needs_another_year(shipped_findings):
    sentence = write_sentence(shipped_findings["firearm_violence"])
    assert "rose from 33 in 2016/17 to 63 in 2017/18, up 30 (90.9%)" in sentence
    assert "an early sign of a change for the worse; another year is needed to confirm it" in sentence


def test_what_holds_among_many_is_well_supported(shipped_findings):
    finding = firm(shipped_findings["public_place_violence_with_injury_offenders_10_24"])
    assert "This change for the better is well supported." in write_sentence(finding)
    assert write_verdict(finding) == "Better (well supported)"


def test_more_reports_may_be_more_crime_or_more_trust(shipped_findings):
    finding = firm(shipped_findings["serious_sexual_offences"])
    sentence = write_sentence(finding)
    assert sentence.startswith("Serious sexual offences reported to the police rose from 535 in 2016/17 to 615")
    assert "This may be more crime, or more people coming forward." in sentence
    assert write_verdict(finding) == "Rise (well supported): could be more reporting or more harm"
    said = write_corroboration(finding, shipped_findings)
    assert said.endswith("did not clearly change, so we cannot tell why reports rose.")


def test_a_label_with_a_comma_is_closed_by_one(shipped_findings):
    sentence = write_sentence(shipped_findings["public_place_violence_with_injury_offenders_10_24"])
    assert sentence.startswith("Violence with injury in public places, offender aged 10 to 24, fell from 120")


def firm(finding):
    """The same finding with a clear rise or fall that holds among many."""
    direction = "up" if finding.change > 0 else "down"
    evidence = replace(finding.verdict.evidence, strength="well supported")
    return replace(finding, verdict=replace(finding.verdict, direction=direction, evidence=evidence))


def test_no_change_at_all_is_not_put_down_to_chance(shipped_findings):
    sentence = write_sentence(shipped_findings["honour_based_abuse_incidents"])
    assert "stayed at 24, as in 2016/17." in sentence
    assert "chance" not in sentence.lower()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (33, 63, "nearly doubled"),
        (33, 66, "doubled"),
        (33, 70, "more than doubled"),
        (100, 52, "halved"),
        (20, 9, "half"),
    ],
)
def test_a_large_change_has_a_name(shipped_findings, before, after, said):
    finding = shipped_findings["firearm_violence"]
    verdict = replace(finding.verdict, direction="up" if after > before else "down")
    assert said in write_headline(replace(finding, before=before, after=after, verdict=verdict))


def test_headlines_have_at_most_fifteen_words_and_the_verdict_s_words(shipped_findings):
    for finding in shipped_findings.values():
        headline = write_headline(finding)
        assert len(headline.split()) <= 15, headline
        if finding.verdict.direction in ("up", "down"):
            assert write_strength(finding) in headline


def test_hidden_crimes_are_never_called_better_or_worse(shipped_findings):
    for finding in shipped_findings.values():
        if finding.indicator.hidden_crime:
            assert "for the better" not in write_sentence(finding)
            assert "for the worse" not in write_sentence(finding)


def test_no_sentence_claims_a_cause(shipped_findings):
    for finding in shipped_findings.values():
        assert not CAUSAL.search(write_sentence(finding)), finding.indicator.id


def test_gang_members_have_no_yearly_sum(shipped_findings):
    sentence = write_sentence(shipped_findings["active_gang_members"])
    assert "from 35 in Q3 2016/17 to 31 in Q3 2017/18" in sentence
    assert not re.search(r"\b(97|139|148)\b", sentence)


def test_every_sentence_carries_its_verdict(shipped_findings):
    for finding in shipped_findings.values():
        sentence = write_sentence(finding)
        if finding.verdict.direction in ("up", "down"):
            assert write_strength(finding) in sentence
        elif finding.verdict.direction == "can't tell":
            assert "cannot" in sentence
        else:
            assert "could explain a difference" in sentence or "no clear change" in sentence


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(6251, "count", "6,251"), (0, "count", "0"), (33.9478, "percent", "33.9%"), (None, "count", "–")],
)
def test_values(value, unit, text):
    assert write_value(value, unit) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(1.1571, "1.16"), (1, "1.00"), (1.0003, "1.0003"), (0.9985, "0.999"), (float("inf"), "no upper limit")],
)
def test_a_ratio_is_never_rounded_to_no_change(ratio, text):
    assert write_ratio(ratio) == text


@given(before=st.floats(0, 100), after=st.floats(0, 100))
def test_a_change_that_the_printed_figures_don_t_give_says_why(before, after):
    shown = [Decimal(write_value(value, "percent").rstrip("%")) for value in (before, after)]
    change = write_change(before, after, "percent")
    printed = Decimal(change.split()[0].replace("−", "-"))
    assert (printed == shown[1] - shown[0]) == (not change.endswith("before rounding"))


def test_a_change_that_the_printed_figures_do_not_give_is_left_to_the_table(shipped_findings):
    assert "from 15.1% in 2016/17 to 9.5% in 2017/18. " in write_sentence(shipped_findings["youth_custody_share"])


def test_what_can_t_be_told_says_why_in_its_sentence(shipped_findings):
    untested = [finding for finding in shipped_findings.values() if finding.verdict.direction == "can't tell"]
    assert len(untested) > 10
    for finding in untested:
        reason = finding.verdict.evidence.warnings[0]
        assert write_sentence(finding).count(reason) == 1


def test_ids_are_replaced_by_names(catalogue):
    text = name_in_words("Appendix C, knife_violence commentary; no_such_id", catalogue)
    assert text == "Appendix C, Knife violence commentary; no_such_id"


def test_signs():
    assert write_change(318, 282, "count") == "−36"
    assert write_change(10.01, 10.05, "percent") == "0.0 percentage points before rounding"
    assert write_change(10.0, 10.04, "percent") == "0.0 percentage points"
    assert write_interval(-12.617, 1.0035, "points") == "−12.6 to +1.0 points"
