"""How well does the search find what it should? `python -m tests.bench.recall [passage sizes]`

Over the documentation strings of Python's standard library (corpus.py) with 70 questions written for it
(questions.json): 50 in other words than the text, 20 for an identifier. For each size of passages: vectors alone, full
text alone, and the two fused with several weights of the full text, fixed ones and such as grow with the share of the
question that a passage holds (its *cover*). The table of docs/retrieval.md is what this prints.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.knowledge.embedding import build_embedder, embed_question, vector_text
from rag_pipeline.evaluate import Quality
from tests.bench.corpus import write_corpus
from tests.bench.stack import bench_pipeline
from tests.support.pipeline import Pipeline
from tests.support.stack import Person

QUESTIONS: list[dict[str, str]] = json.loads(Path(__file__).with_name("questions.json").read_text("utf-8"))
_IDENTIFIERS = 20
#: How much the words' list counts, by the passage's cover.
_WEIGHTS: dict[str, Callable[[float], float]] = {
    "0.25": lambda _: 0.25,
    "0.5": lambda _: 0.5,
    "1.0": lambda _: 1.0,
    "cover²": lambda cover: cover**2,
    "2 × cover³": lambda cover: 2 * cover**3,  # noqa: RUF001
    "4 × cover³": lambda cover: 4 * cover**3,  # noqa: RUF001
}
_K = 60


def main(sizes: list[int]) -> None:
    """Measure and print one table."""
    print("| passage | chunks | search | all R@1 | R@5 | R@10 | MRR | paraphrased R@5 | identifiers R@5 |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    with bench_pipeline() as (pipeline, person):
        write_corpus(pipeline.folder)
        vectors = asyncio.run(_vectors([row["question"] for row in QUESTIONS]))
        for size in sizes:
            pipeline.execute("update file_ledger set version_token = '', content_hash = ''")
            run = pipeline.run(RAG_CHUNK_CHARACTERS=str(size))
            assert run.exit_code == 0, run.errors
            lists = [
                (_ranks(pipeline, person, "", vector), _found_by_words(pipeline, person, row["question"]))
                for row, vector in zip(QUESTIONS, vectors, strict=True)
            ]
            ways: dict[str, list[list[dict[str, Any]]]] = {
                "vectors": [near for near, _ in lists],
                "full text": [found for _, found in lists],
                **{
                    f"fused, text at {name}": [_fuse(*both, weight) for both in lists]
                    for name, weight in _WEIGHTS.items()
                },
                "**as shipped**": [
                    _ranks(pipeline, person, row["question"], vector)
                    for row, vector in zip(QUESTIONS, vectors, strict=True)
                ],
            }
            for name, answers in ways.items():
                print(f"| {size} | {run['chunks_written']} | {name} | {_figures(answers)} |", flush=True)


async def _vectors(questions: list[str]) -> list[str]:
    embedder = build_embedder()
    return [vector_text(await embed_question(embedder, question)) for question in questions]


def _ranks(pipeline: Pipeline, person: Person, words: str, vector: str | None) -> list[dict[str, Any]]:
    arguments = {"p_query": words, "p_embedding": vector, "p_limit": 40}
    return pipeline.stack.post("/rest/v1/rpc/search_knowledge", arguments, person)


def _found_by_words(pipeline: Pipeline, person: Person, words: str) -> list[dict[str, Any]]:
    """As :func:`_ranks`, with the cover of each."""
    rows = pipeline.execute(
        "select found.chunk_id, found.cover, document.path, chunk.text"
        " from roost.search_words($1, roost.principals($2), '{}', 40, null) with ordinality"
        " as found (chunk_id, cover, rank) join chunks as chunk on chunk.id = found.chunk_id"
        " join documents as document on document.id = chunk.document_id order by found.rank",
        words, person.user_id,
    )  # fmt: skip
    return [dict(row) for row in rows]


def _fuse(
    near: list[dict[str, Any]], found: list[dict[str, Any]], weight: Callable[[float], float]
) -> list[dict[str, Any]]:
    scores: defaultdict[int, float] = defaultdict(float)
    rows = {row["chunk_id"]: row for row in [*near, *found]}
    for rank, row in enumerate(near, 1):
        scores[row["chunk_id"]] += 1 / (_K + rank)
    for rank, row in enumerate(found, 1):
        scores[row["chunk_id"]] += weight(row["cover"]) / (_K + rank)
    return [rows[chunk] for chunk, _ in sorted(scores.items(), key=lambda item: -item[1])]


def _figures(answers: list[list[dict[str, Any]]]) -> str:
    ranks = [_rank(question, rows) for question, rows in zip(QUESTIONS, answers, strict=True)]
    every, asked, named = Quality.of(ranks), Quality.of(ranks[:-_IDENTIFIERS]), Quality.of(ranks[-_IDENTIFIERS:])
    figures = (
        every.recall_at_1,
        every.recall_at_5,
        every.recall_at_10,
        every.mrr,
        asked.recall_at_5,
        named.recall_at_5,
    )
    return " | ".join(f"{figure:.2f}" for figure in figures)


def _rank(question: dict[str, str], rows: list[dict[str, Any]]) -> int | None:
    wanted = question.get("contains", "").lower()
    for rank, row in enumerate(rows[:10], 1):
        if row["path"] == question["document"] and wanted in row["text"].lower():
            return rank
    return None


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [900, 600])
