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
from collections.abc import Iterator
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
    limit = _Limit()
    watch = threading.Thread(target=limit.watch, args=(seconds, grace, last_words), daemon=True)
    before = signal.signal(signal.SIGTERM, limit.on_signal)
    sys.unraisablehook = limit.on_lost
    try:
        try:
            watch.start()
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
    """The clock of a run, which a thread of its own watches."""

    def __init__(self) -> None:
        self.reason, self.report_lost = "", sys.unraisablehook
        self._over, self._sending = threading.Event(), threading.RLock()

    def watch(self, seconds: float, grace: float, last_words: Say) -> None:
        if self._over.wait(seconds):
            return
        self.reason = f"The run was stopped: it was not done after {seconds:g} seconds (--run-timeout)."
        self._send()
        if not self._over.wait(grace):
            last_words(self.reason)
            os._exit(FAILED)

    def end(self) -> None:
        """Send no signal from now on; one that comes all the same changes nothing."""
        self._over.set()
        with self._sending:
            pass

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        if not self._over.is_set():
            self.reason = self.reason or STOPPED
            raise Interrupted

    def on_lost(self, lost: sys.UnraisableHookArgs) -> None:
        """Send an interruption again when the destructor or callback that swallowed it is over."""
        if issubclass(lost.exc_type, KeyboardInterrupt):
            again = threading.Timer(RESEND_SECONDS, self._send)
            again.daemon = True
            again.start()
        else:
            self.report_lost(lost)

    def _send(self) -> None:
        with self._sending:
            if self._over.is_set():
                return
            if hasattr(signal, "pthread_kill"):
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
            else:
                signal.raise_signal(signal.SIGINT)
