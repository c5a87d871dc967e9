"""Our own sentences, read as an outsider would: none may disagree with the figures."""

import pytest

from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.judge_text import judge_sentences
from swp_analysis.audit.own_text import require_not_contradicted
from swp_analysis.errors import RunError
from swp_analysis.present.words import write_sentence
from swp_analysis.quality.totals import annual_totals


@pytest.fixture(scope="module")
def check(shipped, catalogue):
    totals = annual_totals(shipped.observations, catalogue.indicators)
    figures = TableFigures(shipped.observations, totals, shipped.baselines, catalogue)
    return lambda sentences: judge_sentences(sentences, figures, "2017-18")


def test_no_finding_of_the_shipped_data_is_contradicted(check, shipped_findings):
    require_not_contradicted(check([write_sentence(finding) for finding in shipped_findings.values()]))


def test_a_wrong_figure_stops_the_run(check):
    with pytest.raises(RunError, match="disagrees with the data"):
        require_not_contradicted(check(["Violent crimes with a knife or sharp blade rose from 191 to 222."]))
