"""Documents: added, read, failed with a reason, deleted with a receipt."""

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.pages.app import App
from tests.support.running_roost import RunningRoost


def test_an_upload_is_read_and_cited(root: App, tmp_path: Path) -> None:
    file = tmp_path / "coop-prices.md"
    file.write_text("# Coop prices\n\nA night in the coop costs ninety grains.\n")
    root.documents.open()
    root.documents.upload(file)
    expect(root.documents.row("Coop prices")).to_contain_text("Ready", timeout=30_000)

    root.chat.open()
    answer = root.chat.ask_and_wait("What does a night in the coop cost? {{say Ninety grains [1].}}")
    answer.get_by_role("button", name="Source 1: Coop prices").first.click()
    expect(root.chat.sources).to_contain_text("ninety grains")


def test_a_document_is_read_on_its_page(root: App) -> None:
    root.documents.open()
    root.documents.row("House rules").get_by_role("button", name="House rules", exact=True).click()
    expect(root.page.get_by_role("dialog", name="House rules")).to_contain_text("Hens are welcome")


def test_a_damaged_file_says_why_and_what_to_do(root: App, served: RunningRoost) -> None:
    damaged = served.put("damaged.pdf", b"%PDF-1.7 and nothing else")
    served.sync()
    root.documents.open()
    row = root.documents.row("damaged.pdf")
    expect(row).to_contain_text("Failed")
    expect(row).to_contain_text("(tried")
    damaged.unlink()
    served.sync()


def test_deleting_shows_a_receipt_and_ends_citations(root: App, tmp_path: Path) -> None:
    file = tmp_path / "gone.md"
    file.write_text("# Soon gone\n\nThe password of the shed is marigold.\n")
    root.documents.open()
    root.documents.upload(file)
    expect(root.documents.row("Soon gone")).to_contain_text("Ready", timeout=30_000)
    root.documents.choose("Soon gone", "Delete")
    root.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(root.page.get_by_role("dialog", name="Deleted")).to_contain_text("removed from the index")
    root.page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    expect(root.documents.row("Soon gone")).to_have_count(0)

    root.chat.open()
    answer = root.chat.ask_and_wait("What is the password of the shed? {{say I do not know.}}")
    expect(answer.get_by_role("button", name="Soon gone")).to_have_count(0)


def test_too_large_a_file_is_refused_before_it_is_sent(root: App, tmp_path: Path) -> None:
    limit = root.page.evaluate("async () => (await (await fetch('/config.json')).json()).features.maxUploadBytes")
    file = tmp_path / "huge.txt"
    with file.open("wb") as opened:
        opened.truncate(limit + 1)
    root.documents.open()
    root.documents.upload(file)
    expect(root.page.get_by_role("region", name="Uploads")).to_contain_text("Larger than")
