"""The gallery of agents, and one agent."""

from playwright.sync_api import Locator, Page, expect


class AgentsPage:
    """Agents: made, changed, brought back."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.versions = page.get_by_role("region", name="Versions").get_by_role("listitem")

    def create(self, name: str, instructions: str) -> None:
        """Make an agent and deploy its first version."""
        self.page.goto("/agents/new")
        self.page.get_by_label("Name", exact=True).fill(name)
        self.page.get_by_label("Instructions").fill(instructions)
        self.page.get_by_role("button", name="Create and deploy").click()
        expect(self.page.get_by_role("heading", level=1, name=name)).to_be_visible()

    def deploy(self, instructions: str, note: str) -> None:
        """Deploy a new version."""
        self.page.get_by_label("Instructions").fill(instructions)
        self.page.get_by_label("What is new").fill(note)
        self.page.get_by_role("button", name="Deploy a new version").click()
        expect(self.versions.first).to_contain_text(note)

    def version(self, number: int) -> Locator:
        """A version in the list."""
        return self.versions.filter(has_text=f"Version {number}")
