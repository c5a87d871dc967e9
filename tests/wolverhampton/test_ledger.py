"""The ledger leaves nothing out, and the back-cast knows only what was known and claims no more than agreement."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swp_analysis.analysis.findings import compare_years
from swp_analysis.analysis.ledger import (
    cast_back,
    find_kappa,
    follow_candidates,
    follow_priorities,
    list_blind_spots,
    range_of_kappa,
)
from swp_analysis.analysis.priorities import rank_candidates
from swp_analysis.analysis.scoring import Figures
from swp_analysis.present.priority_words import write_backcast
from swp_analysis.quality.totals import annual_totals

FAST = 1_000


def rank_year(shipped, catalogue, year, observations=None):
    rows = shipped.observations if observations is None else observations
    known = rows[rows["financial_year"] <= year]
    totals = annual_totals(known, catalogue.indicators)
    findings = compare_years(known, catalogue, year, shipped.baselines)
    return rank_candidates(Figures(findings, totals, known, year), catalogue, draws=FAST)


@pytest.fixture(scope="module")
def rankings(shipped, catalogue):
    return {
        year: rank_year(shipped, catalogue, known) for year, known in (("2017-18", "2016-17"), ("2018-19", "2017-18"))
    }


@pytest.mark.parametrize(("year", "count"), [("2017-18", 24), ("2018-19", 20)])
def test_every_published_priority_stands_in_the_ledger_with_indicators_or_gap(rankings, catalogue, year, count):
    rows = follow_priorities(rankings[year], catalogue, year)
    assert len(rows) == count
    for row in rows:
        assert row.candidates or row.priority.gap
        assert (row.status == "no indicator") == (not row.priority.indicators)


@pytest.mark.parametrize("year", ["2017-18", "2018-19"])
def test_every_candidate_stands_in_the_ledger_once(rankings, catalogue, year):
    rows = follow_candidates(rankings[year], catalogue, year)
    assert sorted(row.candidate.candidate.id for row in rows) == sorted(c.id for c in catalogue.criteria.candidates)
    with_signal = {row.candidate.candidate.id for row in rows if row.status.startswith("signal")}
    assert with_signal == {row.candidate.candidate.id for row in rows if row.signals}


def test_gaps_name_what_nobody_measures(catalogue):
    named = " ".join(entry.gap for entry, _ in list_blind_spots(catalogue, "2018-19"))
    for missing in (
        "modern slavery",
        "business crime",
        "cohesion",
        "rough sleeping",
        "anti-social behaviour",
        "parking",
    ):
        assert missing in named


def test_the_backcast_knows_nothing_of_the_year_it_casts_for(rankings, shipped, catalogue):
    later = shipped.observations.copy()
    later.loc[later["financial_year"] == "2017-18", "value"] *= 7
    found = rank_year(shipped, catalogue, "2016-17", later)
    assert [entry.candidate.id for entry in found.ranked] == [
        entry.candidate.id for entry in rankings["2017-18"].ranked
    ]
    assert set(found.used) == {"harm", "size", "vulnerable", "community"}


@pytest.mark.parametrize("year", ["2017-18", "2018-19"])
def test_hits_misses_and_unsignalled_choices_add_up(rankings, catalogue, year):
    cast = cast_back(rankings[year], catalogue, year)
    assert len(cast.hits) + len(cast.misses) == len(cast.ranking.put_forward) > 0
    assert len(cast.hits) + len(cast.without_signal) == cast.chosen
    low, high = cast.kappa_range
    assert low <= cast.kappa <= high
    assert low < 0.05
    assert high > 0.4


def test_a_backcast_without_a_hit_names_nobody_twice(rankings, catalogue):
    cast = cast_back(rankings["2018-19"], catalogue, "2018-19")
    missed = replace(cast, hits=(), misses=cast.ranking.put_forward)
    said = " ".join(write_backcast(missed))
    assert f": none of the {len(missed.misses)} put forward was chosen." in said
    assert said.lower().count(missed.misses[0].candidate.label.lower()) == 1


@given(st.integers(2, 14), st.data())
def test_the_range_of_kappa_holds_kappa_and_never_shrinks_to_a_point(total, data):
    chosen = data.draw(st.integers(1, total - 1))
    overlap = data.draw(st.integers(max(0, 2 * chosen - total), chosen))
    one = np.arange(total) < chosen
    other = np.zeros(total, dtype=bool)
    other[:overlap] = True
    other[chosen : 2 * chosen - overlap] = True
    low, high = range_of_kappa(overlap, chosen, total)
    by_chance = one.mean() * other.mean() + (1 - one.mean()) * (1 - other.mean())
    kappa = ((one == other).mean() - by_chance) / (1 - by_chance)
    assert find_kappa(overlap, chosen, total) == pytest.approx(kappa)
    assert low - 1e-6 <= kappa <= high + 1e-6
    assert high - low > 0.1


@pytest.mark.parametrize("chosen", [0, 6])
def test_no_kappa_where_all_or_none_are_chosen(chosen):
    assert range_of_kappa(chosen, chosen, 6) is None
