"""A bare FastAPI proxy of streams, the floor below the API. `python -m tests.bench.pass_through 8099 URL`"""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator

import aiohttp
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse


def create_app(model: str) -> FastAPI:
    """An application that passes requests on to ``model`` and its answers back, as they come."""
    app = FastAPI()
    sessions: list[aiohttp.ClientSession] = []

    @app.post("/v1/chat/completions")
    async def pass_on(request: Request) -> StreamingResponse:  # pyright: ignore[reportUnusedFunction]
        if not sessions:
            sessions.append(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=2000)))
        body = await request.body()
        headers = {"content-type": "application/json"}
        response = await sessions[0].post(f"{model}/v1/chat/completions", data=body, headers=headers)

        async def pieces() -> AsyncGenerator[bytes]:
            async with response:
                async for piece in response.content.iter_any():
                    yield piece

        return StreamingResponse(pieces(), media_type="text/event-stream")

    return app


if __name__ == "__main__":
    uvicorn.run(create_app(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
