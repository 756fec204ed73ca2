"""What a lost connection or a new version of the web app does to somebody who is in the middle of something."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.e2e.pages.app import App


def test_a_question_that_never_arrived_is_kept(ada: App) -> None:
    ada.page.context.set_offline(True)
    ada.chat.ask("Is anybody there? {{say Yes.}}")
    expect(ada.page.get_by_role("status").filter(has_text="as soon as Roost can be reached")).to_be_visible()
    # The parts of the page that could not be fetched come by loading it again, which it does by itself.
    with ada.page.expect_event("load"):
        ada.page.context.set_offline(False)
    expect(ada.chat.question).to_have_value("Is anybody there? {{say Yes.}}")
    ada.chat.question.press("Enter")
    expect(ada.chat.answers.last).to_contain_text("Yes.")
    ada.chat.wait_until_done()
    ada.page.reload()
    expect(ada.chat.answers).to_have_count(1)
    expect(ada.chat.question).to_have_value("")


def test_a_page_that_could_not_be_fetched_opens_once_the_connection_is_back(ada: App) -> None:
    ada.page.context.set_offline(True)
    ada.page.get_by_role("link", name="Agents").click()
    expect(ada.page.get_by_role("status").filter(has_text="as soon as Roost can be reached")).to_be_visible()
    ada.page.context.set_offline(False)
    expect(ada.page.get_by_role("heading", level=1, name="Agents")).to_be_visible()


def test_a_tab_of_an_older_version_loads_the_newer_one(new_person: Callable[..., App]) -> None:
    page: Page = new_person().page
    loaded: list[Page] = []
    page.on("load", lambda page: loaded.append(page))

    def gone(route: Route) -> None:
        # As after an upgrade: the file of the older version is not there any more, that of the newer one is.
        if loaded:
            route.continue_()
        else:
            route.fulfill(status=404)

    page.route(re.compile("/assets/AgentsPage-"), gone)
    page.get_by_role("link", name="Agents").click()
    expect(page.get_by_role("heading", level=1, name="Agents")).to_be_visible()
    assert len(loaded) == 1
