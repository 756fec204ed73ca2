"""The *passages* model: answers without any language model, by quoting the passages that match best.

It is a pydantic-ai model like any other, so that the whole road (search, tool, citations, stream, history) is the same
with and without a language model. It first calls ``search_knowledge`` with the question, then quotes what came back.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import cast

from pydantic_ai.messages import ModelMessage, ModelRequest, ToolReturnPart, UserPromptPart
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, DeltaToolCalls, FunctionModel

from core.knowledge.search import Passage

NO_LANGUAGE_MODEL = "No language model is set up, so here is what the documents themselves say."
NOTHING_FOUND = (
    "No language model is set up, so I can only quote the documents, and nothing in the documents that you may read "
    "matches this question. Try other words, or add a document about it."
)
NO_DOCUMENTS = (
    "No language model is set up, and this agent does not use documents, so it cannot answer yet. An admin can set a "
    "language model: see MODEL in the configuration."
)

_TOOL = "search_knowledge"
#: Passages quoted, and the length of a quotation in characters.
_QUOTED = 3
_QUOTATION = 600


async def _answer(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str | DeltaToolCalls]:
    if not any(tool.name == _TOOL for tool in info.function_tools):
        yield NO_DOCUMENTS
        return
    question = _question(messages)
    found = _found(messages)
    if found is None:
        yield {0: DeltaToolCall(name=_TOOL, json_args={"query": question[:2000]}, tool_call_id="passages")}  # pyright: ignore[reportArgumentType]
        return
    if not found:
        yield NOTHING_FOUND
        return
    yield NO_LANGUAGE_MODEL
    # A passage that is only a heading says nothing, unless there is nothing else.
    telling = [(n, passage) for n, passage in found if _without_headings(passage.text)] or found
    for n, passage in telling[:_QUOTED]:
        yield f"\n\n{_quote(passage.text, question)}\n"
        place = passage.place_label.removeprefix(passage.title).removeprefix(" \u203a ")
        yield f"\n— {passage.title}{f', {place}' if place else ''} [{n}]"


def _question(messages: list[ModelMessage]) -> str:
    for message in reversed(messages):
        for part in reversed(message.parts):
            if isinstance(part, UserPromptPart):
                content = part.content
                return content if isinstance(content, str) else " ".join(c for c in content if isinstance(c, str))
    return ""


def _found(messages: list[ModelMessage]) -> list[tuple[int, Passage]] | None:
    """What the search has brought in this turn; None before it was made."""
    last = messages[-1]
    if not isinstance(last, ModelRequest):
        return None
    for part in last.parts:
        if isinstance(part, ToolReturnPart) and part.tool_name == _TOOL:
            metadata = cast("dict[str, list[tuple[int, Passage]]]", part.metadata or {})
            return metadata.get("passages", [])
    return None


def _without_headings(text: str) -> str:
    """Headings name the place, which is told below the quotation."""
    return re.sub(r"(?m)^#{1,6} .*$", "", text).strip()


def _quote(text: str, question: str) -> str:
    """The stretch of ``text`` with the most words of ``question``, whole sentences, as a Markdown quotation."""
    words = {word for word in re.findall(r"\w+", question.lower()) if len(word) > 2}
    # Numbers in brackets would look like citations.
    body = _without_headings(text) or text.strip()
    body = re.sub(r"\[(\d+)\]", r"\\[\1\\]", body)
    sentences = [part.strip("\n") for part in re.split(r"(?<=[.!?])\s+|\n{2,}", body) if part.strip()]
    scores = [len(words & set(re.findall(r"\w+", sentence.lower()))) for sentence in sentences]
    best = max(range(len(sentences)), key=lambda i: scores[i], default=0)
    first, last, length = best, best + 1, len(sentences[best]) if sentences else 0
    while length < _QUOTATION and (first > 0 or last < len(sentences)):
        if last < len(sentences):
            length += len(sentences[last])
            last += 1
        if first > 0 and length < _QUOTATION:
            first -= 1
            length += len(sentences[first])
    stretch = "\n".join(sentences[first:last])[: 2 * _QUOTATION]
    return "\n".join(f"> {line}" for line in stretch.splitlines())


passages_model = FunctionModel(stream_function=_answer, model_name="passages")
