"""What the first visit of the chat costs: bytes of JavaScript on the wire, and movement of what is shown."""

import os
from pathlib import Path
from typing import Any

from tests.e2e.network import session_of
from tests.e2e.pages.app import App

DIST = Path(__file__).parents[2] / "frontend" / "dist"
MOST_JAVASCRIPT = 200_000  # bytes, headers included
MOST_SHIFT = 0.1  # cumulative layout shift; above this it is felt

_SHIFT = """() => new Promise((resolve) => {
  let sum = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.hadRecentInput ? 0 : entry.value
  }).observe({ type: 'layout-shift', buffered: true })
  setTimeout(() => resolve(sum), 300)
})"""


# Milliseconds: the first contentful paint, and by how much tasks after it went beyond 50 each.
_TIMES = """() => new Promise((resolve) => {
  const tasks = []
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: 'longtask', buffered: true })
  setTimeout(() => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0
    const blocking = tasks.filter((task) => task.startTime + task.duration > paint)
      .reduce((sum, task) => sum + Math.max(0, task.duration - 50), 0)
    resolve({ paint: Math.round(paint), blocking: Math.round(blocking) })
  }, 300)
})"""


def _gzip_bytes(address: str) -> int:
    """What a web server in front that knows no brotli sends for a script."""
    file = DIST / address.split("/", 3)[3]
    compressed = file.with_name(f"{file.name}.gz")
    return (compressed if compressed.exists() else file).stat().st_size


def test_the_chat_is_light_and_stands_still(root: App) -> None:
    context = root.page.context.browser.new_context(  # pyright: ignore[reportOptionalMemberAccess]
        storage_state=root.page.context.storage_state(), base_url=root.page.url
    )
    page = context.new_page()
    network = session_of(page)
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def on_response(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["response"]["url"]

    def on_finished(event: dict[str, Any]) -> None:
        sizes[addresses.get(event["requestId"], "")] = int(event["encodedDataLength"])

    network.on("Network.responseReceived", on_response)
    network.on("Network.loadingFinished", on_finished)
    page.goto("/", wait_until="networkidle")
    scripts = {address: size for address, size in sizes.items() if address.endswith(".js")}
    shift: float = page.evaluate(_SHIFT)
    times: dict[str, int] = page.evaluate(_TIMES)
    context.close()
    assert scripts
    as_gzip = sum(_gzip_bytes(address) for address in scripts)
    bytes_sent = {"brotli": sum(scripts.values()), "gzip": as_gzip, "all": sum(sizes.values())}
    print({**bytes_sent, "shift": round(shift, 4), **times, "load": round(os.getloadavg()[0], 1)})
    assert sum(scripts.values()) < MOST_JAVASCRIPT, scripts
    assert as_gzip < MOST_JAVASCRIPT, scripts
    assert shift < MOST_SHIFT
