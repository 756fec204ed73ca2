"""Requests that are made together: none lost, none waiting without need, each with its own answer."""

import asyncio
from collections.abc import Sequence

import pytest

from core.knowledge.gathering import Gathering


async def test_what_is_asked_while_all_calls_are_busy_goes_together() -> None:
    calls: list[list[int]] = []
    gate = asyncio.Event()

    async def work(asked: Sequence[int]) -> list[int]:
        calls.append(list(asked))
        await gate.wait()
        return [number * 10 for number in asked]

    gathering = Gathering[int, int](work, most=3, at_once=1)
    asking = [asyncio.ensure_future(gathering.ask(number)) for number in range(6)]
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(*asking) == [0, 10, 20, 30, 40, 50]
    assert calls == [[0], [1, 2, 3], [4, 5]]


async def test_one_that_is_larger_than_allowed_goes_alone() -> None:
    calls: list[list[str]] = []

    async def work(asked: Sequence[str]) -> list[int]:
        calls.append(list(asked))
        await asyncio.sleep(0)
        return [len(text) for text in asked]

    gathering = Gathering[str, int](work, most=4, at_once=1)
    texts = ["a", "bb", "c" * 9, "dd", "ee"]
    assert await asyncio.gather(*(gathering.ask(text, len(text)) for text in texts)) == [1, 2, 9, 2, 2]
    assert calls == [["a"], ["bb"], ["c" * 9], ["dd", "ee"]]


async def test_an_answer_that_is_an_error_is_its_own_and_a_failed_call_is_everybodys() -> None:
    async def work(asked: Sequence[int]) -> list[int | Exception]:
        await asyncio.sleep(0)
        if 7 in asked:
            raise ConnectionError("away")
        return [ValueError(number) if number % 2 else number for number in asked]

    gathering = Gathering[int, int](work, most=10, at_once=1)
    first = await asyncio.gather(*(gathering.ask(number) for number in (2, 3, 4)), return_exceptions=True)
    assert [type(answer) for answer in first] == [int, ValueError, int]
    second = await asyncio.gather(*(gathering.ask(number) for number in (2, 7, 4)), return_exceptions=True)
    assert [type(answer) for answer in second] == [int, ConnectionError, ConnectionError]
    assert await gathering.ask(8) == 8


async def test_who_no_longer_waits_is_not_worked_for() -> None:
    calls: list[list[int]] = []
    gate = asyncio.Event()

    async def work(asked: Sequence[int]) -> list[int]:
        calls.append(list(asked))
        await gate.wait()
        return list(asked)

    gathering = Gathering[int, int](work, most=10, at_once=1)
    first, second, third = (asyncio.ensure_future(gathering.ask(number)) for number in range(3))
    await asyncio.sleep(0)
    second.cancel()
    gate.set()
    assert (await first, await third) == (0, 2)
    with pytest.raises(asyncio.CancelledError):
        await second
    assert calls == [[0], [2]]
