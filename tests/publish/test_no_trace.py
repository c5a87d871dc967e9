"""What is hidden leaves no trace: other hidden figures behind the same page give the same page, to the byte.

Stronger than any search for a number: a bar's height, a rounding, a p-value or the order of rows would show here.
"""

from __future__ import annotations

from dataclasses import replace

from swp_analysis.present.annex_tables import make_annex_tables

ROBBERS = "personal_robbery_offenders_10_24"
QUARTERS = {1: 1, 4: -1}  # one more and one fewer, so that the year, which is shown, stays as it is


def test_other_hidden_figures_give_the_same_pages(shipped, brief, partners):
    rows = shipped.observations.copy()
    for quarter, more in QUARTERS.items():
        here = (rows["indicator"] == ROBBERS) & (rows["financial_year"] == "2017-18") & (rows["quarter"] == quarter)
        rows.loc[here, "value"] += more
        rows.loc[here, "raw_value"] = f"{rows.loc[here, 'value'].item():.0f}"
    hidden = partners.data.observations[partners.data.observations["indicator"] == ROBBERS]
    assert list(hidden.loc[hidden["status"] != "reported", "quarter"]) == list(QUARTERS)

    other = brief("partners", evidence=replace(shipped, observations=rows))
    assert not rows.equals(shipped.observations)
    for shown in (
        lambda briefing: briefing.indicator(ROBBERS),
        lambda briefing: briefing.scorecard,
        lambda briefing: briefing.wall(ROBBERS),
        lambda briefing: briefing.reconciliation(),
        lambda briefing: briefing.verdicts(),
    ):
        assert shown(partners)._repr_html_() == shown(other)._repr_html_()
    assert make_annex_tables(partners) == make_annex_tables(other)
