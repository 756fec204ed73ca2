"""A large index written straight into the tables: 100,000 passages of 20,000 documents, without a model or a file.

Words follow Zipf's law over 30,000 of them, as in real text, and each document has a number that no other has. Vectors
lie in 400 clusters: passages of one cluster have a cosine of about 0.5 with each other, those of different ones 0.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

import asyncpg
import numpy as np
from numpy.typing import NDArray

from core.knowledge.embedding import vector_text, vector_texts

PASSAGES_OF_A_DOCUMENT = 5
DIMENSION = 384
_VOCABULARY = 30_000
_CLUSTERS = 400
_WORDS = 75
_SYLLABLES = "ba co du fe gi ha jo ku le mi na po qu ra so tu ve wi xa zo".split()  # noqa: SIM905
_KINDS = ("text/markdown", "application/pdf", "text/csv")
_RARE_KIND = "message/rfc822"


@dataclass(frozen=True)
class Question:
    """Words and a vector near a passage, as a person's question would have them."""

    words: str
    vector: str


class BigIndex:
    """Writes ``passages`` passages and makes questions about them."""

    def __init__(self, passages: int) -> None:
        self.passages = passages
        self.documents = passages // PASSAGES_OF_A_DOCUMENT
        self._chance = np.random.default_rng(7)
        self._centres = self._noise(_CLUSTERS)
        self._cluster = self._chance.integers(_CLUSTERS, size=passages)

    async def write(self, connection: asyncpg.Connection[asyncpg.Record], owner: str) -> None:
        """Fill the tables: half of the documents are everyone's, the others ``owner``'s alone. Then tend the index."""
        await connection.execute("insert into sources (pipeline_id, kind, name) values ('big', 'local', 'Big')")
        source = await connection.fetchval("select id from sources where pipeline_id = 'big'")
        await connection.execute(
            "insert into file_ledger (source_id, external_id, path, title, state, visibility, owner_id)"
            " select $1, n || '.md', n || '.md', 'Document ' || n, 'ready',"
            " case when n % 10 < 5 then 'everyone' else 'restricted' end, $2::uuid from generate_series(1, $3::int) n",
            source, owner, self.documents,
        )  # fmt: skip
        await connection.execute(
            "insert into documents (source_id, external_id, title, path, mime_type, content_hash, language,"
            " chunk_count, modified_at) select source_id, external_id, title, path, case when n % 100 = 0 then $2 else"
            " ($3::text[])[1 + n % 3] end, 'x', 'english', 5, now() - make_interval(hours => n) from ("
            "select *, split_part(path, '.', 1)::int as n from file_ledger where source_id = $1) as file",
            source, _RARE_KIND, list(_KINDS),
        )  # fmt: skip
        rows = await connection.fetch(
            "select id from documents where source_id = $1 order by split_part(path, '.', 1)::int", source
        )
        ids = [str(row["id"]) for row in rows]
        for lines in _parts(self._lines(ids), 5000):
            await connection.copy_to_table(
                "chunks", source=io.BytesIO("".join(lines).encode()), format="csv",
                columns=["document_id", "ordinal", "text", "above", "heading", "place", "language"],
            )  # fmt: skip
        keys = await connection.fetch(
            "select chunk.id, chunk.document_id from chunks as chunk join documents as document"
            " on document.id = chunk.document_id order by split_part(document.path, '.', 1)::int, chunk.ordinal"
        )
        for start in range(0, len(keys), 5000):
            vectors = vector_texts(list(self._vectors(start, min(start + 5000, len(keys)))))
            lines = [
                f'{key["id"]},{key["document_id"]},"{vector}"\n'
                for key, vector in zip(keys[start : start + 5000], vectors, strict=True)
            ]
            await connection.copy_to_table(
                "chunk_embeddings", source=io.BytesIO("".join(lines).encode()), format="csv",
                columns=["chunk_id", "document_id", "embedding"],
            )  # fmt: skip
        await connection.execute("select roost.tend_index()", timeout=3600)
        await connection.execute("vacuum analyze", timeout=600)

    def questions(self, count: int) -> list[Question]:
        """Questions: six words of which one is rare now and then, and a vector between a passage and its cluster."""
        found: list[Question] = []
        for number in self._chance.integers(self.passages, size=count):
            words = [_word(int(rank)) for rank in self._ranks(6)]
            if number % 4 == 0:
                words.append(f"DOC-{int(number) // PASSAGES_OF_A_DOCUMENT + 1}")
            near = self._centres[self._cluster[number]] + self._noise(1)[0]
            found.append(Question(f"How does {' '.join(words)} work?", vector_text(near.tolist())))
        return found

    def _lines(self, documents: list[str]) -> Iterator[str]:
        for number, document in enumerate(documents, 1):
            for ordinal in range(PASSAGES_OF_A_DOCUMENT):
                words = [_word(int(rank)) for rank in self._ranks(_WORDS)]
                if ordinal == 2:
                    words.append(f"DOC-{number}")
                place = json.dumps({"start": ordinal * 600, "end": ordinal * 600 + 500}).replace('"', '""')
                title = f"Document {number}"
                yield f'{document},{ordinal},{" ".join(words)},"{title}\nPart",{{Part}},"{place}",english\n'

    def _vectors(self, start: int, end: int) -> NDArray[np.float64]:
        return self._centres[self._cluster[start:end]] + self._noise(end - start)

    def _noise(self, count: int) -> NDArray[np.float64]:
        return self._chance.standard_normal((count, DIMENSION)) / np.sqrt(DIMENSION)

    def _ranks(self, count: int) -> NDArray[np.float64]:
        """Ranks of words: the first comes as often as all from the 20,000th on."""
        return np.floor(_VOCABULARY ** self._chance.random(count))


def _word(rank: int) -> str:
    """The word of a rank: the frequent ones are short."""
    letters = ""
    while rank:
        rank, digit = divmod(rank, len(_SYLLABLES))
        letters += _SYLLABLES[digit]
    return letters or "a"


def _parts(lines: Iterator[str], size: int) -> Iterator[list[str]]:
    part: list[str] = []
    for line in lines:
        part.append(line)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
