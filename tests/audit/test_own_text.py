"""Our own sentences go through the extractor that reads other people's, and must all be borne out by the data."""

import re

import pytest

from swp_analysis.audit.audit import audit_sentences, require_confirmed
from swp_analysis.errors import RunError
from swp_analysis.present.words import write_sentence
from swp_analysis.quality.totals import annual_totals

_FIGURE = re.compile(r"(?<![\d/Q–])\d+(?:[.,]\d+)*%?(?![\d/])")


@pytest.fixture(scope="module")
def check(shipped, catalogue):
    totals = annual_totals(shipped.observations, catalogue.indicators)

    def audit(sentences):
        return audit_sentences(sentences, shipped.observations, totals, shipped.baselines, catalogue)

    return audit


def test_every_finding_of_the_shipped_data_is_confirmed(check, shipped_findings):
    sentences = [write_sentence(finding) for finding in shipped_findings.values()]
    audited = check(sentences)
    require_confirmed(audited)
    with_figures = {text for text in sentences if "went from" in text or "rose from" in text or "fell from" in text}
    assert with_figures <= set(audited["sentence"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("191", "119"),
        ("221", "222"),
        ("+30", "+31"),
        ("+15.7%", "+16.5%"),
        ("ratio 1.16", "ratio 1.61"),
        ("0.95–1.41", "1.25–1.41"),
        ("no clear change", "a clear rise"),
    ],
)
def test_a_changed_figure_fails_the_run(check, shipped_findings, old, new):
    sentence = write_sentence(shipped_findings["knife_violence"])
    assert old in sentence
    with pytest.raises(RunError, match="disagrees with the data"):
        require_confirmed(check([sentence.replace(old, new)]))


def test_every_number_of_every_sentence_matters(check, shipped_findings):
    """Each figure of a comparison is changed in turn; none may pass."""
    passed = []
    for finding in shipped_findings.values():
        if finding.before is None or finding.indicator.unit != "count":
            continue
        sentence = write_sentence(finding).split(" This is ")[0]
        start = re.search(r" from (?=\d)| stayed at ", sentence).start()
        for match in _FIGURE.finditer(sentence, start, sentence.index(" between ")):
            changed = sentence[: match.start()] + str((int(match[0][0]) + 4) % 10) + sentence[match.start() + 1 :]
            if (check([changed])["verdict"] == "confirmed").all():
                passed.append(changed)
    assert passed == []


def test_a_figure_that_no_rule_reads_is_not_passed_over(check):
    with pytest.raises(RunError, match="can't be confirmed"):
        require_confirmed(check(["Violent crimes with a firearm made up 12.3456 of every thousand."]))


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("Violent crimes with a firearm: 33 to 63.", "confirmed"),
        ("Violent crimes with a firearm: 33 to 64.", "contradicted"),
        ("Youth court disposals that were custodial sentences: 15.1% to 9.5%.", "confirmed"),
        ("Youth court disposals that were custodial sentences: 15.1% to 8.5%.", "contradicted"),
    ],
)
def test_a_line_of_a_list_gives_last_year_first(check, line, verdict):
    """Without a verb both figures were once taken for this year's, and the true first one was accused."""
    found = set(check([line])["verdict"])
    assert verdict in found
    assert "contradicted" not in found or verdict == "contradicted"
