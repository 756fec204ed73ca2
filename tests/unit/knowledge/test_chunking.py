"""Documents are cut along their own structure, and every passage knows where it stands."""

from core.knowledge.chunking import ChunkSettings, chunk_document, first_heading
from core.knowledge.documents import Block, Chunk, Extracted, Place, Table, place_label
from core.knowledge.language import guess_language
from core.knowledge.reasons import REASONS, reason_of, reason_text
from core.knowledge.tables.names import table_names

TEXT = (
    "# Guide\n\nHello.\n\n## Install\n\n"
    + "Install it well. " * 30
    + "\n\n```sh\n# no heading\nrun\n```\n\n## Use\n\n"
    + "Use it daily. " * 30
)


def _chunks(*blocks: Block, size: int = 300, tables: list[Table] | None = None, most: int = 100) -> list[Chunk]:
    document = Extracted("text/markdown", None, list(blocks), tables or [])
    return list(chunk_document(document, ChunkSettings(size=size, most=most)))


def test_offsets_point_at_the_passage_and_headings_are_those_above_it() -> None:
    chunks = _chunks(Block(TEXT))
    assert all(TEXT[chunk.place.get("start") : chunk.place.get("end")] == chunk.text for chunk in chunks)
    assert all(len(chunk.text) <= 300 for chunk in chunks)
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    assert {chunk.heading for chunk in chunks} == {("Guide",), ("Guide", "Install"), ("Guide", "Use")}
    assert sum("# no heading\nrun" in chunk.text for chunk in chunks) == 1


def test_pages_keep_their_number_and_offsets_go_on() -> None:
    first, second = _chunks(Block("One.", place=Place(page=1)), Block("Two.", place=Place(page=2)))
    assert (first.place, second.place) == (
        {"page": 1, "start": 0, "end": 4},
        {"page": 2, "start": 6, "end": 10},
    )


def test_rows_repeat_the_names_of_their_columns_and_know_their_numbers() -> None:
    table = Table("Prices", ("item", "price"), [(f"bolt {number}", str(number)) for number in range(40)])
    chunks = _chunks(tables=[table], size=100)
    assert chunks[0].text.splitlines()[0] == "item: bolt 0; price: 0"
    assert chunks[0].place.get("rows", [])[:1] == [2]
    assert chunks[-1].place.get("rows", [])[1:] == [41]
    assert place_label(chunks[0].place) == "sheet Prices, rows 2\u20135"


def test_a_document_without_end_is_cut_off_after_one_passage_too_many() -> None:
    assert len(_chunks(Block("Sentence. " * 10_000), size=100, most=5)) == 6


def test_titles_and_labels() -> None:
    assert first_heading("## Second\n\n# First **bold**\n") == "First **bold"
    assert first_heading("no heading") is None
    assert place_label(Place(page=3)) == "page 3"
    assert place_label(Place(slide=2), ["A"]) == "slide 2"
    assert place_label(Place(rows=[4, 4])) == "row 4"
    assert place_label(Place(), ["Setup", "Install"]) == "Setup \u203a Install"
    assert table_names(["Prices 2026", "prices-2026", "", "1st"]) == ["prices_2026", "prices_2026_2", "data", "t_1st"]


def test_the_language_is_guessed_only_where_it_is_clear() -> None:
    english = "The house is on the hill and it is not far from the river that runs to the sea. " * 3
    german = "Das Haus steht auf dem Berg und ist nicht weit von der Stadt, die an dem Fluss liegt. " * 3
    assert guess_language(english) == "english"
    assert guess_language(german) == "german"
    assert guess_language("short") == "simple"
    assert guess_language("xq zv kw " * 40) == "simple"


def test_every_reason_says_something_and_an_unknown_one_says_itself() -> None:
    assert all(reason.text.endswith(".") and reason.retries > 0 for reason in REASONS.values())
    assert reason_text(None) is None
    assert reason_text("of-tomorrow") == "of-tomorrow."
    assert reason_of("of-tomorrow").state == "failed"
