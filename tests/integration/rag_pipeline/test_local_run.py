"""A folder's files become documents, follow every change, and are accounted for one by one."""

import os
from pathlib import Path

from tests.support import sample_files
from tests.support.pipeline import Pipeline
from tests.support.stack import Person

FORMATS: dict[str, bytes] = {
    "turtle.pdf": sample_files.pdf(["First page.", "The leatherback turtle dives deepest."]),
    "travel.docx": sample_files.docx(["# Travel", "Economy class only.", "## Hotels", "The zephyrine rate applies."]),
    "roadmap.pptx": sample_files.pptx([("Plan", "We ship quokka in May."), ("Risks", "Budget is tight.")]),
    "prices.xlsx": sample_files.xlsx({"Prices": [["item", "price"], ["grommet", 2.5], ["bolt", 1]]}),
    "policy.odt": sample_files.odt(["# Policy", "Bring your own marmalade."]),
    "stock.ods": sample_files.ods({"Stock": [["part", "count"], ["sprocket", 7]]}),
    "people.csv": b"name;city\nAda;Krakow\nGrace;Lisbon\n",
    "birds.tsv": b"bird\twhere, and when\nhoopoe\tthe meadow, in May\n",
    "letter.rtf": sample_files.rtf(["Dear Zoë,", "The gnomon casts a shadow."]),
    "page.html": b"<html><head><title>Cheese</title></head><body><h1>Gouda</h1><p>It ages well.</p></body></html>",
    "notes.md": b"---\ntitle: Field notes\n---\n# Notes\n\nThe heliograph works.\n",
    "plain.txt": "Ümlauts and the word obelisk.".encode("utf-16"),
    "mail.eml": sample_files.eml("Invoice 4711", "Please pay the farrier."),
    "book.epub": sample_files.epub("The Book", [("One", "A tale of a narwhal.")]),
}
WORDS = {
    "turtle.pdf": "leatherback", "travel.docx": "zephyrine", "roadmap.pptx": "quokka", "prices.xlsx": "grommet",
    "policy.odt": "marmalade", "stock.ods": "sprocket", "people.csv": "Lisbon", "page.html": "Gouda",
    "notes.md": "heliograph", "plain.txt": "obelisk", "mail.eml": "farrier", "book.epub": "narwhal",
    "birds.tsv": "hoopoe", "letter.rtf": "Zoë",
}  # fmt: skip


def test_every_format_is_found_by_a_word_of_it_at_its_place(pipeline: Pipeline, ada: Person) -> None:
    for name, content in FORMATS.items():
        pipeline.write(name, content)
    run = pipeline.run()
    assert run.exit_code == 0, run.errors
    assert (run["files_processed"], run["files_failed"], run["errors"]) == (len(FORMATS), 0, 0)
    assert run["initialized"] is True
    found = {name: pipeline.search(ada, word) for name, word in WORDS.items()}
    assert {name: rows[0]["path"] for name, rows in found.items()} == {name: name for name in FORMATS}
    assert found["turtle.pdf"][0]["place"]["page"] == 2
    assert found["prices.xlsx"][0]["place"]["sheet"] == "Prices"
    assert found["people.csv"][0]["place"]["rows"] == [2, 3]
    assert found["birds.tsv"][0]["place"]["rows"] == [2, 2]
    assert found["travel.docx"][0]["heading"] == ["Travel"]
    assert found["notes.md"][0]["title"] == "Field notes"
    assert found["roadmap.pptx"][0]["place"]["slide"] == 1
    assert {row["state"] for row in pipeline.ledger(ada).values()} == {"ready"}


def test_unchanged_files_are_not_read_and_changed_ones_are_replaced(pipeline: Pipeline, ada: Person) -> None:
    first = pipeline.write("one.md", "# One\n\nalbatross")
    pipeline.write("two.md", "# Two\n\npelican")
    assert pipeline.run()["files_processed"] == 2
    # A file that cannot be read would fail if anything tried to.
    before = first.stat()
    first.write_text("# One\n\nALBATROSS")
    os.utime(first, ns=(before.st_atime_ns, before.st_mtime_ns))
    again = pipeline.run()
    assert (again["files_processed"], again["files_unchanged"], again["chunks_written"]) == (0, 2, 0)

    pipeline.write("two.md", "# Two\n\ncormorant fishes")
    changed = pipeline.run()
    assert (changed["files_processed"], changed["files_unchanged"]) == (1, 1)
    assert pipeline.titles(ada, "cormorant") == ["two.md"]
    assert pipeline.titles(ada, "pelican") == []
    assert pipeline.ledger(ada)["two.md"]["version"] == 2


def test_touching_a_file_writes_nothing(pipeline: Pipeline, ada: Person) -> None:
    path = pipeline.write("one.md", "# One\n\nalbatross")
    pipeline.run()
    os.utime(path, (1, 1))
    run = pipeline.run()
    assert (run["files_processed"], run["files_unchanged"], run.exit_code) == (0, 1, 0)
    assert pipeline.ledger(ada)["one.md"]["version"] == 1


