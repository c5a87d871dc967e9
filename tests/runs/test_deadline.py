"""A run ends in time: interrupted where it stands, or ended hard when it can't be."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from swp_analysis.errors import RunError
from swp_analysis.runs.deadline import _Limit, ends_within


def wait_and_tidy(tidied: list[str]) -> None:
    try:
        threading.Event().wait(20)
    except Exception:
        tidied.append("taken for an error of the code that waits")
    finally:
        tidied.append("tidied")


def stop_myself(number: int) -> None:
    os.kill(os.getpid(), number)
    time.sleep(20)


def test_a_run_that_takes_too_long_is_stopped_where_it_stands():
    before = signal.getsignal(signal.SIGTERM)
    began, tidied = time.monotonic(), []
    with pytest.raises(RunError, match=r"was not done after 0.2 seconds \(--run-timeout\)"), ends_within(0.2):
        wait_and_tidy(tidied)
    assert tidied == ["tidied"]
    assert time.monotonic() - began < 5
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_run_in_time_is_left_alone():
    with ends_within(0.2):
        pass
    time.sleep(0.4)


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGTERM on Windows")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_told_to_stop_says_so(number):
    with pytest.raises(RunError, match="stopped from outside"), ends_within(20):
        stop_myself(number)


def test_a_deadline_that_falls_upon_the_end_changes_nothing(monkeypatch):
    sent = []
    monkeypatch.setattr(signal, "pthread_kill" if hasattr(signal, "pthread_kill") else "raise_signal", sent.append)
    limit = _Limit(20, 20, sent.append)
    limit.end()
    limit._interrupt()
    limit.on_signal(signal.SIGTERM, None)
    assert (sent, limit.reason) == ([], "")


def test_a_run_that_does_not_listen_is_ended_hard_with_last_words():
    deaf = """
import time
from swp_analysis.runs.deadline import Interrupted, ends_within
with ends_within(0.2, grace=0.3, last_words=lambda reason: print(reason, flush=True)):
    while True:
        try:
            time.sleep(20)
        except BaseException:
            pass
"""
    done = subprocess.run([sys.executable, "-c", deaf], capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("The run was stopped")
