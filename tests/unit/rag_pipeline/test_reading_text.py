"""Text in any encoding, tables with any separator, rules of what is left out."""

from pathlib import Path

import pytest

from rag_pipeline.extraction.failure import ExtractionFailed
from rag_pipeline.extraction.formats import reader_for
from rag_pipeline.extraction.plain_text import decode, make_table, read_csv, read_markdown
from rag_pipeline.sources.ignore_rules import IgnoreRules

TEXT = "Grüße aus Łódź, says the naïve café."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_every_encoding(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_western_text_without_a_mark_is_read_too() -> None:
    assert decode("Grüße, naïve café\r\nnext".encode("cp1252")) == "Grüße, naïve café\nnext"


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ExtractionFailed) as caught:
        decode(bytes(range(32)) * 50)
    assert caught.value.reason == "corrupt"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_of_a_table_is_found_out(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text("\n".join(separator.join(row) for row in (["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"])))
    table = read_csv(path, "text/csv").tables[0]
    assert (table.columns, table.rows) == (("a", "b", "c"), [("1", "2", "3"), ("4", "5", "6")])


def test_columns_have_different_names_and_rows_one_length() -> None:
    table = make_table("x", [["a", "a", ""], ["1"], ["1", "2", "3", "4"]])
    assert table.columns == ("a", "a (2)", "column 3", "column 4")
    assert table.rows == [("1", "", "", ""), ("1", "2", "3", "4")]


def test_front_matter_gives_the_title_and_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text('---\ntitle: "The title"\n---\n# Heading\n\ntext\n')
    document = read_markdown(path, "text/markdown")
    assert document.title == "The title"
    assert document.blocks[0].text.startswith("# Heading")


def test_a_type_decides_only_where_the_name_says_nothing() -> None:
    assert reader_for("a.MD", "application/pdf") == ("markdown", "text/markdown")
    assert reader_for("a", "application/pdf") == ("pdf", "application/pdf")
    assert reader_for("a.exe", "") is None


def test_ignore_rules_are_those_of_git(tmp_path: Path) -> None:
    path = tmp_path / ".roostignore"
    path.write_text("# comment\n*.log\n!keep.log\n/top.md\nbuild/\ndocs/**/draft?.md\n[ab].txt\n")
    rules = IgnoreRules.read(path)

    def left_out(name: str) -> bool:
        return rules.leaves_out(name, is_folder=False)

    assert [left_out(name) for name in ("x.log", "a/x.log", "keep.log", "a/keep.log")] == [True, True, False, False]
    assert (left_out("top.md"), left_out("a/top.md")) == (True, False)
    assert (rules.leaves_out("a/build", is_folder=True), left_out("build")) == (True, False)
    assert (left_out("docs/a/b/draft1.md"), left_out("docs/draft1.md"), left_out("docs/draft12.md")) == (
        True,
        True,
        False,
    )
    assert (left_out("a.txt"), left_out("c.txt")) == (True, False)
    assert not IgnoreRules.read(tmp_path / "none").leaves_out("a", is_folder=False)
