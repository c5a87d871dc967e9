"""What the sentences say, and what they must never say."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swp_analysis.present.numbers import write_change, write_interval, write_ratio, write_value
from swp_analysis.present.words import name_in_words, write_clear_together, write_sentence, write_verdict

CAUSAL = re.compile(r"\b(because of|due to|thanks to|caused|led to|as a result|reflects|success of)\b", re.IGNORECASE)


def test_the_knife_sentence(shipped_findings):
    sentence = write_sentence(shipped_findings["knife_violence"])
    assert "191 to 221 (+30, +15.7%)" in sentence
    assert "no clear change" in sentence
    assert "ratio 1.16, 0.90–1.49" in sentence


def test_the_firearms_sentence(shipped_findings):
    sentence = write_sentence(shipped_findings["firearm_violence"])
    assert "rose from 33 to 63 (+30, +90.9%)" in sentence
    assert "a clear rise, for the worse (ratio 1.91, 1.09–3.34)" in sentence


def test_reports_of_a_hidden_crime(shipped_findings):
    sentence = write_sentence(shipped_findings["serious_sexual_offences"])
    assert sentence.startswith("Reports (serious sexual offences reported to the police) went from 535 to 615")
    assert (
        "The partnership aims to increase reporting. The figures alone can't show how much goes unreported." in sentence
    )


def test_a_clear_change_says_how_far_it_holds(shipped_findings):
    guns = shipped_findings["firearm_violence"]
    assert "It is an early sign and needs another year to confirm." in write_sentence(guns)
    evidence = replace(guns.verdict.evidence, strength="well supported")
    firm = replace(guns, verdict=replace(guns.verdict, evidence=evidence))
    assert "It is well supported: it holds when all 17 tested" in write_sentence(firm)
    assert "early sign" not in write_sentence(shipped_findings["domestic_abuse_incidents"])


def test_the_first_page_says_which_clear_changes_hold(shipped_findings):
    said = write_clear_together(shipped_findings.values())
    assert said == (
        "When all 17 tested indicators are looked at together, nothing is well supported; an early sign is violent "
        "crimes with a firearm and violence with injury in public places, offender aged 10 to 24."
    )
    assert write_clear_together([shipped_findings["knife_violence"]]) == ""


def test_no_change_at_all_is_not_put_down_to_chance(shipped_findings):
    sentence = write_sentence(shipped_findings["honour_based_abuse_incidents"])
    assert "stayed at 24" in sentence
    assert "This is no clear change (ratio 1.00, 0.48–2.07)." in sentence


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
    assert "35 to 31" in sentence
    assert not re.search(r"\b(97|139|148)\b", sentence)


def test_every_sentence_carries_its_verdict(shipped_findings):
    for finding in shipped_findings.values():
        sentence, direction = write_sentence(finding), finding.verdict.direction
        said = {"up": "a clear rise", "down": "a clear fall", "no clear change": "no clear change"}
        if direction in said:
            assert said[direction] in sentence
            assert write_verdict(finding).lower().startswith(said[direction].removeprefix("a "))
        else:
            assert "can't be" in sentence


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


def test_the_custody_sentence_explains_its_last_digit(shipped_findings):
    assert "from 15.1% to 9.5% (−5.7 percentage points before rounding)" in write_sentence(
        shipped_findings["youth_custody_share"]
    )


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
