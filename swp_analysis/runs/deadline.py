"""A run that ends in time, one way or the other. In: seconds. Out: `RunError` when they are over, or when the
run is told to stop.

The run is interrupted where it stands, so that it can end its kernels and tidy up. Python throws away what is raised
inside a destructor or a weak reference's callback; an interruption that falls into one is sent again. A run that can't
even tidy up, because it hangs outside Python, is ended hard; its kernels end with it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from swp_analysis.errors import RunError
from swp_analysis.project import Say

GRACE_SECONDS = 30.0
RESEND_SECONDS = 0.05
FAILED = 1
STOPPED = "The run was stopped from outside."


class Interrupted(KeyboardInterrupt):
    """Raised in the main thread wherever it is. Not an `Exception`, so that nothing on the way takes it for its own;
    and of the kind that the keyboard sends, which event loops pass on."""


@contextmanager
def ends_within(
    seconds: float, *, grace: float = GRACE_SECONDS, last_words: Say = lambda sentence: None
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
    sys.unraisablehook = limit.on_lost
    try:
        try:
            limit.start()
            yield
        finally:
            limit.end()
    except KeyboardInterrupt:
        raise RunError(limit.reason or STOPPED) from None
    finally:
        limit.end()  # once more: a signal may have fallen into the first time
        sys.unraisablehook = limit.report_lost
        signal.signal(signal.SIGTERM, before)


class _Limit:
    """The clock of a run."""

    def __init__(self, seconds: float, grace: float, last_words: Say) -> None:
        self.reason, self.report_lost = "", sys.unraisablehook
        self._seconds, self._grace, self._last_words = seconds, grace, last_words
        self._clocks: list[threading.Timer] = []
        self._sending, self._has_ended = threading.RLock(), False

    def start(self) -> None:
        self._after(self._seconds, self._interrupt)

    def end(self) -> None:
        """Send no signal from now on; one that comes all the same changes nothing."""
        self._has_ended = True
        with self._sending:
            pass
        for clock in self._clocks:
            clock.cancel()

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        if not self._has_ended:
            self.reason = self.reason or STOPPED
            raise Interrupted

    def on_lost(self, lost: sys.UnraisableHookArgs) -> None:
        """Send an interruption again when the destructor or callback that swallowed it is over."""
        if issubclass(lost.exc_type, KeyboardInterrupt):
            self._after(RESEND_SECONDS, self._send)
        else:
            self.report_lost(lost)

    def _after(self, seconds: float, act: Callable[[], None]) -> None:
        with self._sending:
            if not self._has_ended:
                clock = threading.Timer(seconds, act)
                clock.daemon = True
                self._clocks.append(clock)
                clock.start()

    def _interrupt(self) -> None:
        self.reason = f"The run was stopped: it was not done after {self._seconds:g} seconds (--run-timeout)."
        self._after(self._grace, self._end_hard)
        self._send()

    def _send(self) -> None:
        with self._sending:
            if self._has_ended:
                return
            if hasattr(signal, "pthread_kill"):
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
            else:
                signal.raise_signal(signal.SIGINT)

    def _end_hard(self) -> None:
        self._last_words(self.reason)
        os._exit(FAILED)
