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


def test_an_upload_tells_what_became_of_it(root: App, ada: App, tmp_path: Path) -> None:
    good, bad = tmp_path / "nests.md", tmp_path / "torn.pdf"
    good.write_text("# Nests\n\nStraw is best.\n")
    bad.write_bytes(b"%PDF-1.4 and nothing else")
    root.documents.open()
    root.documents.upload(good, bad)
    uploads = root.page.get_by_role("region", name="Uploads")
    expect(uploads).to_contain_text("Everyone who has an account can read what you add")
    expect(uploads.get_by_role("listitem").filter(has_text="nests.md")).to_contain_text(
        "Added and searchable.", timeout=30_000
    )
    expect(uploads.get_by_role("listitem").filter(has_text="torn.pdf")).to_contain_text("The file is damaged")

    own = tmp_path / "diary.md"
    own.write_text("# Diary\n\nNothing happened.\n")
    ada.documents.open()
    ada.documents.upload(own)
    expect(ada.page.get_by_role("region", name="Uploads")).to_contain_text("for you alone")


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


def test_a_document_is_opened_to_somebody_and_closed_again(root: App, ada: App, tmp_path: Path) -> None:
    file = tmp_path / "ledger.md"
    file.write_text("# Secret ledger\n\nThe ledger lies under the third hen.\n")
    ada.documents.open()
    ada.documents.upload(file)
    expect(ada.documents.row("Secret ledger")).to_contain_text("Ready", timeout=30_000)
    # What a member adds is theirs alone; they say who else reads it.
    ada.documents.choose("Secret ledger", "Who may read it")
    dialog = ada.page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill(root.email)
    dialog.get_by_role("button", name="Add", exact=True).click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    root.page.goto("/documents/search?q=third+hen")
    expect(root.page.get_by_role("heading", level=2, name="Secret ledger")).to_be_visible()

    ada.documents.choose("Secret ledger", "Who may read it")
    dialog.get_by_role("button", name=f"Take {root.email} away").click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    root.page.reload()
    expect(root.page.get_by_role("heading", level=1, name="Search")).to_be_visible()
    expect(root.page.get_by_role("heading", level=2, name="Secret ledger")).to_have_count(0)


def test_a_table_is_asked_in_sql(root: App, served: RunningRoost) -> None:
    served.put("flock.csv", "hen,eggs\nBerta,4\nAda,6\n")
    served.sync()
    page = root.page
    page.goto("/documents/tables")
    page.get_by_role("button", name="Ask this table: flock").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("cell", name="Berta")).to_be_visible()
    statement = dialog.get_by_label("SQL").input_value()
    table = statement.split(" FROM ")[1].split(" LIMIT")[0]
    dialog.get_by_label("SQL").fill(f"SELECT sum(eggs) AS together FROM {table}")
    dialog.get_by_role("button", name="Run").click()
    expect(dialog.get_by_role("cell", name="10")).to_be_visible()
    dialog.get_by_label("SQL").fill("DROP TABLE hens")
    dialog.get_by_role("button", name="Run").click()
    expect(dialog.get_by_role("alert")).to_be_visible()


def test_too_large_a_file_is_refused_before_it_is_sent(root: App, tmp_path: Path) -> None:
    limit = root.page.evaluate("async () => (await (await fetch('/config.json')).json()).features.maxUploadBytes")
    file = tmp_path / "huge.txt"
    with file.open("wb") as opened:
        opened.truncate(limit + 1)
    root.documents.open()
    root.documents.upload(file)
    expect(root.page.get_by_role("region", name="Uploads")).to_contain_text("Larger than")
