"""Is the process alive, and can it do its work?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from agent_api.dependencies import ResourcesDep
from agent_api.resources import Resources
from core.errors import DatabaseUnreachable, RoostError

router = APIRouter(prefix="/api", tags=["health"])

#: Seconds after which a part that has not answered counts as missing.
_PATIENCE = 5.0


#: Events of the stream that tells whether somebody on the way holds them back, and the seconds between them.
_EVENTS = 10
_EVERY = 0.1


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Check(BaseModel):
    """One part that the service needs."""

    status: Literal["ok", "unavailable"]
    detail: str = ""


class Readiness(BaseModel):
    """Each part by name."""

    status: Literal["ok", "unavailable"]
    checks: dict[str, Check]


@router.get("/health")
async def health() -> Health:
    """Alive: the process answers. Says nothing of the parts it needs."""
    return Health()


async def _check(work: Awaitable[object]) -> Check:
    try:
        async with asyncio.timeout(_PATIENCE):
            await work
    except DatabaseUnreachable as error:
        return Check(status="unavailable", detail=f"The database cannot be reached. Check {error.setting}.")
    except RoostError as error:
        return Check(status="unavailable", detail=error.detail)
    except TimeoutError:
        return Check(status="unavailable", detail=f"No answer within {_PATIENCE:g} seconds.")
    return Check(status="ok")


async def _checks(resources: ResourcesDep) -> dict[str, Check]:
    database, knowledge = await asyncio.gather(_check(resources.database.ping()), _check(resources.search.check()))
    return {"database": database, "knowledge": knowledge, "model": _model(resources)}


def _model(resources: Resources) -> Check:
    try:
        resources.models.resolve(None)
    except RoostError as error:
        return Check(status="unavailable", detail=error.detail)
    if resources.models.has_language_model:
        return Check(status="ok")
    return Check(status="ok", detail="No language model is set: answers quote the best passages.")


@router.get("/ready", responses={503: {"model": Readiness, "description": "A part is missing."}})
async def ready(checks: Annotated[dict[str, Check], Depends(_checks)], response: Response) -> Readiness:
    """Ready: every part that answering needs is there. 503 where one is missing, with each by name."""
    status = "ok" if all(check.status == "ok" for check in checks.values()) else "unavailable"
    if status != "ok":
        response.status_code = 503
    return Readiness(status=status, checks=checks)


async def _ticks() -> AsyncGenerator[str]:
    for number in range(_EVENTS):
        if number:
            await asyncio.sleep(_EVERY)
        yield f"data: {number}\n\n"


@router.get("/health/stream", include_in_schema=False)
async def stream() -> StreamingResponse:
    """Ten small events, one every 100 ms, for ``scripts/doctor``: what arrives in lumps was held back on the way."""
    return StreamingResponse(_ticks(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})
