"""A run that ends in time, one way or the other. In: seconds. Out: `RunError` when they are over, or when the
run is told to stop.

The run is interrupted where it stands, so that it can end its kernels and tidy up. One that can't even do that, because
it hangs outside Python, is ended hard; its kernels end with it.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from swp_analysis.errors import RunError

GRACE_SECONDS = 30.0
FAILED = 1
STOPPED = "The run was stopped from outside."


class Interrupted(BaseException):
    """Raised in the main thread wherever it is; not an `Exception`, so that nothing on the way takes it for its own."""


@contextmanager
def ends_within(
    seconds: float, *, grace: float = GRACE_SECONDS, last_words: Callable[[str], None] = lambda sentence: None
) -> Iterator[None]:
    """Interrupt what runs inside the `with` (in the main thread) after so many seconds, on SIGTERM and on Ctrl-C.

    `last_words` is called with the reason before a run is ended hard, which happens `grace` seconds later.

    Raises
    ------
    RunError
        That the time is over, or that the run was stopped.
    """
    limit = _Limit(seconds, grace, last_words)
    before = signal.signal(signal.SIGTERM, limit.on_signal)
    try:
        try:
            limit.start()
            yield
        finally:
            limit.end()
    except (Interrupted, KeyboardInterrupt):
        raise RunError(limit.reason or STOPPED) from None
    finally:
        limit.end()  # once more: a signal may have fallen into the first time
        signal.signal(signal.SIGTERM, before)


class _Limit:
    """The clock beside a run."""

    def __init__(self, seconds: float, grace: float, last_words: Callable[[str], None]) -> None:
        self.reason = ""
        self._grace, self._last_words = grace, last_words
        self._too_late = f"The run was stopped: it was not done after {seconds:g} seconds (--run-timeout)."
        self._clocks = [threading.Timer(seconds, self._interrupt)]
        self._sending, self._has_ended = threading.Lock(), False

    def start(self) -> None:
        self._clocks[-1].daemon = True
        self._clocks[-1].start()

    def end(self) -> None:
        """From now on no signal is sent, and one that comes all the same changes nothing: all is done."""
        self._has_ended = True
        with self._sending:
            pass
        for clock in self._clocks:
            clock.cancel()

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        if not self._has_ended:
            self.reason = self.reason or STOPPED
            raise Interrupted

    def _interrupt(self) -> None:
        with self._sending:
            if not self._has_ended:
                self._send()

    def _send(self) -> None:
        self.reason = self._too_late
        self._clocks.append(threading.Timer(self._grace, self._end_hard))
        self.start()
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        else:
            signal.raise_signal(signal.SIGINT)

    def _end_hard(self) -> None:
        self._last_words(self.reason)
        os._exit(FAILED)
