"""Every page in light and dark, at three widths: no violation that axe finds, nothing sticks out, a picture."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.e2e.pages.app import App
from tests.support.running_roost import RunningRoost

ROOT = Path(__file__).parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / "test-results" / "screenshots"
WIDTHS = (360, 768, 1440)
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")

PUBLIC = {
    "log-in": "/login",
    "sign-up": "/signup",
    "recover": "/recover",
    "new-password": "/new-password",
    "gone-link": "/s/a-link-that-nobody-has-made",
    "gone-invitation": "/invitation/an-invitation-to-nobody",
}
MEMBER = {
    "new-chat": "/",
    "documents": "/documents",
    "search": "/documents/search?q=quiet+hours",
    "tables": "/documents/tables",
    "sources": "/documents/sources",
    "agents": "/agents",
    "agent": "/agents/guide",
    "agent-status": "/agents/guide/status",
    "new-agent": "/agents/new",
    "settings": "/settings",
    "usage": "/admin",
    "people": "/admin/people",
    "groups": "/admin/groups",
    "feedback": "/admin/feedback",
    "links": "/admin/links",
    "budgets": "/admin/budgets",
    "audit": "/admin/audit",
    "system": "/admin/system",
    "not-found": "/nowhere",
}


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, one line each."""
    page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate(
        """async () => (await axe.run(document, {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        })).violations"""
    )
    return [f"{each['id']}: {each['help']} {[node['target'] for node in each['nodes']][:4]}" for each in found]


def look_at(page: Page, name: str, theme: Theme) -> None:
    """Check the page as it stands at each width, and write pictures of it."""
    page.emulate_media(color_scheme=theme)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(150)
        page.screenshot(path=PICTURES / f"{name}-{width}-{theme}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} sticks out at {width} px"
        if width != 768:  # between the two, nothing else is drawn
            assert violations(page) == [], f"{name} at {width} px, {theme}"


@pytest.mark.parametrize("name", PUBLIC)
def test_pages_before_the_log_in(open_page: Callable[..., Page], name: str) -> None:
    page = open_page()
    page.goto(PUBLIC[name])
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for theme in THEMES:
        look_at(page, name, theme)


@pytest.fixture(scope="module")
def furnished(browser: Browser, served: RunningRoost, administrator: StorageState) -> None:
    """A table, a link and an invitation: what stands on pages only where there is something."""
    served.put("hens.csv", "hen,eggs\nBerta,4\n")
    served.sync()
    context = browser.new_context(base_url=served.url, storage_state=administrator)
    root = App(context.new_page())
    root.chat.open()
    root.chat.ask_and_wait("Where do hens sleep?")
    root.conversation_menu("Where do hens sleep?", "Share by link")
    root.page.get_by_role("button", name="Make a link").click()
    expect(root.page.get_by_role("dialog").locator("code")).to_be_visible()
    root.page.goto("/admin/people")
    root.page.get_by_role("button", name="Invite somebody").click()
    root.page.get_by_label("E-mail").fill("expected@example.com")
    root.page.get_by_role("dialog").get_by_role("button", name="Invite somebody").click()
    expect(root.page.get_by_role("dialog").locator("code")).to_be_visible()
    context.close()


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize("name", MEMBER)
def test_pages_after_the_log_in(root: App, name: str) -> None:
    root.page.goto(MEMBER[name])
    root.page.wait_for_load_state("networkidle")
    for theme in THEMES:
        look_at(root.page, name, theme)


def test_a_conversation_and_its_source(root: App) -> None:
    table = "| Hen | Eggs |\n| - | - |\n| Berta | 4 |"
    said = f"They begin at **ten** [1].\n\n- one\n- two\n\n{table}\n\n```python\nprint('hush')\n```"
    answer = root.chat.ask_and_wait(f"When are the quiet hours? {{{{say {said}}}}}")
    for theme in THEMES:
        look_at(root.page, "conversation", theme)
    answer.get_by_role("button", name="Source 1").first.click()
    root.page.wait_for_timeout(400)
    for theme in THEMES:
        look_at(root.page, "source", theme)


def test_dialogs(root: App) -> None:
    page = root.page
    root.chat.ask_and_wait("Shall we talk? {{say Yes.}}").get_by_role("button", name="Good answer").click()
    expect(page.get_by_role("dialog", name="Your feedback")).to_contain_text("Thank you.")
    look_at(page, "feedback-dialog", "light")
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 1280, "height": 860})
    root.conversation_menu("Shall we talk? {{say Yes.}}", "Share by link")
    expect(page.get_by_text("No link works.")).to_be_visible()
    assert violations(page) == []  # on a phone the list, and the dialog with it, is behind the menu
    page.screenshot(path=PICTURES / "share-dialog-1280-light.png")
    page.goto("/admin/people")
    page.get_by_role("button", name="Invite somebody").click()
    look_at(page, "invite-dialog", "light")
    page.goto("/settings")
    page.get_by_role("button", name="Delete the account").click()
    look_at(page, "delete-account-dialog", "dark")
    page.goto("/documents/sources")
    page.get_by_role("button", name="Actions for documents").click()
    page.get_by_role("menuitem", name="Who may read it").click()
    page.get_by_label("Only those named here").check()
    look_at(page, "share-source-dialog", "light")


def test_the_menu_on_a_phone(root: App) -> None:
    root.page.set_viewport_size({"width": 360, "height": 740})
    root.chat.open()
    root.page.get_by_role("button", name="Open the menu").click()
    expect(root.page.get_by_role("dialog").get_by_role("link", name="Documents")).to_be_visible()
    root.page.screenshot(path=PICTURES / "menu-360-light.png")
    assert violations(root.page) == []
    root.page.get_by_role("dialog").get_by_role("link", name="Documents").click()
    expect(root.page.get_by_role("dialog")).to_have_count(0)


def test_everything_is_reached_by_keyboard(root: App) -> None:
    root.chat.open()
    page = root.page
    page.locator("body").press("Tab")
    focused: list[str] = []
    for _ in range(40):
        focused.append(page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent"))
        page.keyboard.press("Tab")
    text = " · ".join(focused)
    for wanted in ("New chat", "Documents", "Search conversations", "Your account", "Your question"):
        assert wanted in text, text


def test_the_policy_allows_no_inline_script(root: App) -> None:
    assert root.page.locator("script:not([src])").count() == 0
    assert root.page.locator("[onclick], [onload]").count() == 0
