"""The ranking on the shipped figures, and what must hold when the figures, names or weights change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from swp_analysis.analysis.findings import compare_years
from swp_analysis.analysis.priorities import TOP, Ranking, find_signals, rank_candidates
from swp_analysis.analysis.scoring import Figures
from swp_analysis.present.priority_words import summarise_ranking
from swp_analysis.present.row_charts import draw_places
from swp_analysis.quality.totals import annual_totals

YEAR = "2017-18"
FAST = 2_000


def figures_of(observations: pd.DataFrame, catalogue, baselines=None, year: str = YEAR) -> Figures:
    findings = compare_years(observations, catalogue, year, baselines)
    return Figures(findings, annual_totals(observations, catalogue.indicators), observations, year)


@pytest.fixture(scope="module")
def figures(shipped, shipped_findings, catalogue) -> Figures:
    totals = annual_totals(shipped.observations, catalogue.indicators)
    return Figures(shipped_findings, totals, shipped.observations, YEAR)


@pytest.fixture(scope="module")
def ranking(figures, catalogue) -> Ranking:
    return rank_candidates(figures, catalogue)


def summary(ranking: Ranking) -> dict[str, tuple]:
    return {
        entry.candidate.id: (entry.rank, entry.total, entry.chance_top3, entry.chance_top5) for entry in ranking.ranked
    }


def with_weights(catalogue, **changed: float) -> dict[str, float]:
    return {entry.id: changed.get(entry.id, entry.weight) for entry in catalogue.criteria.criteria}


def with_quarters(shipped, name: str, values: list[float]) -> pd.DataFrame:
    """The shipped quarters with this year's figures of one indicator replaced."""
    observations = shipped.observations.copy()
    rows = (observations["indicator"] == name) & (observations["financial_year"] == YEAR)
    observations.loc[rows, "value"] = observations.loc[rows, "quarter"].map(
        dict(zip((1, 2, 3, 4), values, strict=True))
    )
    return observations


def test_every_candidate_is_ranked_and_every_indicator_belongs_to_one(ranking, catalogue):
    members = [name for entry in ranking.ranked for name in entry.candidate.indicators]
    assert sorted(members) == sorted(catalogue.indicators)
    assert sorted(entry.rank for entry in ranking.ranked)[0] == 1


def test_the_same_figures_give_the_same_ranking(ranking, figures, catalogue):
    assert summary(rank_candidates(figures, catalogue)) == summary(ranking)


def test_chances_add_up_to_the_places_there_are(ranking):
    assert sum(entry.chance_top5 for entry in ranking.ranked) == pytest.approx(TOP, abs=0.01)


def test_the_unit_of_the_weights_changes_nothing(ranking, figures, catalogue):
    tenfold = {name: 10 * weight for name, weight in with_weights(catalogue).items()}
    for name, found in summary(rank_candidates(figures, catalogue, tenfold)).items():
        assert found == pytest.approx(summary(ranking)[name])


def test_row_order_of_figures_and_catalogue_changes_nothing(ranking, figures, catalogue):
    shuffled = replace(
        figures,
        totals=figures.totals.sample(frac=1, random_state=1),
        observations=figures.observations.sample(frac=1, random_state=2),
        findings=dict(reversed(figures.findings.items())),
    )
    book = catalogue.criteria.model_copy(
        update={
            "criteria": list(reversed(catalogue.criteria.criteria)),
            "candidates": list(reversed(catalogue.criteria.candidates)),
        }
    )
    moved = rank_candidates(shuffled, catalogue.model_copy(update={"criteria": book}))
    for name, found in summary(moved).items():
        assert found == pytest.approx(summary(ranking)[name])


def test_new_names_change_nothing(ranking, figures, catalogue):
    renamed = [
        entry.model_copy(update={"id": f"x{len(catalogue.criteria.candidates) - number}_{entry.id}"})
        for number, entry in enumerate(catalogue.criteria.candidates)
    ]
    book = catalogue.criteria.model_copy(update={"candidates": renamed})
    found = summary(rank_candidates(figures, catalogue.model_copy(update={"criteria": book})))
    for name, entry in found.items():
        assert entry == pytest.approx(summary(ranking)[name.partition("_")[2]])


