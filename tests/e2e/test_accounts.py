"""Signing up, logging in and out, and setting a new password."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, StorageState, expect

from tests.e2e.conftest import ADMINISTRATOR
from tests.e2e.pages.app import App
from tests.support.running_roost import RunningRoost


def test_a_stranger_is_asked_to_log_in_and_comes_back_to_the_page_they_wanted(
    open_page: Callable[..., Page], administrator: StorageState
) -> None:
    page = open_page()
    page.goto("/documents")
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    app = App(page)
    page.get_by_label("E-mail").fill(ADMINISTRATOR)
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("or the password is wrong")
    page.get_by_label("Password", exact=True).fill("correct horse battery staple")
    page.get_by_role("button", name="Log in").click()
    expect(app.page.get_by_role("heading", name="Documents", exact=True)).to_be_visible()


def test_log_out_and_in_again(ada: App) -> None:
    ada.log_out()
    ada.page.goto("/documents")
    expect(ada.page.get_by_role("heading", name="Welcome back")).to_be_visible()
    ada.log_in(ada.email)


def test_an_address_signs_up_once(ada: App) -> None:
    ada.log_out()
    page = ada.page
    page.goto("/signup")
    page.get_by_label("E-mail").fill(ada.email)
    page.get_by_label("Password", exact=True).fill("another long password")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("alert")).to_contain_text("There is an account")


def test_recovery_by_the_link_in_the_mail(ada: App, open_page: Callable[..., Page], served: RunningRoost) -> None:
    ada.log_out()
    ada.page.get_by_role("link", name="Forgot your password?").click()
    # The page before has a field of that name too, and stays until this one has come.
    expect(ada.page.get_by_role("heading", name="Set a new password")).to_be_visible()
    ada.page.get_by_label("E-mail").fill(ada.email)
    ada.page.get_by_role("button", name="Send the link").click()
    expect(ada.page.get_by_role("heading", name="Look into your inbox")).to_be_visible()

    mail = next(mail for mail in reversed(served.mails()) if mail["to"] == ada.email)
    elsewhere = open_page()
    elsewhere.goto(mail["link"])
    elsewhere.get_by_label("New password").fill("a wholly new password")
    elsewhere.get_by_role("button", name="Save and continue").click()
    expect(App(elsewhere).chat.question).to_be_visible()

    ada.log_in(ada.email, "a wholly new password")


def test_a_used_recovery_link_says_what_to_do(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/new-password?token_hash=used-long-ago")
    expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    page.get_by_role("link", name="Ask for a new link").click()
    expect(page).to_have_url(re.compile("/recover$"))


def test_a_session_that_has_ended_says_so(ada: App) -> None:
    ada.page.evaluate(
        """() => {
          const session = JSON.parse(localStorage.getItem('roost-session'))
          session.access_token = session.access_token.slice(0, -4) + 'AAAA'
          session.refresh_token = 'gone'
          localStorage.setItem('roost-session', JSON.stringify(session))
        }"""
    )
    ada.page.goto("/documents")
    expect(ada.page.get_by_text("Your session has ended")).to_be_visible()
