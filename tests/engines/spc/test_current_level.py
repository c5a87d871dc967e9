"""What is said of the current level: no icon under twelve points, drift, flat lines, seasons and rebases by date."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from swp_analysis.engines.spc.run_rules import COMMON_CAUSE, label_points
from swp_analysis.engines.spc.signal import read_signal
from swp_analysis.engines.spc.thresholds import Rebase

STEADY = [50, 54, 47, 52, 49, 55, 46, 51, 53, 48, 52, 50, 47, 54, 49, 51]


def test_a_line_that_never_moved_and_then_fell_is_flagged() -> None:
    fallen = read_signal([100] * 19 + [20, 20, 20], unit="percent", target=95, good_direction="higher")
    assert fallen.variation == "concern_low"
    assert set(fallen.points["label"].iloc[:18]) == {COMMON_CAUSE}
    assert read_signal([100] * 22, unit="percent").variation == "cannot_judge"


@pytest.mark.parametrize(("size", "variation"), [(7, "not_enough_points"), (8, "trial_limits"), (11, "trial_limits")])
def test_under_twelve_points_there_is_no_icon(size: int, variation: str) -> None:
    assert read_signal([*STEADY[: size - 1], 900], good_direction="lower").variation == variation


def test_a_long_line_whose_level_drifts_says_so_and_flags_no_point() -> None:
    drifting = np.linspace(100, 300, 55) + np.tile([3, -3, 5, -5, 0], 11)
    signal = read_signal(drifting.round())
    assert signal.drifts
    assert signal.flagged > 0.9
    assert set(signal.points["label"]) == {COMMON_CAUSE}
    assert not read_signal([*STEADY] * 2).drifts


def test_a_rebase_can_be_given_by_its_date_and_the_season_survives_it() -> None:
    starts = [date(2012 + i // 4 + (i % 4 == 3), (4, 7, 10, 1)[i % 4], 1) for i in range(24)]
    season = [value + i * 7 % 5 for i, value in enumerate([50, 60, 90, 40] * 3 + [150, 180, 270, 120] * 3)]
    signal = read_signal(season, first_quarter=starts, rebases=[Rebase(date(2015, 4, 1), starts[-1], "why", "A. N.")])
    assert signal.points["level"].tolist() == [0] * 12 + [1] * 12
    assert signal.season.applied
    assert signal.season.indices[2] > 1.4
    with pytest.raises(ValueError, match="first_quarter"):
        read_signal(season, rebases=[Rebase(date(2015, 4, 1), starts[-1], "why", "A. N.")])


def test_points_are_those_of_the_current_level() -> None:
    moved = Rebase(12, date(2017, 4, 1), "new recording rules", "A. Analyst")
    signal = read_signal([*STEADY[:12], *(value + 60 for value in STEADY[:9])], rebases=[moved])
    assert (signal.rung.name, signal.variation) == ("trial_limits", "trial_limits")


def test_a_point_on_a_limit_is_not_beyond_it_for_its_last_digit() -> None:
    on_two_thirds = 10 + 20 / 3  # one in the last place above 10 + 2/3 * 10
    assert set(label_points([on_two_thirds, 11, on_two_thirds], 10, 0, 20)) == {"Common Cause"}
    assert label_points([0.1 + 0.2, 0.25], 0.2, 0.1, 0.3) == ["Common Cause", "Common Cause"]
    assert label_points([0.301, 0.25], 0.2, 0.1, 0.3)[0] == "Above UCL"