@pytest.mark.parametrize("link", [{"subgroup_of": "knife_violence"}, {}], ids=["as a sub-group", "only by its figures"])
def test_a_duplicated_indicator_does_not_count_twice(ranking, shipped, catalogue, link):
    twin = catalogue.indicators["knife_violence"].model_copy(update={"id": "knife_again", "aliases": [], **link})
    doubled = catalogue.model_copy(update={"indicators": {**catalogue.indicators, "knife_again": twin}})
    rows = shipped.observations[shipped.observations["indicator"] == "knife_violence"].assign(indicator="knife_again")
    observations = pd.concat([shipped.observations, rows], ignore_index=True)
    found = rank_candidates(figures_of(observations, doubled, shipped.baselines), doubled)
    assert "knife_again" in found.of("knife_violence").candidate.indicators
    assert summary(found).keys() == summary(ranking).keys()
    for name, entry in summary(found).items():
        assert entry == pytest.approx(summary(ranking)[name])


def test_an_indicator_that_nobody_declared_is_a_candidate_of_its_own(shipped, catalogue):
    new = catalogue.indicators["knife_violence"].model_copy(
        update={"id": "burglary", "label": "Burglary", "aliases": []}
    )
    more = catalogue.model_copy(update={"indicators": {**catalogue.indicators, "burglary": new}})
    rows = shipped.observations[shipped.observations["indicator"] == "knife_violence"]
    observations = pd.concat(
        [shipped.observations, rows.assign(indicator="burglary", value=rows["value"] + rows["quarter"])],
        ignore_index=True,
    )
    entry = rank_candidates(figures_of(observations, more), more, draws=FAST).of("burglary")
    assert entry.scores["harm"].status == "missing"
    assert 0 < entry.total < 100


def test_a_criterion_that_nobody_declared_is_left_out_and_not_drawn(ranking, figures, catalogue):
    bands = {name: band for name, band in catalogue.criteria.harm.items() if name != "personal_robbery"}
    book = catalogue.criteria.model_copy(update={"harm": bands})
    without = rank_candidates(figures, catalogue.model_copy(update={"criteria": book}), draws=FAST).of(
        "personal_robbery"
    )
    known = ranking.of("personal_robbery")
    used = [name for name in ranking.used if name != "harm"]
    others = {name: score for name, score in known.scores.items() if score.status == "known" and name in used}
    weights = with_weights(catalogue)
    mean = sum(weights[name] * score.centre for name, score in others.items()) / sum(weights[name] for name in others)
    assert without.total == pytest.approx(mean)


