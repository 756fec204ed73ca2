"""The HTTP client that models are spoken to by: patient for a while, and persistent where another try is worth it."""

from __future__ import annotations

import httpx2
from pydantic_ai.models import create_async_httpx2_client
from pydantic_ai.retries import AsyncHTTPX2TenacityTransport, RetryConfig
from tenacity import RetryCallState, retry_if_exception_type, retry_if_result, stop_after_attempt

from agent_api.assistant.model_transport import ModelTransport

#: A busy provider, or a gateway without one behind it; 529 is Anthropic's word for being overloaded.
_TRY_AGAIN = frozenset({429, 502, 503, 504, 529})
#: The question has not been heard: asking again cannot be answered twice.
_UNHEARD = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
#: Longest wait in seconds between two tries. Whoever is told to wait longer hears so at once.
_LONGEST_WAIT = 20.0


def model_client(*, timeout: float, retries: int) -> httpx2.AsyncClient:
    """A client for all providers.

    Args:
        timeout: Seconds without a byte after which a request has failed; five for connecting.
        retries: Tries after the first.
    """
    patience = httpx2.Timeout(timeout, connect=5)
    client = create_async_httpx2_client(timeout=patience)
    # The connections that the client has made by itself are left to those addresses that are reached by a proxy.
    client._transport = ModelTransport()  # pyright: ignore[reportPrivateUsage]
    if not retries:
        return client
    config = RetryConfig(
        retry=retry_if_exception_type(_UNHEARD) | retry_if_result(_worth_another_try),
        stop=stop_after_attempt(retries + 1),
        wait=_wait,
        before_sleep=_discard,
        # The last answer as it is, so that the provider's own client says what was wrong.
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        reraise=True,
    )
    client._transport = AsyncHTTPX2TenacityTransport(config, client._transport)  # pyright: ignore[reportPrivateUsage]
    client._mounts = {  # pyright: ignore[reportPrivateUsage]
        pattern: None if wrapped is None else AsyncHTTPX2TenacityTransport(config, wrapped)
        for pattern, wrapped in client._mounts.items()  # pyright: ignore[reportPrivateUsage]
    }
    return client


def _worth_another_try(response: httpx2.Response) -> bool:
    return response.status_code in _TRY_AGAIN and (_told(response) or 0) <= _LONGEST_WAIT


def _told(response: httpx2.Response) -> float | None:
    try:
        return max(0.0, float(response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _answer(state: RetryCallState) -> httpx2.Response | None:
    if state.outcome is None or state.outcome.failed:
        return None
    response: httpx2.Response = state.outcome.result()
    return response


def _wait(state: RetryCallState) -> float:
    response = _answer(state)
    told = _told(response) if response is not None else None
    return told if told is not None else min(0.3 * 2 ** (state.attempt_number - 1), _LONGEST_WAIT)


async def _discard(state: RetryCallState) -> None:
    response = _answer(state)
    if response is not None:
        await response.aclose()
