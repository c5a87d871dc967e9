"""A run ends in time: interrupted where it stands, or ended hard when it can't be. Nothing here depends on how fast the
machine is: a busy one only takes longer to get there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import weakref

import pytest

from swp_analysis.errors import RunError
from swp_analysis.runs.deadline import ends_within

FOR_EVER = 600


@pytest.fixture(autouse=True)
def listening():
    """A process that was started in the background ignores Ctrl-C; here it is to be heard."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def wait_and_tidy(tidied: list[str]) -> None:
    try:
        threading.Event().wait(FOR_EVER)
    except Exception:
        tidied.append("taken for an error of the code that waits")
    finally:
        tidied.append("tidied")


def stop_myself(number: int) -> None:
    os.kill(os.getpid(), number)
    time.sleep(FOR_EVER)


def test_a_run_that_takes_too_long_is_stopped_where_it_stands():
    before, tidied = signal.getsignal(signal.SIGTERM), []
    with pytest.raises(RunError, match=r"was not done after 0.2 seconds \(--run-timeout\)"), ends_within(0.2):
        wait_and_tidy(tidied)
    assert tidied == ["tidied"]
    assert signal.getsignal(signal.SIGTERM) is before


def lose_and_wait(things: list[threading.Event]) -> None:
    """Take away the last reference to a thing, and do the rest of the run."""
    things.clear()
    threading.Event().wait(FOR_EVER)


def test_an_interruption_that_python_throws_away_is_sent_again():
    things, hook = [threading.Event()], sys.unraisablehook
    kept = weakref.ref(things[0], lambda _: threading.Event().wait(FOR_EVER))
    with pytest.raises(RunError, match=r"was not done after 0.2 seconds"), ends_within(0.2):
        lose_and_wait(things)
    assert sys.unraisablehook is hook
    assert kept() is None


def test_a_run_in_time_is_left_alone():
    running = threading.active_count()
    with ends_within(FOR_EVER):
        pass
    while threading.active_count() > running:  # the clock has stopped
        time.sleep(0.01)


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGTERM on Windows")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_told_to_stop_says_so(number):
    with pytest.raises(RunError, match="stopped from outside"), ends_within(FOR_EVER):
        stop_myself(number)


def test_a_deadline_that_falls_upon_the_end_stops_the_run_or_changes_nothing():
    ends = []
    for _ in range(60):
        try:
            with ends_within(0.01):
                time.sleep(0.0095)
            ends.append("in time")
        except RunError:
            ends.append("too late")
        time.sleep(0.002)  # a signal that comes now would end the test
    assert len(ends) == 60


def test_a_run_that_does_not_listen_is_ended_hard_with_last_words():
    deaf = f"""
import time
from swp_analysis.runs.deadline import ends_within
with ends_within(0.2, grace=0.3, last_words=lambda reason: print(reason, flush=True)):
    while True:
        try:
            time.sleep({FOR_EVER})
        except BaseException:
            pass
"""
    done = subprocess.run([sys.executable, "-c", deaf], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("The run was stopped")
