"""What Playwright itself has no words for, by the browser's own protocol."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from playwright.sync_api import CDPSession, Page

_Send = Callable[[str, Mapping[str, Any]], object]


def session_of(page: Page) -> CDPSession:
    """The browser's protocol for a page, with its network part switched on."""
    session = page.context.new_cdp_session(page)
    cast(_Send, session.send)("Network.enable", {})  # pyright: ignore[reportUnknownMemberType] - untyped upstream
    return session


def open_network(page: Page) -> _Send:
    """Sends commands about the page's network, such as going offline."""
    return cast(_Send, session_of(page).send)  # pyright: ignore[reportUnknownMemberType] - untyped upstream
