"""Wrong numbers planted in made-up statements are found; the statements without them are never accused."""

import random
import sys
from pathlib import Path

import pytest

from swp_analysis.audit.extract import Extractor, Passage
from swp_analysis.audit.figures import Figures
from swp_analysis.audit.statements import judge
from swp_analysis.audit.verdicts import Evidence
from swp_analysis.catalogue.claim_rules import load_claim_rules
from swp_analysis.quality.totals import annual_totals

sys.path.insert(0, str(Path(__file__).parent))
from statements_made_up import make_statement, plant_error

STATEMENTS = 300
LEAST_FOUND = 0.95
ACCUSED = {"contradicted", "different_scope"}


@pytest.fixture(scope="module")
def figures(shipped, catalogue):
    totals = annual_totals(shipped.observations, catalogue.indicators)
    return Figures(shipped.observations, totals, shipped.baselines, catalogue)


@pytest.fixture(scope="module")
def verdicts_of(figures, catalogue):
    extractor = Extractor(catalogue, load_claim_rules(frozenset(catalogue.indicators)), figures, "2017-18")

    def judge_statement(statement):
        claims = extractor.extract(Passage("made up", "m", statement.text, statement.row))
        evidence = Evidence(figures, claims)
        return {judge(claim, evidence).verdict for claim in claims}

    return judge_statement


@pytest.fixture(scope="module", params=[3, 17])
def statements(request, figures):
    rng = random.Random(request.param)
    true = [make_statement(rng, figures) for _ in range(STATEMENTS)]
    return true, [plant_error(statement, rng) for statement in true]


def test_true_statements_are_never_accused(statements, verdicts_of):
    assert [one.text for one in statements[0] if verdicts_of(one) & ACCUSED] == []


def test_true_statements_are_read(statements, verdicts_of):
    read = sum("confirmed" in verdicts_of(one) for one in statements[0])
    assert read >= LEAST_FOUND * STATEMENTS


def test_planted_errors_are_found(statements, verdicts_of):
    missed = [one.text for one in statements[1] if not verdicts_of(one) & ACCUSED]
    assert len(missed) <= (1 - LEAST_FOUND) * STATEMENTS, missed
