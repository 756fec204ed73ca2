"""A second look at the best passages, by a model that reads question and passage together.

Off unless ``RERANK_URL`` names an endpoint of the kind that Cohere, Jina, Voyage, vLLM, LiteLLM and Hugging Face's TEI
have: question and texts go in, a number for each comes out. It is a refinement: where it is slow, away or answers
nonsense, the search answers in its own order, and the log and the trace say so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
import structlog
from opentelemetry import trace
from pydantic import AliasChoices, BaseModel, Field, TypeAdapter

from core.settings import CoreSettings

log = structlog.get_logger(__name__)
#: Passages that are looked at again.
CANDIDATES = 30


class _Score(BaseModel):
    index: int
    score: float = Field(validation_alias=AliasChoices("score", "relevance_score"))


class _Scores(BaseModel):
    results: list[_Score] = Field(validation_alias=AliasChoices("results", "data"))


_ANSWER = TypeAdapter[_Scores | list[_Score]](_Scores | list[_Score])


@dataclass(slots=True)
class Reranker:
    """See the module.

    Attributes:
        http: The client to ask with.
        url: The whole address (…/rerank).
        model: The model's name, where the endpoint serves several.
        api_key: Sent as a bearer token.
        seconds: How long it may take; after that the search answers without it.
    """

    http: httpx.AsyncClient
    url: str
    model: str | None = None
    api_key: str | None = None
    seconds: float = 2.0
    _texts_are: str = "documents"

    async def order(self, question: str, texts: Sequence[str]) -> list[tuple[int, float]] | None:
        """Indexes of ``texts`` with how well each answers, best first; ``None``: it could not be told."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(self.seconds):
                scores = await self._scores(question, texts)
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            log.warning("passages were not reranked", cause=f"{type(error).__name__}: {error}"[:300])
            trace.get_current_span().set_attribute("roost.search.reranked", False)
            return None
        span = trace.get_current_span()
        span.set_attribute("roost.search.reranked", True)
        span.set_attribute("roost.search.rerank_ms", round(1000 * (time.monotonic() - began), 1))
        return sorted(enumerate(scores), key=lambda item: (-item[1], item[0]))

    async def _scores(self, question: str, texts: Sequence[str]) -> list[float]:
        answer = await self._ask(question, texts, self._texts_are)
        if answer.status_code in {400, 422}:
            # TEI has another name for them. Whichever is understood is kept.
            other = "texts" if self._texts_are == "documents" else "documents"
            answer = await self._ask(question, texts, other)
            if answer.is_success:
                self._texts_are = other
        told = _ANSWER.validate_json(answer.raise_for_status().content)
        scores = {row.index: row.score for row in (told if isinstance(told, list) else told.results)}
        if sorted(scores) != list(range(len(texts))):
            raise ValueError(f"{len(scores)} scores for {len(texts)} texts")
        return [scores[number] for number in range(len(texts))]

    async def _ask(self, question: str, texts: Sequence[str], name: str) -> httpx.Response:
        body: dict[str, object] = {"query": question, name: list(texts)}
        if self.model:
            body["model"] = self.model
        headers = {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        return await self.http.post(self.url, json=body, headers=headers, timeout=self.seconds)


def build_reranker(settings: CoreSettings, http: httpx.AsyncClient) -> Reranker | None:
    """The reranker of the settings; ``None``: none is set."""
    if settings.rerank_url is None:
        return None
    return Reranker(
        http,
        str(settings.rerank_url),
        settings.rerank_model,
        settings.rerank_api_key.get_secret_value() if settings.rerank_api_key else None,
        settings.rerank_timeout,
    )
