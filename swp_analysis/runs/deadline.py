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


class Interrupted(BaseException):
    """Raised in the main thread wherever it is; not an `Exception`, so that nothing on the way takes it for its own."""


@contextmanager
def ends_within(
    seconds: float, *, grace: float = GRACE_SECONDS, last_words: Callable[[str], None] = lambda sentence: None
) -> Iterator[None]:
    """Interrupt what runs inside the `with` (in the main thread) after so many seconds, and on SIGTERM.

    `last_words` is called with the reason before a run is ended hard, which happens `grace` seconds later.

    Raises
    ------
    RunError
        That the time is over, or that the run was stopped.
    """
    limit = _Limit(seconds, grace, last_words)
    before = signal.signal(signal.SIGTERM, limit.on_signal)
    limit.start()
    try:
        yield
    except Interrupted:
        raise RunError(limit.reason) from None
    except KeyboardInterrupt:
        if limit.reason:
            raise RunError(limit.reason) from None
        raise
    finally:
        limit.cancel()
        signal.signal(signal.SIGTERM, before)


class _Limit:
    """The clock beside a run."""

    def __init__(self, seconds: float, grace: float, last_words: Callable[[str], None]) -> None:
        self.reason = ""
        self._grace, self._last_words = grace, last_words
        self._too_late = f"The run was stopped: it was not done after {seconds:g} seconds (--run-timeout)."
        self._clocks = [threading.Timer(seconds, self._interrupt)]

    def start(self) -> None:
        self._clocks[-1].daemon = True
        self._clocks[-1].start()

    def cancel(self) -> None:
        for clock in self._clocks:
            clock.cancel()

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        self.reason = self.reason or "The run was stopped from outside."
        raise Interrupted

    def _interrupt(self) -> None:
        self.reason = self._too_late
        self._clocks.append(threading.Timer(self._grace, self._end_hard))
        self.start()
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(threading.main_thread().ident, signal.SIGTERM)
        else:
            signal.raise_signal(signal.SIGINT)

    def _end_hard(self) -> None:
        self._last_words(self.reason)
        os._exit(FAILED)
