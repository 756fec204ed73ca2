"""A Roost with a scripted model, a browser, and a person who is logged in."""

import itertools
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from tests.e2e.pages.app import App
from tests.support.chromium import ARGUMENTS, chromium
from tests.support.running_roost import RunningRoost, running_roost
from tests.support.scripted_model import ScriptedModel, scripted_model

ADMINISTRATOR = "administrator@example.com"
RULES = """# House rules

## Quiet hours

Quiet hours begin at ten in the evening and end at seven in the morning.

## Pets

Hens are welcome. Foxes are not.
"""

expect.set_options(timeout=15_000)  # machines that run all tests at once are slow
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def model() -> Iterator[ScriptedModel]:
    """The language model that answers what the question tells it to."""
    with scripted_model() as server:
        yield server


@pytest.fixture(scope="session")
def served(model: ScriptedModel) -> Iterator[RunningRoost]:
    """The whole product with the scripted model and one document, started once for all browser tests."""
    variables = {"MODEL": "openai-chat:scripted", "OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": "-"}
    with running_roost(**variables) as roost:
        roost.put("rules.md", RULES)
        roost.sync()
        yield roost


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser, served: RunningRoost) -> Iterator[Callable[..., Page]]:
    """Opens a page in a browser of its own (cookies, storage), which fails the test when the app throws."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_one(**options: object) -> Page:
        context = browser.new_context(base_url=served.url, viewport={"width": 1280, "height": 860}, **options)  # pyright: ignore[reportArgumentType]
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not errors, f"the web app threw: {errors}"


@pytest.fixture(scope="session")
def administrator(browser: Browser, served: RunningRoost) -> StorageState:
    """The first person to sign up, who is the administrator: what a browser keeps of their log-in."""
    context = browser.new_context(base_url=served.url)
    App(context.new_page()).sign_up(ADMINISTRATOR, name="Root Administrator")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def new_person(open_page: Callable[..., Page], administrator: StorageState) -> Callable[..., App]:
    """Signs somebody new up in a browser of their own: a member, since the administrator was there before."""
    assert administrator

    def sign_up(name: str = "Ada Lovelace", **options: object) -> App:
        app = App(open_page(**options))
        app.sign_up(f"person{next(_numbers)}@example.com", name=name)
        return app

    return sign_up


@pytest.fixture
def ada(new_person: Callable[..., App]) -> App:
    """A member, logged in."""
    return new_person()


@pytest.fixture
def root(open_page: Callable[..., Page], administrator: StorageState) -> App:
    """The administrator, logged in."""
    app = App(open_page(storage_state=administrator))
    app.email = ADMINISTRATOR
    app.chat.open()
    return app
