"""A profile says why an answer is missing, and says it once."""

from __future__ import annotations

from swp_analysis.explore.profile import AS_ABOVE, open_profile


def test_a_reason_that_holds_for_several_answers_is_said_once(project):
    profile = open_profile()
    first, second = profile.wards().sentence, profile.wards("Burglary").sentence
    assert first.startswith("No street data are here")
    assert "swp fetch street" in first
    assert second == AS_ABOVE
    assert open_profile().wards("Burglary").sentence == first
