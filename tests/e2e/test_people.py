"""People in the web app: let in, put into groups, shut out; and links that strangers read."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.pages.app import PASSWORD, App


def _shown_link(page: Page) -> str:
    """The link that a dialog shows this once."""
    return page.get_by_role("dialog").locator("code").inner_text()


def test_an_invitation_lets_somebody_in_who_joins_a_group(root: App, open_page: Callable[..., Page]) -> None:
    page = root.page
    page.goto("/admin/groups")
    page.get_by_role("button", name="Make a group").click()
    page.get_by_label("Name").fill("Hen keepers")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("0 members")).to_be_visible()

    page.goto("/admin/people")
    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_label("E-mail").fill("invited@example.com")
    page.get_by_label("Hen keepers").check()
    page.get_by_role("dialog").get_by_role("button", name="Invite somebody").click()
    link = _shown_link(page)

    guest = open_page()
    guest.goto(link)
    expect(guest.get_by_text("Root Administrator invites you to Roost as invited@example.com.")).to_be_visible()
    guest.get_by_label("Your name").fill("Grace Hopper")
    guest.get_by_label("Password", exact=True).fill(PASSWORD)
    guest.get_by_role("button", name="Join").click()
    expect(guest.get_by_role("textbox", name="Your question")).to_be_visible()

    page.goto("/admin/people")
    row = page.get_by_role("list", name="People").get_by_role("listitem").filter(has_text="invited@example.com")
    expect(row.first).to_contain_text("Hen keepers")
    row.first.get_by_role("button", name="Actions for Grace Hopper").click()
    page.get_by_role("menuitem", name="Deactivate").click()
    page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    expect(row.first).to_contain_text("deactivated")
    guest.get_by_role("textbox", name="Your question").fill("May I still ask?")
    guest.get_by_role("textbox", name="Your question").press("Enter")
    expect(guest.get_by_text("This account cannot be used now.")).to_be_visible()

    other = open_page()
    other.goto(link)
    expect(other.get_by_text("This invitation was used")).to_be_visible()


def test_an_account_is_renamed_taken_along_and_deleted(ada: App) -> None:
    page = ada.page
    ada.chat.ask_and_wait("Remember me.")
    page.goto("/settings")
    page.get_by_label("Name").fill("Countess Ada")
    page.get_by_role("button", name="Save the name").click()
    expect(page.get_by_role("button", name="Your account: Countess Ada")).to_be_visible()
    expect(page.get_by_role("list", name="Where you are logged in").get_by_role("listitem")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download everything").click()
    assert "Remember me." in download.value.path().read_text()

    page.get_by_role("button", name="Delete the account").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Delete the account")).to_be_disabled()
    dialog.get_by_label("Type").fill(ada.email)
    dialog.get_by_role("button", name="Delete the account").click()
    expect(page.get_by_role("dialog", name="is gone")).to_contain_text("Conversations")
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    ada.submit_log_in(ada.email, PASSWORD)
    expect(page.get_by_role("alert")).to_be_visible()


def test_a_stranger_reads_a_link_until_it_is_taken_back(ada: App, open_page: Callable[..., Page]) -> None:
    ada.chat.ask_and_wait("When do hens sleep? {{say At **dusk**.}}")
    ada.conversation_menu("When do hens sleep? {{say At **dusk**.}}", "Share by link")
    dialog = ada.page.get_by_role("dialog", name="Share by link")
    dialog.get_by_role("button", name="Make a link").click()
    link = _shown_link(ada.page)

    stranger = open_page()
    stranger.goto(link)
    expect(stranger.get_by_role("article", name="Answer")).to_contain_text("At dusk.")
    expect(stranger.get_by_role("textbox")).to_have_count(0)

    dialog.get_by_role("button", name="Take back").click()
    expect(dialog).to_contain_text("No link works.")
    stranger.reload()
    expect(stranger.get_by_text("This link does not work")).to_be_visible()


def test_feedback_reaches_the_administrator_with_words_only_where_they_are_included(ada: App, root: App) -> None:
    answer = ada.chat.ask_and_wait("How tall is a hen? {{say As tall as a hen.}}")
    answer.get_by_role("button", name="Bad answer").click()
    dialog = ada.page.get_by_role("dialog", name="Your feedback")
    dialog.get_by_label("What was wrong").fill("Not helpful at all")
    dialog.get_by_role("button", name="Send feedback").click()
    expect(answer.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    root.page.goto("/admin/feedback")
    line = root.page.get_by_role("list", name="Feedback").get_by_role("listitem").filter(has_text="Not helpful at all")
    expect(line).to_contain_text(ada.email)
    expect(line).not_to_contain_text("Question and answer")