@pytest.mark.parametrize("name", ["knife_violence", "firearm_violence", "personal_robbery"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_fewer_cases_never_improve_a_rank(ranking, shipped, catalogue, name, share):
    rows = shipped.observations
    this_year = rows[(rows["indicator"] == name) & (rows["financial_year"] == YEAR)].sort_values("quarter")["value"]
    fewer = with_quarters(shipped, name, [float(int(value * share)) for value in this_year])
    found = rank_candidates(figures_of(fewer, catalogue, shipped.baselines), catalogue, draws=FAST)
    assert found.holding(name).rank >= ranking.holding(name).rank
    assert found.holding(name).chance_top5 <= ranking.holding(name).chance_top5 + 0.03


def test_weaker_evidence_for_the_same_change_never_improves_a_rank(ranking, figures, catalogue):
    finding = figures.findings["firearm_violence"]
    wide = 5 * finding.verdict.evidence.effect
    evidence = replace(finding.verdict.evidence, lower=finding.verdict.evidence.effect / 5, upper=wide)
    weaker = replace(finding, verdict=replace(finding.verdict, evidence=evidence))
    found = rank_candidates(replace(figures, findings={**figures.findings, "firearm_violence": weaker}), catalogue)
    assert found.of("firearm_violence").rank >= ranking.of("firearm_violence").rank
    assert found.of("firearm_violence").chance_top5 <= ranking.of("firearm_violence").chance_top5


def test_turning_a_criterion_off_or_to_an_extreme_is_seen(ranking, figures, catalogue):
    off = rank_candidates(figures, catalogue, with_weights(catalogue, size=0), draws=FAST)
    extreme = rank_candidates(figures, catalogue, with_weights(catalogue, size=10_000), draws=FAST)
    assert "size" not in off.used
    assert off.of("domestic_abuse").chance_top5 < ranking.of("domestic_abuse").chance_top5 - 0.1
    assert extreme.of("domestic_abuse").chance_top5 > ranking.of("domestic_abuse").chance_top5 + 0.1
    assert extreme.of("domestic_abuse").rank == 1
    assert ranking.of("domestic_abuse").without["size"] == off.of("domestic_abuse").rank


def test_confidence_stands_beside_the_score(ranking, figures, catalogue):
    finding = figures.findings["knife_violence"]
    doubted = replace(
        finding, verdict=replace(finding.verdict, evidence=replace(finding.verdict.evidence, dispersion=4.0))
    )
    found = rank_candidates(replace(figures, findings={**figures.findings, "knife_violence": doubted}), catalogue)
    assert found.of("knife_violence").confidence.level == "fair"
    assert ranking.of("knife_violence").confidence.level == "good"
    assert summary(found) == summary(ranking)


def test_more_reports_of_a_hidden_crime_are_not_scored_as_worse(ranking):
    for candidate in ("sexual_violence", "domestic_abuse", "hate_crime"):
        change = ranking.of(candidate).scores["change"]
        assert change.centre == 50
        assert change.low + change.high == pytest.approx(100)


def test_a_baseline_that_repeats_last_year_is_not_scored_twice(ranking):
    assert ranking.of("knife_violence").scores["distance"].status == "not applicable"


def test_a_criterion_that_is_known_for_nobody_takes_no_part(ranking):
    assert "peers" in ranking.left_out
    assert "peers" not in ranking.used


def noise(shipped, seed: int) -> pd.DataFrame:
    """The shipped table with every count drawn anew around its own mean over both years: nothing changed."""
    rng, observations = np.random.default_rng(seed), shipped.observations.copy()
    for _, rows in observations[observations["status"] == "reported"].groupby("indicator"):
        if (rows["value"] % 1 == 0).all():
            observations.loc[rows.index, "value"] = rng.poisson(rows["value"].mean(), len(rows)).astype(float)
    return observations


@pytest.mark.parametrize("seed", range(8))
def test_a_report_made_from_noise_shows_no_candidate_as_stable(shipped, catalogue, seed):
    figures = figures_of(noise(shipped, seed), catalogue, shipped.baselines)
    found = rank_candidates(figures, catalogue, draws=FAST)
    assert [entry.candidate.id for entry in found.ranked if entry.stability == "stable"] == []


def test_a_strong_signal_under_firm_weights_is_stable(shipped, catalogue):
    """The word can be earned: otherwise the test on noise would prove nothing."""
    worse = with_quarters(shipped, "knife_violence", [900.0, 950.0, 980.0, 990.0])
    figures = figures_of(worse, catalogue, shipped.baselines)
    assert "knife_violence" in find_signals(figures)
    at_risk = catalogue.criteria.at_risk
    book = catalogue.criteria.model_copy(
        update={"at_risk": {**at_risk, "knife_violence": at_risk["domestic_abuse_incidents"]}}
    )
    found = rank_candidates(figures, catalogue.model_copy(update={"criteria": book}), draws=FAST)
    assert found.of("knife_violence").stability == "stable"


@pytest.mark.parametrize("name", ["knife_violence", "firearm_violence", "hate_crime"])
def test_losing_a_figure_never_improves_a_place(ranking, shipped, catalogue, name):
    hidden = shipped.observations.copy()
    rows = (hidden["indicator"] == name) & (hidden["financial_year"] == YEAR)
    hidden.loc[rows, ["value", "status"]] = [float("nan"), "not_available"]
    found = rank_candidates(figures_of(hidden, catalogue, shipped.baselines), catalogue, draws=FAST)
    assert found.holding(name).rank >= ranking.holding(name).rank


def test_change_and_persistence_are_not_both_scored(ranking):
    assert "persistence" not in ranking.used
    assert "same quarters" in ranking.left_out["persistence"]


def test_uncertainty_of_weights_and_of_figures_stand_apart(ranking):
    """What varies less holds a first place more often than both together do, for the surest candidate."""
    first = max(ranking.ranked, key=lambda entry: entry.chance_top5)
    assert first.chance_by_figures >= first.chance_top5 - 0.05
    assert {entry.chance_by_weights for entry in ranking.ranked} != {entry.chance_top5 for entry in ranking.ranked}


def test_only_what_holds_in_most_draws_is_put_forward_and_the_rest_is_a_group(ranking):
    assert all(entry.chance_top5 >= 0.5 and entry.rank <= TOP for entry in ranking.put_forward)
    assert [entry.candidate.id for entry in ranking.put_forward] == ["firearm_violence", "sexual_violence"]
    assert {"domestic_abuse", "knife_violence"} <= {entry.candidate.id for entry in ranking.group}
    names = [entry.candidate.label for entry in ranking.group]
    assert names == sorted(names)
    assert not {entry.candidate.id for entry in ranking.group} & {entry.candidate.id for entry in ranking.put_forward}


@pytest.fixture(scope="module")
def equals(catalogue):
    """A partnership of fourteen problems that nothing sets apart."""
    model = catalogue.indicators["knife_violence"]
    names = [f"crime_{number}" for number in range(14)]
    own = {name: model.model_copy(update={"id": name, "label": name, "aliases": []}) for name in names}
    book = catalogue.criteria.model_copy(update={"candidates": [], "harm": {}, "at_risk": {}})
    return catalogue.model_copy(update={"indicators": own, "criteria": book})


def draw_equals(shipped, equals, seed: int, first_rises_to: float = 50) -> Ranking:
    rng, model = np.random.default_rng(seed), shipped.observations
    model = model[model["indicator"] == "knife_violence"]
    rows = [model.assign(indicator=name, value=rng.poisson(50, len(model)).astype(float)) for name in equals.indicators]
    this_year = rows[0]["financial_year"] == YEAR
    rows[0].loc[this_year, "value"] = rng.poisson(first_rises_to, this_year.sum()).astype(float)
    return rank_candidates(figures_of(pd.concat(rows, ignore_index=True), equals), equals, draws=1_000)


def test_noise_gives_nobody_a_place(shipped, equals):
    drawn = [draw_equals(shipped, equals, seed) for seed in range(10)]
    assert not any(ranking.put_forward for ranking in drawn)
    assert all(one.rank_low <= one.rank <= one.rank_high for ranking in drawn for one in ranking.ranked)
    for ranking in drawn[:2]:
        assert "surely" in draw_places(ranking).title
        assert len(summarise_ranking(ranking, "2018-19")) == 1  # nobody is called the surest


def test_what_rises_by_more_than_noise_is_put_forward(shipped, equals):
    """Otherwise the test on noise would prove nothing."""
    ranking = draw_equals(shipped, equals, 1, 90)
    assert [one.candidate.id for one in ranking.put_forward] == ["crime_0"]
    assert "crime_0: surest of the top five" in draw_places(ranking).title


@pytest.mark.parametrize("name", ["knife_violence", "firearm_violence", "public_place_violence_with_injury"])
@pytest.mark.parametrize(("wider", "weaker"), [(1.0, 0.9), (1.5, 0.5), (6.0, 1.0), (3.0, 0.1)])
def test_worse_evidence_never_improves_a_place(ranking, figures, catalogue, name, wider, weaker):
    """A smaller rise with a wider range, down to no change at all, never climbs and is never newly put forward."""
    finding = figures.findings[name]
    evidence = finding.verdict.evidence
    effect = 1 + weaker * (evidence.effect - 1) if evidence.effect > 1 else evidence.effect
    low, high = evidence.lower / evidence.effect, evidence.upper / evidence.effect
    worse = replace(evidence, effect=effect, lower=effect * low**wider, upper=effect * high, p=1.0, strength="")
    doubted = replace(finding, verdict=replace(finding.verdict, evidence=worse, direction="flat"))
    found = rank_candidates(replace(figures, findings={**figures.findings, name: doubted}), catalogue, draws=FAST)
    assert found.holding(name).rank >= ranking.holding(name).rank
    assert found.holding(name).chance_top5 <= ranking.holding(name).chance_top5 + 0.03
    forward = {entry.candidate.id for entry in ranking.put_forward}
    assert found.holding(name).candidate.id in forward or found.holding(name) not in found.put_forward


def test_a_score_agrees_with_the_caveat_that_quarters_overlap(ranking, catalogue):
    """Its page says that the quarters can hold people twice: no year of them is held against a target."""
    entry = ranking.of("reoffending")
    assert any("overlap" in caveat for caveat in catalogue.indicators[entry.candidate.lead].caveats)
    assert entry.scores["distance"].status == "not applicable"
    assert entry.scores["size"].shape == "even"
