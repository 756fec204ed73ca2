"""What belongs to one person, and what belongs to administrators."""

import json
import urllib.request
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.pages.app import App
from tests.support.running_roost import RunningRoost


def test_an_api_key_is_shown_once_works_and_is_revoked(ada: App, served: RunningRoost) -> None:
    page = ada.page
    page.goto("/settings")
    page.get_by_role("button", name="Create a key").click()
    page.get_by_label("What is it for?").fill("nightly report")
    page.get_by_role("dialog").get_by_role("button", name="Create a key").click()
    dialog = page.get_by_role("dialog", name="Copy the key now")
    key = dialog.locator("code").inner_text()
    dialog.get_by_role("button", name="Close").last.click()

    request = urllib.request.Request(f"{served.url}/v1/models", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request, timeout=15) as response:
        assert json.load(response)["data"]

    keys = page.get_by_role("region", name="API keys")
    expect(keys).to_contain_text("nightly report")
    expect(keys).not_to_contain_text(key)
    keys.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(keys).to_contain_text("You have no keys.")


def test_the_theme_is_kept(ada: App) -> None:
    ada.page.goto("/settings")
    ada.page.get_by_label("Theme").select_option("dark")
    ada.page.reload()
    expect(ada.page.locator("html")).to_have_attribute("data-theme", "dark")


def test_usage_and_the_audit_log_tell_what_was_done(root: App) -> None:
    root.chat.ask_and_wait("Count me.")
    root.page.goto("/admin")
    expect(root.page.get_by_role("img", name="Answers by day")).to_be_visible()
    expect(root.page.get_by_role("row").filter(has_text=root.email)).to_be_visible()
    root.page.goto("/admin/system")
    expect(root.page.get_by_text("Everything works.")).to_be_visible()
    versions = root.page.get_by_role("region", name="Versions")
    expect(versions).to_contain_text("openai-chat:scripted")
    expect(versions).to_contain_text("PostgreSQL")


def test_a_budget_is_set_and_taken_away(root: App) -> None:
    page = root.page
    page.goto("/admin/budgets")
    page.get_by_role("button", name="Set a budget").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Set a budget").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Enter a limit")
    dialog.get_by_label("Tokens at most").fill("5000000")
    dialog.get_by_role("button", name="Set a budget").click()
    expect(page.get_by_text("of 5M")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No budgets")).to_be_visible()


def test_a_budget_is_for_an_agent_that_is_chosen_by_name(root: App) -> None:
    page = root.page
    page.goto("/admin/budgets")
    page.get_by_role("button", name="Set a budget").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("For").select_option("agent")
    dialog.get_by_label("Which").select_option("Guide")
    dialog.get_by_label("US dollars at most").fill("1000")
    dialog.get_by_role("button", name="Set a budget").click()
    expect(page.get_by_role("heading", name="Guide")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No budgets")).to_be_visible()
    page.goto("/admin/audit")
    page.get_by_label("Action", exact=True).fill("budget.set")
    page.get_by_label("Who", exact=True).select_option(root.email)
    expect(page.get_by_role("listitem").filter(has_text="budget.set").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    assert "budget.set" in download.value.path().read_text()


def test_members_are_told_that_a_page_is_for_administrators(ada: App) -> None:
    expect(ada.page.get_by_role("link", name="Admin")).to_have_count(0)
    ada.page.goto("/admin/audit")
    expect(ada.page.get_by_text("This page is for administrators")).to_be_visible()


def test_another_language_is_chosen_and_left_again(root: App) -> None:
    page = root.page
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    root.chat.open()
    assert not [url for url in fetched if "/assets/de-" in url]  # only those fetch it who read it
    page.goto("/settings")
    with page.expect_navigation():
        page.get_by_label("Language").select_option("Deutsch")
    expect(page.get_by_role("heading", level=1, name="Einstellungen")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "de"
    page.goto("/documents")
    expect(page.get_by_role("button", name="Dokumente hinzufügen")).to_be_visible()
    page.goto("/admin")
    expect(page.get_by_label("Zeitraum")).to_be_visible()
    page.goto("/settings")
    with page.expect_navigation():
        page.get_by_label("Sprache").select_option("English")
    expect(page.get_by_role("heading", level=1, name="Settings")).to_be_visible()


def test_a_browser_in_another_language_is_spoken_to_in_it(open_page: Callable[..., Page]) -> None:
    page = open_page(locale="de-AT")
    page.goto("/login")
    expect(page.get_by_role("button", name="Anmelden")).to_be_visible()
