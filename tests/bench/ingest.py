"""How fast does the pipeline take documents in? `python -m tests.bench.ingest [documents] [unchanged] [memory] [local]`

200 documents of 20 KB against an instant embeddings endpoint, with the processor time of each part; 10,000 unchanged
files; peak memory over a folder with a 300 MB file in it, with a model elsewhere and (`local`) with the one on this
machine. Memory is that of the pipeline and its parser processes together (proportional set size).
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.bench.processes import cpu_of
from tests.bench.stack import bench_pipeline
from tests.support.embedding_server import embedding_server
from tests.support.pipeline import Pipeline

_WORDS = "river stone light engine paper winter market garden letter bridge window forest answer signal copper".split()  # noqa: SIM905


def main(parts: list[str]) -> None:
    """Measure and print."""
    with bench_pipeline() as (pipeline, _), embedding_server(dimension=384) as server:
        server.dense = True
        pipeline.environment.update(
            {"EMBEDDING_MODEL": "openai:instant", "OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "-"}
        )
        if "documents" in parts:
            _documents(pipeline)
        if "unchanged" in parts:
            _unchanged(pipeline)
        if "memory" in parts:
            _memory(pipeline)
    if "local" in parts:
        with bench_pipeline() as (pipeline, _):
            _memory_with_local_model(pipeline)


def _documents(pipeline: Pipeline) -> None:
    chance = random.Random(1)
    for number in range(200):
        words = [f"{chance.choice(_WORDS)}{chance.randrange(40)}" for _ in range(2400)]
        lines = [" ".join(words[start : start + 60]) for start in range(0, len(words), 60)]
        body = "\n\n".join(f"## Part {index}\n\n{line}" if index % 5 == 0 else line for index, line in enumerate(lines))
        pipeline.write(f"document-{number}.md", f"# Document {number}\n\n{body}"[:20_000])
    before = _processor_times()
    run = pipeline.command()
    spent = {name: seconds - before[name] for name, seconds in _processor_times().items()}
    rate = run["files_processed"] / run["duration"]
    print(f"200 documents of 20 KB: {run['duration']:.1f} s, {rate:.1f} documents/s,", end=" ")
    print(f"{run['chunks_written'] / run['duration']:.0f} chunks/s ({run['chunks_written']} chunks)")
    print(
        "CPU seconds: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in spent.items())
        + f"; ours {1000 * (sum(spent.values()) - spent['the endpoint']) / 200:.0f} ms a document",
        flush=True,
    )  # fmt: skip


def _processor_times() -> dict[str, float]:
    """Seconds of processor time that each part has used so far."""
    here, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "pipeline and parsers": ended.ru_utime + ended.ru_stime,
        "Postgres": cpu_of(os.getpid(), "postgres") / 1000,
        "REST server": cpu_of(os.getpid(), "server.mjs") / 1000,
        "the endpoint": here.ru_utime + here.ru_stime,
    }


def _unchanged(pipeline: Pipeline) -> None:
    for number in range(9_800):
        path = pipeline.folder / f"{number % 50}" / f"{number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"# Note {number}\n\nShort.")
    # What the files hold does not matter here, only that the ledger knows them: their rows are written directly.
    pipeline.execute(
        "insert into file_ledger (source_id, external_id, path, state, version_token)"
        " select source.id, row.name, row.name, 'ready', row.token from sources as source,"
        " unnest($1::text[], $2::text[]) as row (name, token) where source.kind = 'local' on conflict do nothing",
        *_tokens(pipeline.folder),
    )
    began = time.monotonic()
    run = pipeline.command()
    print(
        f"{run['files_unchanged']} unchanged files: {run['total_duration']:.2f} s,"
        f" with the start of the process {time.monotonic() - began:.2f} s; {run['files_processed']} read",
        flush=True,
    )


def _tokens(folder: Path) -> tuple[list[str], list[str]]:
    paths = list(folder.glob("*/*.md"))
    return (
        [str(path.relative_to(folder)) for path in paths],
        [f"{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in paths],
    )


def _memory(pipeline: Pipeline) -> None:
    for path in pipeline.folder.glob("document-*.md"):
        path.touch()
        path.write_text(path.read_text() + "\n\nOne more line.")
    with (pipeline.folder / "huge.csv").open("wb") as out:
        out.truncate(300 << 20)
    (pipeline.folder / "large.txt").write_bytes(b"a line of text in a large file\n" * (9_000_000 // 31))
    print(f"peak memory over 200 documents, one of 9 MB and one of 300 MB: {_peak(pipeline):.0f} MiB", flush=True)


def _memory_with_local_model(pipeline: Pipeline) -> None:
    with (pipeline.folder / "huge.csv").open("wb") as out:
        out.truncate(300 << 20)
    line = "The river runs under the bridge, and the lantern keeper writes a letter to the garden.\n"
    for number in range(6):
        pipeline.write(f"document-{number}.md", f"# Document {number}\n\n" + line * 230)
    peak = _peak(pipeline)
    print(f"peak memory with the local model, 6 documents of 20 KB and one of 300 MB: {peak:.0f} MiB", flush=True)


def _peak(pipeline: Pipeline) -> float:
    """MiB that the pipeline's processes held together at most."""
    process = pipeline.start()
    peak = [0]
    watcher = threading.Thread(target=_watch, args=(process, peak))
    watcher.start()
    process.communicate()
    watcher.join()
    return peak[0] / 1024


def _watch(process: subprocess.Popen[bytes], peak: list[int]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(_memory_of(pid) for pid in [process.pid, *_children(process.pid)]))
        time.sleep(0.1)


def _memory_of(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(next((line.split()[1] for line in text.splitlines() if line.startswith("Pss:")), "0"))


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
    return found


if __name__ == "__main__":
    main(sys.argv[1:] or ["documents", "unchanged", "memory", "local"])
