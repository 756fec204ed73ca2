"""What a provider of embeddings refuses: too many texts at once is no trouble, one bad text is its own file's."""

from tests.support.embedding_server import EmbeddingServer, embedding_server
from tests.support.pipeline import Pipeline
from tests.support.stack import Person


def _model(server: EmbeddingServer) -> dict[str, str]:
    return {"EMBEDDING_MODEL": "openai:small", "OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "-"}


def test_a_provider_that_takes_few_texts_at_once_is_asked_for_few(pipeline: Pipeline, ada: Person) -> None:
    for number in range(6):
        pipeline.write(f"{number}.md", f"# Page {number}\n\n" + f"The heron number {number} stands still. " * 400)
    with embedding_server(dimension=32) as server:
        server.most_inputs = 7
        run = pipeline.run(**_model(server))
    assert (run.exit_code, run["files_processed"], run["files_failed"]) == (0, 6, 0), run.errors
    assert run["chunks_written"] > 100


def test_a_text_that_is_refused_is_the_trouble_of_its_file_alone(pipeline: Pipeline, ada: Person) -> None:
    for number in range(12):
        pipeline.write(f"{number}.md", f"# Page {number}\n\nThe stork number {number}.")
    pipeline.write("bad.md", "# Bad\n\nThis one is unspeakable.")
    with embedding_server(dimension=32) as server:
        server.refused_word = "unspeakable"
        run = pipeline.run(**_model(server))
        assert (run.exit_code, run["files_processed"], run["reasons"]) == (1, 12, {"embedding-refused": 1}), run.errors
        row = pipeline.ledger(ada)["bad.md"]
        assert (row["state"], row["reason"]) == ("failed", "embedding-refused")
    assert len(pipeline.titles(ada, "stork")) == 8
