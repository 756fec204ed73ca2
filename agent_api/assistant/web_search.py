"""Web search by whichever provider this Roost is set to, over plain HTTP."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import httpx

from agent_api.assistant.settings import AssistantSettings
from core.errors import RateLimited, UpstreamFailed, UpstreamTimeout

_SECONDS = 15
_AGENT = "Mozilla/5.0 (compatible; Roost)"


@dataclass(frozen=True)
class WebResult:
    """One thing that was found."""

    title: str
    url: str
    text: str


class WebSearch(ABC):
    """A provider of web searches.

    Args:
        http: The client to ask with.
    """

    name: str

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def search(self, query: str, *, limit: int) -> list[WebResult]:
        """The best results, at most ``limit``.

        Raises:
            RateLimited: The provider is at its limit.
            UpstreamTimeout: It did not answer in time.
            UpstreamFailed: It answered with an error, or with something else than results.
        """
        try:
            response = await self._ask(query, limit)
            response.raise_for_status()
            found = self._read(response)
        except httpx.TimeoutException as error:
            raise UpstreamTimeout("The web search did not answer in time.", slug="web-search-timeout") from error
        except httpx.HTTPStatusError as error:
            if error.response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
                raise RateLimited("The web search is at its limit.", slug="web-search-rate-limited") from error
            raise _failed() from error
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise _failed() from error
        return [result for result in found if result.url.startswith(("http://", "https://"))][:limit]

    @abstractmethod
    async def _ask(self, query: str, limit: int) -> httpx.Response: ...

    @abstractmethod
    def _read(self, response: httpx.Response) -> list[WebResult]: ...


def _failed() -> UpstreamFailed:
    return UpstreamFailed("The web search failed. An admin should check its settings.", slug="web-search-failed")


def _results(rows: Sequence[Any], title: str, url: str, text: str) -> list[WebResult]:
    found = [cast("dict[str, Any]", row) for row in rows if isinstance(row, dict)]
    return [WebResult(_plain(row.get(title)), str(row.get(url) or ""), _plain(row.get(text))) for row in found]


def _plain(value: object) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", str(value or ""))).split())


class SearxngSearch(WebSearch):
    """SearXNG, which must allow the ``json`` format."""

    name = "searxng"

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        super().__init__(http)
        self._url = f"{url.rstrip('/')}/search"

    async def _ask(self, query: str, limit: int) -> httpx.Response:
        return await self._http.get(self._url, params={"q": query, "format": "json"}, timeout=_SECONDS)

    def _read(self, response: httpx.Response) -> list[WebResult]:
        return _results(response.json()["results"], "title", "url", "content")


class BraveSearch(WebSearch):
    """Brave Search."""

    name = "brave"

    def __init__(self, http: httpx.AsyncClient, key: str, url: str = "https://api.search.brave.com") -> None:
        super().__init__(http)
        self._url, self._key = f"{url}/res/v1/web/search", key

    async def _ask(self, query: str, limit: int) -> httpx.Response:
        headers = {"X-Subscription-Token": self._key, "Accept": "application/json"}
        params = {"q": query[:400], "count": str(limit)}
        return await self._http.get(self._url, params=params, headers=headers, timeout=_SECONDS)

    def _read(self, response: httpx.Response) -> list[WebResult]:
        return _results(response.json().get("web", {}).get("results", []), "title", "url", "description")


class TavilySearch(WebSearch):
    """Tavily."""

    name = "tavily"

    def __init__(self, http: httpx.AsyncClient, key: str, url: str = "https://api.tavily.com") -> None:
        super().__init__(http)
        self._url, self._key = f"{url}/search", key

    async def _ask(self, query: str, limit: int) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._key}"}
        body = {"query": query[:400], "max_results": limit}
        return await self._http.post(self._url, json=body, headers=headers, timeout=_SECONDS)

    def _read(self, response: httpx.Response) -> list[WebResult]:
        return _results(response.json()["results"], "title", "url", "content")


class DuckDuckGoSearch(WebSearch):
    """DuckDuckGo's page without scripts. It needs no key and gives no promise."""

    name = "duckduckgo"
    _hit = re.compile(
        r'<a[^>]*class="result__a"[^>]*href="(?P<url>[^"]+)"[^>]*>(?P<title>.*?)</a>'
        r'(?:(?!class="result__a").)*?class="result__snippet"[^>]*>(?P<text>.*?)</a>',
        re.DOTALL,
    )

    def __init__(self, http: httpx.AsyncClient, url: str = "https://html.duckduckgo.com") -> None:
        super().__init__(http)
        self._url = f"{url}/html/"

    async def _ask(self, query: str, limit: int) -> httpx.Response:
        headers = {"User-Agent": _AGENT}
        return await self._http.post(self._url, data={"q": query[:400]}, headers=headers, timeout=_SECONDS)

    def _read(self, response: httpx.Response) -> list[WebResult]:
        return [
            WebResult(_plain(hit["title"]), _target(unescape(hit["url"])), _plain(hit["text"]))
            for hit in self._hit.finditer(response.text)
        ]


def _target(link: str) -> str:
    """Where a link of the page leads in the end."""
    return parse_qs(urlsplit(link).query).get("uddg", [link])[0]


def build_web_search(settings: AssistantSettings, http: httpx.AsyncClient) -> WebSearch | None:
    """The provider that the settings name, None where they name none."""
    match settings.web_search:
        case "searxng":
            return SearxngSearch(http, str(settings.searxng_url))
        case "brave" if settings.brave_api_key:
            return BraveSearch(http, settings.brave_api_key.get_secret_value())
        case "tavily" if settings.tavily_api_key:
            return TavilySearch(http, settings.tavily_api_key.get_secret_value())
        case "duckduckgo":
            return DuckDuckGoSearch(http)
        case _:
            return None
