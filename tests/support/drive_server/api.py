"""One request in, one answer out: routes, checks against the discovery document, errors and faults."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from tests.support.drive_server import discovery
from tests.support.drive_server.faults import Fault, Faults
from tests.support.drive_server.feeds import Feeds
from tests.support.drive_server.fields import check_fields, parse_fields, select
from tests.support.drive_server.methods import Methods
from tests.support.drive_server.oauth import Tokens
from tests.support.drive_server.problems import DriveProblem, TokenProblem
from tests.support.drive_server.rendering import render_file


@dataclass(frozen=True)
class Answer:
    """What is sent back."""

    status: int
    body: bytes
    headers: dict[str, str]


@dataclass
class Api:
    """The API without its HTTP server. ``person`` is who consents at the authorization endpoint."""

    methods: Methods
    feeds: Feeds
    tokens: Tokens
    faults: Faults
    person: str
    calls: Counter[str] = field(default_factory=Counter[str])
    broken: list[str] = field(default_factory=list[str])

    def answer(self, verb: str, target: str, headers: dict[str, str], body: bytes) -> tuple[Answer, Fault | None]:
        """Answer one request; the fault says what to do to the connection."""
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        name = "token"
        try:
            if parts.path == "/token":
                fault = self._count("token", None)
                if fault is not None and fault.effect == "answer":
                    raise fault.problem()
                return self._json(200, self.tokens.exchange(dict(parse_qsl(body.decode())))), fault
            if parts.path == "/auth":
                return Answer(302, b"", {"Location": self.tokens.authorize(query, self.person)}), None
            method, path = discovery.route(verb, parts.path)
            name = f"{method.id}.media" if query.get("alt") == "media" and method.id == "drive.files.get" else method.id
            fault = self._count(name, path.get("fileId"))
            if fault is not None and fault.effect == "answer":
                raise fault.problem()
            discovery.check_parameters(method, query)
            account = self.tokens.account_of(headers.get("authorization"))
            with self.methods.store.lock:
                return self._call(method, name, path, query, account, headers), fault
        except DriveProblem as problem:
            return self._json(problem.status, problem.body(), problem.headers), None
        except TokenProblem as problem:
            return self._json(problem.status, problem.body()), None
        except AssertionError as error:
            self.broken.append(f"{name}: {error}")
            return self._json(500, {"error": {"code": 500, "message": str(error)}}), None

    def _count(self, name: str, file_id: str | None) -> Fault | None:
        self.calls[name] += 1
        return self.faults.next(name, file_id)

    def _call(
        self,
        method: discovery.Method,
        name: str,
        path: dict[str, str],
        query: dict[str, str],
        account: str,
        headers: dict[str, str],
    ) -> Answer:
        keys = dict(pair.split("/", 1) for pair in headers.get("x-goog-drive-resource-keys", "").split(",") if pair)
        mask = parse_fields(query.get("fields", "*"))
        if method.response is not None:
            check_fields(mask, discovery.schema(method.response))
        methods = self.methods
        if name == "drive.files.get.media":
            content = methods.download(methods.visible(path["fileId"], account, query, keys))
            return self._bytes(content, headers.get("range"))
        if name == "drive.files.export":
            query |= {"supportsAllDrives": "true"}
            return self._bytes(methods.export(methods.visible(path["fileId"], account, query, keys), query["mimeType"]))
        answer = self._document(name, path, query, account, keys)
        discovery.check_value(answer, {"$ref": method.response or ""}, name)
        shown = select(answer, mask)
        if "fields" not in query and name == "drive.files.get":
            shown = select(answer, parse_fields("kind,id,name,mimeType"))
        assert isinstance(shown, dict)
        return self._json(200, shown)

    def _document(
        self, name: str, path: dict[str, str], query: dict[str, str], account: str, keys: dict[str, str]
    ) -> discovery.JsonObject:
        methods = self.methods
        match name:
            case "drive.files.list":
                return methods.list_files(account, query)
            case "drive.files.get":
                return render_file(methods.store, methods.visible(path["fileId"], account, query, keys), account)
            case "drive.permissions.list":
                return methods.list_permissions(methods.visible(path["fileId"], account, query, keys), account, query)
            case "drive.drives.get":
                return methods.drive(account, path["driveId"])
            case "drive.changes.getStartPageToken":
                return self.feeds.start_page_token(account, query)
            case "drive.changes.list":
                return self.feeds.list_changes(account, query)
            case _:
                raise AssertionError(f"{name} is not part of this server")

    def _bytes(self, content: bytes, wanted: str | None = None) -> Answer:
        headers = {"Content-Type": "application/octet-stream"}
        if wanted is None:
            return Answer(200, content, headers)
        first, last = wanted.removeprefix("bytes=").split("-")
        start, end = int(first), min(int(last) + 1 if last else len(content), len(content))
        if start >= len(content):
            headers["Content-Range"] = f"bytes */{len(content)}"
            return Answer(416, b"", headers)
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(content)}"
        return Answer(206, content[start:end], headers)

    def _json(self, status: int, body: discovery.JsonObject, headers: dict[str, str] | None = None) -> Answer:
        return Answer(
            status,
            json.dumps(body).encode(),
            {"Content-Type": "application/json; charset=UTF-8", **(headers or {})},
        )
