"""A conversation of 2,000 messages opens at once, scrolls and streams. Run with `-s` to see the figures."""

import json
import time
import urllib.request
import uuid
from typing import Any

from playwright.sync_api import expect

from tests.e2e.pages.app import App
from tests.support.running_roost import RunningRoost

MESSAGES = 2_000
BATCH = 400

ANSWER = (
    "Hens like **quiet** corners, `straw` and the company of others. " * 4
    + "\n\n- one thing\n- another thing\n\n| Hen | Eggs |\n| - | - |\n| Berta | 4 |\n"
)
_FRAMES = """async (ms) => {
  const frames = []
  let last = performance.now()
  const end = last + ms
  await new Promise((done) => requestAnimationFrame(function next(now) {
    frames.push(now - last)
    last = now
    now < end ? requestAnimationFrame(next) : done()
  }))
  frames.sort((a, b) => a - b)
  const at = (share) => Math.round(frames[Math.floor((frames.length - 1) * share)])
  return { frames: frames.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) }
}"""
_SCROLL_UP = """async ([steps, pixels]) => {
  const log = document.querySelector('[role=log]')
  for (let step = 0; step < steps; step++) {
    log.scrollTop -= pixels
    await new Promise(requestAnimationFrame)
  }
}"""


def write(served: RunningRoost, method: str, path: str, body: Any) -> None:
    """Write to the database past everything, as only a test does."""
    key = served.environment["SUPABASE_SERVICE_KEY"]
    headers = {"apikey": key, "Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(served.url + path, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request, timeout=60):
        pass


def make_conversation(served: RunningRoost, user_id: str) -> str:
    """A conversation of questions and answers in turn; its id."""
    conversation = uuid.uuid4().hex[:16]
    write(served, "POST", "/rest/v1/conversations", {"id": conversation, "user_id": user_id, "title": "Two thousand"})
    messages = [
        {
            "conversation_id": conversation,
            "id": f"m{i}",
            "parent_id": f"m{i - 1}" if i else None,
            "role": "assistant" if i % 2 else "user",
            "parts": [{"type": "text", "text": ANSWER if i % 2 else f"Question {i}"}],
        }
        for i in range(MESSAGES)
    ]
    for start in range(0, MESSAGES, BATCH):
        write(served, "POST", "/rest/v1/messages", messages[start : start + BATCH])
    write(served, "PATCH", f"/rest/v1/conversations?id=eq.{conversation}", {"head_id": f"m{MESSAGES - 1}"})
    return conversation


def test_two_thousand_messages(ada: App, served: RunningRoost) -> None:
    user_id = ada.page.evaluate("JSON.parse(localStorage.getItem('roost-session')).user.id")
    conversation = make_conversation(served, user_id)

    began = time.monotonic()
    ada.page.goto(f"/c/{conversation}")
    expect(ada.chat.answers.last).to_contain_text("Berta")
    opened = time.monotonic() - began
    articles = ada.page.locator("article")
    drawn_at_first = articles.count()

    ada.page.evaluate(f"window.measured = ({_FRAMES})(3000)")
    ada.page.evaluate(_SCROLL_UP, [120, 150])
    scrolling = ada.page.evaluate("window.measured")
    expect(articles.nth(drawn_at_first)).to_be_attached()

    ada.page.evaluate(f"window.measured = ({_FRAMES})(3000)")
    ada.chat.ask("{{words 150}} {{every 20}}")
    streaming = ada.page.evaluate("window.measured")
    expect(ada.chat.answers.last).to_contain_text("word149", timeout=60_000)

    print({"opened_s": round(opened, 2), "scrolling_ms": scrolling, "streaming_ms": streaming})
    assert drawn_at_first < 100, "only the newest messages are drawn at first"
