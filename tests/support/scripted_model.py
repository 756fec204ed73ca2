"""A language model for tests: an OpenAI-compatible server on loopback that answers what the question tells it to.

Streams of Anthropic's protocol are spoken too, as far as words go (ANTHROPIC_BASE_URL is the address without `/v1`).

    with scripted_model() as model:
        api = stack.start_agent_api(MODEL="openai-chat:scripted", OPENAI_BASE_URL=model.url, OPENAI_API_KEY="-")

The last user message may hold orders; without any, the answer is a short sentence that repeats the question.

    {{say TEXT}}              answer TEXT, one word a token
    {{call NAME {"a": 1}}}    call that tool first (several: one after another), then answer
    {{words N}}               answer N numbered words
    {{every MS}}              wait so many milliseconds before each token
    {{think TEXT}}            reason aloud before the answer
    {{end REASON}}            end for that reason instead of "stop"
    {{late MS}}               wait so many milliseconds before answering at all
    {{status CODE}}           answer with that HTTP status
    {{fail MODEL CODE}}       answer with that HTTP status when asked as that model
    {{drop N}}                break the connection after N tokens
    {{hold}}                  give the first token, then wait until the client has gone or `release` is called
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_ORDER = re.compile(r"\{\{(\w+)\s*(.*?)\}\}(?!\})", re.DOTALL)


@dataclass
class ScriptedModel:
    """What the server has seen, and the hold it may have on answers."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    aborted: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        """Let every answer that is held go on."""
        self.released.set()

    def wait_for_requests(self, count: int, seconds: float = 10) -> None:
        """Return once so many requests have come in."""
        deadline = time.monotonic() + seconds
        while len(self.requests) < count:
            assert time.monotonic() < deadline, f"{len(self.requests)} of {count} requests after {seconds} s"
            time.sleep(0.01)


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts: list[dict[str, Any]] = content or []
    return " ".join(str(part.get("text", "")) for part in parts)


@dataclass
class _Script:
    """The orders of one request."""

    words: list[str]
    model: str = ""
    call: tuple[str, str] | None = None
    think: str = ""
    every: float = 0
    late: float = 0
    end: str = "stop"
    status: int = 200
    drop: int | None = None
    hold: bool = False

    @classmethod
    def read(cls, messages: list[dict[str, Any]], asked: str = "") -> _Script:
        last_user = max((i for i, m in enumerate(messages) if m["role"] == "user"), default=-1)
        question = _text(messages[last_user]["content"]) if last_user >= 0 else ""
        orders = _ORDER.findall(question)
        called = sum(1 for message in messages[last_user + 1 :] if message.get("tool_calls"))
        calls = [text for name, text in orders if name == "call"]
        values = dict(orders)
        said = values.get("say") or f"You asked: {_ORDER.sub('', question).strip()}"
        script = cls(words=said.split(" "), model=asked)
        if "words" in values:
            script.words = [f"word{i}" for i in range(int(values["words"]))]
        if called < len(calls):
            name, _, arguments = calls[called].partition(" ")
            script.call = (name, arguments + "}" * (arguments.count("{") - arguments.count("}")) or "{}")
        script.think = values.get("think", "")
        script.every = float(values.get("every") or 0) / 1000
        script.late = float(values.get("late") or 0) / 1000
        script.end = values.get("end") or "stop"
        script.status = int(values.get("status") or 200)
        for model, status in (text.split() for name, text in orders if name == "fail"):
            script.status = int(status) if model == asked else script.status
        script.drop = int(values["drop"]) if "drop" in values else None
        script.hold = "hold" in values
        return script


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Each token at once: a second small write would else wait, up to 40 ms, for the reader to acknowledge the first.
    disable_nagle_algorithm = True
    model: ScriptedModel

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""

    def do_GET(self) -> None:
        self._send_json(200, {"object": "list", "data": [{"id": "scripted", "object": "model"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.endswith("/embeddings"):
            texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
            data = [{"object": "embedding", "index": i, "embedding": [0.0] * 383 + [1.0]} for i, _ in enumerate(texts)]
            self._send_json(200, {"object": "list", "data": data, "model": "scripted", "usage": _usage(1, 0)})
            return
        self.model.requests.append(body)
        script = _Script.read(body["messages"], body["model"])
        time.sleep(script.late)
        if script.status != 200:
            secret = {"error": {"message": "the key sk-very-secret was refused", "type": "scripted", "code": None}}
            self._send_json(script.status, secret)
        elif body.get("stream"):
            try:
                if self.path.endswith("/messages"):
                    self._stream_of_anthropic(script)
                else:
                    self._stream(script)
            except (BrokenPipeError, ConnectionResetError):
                self.model.aborted += 1
                self.close_connection = True
        else:
            self._send_json(200, _whole(script))

    def _send_json(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, script: _Script) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if script.think:
            self._event({"delta": {"reasoning_content": script.think}})
        if script.call:
            name, arguments = script.call
            call = {"index": 0, "id": f"call_{time.monotonic_ns()}", "type": "function"}
            self._event({"delta": {"tool_calls": [call | {"function": {"name": name, "arguments": arguments}}]}})
            self._end("tool_calls", 1)
            return
        for i, word in enumerate(script.words):
            if script.every:
                time.sleep(script.every)
            if script.drop == i:
                self.close_connection = True
                return
            self._event({"delta": {"role": "assistant", "content": word if i == 0 else f" {word}"}})
            if script.hold and i == 0:
                self._hold()
        self._end(script.end, len(script.words))

    def _stream_of_anthropic(self, script: _Script) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        usage = {"input_tokens": 2, "cache_creation_input_tokens": 8, "cache_read_input_tokens": 0, "output_tokens": 1}
        message: dict[str, Any] = {"id": "msg_scripted", "type": "message", "role": "assistant", "model": script.model}
        message |= {"content": [], "stop_reason": None, "stop_sequence": None}
        self._named("message_start", message=message | {"usage": usage})
        self._named("content_block_start", index=0, content_block={"type": "text", "text": ""})
        for i, word in enumerate(script.words):
            self._named("content_block_delta", index=0, delta={"type": "text_delta", "text": f" {word}" if i else word})
        self._named("content_block_stop", index=0)
        delta = {"stop_reason": "end_turn", "stop_sequence": None}
        self._named("message_delta", delta=delta, usage={"output_tokens": len(script.words)})
        self._named("message_stop")
        self.wfile.write(b"0\r\n\r\n")

    def _named(self, name: str, **content: Any) -> None:
        self._chunk(f"event: {name}\ndata: {json.dumps({'type': name, **content})}\n\n")

    def _hold(self) -> None:
        # A comment now and then: how a server finds out that its client has gone.
        while not self.model.released.wait(0.05):
            self._chunk(": waiting\n\n")

    def _event(self, choice: dict[str, Any], **more: Any) -> None:
        choice = {"index": 0, "finish_reason": None, **choice}
        event = {"id": "scripted", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
        self._chunk(f"data: {json.dumps({**event, 'choices': [choice], **more})}\n\n")

    def _end(self, reason: str, tokens: int) -> None:
        self._event({"delta": {}, "finish_reason": reason}, usage=_usage(10, tokens))
        self._chunk("data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()


def _usage(prompt: int, completion: int) -> dict[str, int]:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _whole(script: _Script) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": " ".join(script.words)}
    reason = "stop"
    if script.call:
        name, arguments = script.call
        call = {"id": f"call_{time.monotonic_ns()}", "type": "function"}
        message = {"role": "assistant", "content": None}
        message["tool_calls"] = [call | {"function": {"name": name, "arguments": arguments}}]
        reason = "tool_calls"
    choice = {"index": 0, "message": message, "finish_reason": reason}
    whole = {"id": "scripted", "object": "chat.completion", "created": 1, "model": "scripted", "choices": [choice]}
    return whole | {"usage": _usage(10, len(script.words))}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


@contextlib.contextmanager
def scripted_model() -> Generator[ScriptedModel]:
    """A server on a free port of loopback, gone afterwards."""
    handler = type("Handler", (_Handler,), {})
    server = _Server(("127.0.0.1", 0), handler)
    model = ScriptedModel(f"http://127.0.0.1:{server.server_address[1]}/v1")
    handler.model = model
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="scripted model", daemon=True)
    thread.start()
    try:
        yield model
    finally:
        model.release()
        server.shutdown()
        server.server_close()
        thread.join(5)
