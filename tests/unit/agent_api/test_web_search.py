"""Each provider of web searches, by what it is asked and what is made of its answers."""

import json

import httpx
import pytest
from pydantic import ValidationError

from agent_api.assistant.settings import AssistantSettings
from agent_api.assistant.web_search import WebResult, WebSearch, build_web_search
from core.errors import RateLimited, RoostError, UpstreamFailed, UpstreamTimeout

FOUND = WebResult("Ships", "https://example.com/ships", "They float.")
REQUIRED = {"supabase_url": "http://supabase", "supabase_publishable_key": "-", "supabase_service_key": "-"}

DUCK = """
<div class="result"><h2><a rel="nofollow" class="result__a"
 href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fexample.com%2Fships&amp;rut=1"><b>Ships</b></a></h2>
<a class="result__snippet" href="x">They <b>float</b>.</a></div>
"""
ANSWERS = {
    "searxng": json.dumps({"results": [{"title": "Ships", "url": FOUND.url, "content": "They float."}]}),
    "brave": json.dumps({"web": {"results": [{"title": "Ships", "url": FOUND.url, "description": "They float."}]}}),
    "tavily": json.dumps({"results": [{"title": "Ships", "url": FOUND.url, "content": "They float."}]}),
    "duckduckgo": DUCK,
}
KEYS = {"searxng_url": "http://searxng:8080", "brave_api_key": "brave-key", "tavily_api_key": "tavily-key"}


def provider(name: str, answer: httpx.Response | Exception, asked: list[httpx.Request]) -> WebSearch:
    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    settings = AssistantSettings.model_validate({**REQUIRED, **KEYS, "web_search": name})
    search = build_web_search(settings, httpx.AsyncClient(transport=httpx.MockTransport(handle)))
    assert search is not None
    return search


@pytest.mark.parametrize("name", ANSWERS)
async def test_what_is_found(name: str) -> None:
    asked: list[httpx.Request] = []
    search = provider(name, httpx.Response(200, text=ANSWERS[name]), asked)
    assert await search.search("ships & more", limit=3) == [FOUND]
    [request] = asked
    sent = request.url.query.decode() + request.content.decode()
    assert "ships" in sent
    secrets = {"brave": ("X-Subscription-Token", "brave-key"), "tavily": ("Authorization", "Bearer tavily-key")}
    if name in secrets:
        header, value = secrets[name]
        assert request.headers[header] == value
        assert value not in str(request.url)


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(429), RateLimited),
        (httpx.Response(500), UpstreamFailed),
        (httpx.ReadTimeout("late"), UpstreamTimeout),
        (httpx.ConnectError("nobody"), UpstreamFailed),
    ],
)
async def test_what_goes_wrong(name: str, answer: httpx.Response | Exception, kind: type[RoostError]) -> None:
    with pytest.raises(kind):
        await provider(name, answer, []).search("ships", limit=3)


@pytest.mark.parametrize("name", ["searxng", "brave", "tavily"])
@pytest.mark.parametrize(
    "text", ["<html>", "[]", '{"results": 3, "web": 3}', '{"results": null, "web": {"results": 1}}']
)
async def test_an_answer_that_is_none(name: str, text: str) -> None:
    with pytest.raises(UpstreamFailed):
        await provider(name, httpx.Response(200, text=text), []).search("ships", limit=3)


@pytest.mark.parametrize("name", ["searxng", "brave", "tavily"])
def test_a_provider_that_lacks_its_setting(name: str) -> None:
    with pytest.raises(ValidationError, match="which needs"):
        AssistantSettings.model_validate({**REQUIRED, "web_search": name})


async def test_without_a_provider_there_is_no_search() -> None:
    assert build_web_search(AssistantSettings.model_validate(REQUIRED), httpx.AsyncClient()) is None
