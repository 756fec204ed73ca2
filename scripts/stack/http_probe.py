"""Asking a child over HTTP whether it is there."""

import asyncio
import http.client
from collections.abc import Callable, Mapping

from scripts.stack.child import Child, describe_exit

Answer = tuple[int, bytes]


def fetch(port: int, path: str, headers: Mapping[str, str], timeout: float = 5.0) -> Answer | OSError:
    """GET from 127.0.0.1; the status and the body, or why there was no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path, headers=dict(headers))
        response = connection.getresponse()
        return response.status, response.read(65_536)
    except OSError as error:
        return error
    except http.client.HTTPException as error:
        return OSError(f"no HTTP answer: {error!r}")
    finally:
        connection.close()


def answered_ok(answer: Answer) -> bool:
    """Whether the status is 200."""
    return answer[0] == 200


async def wait_for_http(
    child: Child,
    port: int,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    accept: Callable[[Answer], bool] = answered_ok,
    timeout: float = 120.0,  # noqa: ASYNC109  (the error names the child and quotes its log)
) -> None:
    """Wait until `path` answers as it should.

    Raises:
        StackError: the child ended, or no such answer came within `timeout` seconds.
    """
    clock = asyncio.get_running_loop()
    deadline = clock.time() + timeout
    answer: Answer | OSError = OSError("it was never asked")
    while clock.time() < deadline:
        if not child.running:
            raise child.failure(f"ended during its start ({describe_exit(await child.ended())})")
        answer = await asyncio.to_thread(fetch, port, path, headers or {})
        if not isinstance(answer, OSError) and accept(answer):
            return
        await asyncio.sleep(0.03)
    last = str(answer) if isinstance(answer, OSError) else f"{answer[0]} {answer[1][:500].decode(errors='replace')}"
    raise child.failure(f"did not answer on {path} within {timeout:.0f} s (last answer: {last})")
