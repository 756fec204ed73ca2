"""Pictures of text: read where Tesseract's data is, and told of, with what to do, where it is not."""

import io

import pypdfium2
import pytest

from rag_pipeline.extraction.documents import ocr_data
from tests.support import sample_files, scans
from tests.support.pipeline import Pipeline
from tests.support.stack import Person

needs_tesseract = pytest.mark.skipif(not ocr_data("eng"), reason="no Tesseract data: apt install tesseract-ocr")
_SCAN = scans.scanned_pdf(["The albatross glides.", "The pelican has a pouch."])
#: A language whose data is on no machine: as if there were no Tesseract.
_WITHOUT = {"RAG_OCR_LANGUAGES": "xxx"}


def _half_scanned() -> bytes:
    """A page of text, then a page that is a picture."""
    out = io.BytesIO()
    with pypdfium2.PdfDocument(sample_files.pdf(["The heron stands in the reeds."])) as whole:
        with pypdfium2.PdfDocument(_SCAN) as scan:
            whole.import_pages(scan, [1])
        whole.save(out)
    return out.getvalue()


@needs_tesseract
def test_scans_and_pictures_are_read_page_by_page(pipeline: Pipeline, ada: Person) -> None:
    pipeline.write("scan.pdf", _SCAN)
    pipeline.write("photo.png", scans.png("The leatherback turtle dives deepest."))
    pipeline.write("half.pdf", _half_scanned())
    run = pipeline.run()
    assert (run.exit_code, run["files_processed"]) == (0, 3), run.errors
    assert pipeline.titles(ada, "leatherback") == ["photo.png"]
    found = {row["path"]: row["place"]["page"] for row in pipeline.search(ada, "pelican pouch")}
    assert found == {"scan.pdf": 2, "half.pdf": 2}
    assert pipeline.titles(ada, "heron") == ["half.pdf"]


def test_without_tesseract_each_says_what_to_do(pipeline: Pipeline, ada: Person) -> None:
    pipeline.write("scan.pdf", _SCAN)
    pipeline.write("photo.png", scans.png("The leatherback turtle dives deepest."))
    pipeline.write("half.pdf", _half_scanned())
    pipeline.write("blank.pdf", sample_files.pdf([""]))
    run = pipeline.run(**_WITHOUT)
    assert run["files_processed"] == 1
    ledger = {path: (row["state"], row["reason"]) for path, row in pipeline.ledger(ada).items()}
    assert ledger == {
        "scan.pdf": ("unsupported", "ocr-missing"),
        "photo.png": ("unsupported", "ocr-missing"),
        "half.pdf": ("ready", "pages-not-read"),
        "blank.pdf": ("failed", "no-text"),
    }
    assert pipeline.titles(ada, "heron") == ["half.pdf"]
