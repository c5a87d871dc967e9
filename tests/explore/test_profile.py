"""A profile says why an answer is missing; the command that brings it is for analysts."""

from __future__ import annotations

from swp_analysis.explore import peers
from swp_analysis.explore.profile import open_profile


def test_why_an_answer_is_missing_is_said_in_the_readers_words(project):
    for_partners, for_analysts = (open_profile(audience=name).wards() for name in ("partners", "internal"))
    assert for_partners.missing
    assert for_partners.sentence == "We have no street data for Wolverhampton."
    assert "swp fetch street" in for_analysts.sentence
    assert not open_profile().among_peers().missing


def test_only_analysts_are_told_which_file_names_peers(project):
    for_analysts, for_partners = (open_profile("Walsall", name).among_peers() for name in ("internal", "partners"))
    assert for_analysts.sentence == "No peers of Walsall were chosen; name them in partnership/peers.yml."
    assert for_partners.sentence == "No peers of Walsall were chosen."


def test_peers_are_the_partnerships_own_unless_they_name_an_area(project):
    """docs/adopt.md shows a group without `area`."""
    (project.partnership / "peers.yml").write_text(
        "- {id: near, label: areas like ours, members: [Sandwell, Derby], source: The board, date: 2025-01-20}\n",
        encoding="utf-8",
    )
    assert peers.group("near", "Wolverhampton").sentence == "Wolverhampton: areas like ours are Sandwell and Derby."
    assert not open_profile().among_peers().missing
