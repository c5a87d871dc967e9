"""The same verdict walks through sentence, scorecard, annex, icon and editions, in the same words."""

import pytest

from swp_analysis.analysis.evidence import EARLY_SIGN, WELL_SUPPORTED
from swp_analysis.present.annex_tables import make_annex_tables
from swp_analysis.present.words import write_sentence, write_verdict

WORDS = {"well supported": WELL_SUPPORTED, "early sign": EARLY_SIGN}


@pytest.fixture(scope="module", params=["internal", "partners", "public"])
def edition(request, brief):
    return brief(request.param)


def test_a_clear_change_is_well_supported_or_an_early_sign_and_nothing_else(edition):
    for finding in edition.findings.values():
        clear = finding.verdict.direction in ("up", "down")
        assert bool(finding.verdict.evidence.strength) == clear
        said = write_sentence(finding).lower()
        for words, strength in WORDS.items():
            assert (words in said) == (finding.verdict.evidence.strength == strength), finding.indicator.id


def test_scorecard_and_annex_repeat_the_verdict(edition):
    verdicts = {finding.indicator.label: finding for finding in edition.findings.values()}
    annex = make_annex_tables(edition)
    scorecard, rows = annex["Scorecard"], annex["Findings"].values if "Findings" in annex else []
    at = scorecard.headings.index("Verdict"), scorecard.headings.index("Indicator")
    for row in scorecard.values:
        assert row[at[0]] == write_verdict(verdicts[row[at[1]]])
    for row in rows:
        finding = verdicts[row[0]]
        if not finding.withheld:
            assert row[annex["Findings"].headings.index("Direction")] == finding.verdict.direction


def test_no_icon_contradicts_a_verdict_under_twelve_points(edition):
    icons = {series.signal.variation for series in edition.series.values()}
    assert not {name for name in icons if name.endswith(("_high", "_low")) or name == "common_cause"}


def test_editions_agree_where_both_show_a_finding(brief):
    internal, partners = brief("internal"), brief("partners")
    for name, finding in partners.findings.items():
        other = internal.findings[name]
        if not finding.withheld and finding.before is not None:
            assert (finding.verdict.direction, finding.verdict.polarity, finding.before, finding.after) == (
                other.verdict.direction,
                other.verdict.polarity,
                other.before,
                other.after,
            )
