"""Trying again: what passes is waited for, as long as Google says, and never without an end."""

from __future__ import annotations

import errno
import random
import time
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

import structlog

from core.errors import NotAuthenticated, Unavailable
from rag_pipeline.sources.google_drive.library import (
    CONNECTION_ERRORS,
    HttpError,
    RefreshError,
)
from rag_pipeline.sources.google_drive.problems import DriveError, read_error

log = structlog.get_logger(__name__)

Result = TypeVar("Result")

_FIRST_WAIT = 0.5
_LONGEST_WAIT = 32.0

#: Errors of this machine, not of the connection: no pause mends them.
_LOCAL_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO, errno.EMFILE, errno.ENFILE})


class Backoff:
    """Retries with growing, random pauses; a pause that Google asks for holds up every thread.

    Args:
        seconds: How long one call may be tried in all, waits included. Once that was in vain, calls are tried a single
            time until one succeeds: a Google that is down for the day does not cost this time for every file.
        sleep: Waits; a test gives its own.
        clock: Seconds that only grow.
        jitter: A number between 0 and 1.
    """

    def __init__(
        self,
        seconds: float,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._seconds = seconds
        self._sleep = sleep
        self._clock = clock
        self._jitter = jitter
        self._open_at = 0.0
        self._in_vain = False
        self._lock = Lock()

    def call(self, send: Callable[[], Result]) -> Result:
        """Call ``send`` until it succeeds, fails for good, or the time is up.

        Raises:
            DriveError: Google's last answer: a lasting error at once, a passing one when the time is up.
            Unavailable: Google could not be reached in that time.
            NotAuthenticated: Google refuses the credentials.
        """
        end = self._clock() + (0.0 if self._in_vain else self._seconds)
        tries = 0
        while True:
            self._wait_for_gate(end)
            try:
                answer = send()
                self._in_vain = False
                return answer
            except HttpError as error:
                failure = read_error(error)
                if not failure.passing:
                    raise failure from None
                pause, last = failure.retry_after, failure
            except RefreshError as error:
                if not getattr(error, "retryable", False):
                    raise _refused(error) from None
                pause, last = None, _unreachable(error)
            except CONNECTION_ERRORS as error:
                if isinstance(error, OSError) and error.errno in _LOCAL_ERRORS:
                    raise
                pause, last = None, _unreachable(error)
            tries += 1
            wait = pause if pause is not None else self._pause(tries)
            if self._clock() + wait > end:
                self._in_vain = True
                raise last
            cause = str(last)[:200] if isinstance(last, DriveError) else "no connection"
            log.info("google_drive_waits", seconds=round(wait, 1), tries=tries, cause=cause)
            if pause is not None:
                self._close_gate(wait)
            self._sleep(wait)

    def _pause(self, tries: int) -> float:
        """Half of a doubling pause for certain, the other half at random, so that threads do not knock together."""
        longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (tries - 1))
        return longest / 2 + self._jitter() * longest / 2

    def _close_gate(self, seconds: float) -> None:
        with self._lock:
            self._open_at = max(self._open_at, self._clock() + seconds)

    def _wait_for_gate(self, end: float) -> None:
        """Wait while another thread has been told to; no longer than this call's own time."""
        with self._lock:
            wait = min(self._open_at, end) - self._clock()
        if wait > 0:
            self._sleep(wait)


def _unreachable(error: Exception) -> Unavailable:
    # The class and not the text: a library's text may carry an address with a token in it.
    return Unavailable(
        f"Google Drive cannot be reached ({type(error).__name__}): check this machine's connection, name resolution "
        "and proxy. Nothing is lost, the next run goes on where this one began.",
        slug="google-drive-unavailable",
    )


def _refused(error: Exception) -> NotAuthenticated:
    said = str(error.args[0])[:200] if error.args else "no reason given"
    return NotAuthenticated(
        f"Google refuses the credentials ({said}): the key is revoked, its account is gone, or this machine's clock is "
        "wrong. Make a new key for the service account (or authorize again) and set GOOGLE_DRIVE_CREDENTIALS_JSON.",
        slug="google-drive-credentials",
    )
