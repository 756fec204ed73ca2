"""Waiting: how long, for whom, and when no longer."""

from __future__ import annotations

import errno
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

import pytest

from core.errors import Unavailable
from rag_pipeline.sources.google_drive.backoff import Backoff


class Clock:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []
        self._lock = Lock()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.waits.append(seconds)
            self.now += seconds


class Failing:
    """Fails a number of times, then answers."""

    def __init__(self, times: int, error: Exception | None = None) -> None:
        self.calls = 0
        self._times = times
        self._error = error or ConnectionResetError()

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self._times:
            raise self._error
        return "answer"


def backoff(clock: Clock, seconds: float = 120, jitter: float = 1.0) -> Backoff:
    """A backoff over that clock."""
    return Backoff(seconds, sleep=clock.sleep, clock=clock, jitter=lambda: jitter)


def test_pauses_double_up_to_half_a_minute() -> None:
    clock = Clock()
    assert backoff(clock, 1000).call(Failing(9)) == "answer"
    assert clock.waits == [0.5, 1, 2, 4, 8, 16, 32, 32, 32]


def test_half_of_a_pause_is_left_to_chance() -> None:
    clock = Clock()
    backoff(clock, jitter=0.0).call(Failing(2))
    assert clock.waits == [0.25, 0.5]


def test_a_call_ends_when_its_time_is_up_and_later_ones_try_once_until_one_succeeds() -> None:
    clock = Clock()
    waiting = backoff(clock, 10)
    send = Failing(100)
    with pytest.raises(Unavailable):
        waiting.call(send)
    assert clock.now <= 10
    tried = send.calls
    with pytest.raises(Unavailable):
        waiting.call(send)
    assert send.calls == tried + 1
    waiting.call(Failing(0))
    again = Failing(2)
    assert waiting.call(again) == "answer"
    assert again.calls == 3


def test_a_full_disk_is_no_broken_connection() -> None:
    clock = Clock()
    with pytest.raises(OSError, match="No space"):
        backoff(clock).call(Failing(1, OSError(errno.ENOSPC, "No space left on device")))
    assert clock.waits == []


def test_what_is_not_expected_is_not_caught() -> None:
    with pytest.raises(ZeroDivisionError):
        backoff(Clock()).call(Failing(1, ZeroDivisionError()))


def test_many_threads_at_once() -> None:
    clock = Clock()
    waiting = backoff(clock)
    barrier = Barrier(8)

    def work(number: int) -> str:
        barrier.wait()
        return waiting.call(Failing(number % 3))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == ["answer"] * 8
