"""Join what many tasks ask for at the same time into few calls.

While fewer calls than allowed are under way, whoever asks is served at once; while all are busy, requests gather and go
together in the next one. So a quiet moment costs no waiting, a busy one few round trips, and nothing piles up beyond
what waits for its own answer.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


@dataclass(slots=True, eq=False)
class _Waiting(Generic[Asked, Answer]):
    asked: Asked
    size: int
    answer: asyncio.Future[Answer]


class Gathering(Generic[Asked, Answer]):
    """Calls that are made together.

    Args:
        work: Answers several requests in their order, in one call. An answer that is an exception is raised to whoever
            asked for it; an exception that is raised goes to all.
        most: Largest sum of sizes that goes together. A request that is larger goes alone.
        at_once: Calls that are under way at the same time.
    """

    def __init__(
        self, work: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer | Exception]]], *, most: int, at_once: int
    ) -> None:
        self._work = work
        self._most = most
        self._at_once = at_once
        self._waiting: deque[_Waiting[Asked, Answer]] = deque()
        self._calls: set[asyncio.Task[None]] = set()

    async def ask(self, asked: Asked, size: int = 1) -> Answer:
        """The answer to ``asked``, which counts as ``size``."""
        item = _Waiting[Asked, Answer](asked, size, asyncio.get_running_loop().create_future())
        self._waiting.append(item)
        self._begin()
        return await item.answer

    def _begin(self) -> None:
        while self._waiting and len(self._calls) < self._at_once:
            if together := self._take():
                call = asyncio.ensure_future(self._call(together))
                self._calls.add(call)
                call.add_done_callback(self._ended)

    def _ended(self, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        self._begin()

    def _take(self) -> list[_Waiting[Asked, Answer]]:
        together: list[_Waiting[Asked, Answer]] = []
        size = 0
        while self._waiting and (not together or size + self._waiting[0].size <= self._most):
            item = self._waiting.popleft()
            if not item.answer.done():  # whoever asked may have been cancelled
                together.append(item)
                size += item.size
        return together

    async def _call(self, together: list[_Waiting[Asked, Answer]]) -> None:
        try:
            answers = await self._work([item.asked for item in together])
        except Exception as error:
            answers = [error] * len(together)
        except BaseException:
            for item in together:
                item.answer.cancel()
            raise
        for item, answer in zip(together, answers, strict=True):
            if item.answer.done():
                continue
            if isinstance(answer, Exception):
                item.answer.set_exception(answer)
            else:
                item.answer.set_result(answer)
