"""Questions with the document that answers them."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from core.errors import ConfigurationError
from core.supabase import Database

log = structlog.get_logger(__name__)
_WORD = re.compile(r"[^\W\d_]{4,}|\w*\d\w*")
_WORDS_OF_A_QUESTION = 5
_INSTRUCTIONS = (
    "You write one question that somebody would ask who needs what the passage says, without having seen it. Use other "
    "words than the passage does. Answer with the question alone, in the passage's language."
)


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question, and where its answer stands.

    Attributes:
        question: The question.
        document: Path of the document in its source.
        contains: Words that the right passage holds; empty: any passage of the document is right.
    """

    question: str
    document: str
    contains: str = ""


def load_golden_set(path: Path) -> list[GoldenQuestion]:
    """Read a golden set.

    Raises:
        ConfigurationError: The file is not one.
    """
    try:
        rows = json.loads(path.read_text("utf-8"))
        questions = [
            GoldenQuestion(str(row["question"]), str(row["document"]), str(row.get("contains", ""))) for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"{path} is no golden set: a JSON list of objects with question, document and, if need be, contains."
        ) from error
    if not questions:
        raise ConfigurationError(f"{path} holds no question.")
    return questions


async def make_golden_set(database: Database, user: UUID, path: Path, size: int) -> None:
    """Write a golden set of ``size`` questions about what ``user`` may read.

    Raises:
        ConfigurationError: There is nothing that a question could be made of.
    """
    passages: list[dict[str, Any]] = await database.call("sample_passages", {"p_user": str(user), "p_count": size})
    if not passages:
        raise ConfigurationError(
            "No question can be made: the person may read no passage of 200 characters or more. Put documents in and "
            "run the pipeline first, or write the questions yourself (--golden-set)."
        )
    model = os.environ.get("MODEL")
    questions = [await _ask_model(model, passage) for passage in passages] if model else _telling_words(passages)
    rows = [
        asdict(GoldenQuestion(question, passage["path"], passage["text"][:120]))
        for question, passage in zip(questions, passages, strict=True)
    ]
    await asyncio.to_thread(path.write_text, json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
    log.info("made a golden set; look through it", path=str(path), questions=len(rows), by=model or "telling words")


async def _ask_model(model: str, passage: dict[str, Any]) -> str:
    from pydantic_ai import Agent

    agent = Agent(model, instructions=_INSTRUCTIONS)
    result = await agent.run(f"Title: {passage['title']}\n\n{passage['text']}")
    return str(result.output).strip()


def _telling_words(passages: list[dict[str, Any]]) -> list[str]:
    """For each passage the words of it that the fewest of the others have."""
    bags = [Counter(word.lower() for word in _WORD.findall(passage["text"])) for passage in passages]
    spread = Counter(word for bag in bags for word in bag)
    return [
        " ".join(sorted(bag, key=lambda word, bag=bag: (spread[word], -bag[word], word))[:_WORDS_OF_A_QUESTION])
        for bag in bags
    ]
