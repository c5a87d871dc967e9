"""The page that a board decides from: what it must say, what it must never say, and nothing hidden on it."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from swp_analysis.analysis.ledger import follow_candidates, has_signal
from swp_analysis.analysis.scoring import score_count
from swp_analysis.collect.collection import WORKSHOP_COLUMNS
from swp_analysis.errors import InputError
from swp_analysis.present.phrases import lower_first, write_value
from swp_analysis.present.priority_words import write_put_forward, write_what_to_do, write_why
from swp_analysis.present.row_charts import draw_places

EVERYTHING = [
    *("summary", "decisions", "places", "unmeasured", "workshop", "meaning", "why_not", "without_one"),
    *("backcast", "how_it_was_made", "requirements", "blind_spots"),
]


def words(shown) -> str:
    html = re.sub(r'src="[^"]*"', "", shown._repr_html_())
    alt = " ".join(re.findall(r'alt="([^"]*)"', html))
    return " ".join((re.sub(r"<[^>]+>", " ", html) + alt).split())


def whole_page(briefing) -> str:
    page = briefing.priorities
    parts = [getattr(page, name)() for name in EVERYTHING] + [page.ledger("2017-18"), page.ledger("2018-19")]
    parts += page.evidence_tables().values()
    return " ".join(map(words, parts))


@pytest.fixture(scope="module")
def partners_page(partners):
    return whole_page(partners)


def test_the_page_answers_what_why_how_sure_and_what_is_unseen(partners):
    table = partners.priorities.decisions()
    assert list(table.columns) == ["Problem", "What we suggest", "Why", "How sure", "What we cannot see"]
    put_forward = [entry.candidate.label for entry in partners.priorities.ranking.put_forward]
    assert [row[0] for row in table.rows] == put_forward
    in_short = words(partners.priorities.summary()).lower()
    assert all(entry.candidate.label.lower() in in_short for entry in partners.priorities.ranking.group)
    for row in table.rows:
        assert re.search(r"there in \d+% of trials, in \d+% when only the weights .* in \d+% when only the fig", row[3])
        assert all(len(cell) > 10 for cell in row)


def test_no_reason_is_a_criterion_that_was_left_out(partners, catalogue):
    """Persistence counts the same quarters as the change, which is scored: it is no reason beside it."""
    left_out = [
        one.short_label for one in catalogue.criteria.criteria if one.id in partners.priorities.ranking.left_out
    ]
    assert "Persistence" in left_out
    reasons = " ".join(row[2] for row in partners.priorities.decisions().rows)
    assert "Main reasons: " in reasons
    assert not [name for name in left_out if name.lower() in reasons.lower()]


def test_a_change_that_chance_explains_is_no_reason(partners, catalogue):
    ranking, findings = partners.priorities.ranking, partners.findings
    lead = next(entry for entry in ranking.ranked if has_signal(entry, ranking) and "change" in ranking.used)
    only = {name: replace(one, status="missing") for name, one in lead.scores.items() if name != "change"}
    entry = replace(lead, scores=lead.scores | only)
    assert write_why(entry, ranking, findings, catalogue).endswith("Main reason: change.")
    assert "reason" not in write_why(entry, replace(ranking, signals=frozenset()), findings, catalogue)


def test_the_summary_says_how_much_chance_alone_would_give(partners):
    assert "of 10,000 trials (28% by luck)" in words(partners.priorities.summary())


def test_what_is_likelier_than_a_problem_put_forward_and_is_not_is_explained(partners):
    ranking = partners.priorities.ranking
    least = min(entry.chance_top5 for entry in ranking.put_forward)
    likelier = [one for one in ranking.ranked if one.chance_top5 > least and one not in ranking.put_forward]
    assert [one.candidate.id for one in likelier] == ["domestic_abuse"]
    assert re.search("In most trials domestic abuse,? .* show no clear change", draw_places(ranking).note)


def test_what_may_be_among_the_first_is_not_asked_to_go(partners):
    """Domestic abuse is in the top five in most trials: the figures do point to it, though none of them moved."""
    ranking, asked = partners.priorities.ranking, " ".join(partners.priorities.questions())
    near = [lower_first(entry.candidate.label) for entry in ranking.group]
    assert "domestic abuse" in near
    assert "The figures do not point to this" in asked
    assert not [name for name in near if name in asked]


def test_the_board_is_told_no_more_than_the_gangs_page_says(partners):
    """Firearm violence is an early sign by Holm, here as there."""
    act, why = partners.priorities.decisions().rows[0][1:3]
    assert "nearly doubled: 63, up from 33 (early sign)" in why
    assert act.startswith("Look into it this quarter: it got worse, which is an early sign.")
    assert "early sign" in partners.indicator("firearm_violence").sentence.text


def test_a_gap_is_said_once_and_nothing_is_counted_as_0(partners):
    rows = partners.priorities.ledger("2017-18").rows
    assert rows == partners.priorities.ledger("2017/18").rows
    with pytest.raises(InputError, match="no figures of 2015-16"):
        partners.priorities.ledger("2016/17")
    assert not [cell for row in rows for cell in row if " 0 of " in cell or "For 0" in cell or cell.count("No ind") > 1]


def test_no_cause_and_no_right_is_claimed(partners_page):
    for claim in ("caused", "because of", "due to", "led to", "thanks to", "reflects", "proves that", "were right"):
        assert claim not in partners_page.replace("never that the figures were right", "")


def test_the_backcast_says_how_little_two_years_prove(partners):
    said = words(partners.priorities.backcast())
    assert "Two years prove very little" in said
    assert "never that the figures were right" in said
    assert "95% range" in said  # of kappa


def test_partners_see_no_hidden_count(partners, internal, partners_page):
    withheld = [name for name, finding in partners.findings.items() if finding.withheld]
    assert "forced_marriage_incidents" in withheld
    for name in withheld:
        finding = internal.findings[name]
        printed = f"{finding.indicator.short_label}: {write_value(finding.before, finding.indicator.unit)}"
        assert printed not in partners_page
    size = partners.priorities.ranking.of("forced_marriage").scores["size"]
    # Three suppressed quarters and a zero: anything from 3 to 12, which every reader can work out.
    assert (size.low, size.high) == (score_count(3).low, score_count(12).high)


@pytest.mark.parametrize(
    "cells",
    [
        {("personal_robbery_offenders_10_24", 1): 14, ("personal_robbery_offenders_10_24", 4): 2},
        {("forced_marriage_incidents", 3): 2},
    ],
    ids=["a sub-group", "a candidate's own figure"],
)
def test_a_hidden_figure_has_no_influence_on_what_partners_read(brief, shipped, partners_page, cells):
    """Other small counts behind the same suppression give the same page, to the letter."""
    changed = shipped.observations.copy()
    for (name, quarter), value in cells.items():
        row = changed["indicator"].eq(name) & changed["financial_year"].eq("2017-18") & changed["quarter"].eq(quarter)
        assert changed.loc[row, "value"].item() != value
        changed.loc[row, "value"] = float(value)
    assert whole_page(brief("partners", replace(shipped, observations=changed))) == partners_page


def answers(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [dict.fromkeys(WORKSHOP_COLUMNS, "") | {"financial_year": "2017-18", **row} for row in rows],
        columns=WORKSHOP_COLUMNS,
    )


def test_the_boards_view_stands_beside_and_never_over(partners):
    given = replace(
        partners,
        workshop=answers(
            {"candidate": "gangs", "own_score": "90", "override_rank": "1", "reason": "Street <b>talk</b>"}
        ),
    ).priorities
    assert [entry.candidate.id for entry in given.ranking.ranked] == [
        entry.candidate.id for entry in partners.priorities.ranking.ranked
    ]
    row = next(row for row in given.workshop().texts if row[0] == "Gangs")
    assert row[1] != "1"
    assert row[3:] == ["90", "1", "Street <b>talk</b>"]
    assert "&lt;b&gt;talk" in given.workshop()._repr_html_()
    form = given.workshop_form.set_index("candidate")
    assert form.loc["gangs", "own_score"] == "90"
    assert len(form) == len(partners.priorities.ranking.ranked)


@pytest.mark.parametrize("reason", ["We know of 3 victims", "There were two of them", "A couple of girls"])
def test_a_count_in_the_boards_words_is_for_analysts_only(partners, internal, reason):
    filled = answers({"candidate": "gangs", "override_rank": "1", "reason": reason})
    assert reason not in words(replace(partners, workshop=filled).priorities.workshop())
    assert reason in words(replace(internal, workshop=filled).priorities.workshop())


def test_without_answers_analysts_are_told_where_the_form_is(partners, internal):
    assert words(partners.priorities.workshop()) == "The board hasn&#x27;t given its own scores for this year."
    assert "workshop_form.csv" in words(internal.priorities.workshop())


def test_every_chart_has_every_candidate_in_its_table(partners, catalogue):
    every = {entry.label for entry in catalogue.criteria.candidates}
    assert {row[0] for row in partners.priorities.places().data.texts} == every
    assert {row[0] for row in partners.priorities.why_not().texts} == every


def test_the_board_is_asked_what_it_must_decide(partners):
    asked = partners.priorities.questions()
    assert 1 <= len(asked) <= 3
    assert all(question.partition("?")[1] for question in asked)


@pytest.mark.parametrize(
    ("strength", "said"),
    [
        ("well supported", "Keep watch: it got better, and that is well supported."),
        ("early sign", "Keep watch: it got better, which is an early sign."),
    ],
)
def test_what_got_better_is_watched_as_such_and_asks_for_no_priority(partners, strength, said):
    page = partners.priorities
    moved = {name: page.findings[name] for name in page.ranking.signals}
    better = {
        name: replace(
            one,
            verdict=replace(one.verdict, polarity="better", evidence=replace(one.verdict.evidence, strength=strength)),
        )
        for name, one in moved.items()
    }
    findings = {**page.findings, **better}
    improved = replace(page, findings=findings)
    rows = follow_candidates(improved.ranking, page.catalogue, "2018-19")
    own = [row for row in rows if row.candidate.candidate.lead in better]
    assert own
    for row in own:
        assert write_what_to_do(row, findings, "2018-19", is_planned=False).startswith(said)
    assert not [one for one in improved.questions() if " become " in one]


def test_without_recorded_priorities_nothing_is_said_to_be_uncovered(partners):
    page = partners.priorities
    plan = page.catalogue.strategy.model_copy(update={"delivery_priorities": {}})
    unplanned = replace(page, catalogue=page.catalogue.model_copy(update={"strategy": plan}))
    assert len(unplanned.decisions().rows) == len(page.decisions().rows)
    assert "priority of" not in " ".join(row[1] for row in unplanned.decisions().rows)
    assert "riority of 2018/19" in " ".join(row[1] for row in page.decisions().rows)


def test_the_board_is_asked_which_way_is_good_before_what_becomes_a_priority(partners):
    page = partners.priorities
    open_ones = {name: one.model_copy(update={"measures": None}) for name, one in page.catalogue.indicators.items()}
    plan = page.catalogue.strategy.model_copy(update={"delivery_priorities": {}})
    update = {"indicators": open_ones, "strategy": plan}
    asked = " ".join(replace(page, catalogue=page.catalogue.model_copy(update=update)).questions())
    assert "become " not in asked
    assert re.search("Is a rise in .*(gun|firearm).* good or bad[?]", asked)


def test_that_nothing_is_written_down_of_what_figures_cannot_see_is_said_once(partners):
    page = partners.priorities
    ranked = [
        replace(one, candidate=one.candidate.model_copy(update={"blind_spot": ""})) for one in page.ranking.ranked
    ]
    for empty, columns in ((len(ranked), 4), (1, 5)):
        mixed = replace(page)
        mixed.__dict__["ranking"] = replace(page.ranking, ranked=(*ranked[:empty], *page.ranking.ranked[empty:]))
        table = mixed.decisions()
        assert len(table.columns) == columns
        assert words(table).count("not written down yet") == 1
    assert "not written down yet" not in words(page.decisions())


def test_where_a_part_got_worse_the_board_looks_into_the_part(partners):
    """Not "find out whether more happens or more is reported": the figures say what got worse."""
    page = partners.priorities
    row = follow_candidates(page.ranking, page.catalogue, "2018-19")[0]
    found = {row.candidate.candidate.lead: page.findings["hate_crime"], "part": page.findings["firearm_violence"]}
    moved = replace(row, signals=("part",), priorities=())
    said = write_what_to_do(moved, found, "2018-19", is_planned=False)
    assert said == "Look into it this quarter: firearm violence got worse (early sign)."


@pytest.mark.parametrize(("way", "said"), [("up", "more happens or more is"), ("down", "less happens or less is")])
def test_what_is_to_be_found_out_of_reports_goes_the_way_they_went(partners, way, said):
    page = partners.priorities
    row = follow_candidates(page.ranking, page.catalogue, "2018-19")[0]
    hate = page.findings["hate_crime"]
    moved = replace(hate, verdict=replace(hate.verdict, direction=way))
    asked = replace(row, signals=(lead := row.candidate.candidate.lead,), priorities=())
    assert f"whether {said} reported." in write_what_to_do(asked, {lead: moved}, "2018-19", is_planned=False)


def test_with_figures_of_few_problems_none_is_put_first(partners):
    """Half way through a year, two of eighteen have theirs: a place among them says nothing of the rest."""
    ranking = partners.priorities.ranking
    poor = replace(ranking.ranked[0].confidence, level="poor")
    few = [one if place < 2 else replace(one, confidence=poor) for place, one in enumerate(ranking.ranked)]
    early = replace(ranking, ranked=tuple(few))
    assert ranking.is_choice
    assert not early.is_choice
    assert early.put_forward == early.group == ()
    assert write_put_forward(early, "2018-19").startswith("There are two problems to choose from; ")
    none = replace(ranking, ranked=tuple(replace(one, confidence=poor) for one in ranking.ranked))
    assert none.is_choice  # all are told by size alone


def test_no_order_is_shown_while_what_the_figures_measure_is_open(partners):
    """Seven candidates were numbered "1." each, and drawn below each other with their chances of the top five."""
    page = partners.priorities
    undecided = replace(page)
    undecided.__dict__["ranking"] = replace(page.ranking, undecided=frozenset(page.catalogue.indicators))
    for shown in (undecided.decisions(), undecided.places(), undecided.without_one()):
        assert words(shown) == "No problem is put first, for the reason given above."
    tables = undecided.evidence_tables().values()
    assert not {"Place", "Its place", "Top three", "Top five"} & {name for table in tables for name in table.headings}
    for name in ("Candidates", "Who chose them"):
        names = [row[0] for row in undecided.evidence_tables()[name].texts]
        assert names == sorted(names)
        assert "Place" in page.evidence_tables()[name].headings
    ordered, listed = ([row[0] for row in one.why_not().texts] for one in (page, undecided))
    assert listed == sorted(ordered) != ordered
    assert "none is put first" in undecided.why_not().note
    assert undecided.how_it_was_made().items[0].startswith("The figures of 2017/18 put no problem first")


def test_without_one_criterion_those_that_are_never_in_the_top_five_are_only_counted(partners):
    ranked, table = partners.priorities.ranking.ranked, partners.priorities.without_one()
    ever = [one.candidate.label for one in ranked if min(one.rank, *one.without.values()) <= 5]
    assert [row[0] for row in table.texts] == ever
    assert table.note == "Ten other candidates are never among them."
    assert all((cell.lower <= 5) == (cell.shade > 0) for row in table.rows for cell in row[1:])


def test_where_nothing_changed_nobody_is_sent_to_find_out_whether_more_happens(partners):
    page = partners.priorities
    row = follow_candidates(page.ranking, page.catalogue, "2018-19")[0]
    still = replace(row, signals=(), priorities=())
    found = {row.candidate.candidate.lead: page.findings["serious_sexual_offences"]}
    said = write_what_to_do(still, found, "2018-19", is_planned=False)
    assert said == "Keep watch: no clear change this year."
