"""Killed at any instant, fed with damaged files: nothing is lost, nothing is doubled, every file is accounted for."""

import os
import random
import time
from pathlib import Path

import pytest

from tests.support import sample_files, scans
from tests.support.embedding_server import EmbeddingServer, embedding_server
from tests.support.pipeline import Pipeline
from tests.support.stack import Person

#: Set higher by hand for the figures in docs/retrieval.md; the tests show the principle.
KILLS = int(os.environ.get("ROOST_TEST_KILLS", "6"))
MUTANTS = int(os.environ.get("ROOST_TEST_MUTANTS", "80"))


def _model(server: EmbeddingServer) -> dict[str, str]:
    return {"EMBEDDING_MODEL": "openai:instant", "OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "-"}


def _index(pipeline: Pipeline) -> list[tuple[object, ...]]:
    rows = pipeline.execute(
        "select document.path, document.title, chunk.ordinal, chunk.text, chunk.heading, item.embedding::text as vector"
        " from documents as document join chunks as chunk on chunk.document_id = document.id"
        " join chunk_embeddings as item on item.chunk_id = chunk.id order by 1, 3"
    )
    return [tuple(row.values()) for row in rows]


def _change(folder: Path, chance: random.Random) -> None:
    for _ in range(8):
        path = folder / f"{chance.randrange(25)}.md"
        what = chance.random()
        if what < 0.2:
            path.unlink(missing_ok=True)
        elif what < 0.3 and path.exists():
            path.rename(folder / f"{chance.randrange(25, 40)}.md")
        else:
            text = " ".join(f"word{chance.randrange(500)}" for _ in range(chance.randrange(50, 3000)))
            path.write_text(f"# Title {chance.randrange(9)}\n\n{text}\n")


def test_killed_at_random_instants_the_index_ends_as_a_fresh_one(pipeline: Pipeline, ada: Person) -> None:
    chance = random.Random(4)
    with embedding_server(dimension=32) as server:
        pipeline.environment.update(_model(server))
        for _ in range(KILLS):
            _change(pipeline.folder, chance)
            process = pipeline.start()
            time.sleep(chance.uniform(0.8, 5.0))
            process.kill()
            process.communicate()
        assert pipeline.command().exit_code == 0
        assert pipeline.command("check").report["orphans"] == 0
        survived = _index(pipeline)
        pipeline.execute("truncate sources cascade")
        pipeline.execute("truncate rag_pipeline_state")
        fresh = pipeline.command()
        assert fresh.exit_code == 0
        assert survived == _index(pipeline)
        assert len({row[0] for row in survived}) == len(list(pipeline.folder.iterdir()))


SEEDS: dict[str, bytes] = {
    "a.pdf": sample_files.pdf(["One page.", "Another page."]),
    "a.docx": sample_files.docx(["# Title", "A paragraph."]),
    "a.pptx": sample_files.pptx([("Title", "Text")]),
    "a.xlsx": sample_files.xlsx({"Sheet": [["a", "b"], ["c", 1]]}),
    "a.odt": sample_files.odt(["# Title", "A paragraph."]),
    "a.ods": sample_files.ods({"Sheet": [["a", "b"], ["c", 1]]}),
    "a.epub": sample_files.epub("Book", [("One", "Text")]),
    "a.eml": sample_files.eml("Subject", "Text"),
    "a.csv": b"a,b\n1,2\n",
    "a.tsv": b"a\tb\n1\t2\n",
    "a.rtf": sample_files.rtf(["Title", "A paragraph."]),
    "a.html": b"<html><body><h1>Title</h1><p>Text</p></body></html>",
    "a.md": b"# Title\n\nText\n",
    "a.txt": b"Text\n",
    "a.png": b"\x89PNG\r\n\x1a\n" + bytes(60),
    "photo.png": scans.png("A photograph."),
    "scan.pdf": scans.scanned_pdf(["A page that was scanned."]),
}


def _mutate(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    what = chance.randrange(5)
    if what == 0:
        return bytes(data[: chance.randrange(len(data))])
    if what == 1:
        return bytes(data) + chance.randbytes(chance.randrange(1, 500))
    if what == 2:
        start = chance.randrange(len(data))
        return bytes(
            data[:start] + data[start : start + chance.randrange(60)] * chance.randrange(2, 200) + data[start:]
        )
    for _ in range(chance.randrange(1, 40)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def test_every_damaged_file_is_in_the_ledger(pipeline: Pipeline, ada: Person, tmp_path: Path) -> None:
    chance = random.Random(5)
    work = tmp_path / "work"
    work.mkdir()
    names = list(SEEDS)
    for number in range(MUTANTS):
        name = names[number % len(names)]
        pipeline.write(f"{number}-{name}", _mutate(SEEDS[name], chance))
    with embedding_server(dimension=32) as server:
        run = pipeline.command(**{**_model(server), "RAG_PARSE_TIMEOUT": "20", "TMPDIR": str(work)})
    ledger = pipeline.execute("select external_id, state, reason from file_ledger")
    assert len(ledger) == MUTANTS
    assert {row["state"] for row in ledger} <= {"ready", "failed", "unsupported"}
    assert all(row["reason"] for row in ledger if row["state"] != "ready")
    assert sum(run["ledger"].values()) == MUTANTS
    # PDFium's library is unpacked once, for every process after that.
    assert {path.name for path in work.iterdir()} <= {"kreuzberg-pdfium"}, "a file of the run's own was left"
    assert not _processes_in(work), "a process of the run was left"


def _processes_in(folder: Path) -> list[str]:
    """The processes that were told to keep their temporary files in ``folder``."""
    found: list[str] = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"TMPDIR={folder}".encode() in environment.read_bytes().split(b"\0"):
                found.append(environment.parent.name)
        except OSError:
            continue
    return found


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("bomb.docx", sample_files.docx(["A" * 5_000_000] * 12), "too-"),
        ("deep.html", b"<div>" * 200_000 + b"end", ""),
        ("cell.csv", b"a,b\n" + b"x" * 12_000_000 + b",1\n", ""),
        ("wrong.pdf", sample_files.docx(["# A Word document", "under another name"]), "corrupt"),
        ("wrong.docx", b"only text", "corrupt"),
    ],
)
def test_hostile_files_are_bounded(pipeline: Pipeline, ada: Person, name: str, content: bytes, reason: str) -> None:
    pipeline.write(name, content)
    pipeline.write("good.md", "# Good\n\ncapybara")
    began = time.monotonic()
    with embedding_server(dimension=32) as server:
        run = pipeline.command(**{**_model(server), "RAG_PARSE_TIMEOUT": "30"})
    assert time.monotonic() - began < 120
    row = pipeline.ledger(ada)[name]
    if reason:
        assert row["reason"].startswith(reason), row
    assert row["state"] in {"ready", "failed"}, row
    assert run["files_processed"] >= 1
    assert pipeline.titles(ada, "capybara") == ["good.md"]


def test_a_table_that_needs_too_much_memory_says_so(pipeline: Pipeline, ada: Person) -> None:
    rows: list[list[str | float]] = [[f"name {number}", number, number / 7] for number in range(100_000)]
    pipeline.write("wide.xlsx", sample_files.xlsx({"Sheet": rows}))
    run = pipeline.run(RAG_PARSE_MEMORY_BYTES=str(192 << 20))
    assert run["reasons"] == {"too-much-memory": 1}
    assert pipeline.ledger(ada)["wide.xlsx"]["reason"] == "too-much-memory"
