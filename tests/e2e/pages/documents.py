"""The documents page."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect


class DocumentsPage:
    """Every file with its state."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.rows = page.get_by_role("list", name="Documents").get_by_role("listitem")

    def open(self) -> None:
        """Go there."""
        self.page.goto("/documents")
        expect(self.page.get_by_role("heading", name="Documents", exact=True)).to_be_visible()

    def row(self, text: str) -> Locator:
        """The file with this text in its row."""
        return self.rows.filter(has_text=text)

    def upload(self, *files: Path) -> None:
        """Choose files in the file chooser."""
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Add documents").click()
        chooser.value.set_files(files)

    def choose(self, text: str, item: str) -> None:
        """Choose an item in the menu of a file."""
        self.row(text).get_by_role("button", name="Actions:").click()
        self.page.get_by_role("menuitem", name=item).click()