def test_a_deleted_file_is_never_found_again_and_leaves_a_receipt(pipeline: Pipeline, ada: Person) -> None:
    path = pipeline.write("secret.md", "# Secret\n\nthe wombat clause")
    pipeline.run()
    assert pipeline.titles(ada, "wombat") == ["secret.md"]
    path.unlink()
    run = pipeline.run()
    assert (run["files_deleted"], run.exit_code) == (1, 0)
    assert pipeline.titles(ada, "wombat") == []
    receipts = pipeline.stack.get("/rest/v1/deletion_receipts?select=path,reason,chunks_deleted", ada)
    assert receipts == [{"path": "secret.md", "reason": "deleted", "chunks_deleted": 1}]
    path.write_text("# Secret\n\nthe wombat clause")
    assert pipeline.run()["files_processed"] == 1
    assert pipeline.titles(ada, "wombat") == ["secret.md"]


def test_a_moved_file_keeps_its_document(pipeline: Pipeline, ada: Person) -> None:
    path = pipeline.write("old.txt", "about the axolotl")
    pipeline.run()
    document = pipeline.search(ada, "axolotl")[0]["document_id"]
    target = pipeline.folder / "sub" / "renamed.txt"
    target.parent.mkdir()
    path.rename(target)
    run = pipeline.run()
    assert (run["files_moved"], run["files_processed"], run["files_deleted"]) == (1, 0, 0)
    found = pipeline.search(ada, "axolotl")[0]
    assert (found["document_id"], found["path"], found["title"]) == (document, "sub/renamed.txt", "renamed.txt")
    assert pipeline.titles(ada, "renamed") == ["sub/renamed.txt"]


def test_one_corrupt_file_is_accounted_for_and_stops_nothing(pipeline: Pipeline, ada: Person) -> None:
    pipeline.write("bad.pdf", b"%PDF-1.7\n" + os.urandom(400))
    pipeline.write("good.md", "# Good\n\ncapybara")
    pipeline.write("photo.psd", b"8BPS....")
    pipeline.write("empty.md", b"")
    run = pipeline.run()
    assert run.exit_code == 1
    assert (run["files_processed"], run["files_failed"], run["files_unsupported"]) == (1, 1, 2)
    assert run["reasons"] == {"corrupt": 1}
    ledger = pipeline.ledger(ada)
    assert (ledger["bad.pdf"]["state"], ledger["bad.pdf"]["reason"], ledger["bad.pdf"]["tries"]) == (
        "failed", "corrupt", 1,
    )  # fmt: skip
    assert (ledger["photo.psd"]["state"], ledger["photo.psd"]["reason"]) == ("unsupported", "unsupported-type")
    assert (ledger["empty.md"]["state"], ledger["empty.md"]["reason"]) == ("unsupported", "empty")
    assert pipeline.titles(ada, "capybara") == ["good.md"]
    # It waits for its next try, and is still not well.
    waiting = pipeline.run()
    assert (waiting["files_failed"], waiting["ledger"]["failed"], waiting.exit_code) == (0, 1, 1)
    pipeline.write("bad.pdf", sample_files.pdf(["Mended, says the quagga."]))
    mended = pipeline.run()
    assert (mended["files_processed"], mended.exit_code) == (1, 0)
    assert pipeline.ledger(ada)["bad.pdf"]["tries"] == 0


def test_a_damaged_new_version_leaves_the_old_one_answering(pipeline: Pipeline, ada: Person) -> None:
    path = pipeline.write("guide.pdf", sample_files.pdf(["The okapi is shy."]))
    pipeline.run()
    path.write_bytes(b"%PDF-1.7 broken")
    assert pipeline.run().exit_code == 1
    assert pipeline.titles(ada, "okapi") == ["guide.pdf"]
    assert pipeline.ledger(ada)["guide.pdf"]["state"] == "failed"


def test_what_is_hidden_ignored_or_outside_is_left_alone(pipeline: Pipeline, ada: Person, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("# Outside\n\nxylophone")
    (pipeline.folder / "link.md").symlink_to(outside)
    pipeline.write(".hidden.md", "xylophone")
    pipeline.write("~$draft.docx", b"xylophone")
    pipeline.write(".roostignore", "drafts/\n*.log\n!keep.log\n")
    pipeline.write("drafts/a.md", "xylophone")
    pipeline.write("noise.log", "xylophone")
    pipeline.write("keep.log", "xylophone kept")
    pipeline.write("strange \u2603 name\\x41.md", "xylophone too")
    (pipeline.folder / os.fsdecode(b"latin-\xe9.md")).write_text("xylophone in Latin-1")
    assert pipeline.run()["files_processed"] == 3
    assert len(pipeline.titles(ada, "xylophone")) == 3
    assert pipeline.run()["files_unchanged"] == 3
