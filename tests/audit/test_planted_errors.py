"""Wrong numbers planted in made-up statements are found; the statements without them are never accused."""

import random
import sys
from pathlib import Path

import pytest

from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.judge_text import judge_passages
from swp_analysis.ingest.records import ReportPassage
from swp_analysis.quality.totals import annual_totals

sys.path.insert(0, str(Path(__file__).parent))
from statements_made_up import make_statement, plant_error

STATEMENTS = 300
LEAST_FOUND = 0.95
ACCUSED = {"contradicted", "different_scope"}


@pytest.fixture(scope="module")
def figures(shipped, catalogue):
    totals = annual_totals(shipped.observations, catalogue.indicators)
    return TableFigures(shipped.observations, totals, shipped.baselines, catalogue)


def verdicts_of(statements, figures):
    """The verdicts on each statement, in order."""
    passages = [ReportPassage(str(n), f"m{n}", one.text, one.row) for n, one in enumerate(statements)]
    judged = judge_passages(passages, figures, "2017-18")
    found = judged.groupby("place")["verdict"].agg(set)
    return [found.get(str(n), set()) for n in range(len(statements))]


@pytest.fixture(scope="module", params=[3, 17])
def statements(request, figures):
    rng = random.Random(request.param)
    true = [make_statement(rng, figures) for _ in range(STATEMENTS)]
    return true, [plant_error(statement, rng) for statement in true]


def test_true_statements_are_read_and_never_accused(statements, figures):
    verdicts = verdicts_of(statements[0], figures)
    accused = [one.text for one, found in zip(statements[0], verdicts, strict=True) if found & ACCUSED]
    assert accused == []
    assert sum("confirmed" in found for found in verdicts) >= LEAST_FOUND * STATEMENTS


def test_planted_errors_are_found(statements, figures):
    verdicts = verdicts_of(statements[1], figures)
    missed = [one.text for one, found in zip(statements[1], verdicts, strict=True) if not found & ACCUSED]
    assert len(missed) <= (1 - LEAST_FOUND) * STATEMENTS, missed
