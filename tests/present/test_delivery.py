"""What was done, beside what the figures did: every priority, nothing claimed that the figures do not carry."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swp_analysis.analysis.ledger import follow_delivery, name_outcome
from swp_analysis.catalogue.books import Budget, BudgetPart, DeliveryYear, Progress
from swp_analysis.catalogue.safe_yaml import Source
from swp_analysis.errors import InputError
from swp_analysis.present.delivery_briefing import DeliveryBriefing, write_aim, write_budget, write_values
from swp_analysis.present.outlook import write_distance

SOURCE = Source(document="A report", place="p. 1")
YEAR = "2017-18"


@pytest.fixture
def delivery(catalogue, shipped_findings) -> DeliveryBriefing:
    return DeliveryBriefing(catalogue, YEAR, shipped_findings)


def test_every_priority_of_the_year_has_a_sentence(delivery, catalogue):
    shown = delivery.priorities()._repr_html_()
    chosen = catalogue.strategy.delivery_priorities[YEAR]
    assert [row.priority for row in delivery.rows] == chosen
    assert all(priority.text in shown for priority in chosen)
    assert "proves" not in shown
    assert "do not show that the work moved them" in delivery.summary()._repr_html_()


@pytest.mark.parametrize(
    ("label", "shown", "missing"),
    [("Less knife crime", "Knife violence", ""), ("A town at ease", "–", "No indicator is linked to it.")],
)
def test_a_strategy_priority_without_links_has_the_indicators_of_what_it_names(
    catalogue, shipped_findings, label, shown, missing
):
    strategy = catalogue.strategy.strategies[0]
    asked = strategy.priorities[0].model_copy(update={"id": "new", "label": label, "themes": []})
    book = catalogue.strategy.model_copy(
        update={"strategies": [strategy.model_copy(update={"priorities": [asked]})], "plans": [], "wider_plans": []}
    )
    delivery = DeliveryBriefing(catalogue.model_copy(update={"strategy": book}), YEAR, shipped_findings)
    ((_, evidence, gap),) = delivery.expectations().parts[0].content.texts
    assert shown in evidence
    assert gap == (missing or "–")


def test_all_work_stands_on_the_page_with_its_kind_and_source(delivery, catalogue):
    work, listed = catalogue.delivery[YEAR].work, delivery.all_work().content
    assert len(work) == len(listed.rows) > 0
    assert [row[1] for row in listed.texts] == sorted(one.kind.capitalize() for one in work)
    assert {row[2] for row in listed.texts} == {f"{one.source.document}, {one.source.place}" for one in work}
    priced = [one.money for one in work if one.money is not None]
    (table,) = [part for part in delivery.money().parts if part.caption == "Work whose money is named"]
    assert [row[1] for row in table.values] == priced


def test_an_outcome_is_that_of_the_findings_and_no_better(shipped_findings):
    firearms, knives = shipped_findings["firearm_violence"], shipped_findings["knife_violence"]
    young = shipped_findings["public_place_violence_with_injury_offenders_10_24"]
    gone = shipped_findings["proven_reoffending_rate"]
    assert name_outcome([firearms, knives]) == "worse"
    assert name_outcome([young, knives]) == "better"
    assert name_outcome([firearms, young]) == "both ways"
    assert name_outcome([knives, gone]) == "no clear change"
    assert name_outcome([gone]) == "not known"
    assert name_outcome([]) == "no data"
    unjudged = replace(firearms, verdict=replace(firearms.verdict, polarity="no judgement"))
    assert name_outcome([unjudged, knives]) == "moved"


def test_without_a_record_the_page_says_what_is_missing(catalogue, shipped_findings):
    empty = DeliveryBriefing(catalogue.model_copy(update={"delivery": {}}), YEAR, shipped_findings)
    said = empty.summary()._repr_html_()
    assert "What was done in 2017/18 is not recorded yet." in said
    assert all(not row.work for row in follow_delivery(empty.catalogue, shipped_findings, YEAR))
    for part in (empty.progress(), empty.money(), empty.all_work(), empty.priorities(), empty.expectations()):
        assert isinstance(part._repr_html_(), str)
    nothing = DeliveryBriefing(empty.catalogue, "1999-00", {})
    assert nothing.priorities()._repr_html_() == ""  # the page has said so in short


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        (378_430, "£378,430."),
        (None, "£378,430."),
        (378_390, "The report prints £40 less than its parts add up to."),
        (378_500, "The report prints £70 more than its parts add up to."),
    ],
)
def test_a_budget_is_what_its_parts_add_up_to(printed, said):
    parts = [BudgetPart(label="grant", amount=339_995), BudgetPart(label="carried over", amount=38_435)]
    sentence = write_budget(Budget(year="2018-19", parts=parts, printed_total=printed, source=SOURCE))
    assert sentence.startswith("The budget for 2018/19 is £378,430.")
    assert sentence.endswith(said)


@pytest.mark.parametrize(
    ("progress", "values", "aim"),
    [
        (
            {"unit": "percent", "values": {"2016-17": 31, "2017-18": 37}, "aim": 40},
            "31% (2016/17), 37% (2017/18)",
            "3 points short of the aim of 40%",
        ),
        (
            {"unit": "days", "values": {"before": 21, "now": 7}, "aim": 5, "aim_is": "at most"},
            "21 days (before), 7 days (now)",
            "2 days over the aim of 5 days",
        ),
        ({"values": {"2017-18": 14}, "of": 24}, "14 of 24", "–"),
        ({"values": {"2017-18": 1400}, "aim": 1200}, "1,400", "reaching the aim of 1,200"),
    ],
)
def test_progress_is_written_with_its_aim_from_either_side(progress, values, aim):
    one = Progress(label="x", **progress)
    assert (write_values(one), write_aim(one)) == (values, aim)


def test_work_stands_once_and_names_priorities_of_its_own_year(project):
    from swp_analysis.catalogue.loader import load_catalogue

    path = project.partnership / "delivery.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("delivers: [mediation]", "delivers: [mediaton]"), encoding="utf-8")
    line = text[: text.index("delivers: [mediation]")].count("\n") + 1
    with pytest.raises(InputError, match=rf"delivery.yml line {line}: .*'mediaton'; did you mean 'mediation'\?"):
        load_catalogue(project.partnership)
    work = {"id": "a", "text": "t", "kind": "grant", "delivers": ["x"], "source": SOURCE}
    with pytest.raises(ValueError, match="'a' stands twice"):
        DeliveryYear(work=[work, work])


def test_one_point_is_not_points():
    """An aim was missed by "1 points"."""
    assert write_distance(39, 40, "percent", at_least=True) == "1 point short of the aim of 40%"
    assert write_distance(39, 40, "count", at_least=True) == "1 short of the aim of 40"
