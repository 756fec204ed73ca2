"""The app around its pages: accounts, the sidebar, and the way to each page."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.chat import ChatPage
from tests.e2e.pages.documents import DocumentsPage

PASSWORD = "correct horse battery staple"


class App:
    """The web app in one browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.chat = ChatPage(page)
        self.documents = DocumentsPage(page)
        self.email = ""

    def sign_up(self, email: str, *, name: str = "Ada Lovelace", password: str = PASSWORD) -> None:
        """Create an account and wait for the question box."""
        self.email = email
        self.page.goto("/signup")
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Create account").click()
        expect(self.chat.question).to_be_visible()

    def log_in(self, email: str, password: str = PASSWORD) -> None:
        """Log in, and go to a new chat."""
        self.email = email
        self.submit_log_in(email, password)
        expect(self.page.get_by_role("button", name="Your account")).to_be_visible()
        self.chat.open()

    def submit_log_in(self, email: str, password: str) -> None:
        """Fill the log-in page in and send it, whatever comes of it."""
        self.page.goto("/login")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Log in").click()

    def log_out(self) -> None:
        """Log out by the account menu."""
        self.choose_in_menu(self.page.get_by_role("button", name="Your account"), "Log out")
        expect(self.page.get_by_role("heading", name="Welcome back")).to_be_visible()

    def choose_in_menu(self, button: Locator, item: str) -> None:
        """Open a menu and choose an item of it."""
        button.click()
        self.page.get_by_role("menuitem", name=item).click()

    @property
    def conversations(self) -> Locator:
        """The links in the list of conversations."""
        return self.page.get_by_role("navigation", name="Conversations").get_by_role("link")

    def conversation_menu(self, title: str, item: str) -> None:
        """Choose an item in the menu of a conversation."""
        self.choose_in_menu(self.page.get_by_role("button", name=f"Actions for “{title}”"), item)
