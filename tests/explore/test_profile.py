"""A profile says why an answer is missing; the command that brings it is for analysts."""

from __future__ import annotations

import pytest

from swp_analysis.errors import InputError
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


def test_only_the_partnerships_own_area_has_a_profile_without_any_table(project):
    identity = project.partnership / "identity.yml"
    text = identity.read_text(encoding="utf-8").replace("E08000031", "E07000999")
    identity.write_text(f"{text}\narea_name: Wolverhampton\nforce: West Midlands Police\n", encoding="utf-8")
    own = open_profile("E07000999", "internal")
    assert own.rank().missing
    assert own.rank().sentence.startswith("We have no open data for Wolverhampton; swp fetch areas brings every area")
    assert not own.period().sentence
    with pytest.raises(InputError, match="No open table here has the area E07000998"):
        open_profile("E07000998")


def test_peers_are_the_partnerships_own_unless_they_name_an_area(project):
    """docs/adopt.md shows a group without `area`."""
    (project.partnership / "peers.yml").write_text(
        "- {id: near, label: areas like ours, members: [Sandwell, Derby], source: The board, date: 2025-01-20}\n",
        encoding="utf-8",
    )
    assert peers.group("near", "Wolverhampton").sentence == "Wolverhampton: areas like ours are Sandwell and Derby."
    found = open_profile().among_peers()
    assert not found.missing
    assert any(said.startswith("Who is alike: ") and "(20" in said for said in found.caveats)
