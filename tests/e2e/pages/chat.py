"""A conversation."""

from playwright.sync_api import Locator, Page, expect


class ChatPage:
    """The question box, the messages, and the panel with a source."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.question = page.get_by_role("textbox", name="Your question")
        self.questions = page.get_by_role("article", name="You")
        self.answers = page.get_by_role("article", name="Answer", exact=True)
        self.stop_button = page.get_by_role("button", name="Stop answering")
        self.sources = page.get_by_role("complementary", name="Sources").or_(page.get_by_role("dialog"))

    def open(self, path: str = "/") -> None:
        """Go to a new chat, or to a conversation's address."""
        self.page.goto(path)
        expect(self.question).to_be_visible()

    def ask(self, text: str) -> None:
        """Send a question without waiting for its answer."""
        self.question.fill(text)
        self.question.press("Enter")

    def ask_and_wait(self, text: str) -> Locator:
        """Send a question and wait until its answer is whole; the answer."""
        before = self.answers.count()
        self.ask(text)
        expect(self.answers).to_have_count(before + 1)
        self.wait_until_done()
        return self.answers.last

    def wait_until_done(self) -> None:
        """Wait until nothing is being answered."""
        expect(self.page.get_by_role("button", name="Send")).to_be_visible()

    def answer_again(self) -> None:
        """Ask for another answer to the last question."""
        self.answers.last.get_by_role("button", name="Answer again").click()

    def edit_question(self, index: int, text: str) -> None:
        """Ask one of the questions in other words."""
        question = self.questions.nth(index)
        question.hover()
        question.get_by_role("button", name="Edit the question").click()
        editor = self.page.get_by_role("textbox", name="Edit the question")
        editor.fill(text)
        editor.press("Enter")

    def version(self, message: Locator) -> str:
        """Which version of a message is shown, as "2 / 3"."""
        return message.get_by_role("group", name="Version").inner_text().strip()

    def previous_version(self, message: Locator) -> None:
        """Show the version before this one."""
        message.get_by_role("button", name="Previous version").click()
