"""An indicator is named in the other number too, and with what it counts in front; in nothing else."""

import pytest

from swp_analysis.audit.figures import TableFigures
from swp_analysis.audit.judge_text import judge_passages
from swp_analysis.ingest.records import ReportPassage
from swp_analysis.quality.totals import annual_totals

LABELS = {
    "knife_violence": "Domestic burglary",
    "hate_crime": "Noise nuisance incidents",
    "marac_referrals": "MARAC cases",
}


@pytest.fixture(scope="module")
def judged(shipped, catalogue):
    """Give the verdicts of a sentence when the shipped figures of 2017/18 stand under other labels: 221, 385, 651."""
    indicators = dict(catalogue.indicators)
    for name, label in LABELS.items():
        other = {"label": label, "short_label": label, "aliases": []}
        indicators[name] = indicators[name].model_copy(update=other)
    own = catalogue.model_copy(update={"indicators": indicators})
    totals = annual_totals(shipped.observations, indicators)
    figures = TableFigures(shipped.observations, totals, shipped.baselines, own)
    return lambda said: set(judge_passages([ReportPassage("1", "s1", said)], figures, "2017-18")["verdict"])


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("There were 221 domestic burglaries in 2017/18.", "confirmed"),
        ("There were 231 domestic burglaries in 2017/18.", "contradicted"),
        ("There were 385 incidents of noise nuisance in 2017/18.", "confirmed"),
        ("There were 395 incidents of noise nuisance in 2017/18.", "contradicted"),
        ("There were 70 attempted domestic burglaries in 2017/18.", "not judged"),
        ("There were 70 incidents of noise nuisance by students in 2017/18.", "not judged"),
        ("There were 70 domestic burglary detections in 2017/18.", "not judged"),
        ("There were 70 cases of MARAC in 2017/18.", "not judged"),
    ],
)
def test_a_label_is_known_in_its_other_forms(judged, said, verdict):
    assert judged(said) == {verdict}
