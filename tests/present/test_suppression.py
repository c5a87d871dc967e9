"""The list of what other readers don't see: every hidden figure with its reason, for analysts alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swp_analysis.disclosure import protect
from swp_analysis.present.suppression import COLUMNS, FOR_ANALYSTS, tabulate_suppression


def test_readers_of_protected_figures_get_one_sentence(partners):
    shown = tabulate_suppression(partners.data, partners.audience, partners.catalogue)
    assert shown.text == FOR_ANALYSTS


def rows_of(table, internal, name="personal_robbery_offenders_10_24"):
    return [row for row in table.rows if row[0] == internal.catalogue.indicators[name].label]


@pytest.fixture(scope="module")
def listed(internal):
    return internal.suppressed_figures()


def test_every_figure_that_partners_lack_is_listed(listed, internal, partners):
    gone = partners.data.observations["status"].isin(["suppressed", "withheld"]).sum()
    years = sum((frame["status"] == "withheld").sum() for frame in (partners.data.totals, partners.data.baselines))
    assert len(listed.rows) == gone + years == len(partners.data.log)
    assert list(listed.columns) == COLUMNS
    assert {row[3] for row in listed.rows} == {"Partner organisations and The public"}
    labels = {indicator.label for indicator in internal.catalogue.indicators.values()}
    assert {row[0] for row in listed.rows} <= labels


def test_a_row_says_which_figure_and_why(listed, internal):
    robbery = rows_of(listed, internal)
    assert [(row[1], row[2]) for row in robbery] == [("2017/18", "Q1"), ("2017/18", "Q4")]
    assert robbery[0][4].startswith("secondary: a sum less the other quarters")
    assert robbery[1][4] == "primary: fewer than 5"
    assert {"whole year", "baseline"} <= {row[2] for row in listed.rows}


def test_the_table_says_what_hiding_costs(listed):
    assert listed.note.endswith("31 small figures are hidden, and 13 more that would give them away.")


def test_what_earlier_editions_showed_changes_the_list(internal, partners):
    """Earlier, partners saw the first quarter of robberies: now the second one goes in its place."""
    told = partners.data.observations.copy()
    robbery = told["indicator"] == "personal_robbery_offenders_10_24"
    told.loc[robbery] = internal.data.observations.loc[robbery]
    later = robbery & (told["financial_year"] == "2017-18") & (told["quarter"] > 1)
    told.loc[later, "value"], told.loc[later, "status"] = float("nan"), "not_available"
    nothing = {"baselines": partners.data.baselines.iloc[:0], "totals": partners.data.totals.iloc[:0]}
    earlier = replace(partners.data, observations=told[robbery], **nothing)
    shown = tabulate_suppression(internal.data, internal.audience, internal.catalogue, [earlier])
    assert [row[2] for row in rows_of(shown, internal)] == ["Q2", "Q4"]


def test_when_no_safe_edition_is_left_the_analysts_page_says_so(internal):
    told = protect(
        internal.data.observations, internal.data.baselines, internal.data.totals, {}, threshold=0
    )  # an edition that shows all, as if it had been sent to partners
    shown = tabulate_suppression(internal.data, internal.audience, internal.catalogue, [replace(told, threshold=5)])
    assert "no edition can be made from these tables" in shown.text
