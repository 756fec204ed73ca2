"""The ``q`` parameter of files.list: the part of Drive's search language that a watcher needs."""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic import JsonValue

from tests.support.drive_server.discovery import JsonObject
from tests.support.drive_server.problems import DriveProblem

Predicate = Callable[[JsonObject], bool]

_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:\\.|[^'\\])*')|(?P<word>[A-Za-z]+)|(?P<sign>!=|=|\(|\)))")
_TERMS = {"name", "mimeType", "trashed"}


class _Reader:
    """A recursive-descent reader: ``or`` binds weaker than ``and``, ``not`` binds strongest."""

    def __init__(self, text: str) -> None:
        self._tokens: list[str] = []
        place = 0
        text = text.rstrip()
        while place < len(text):
            matched = _TOKEN.match(text, place)
            if matched is None:
                raise _invalid()
            self._tokens.append(matched.group().strip())
            place = matched.end()

    def take(self) -> str:
        if not self._tokens:
            raise _invalid()
        return self._tokens.pop(0)

    def accept(self, token: str) -> bool:
        if self._tokens and self._tokens[0] == token:
            self._tokens.pop(0)
            return True
        return False

    def expect(self, token: str) -> None:
        if self.take() != token:
            raise _invalid()

    def either(self) -> Predicate:
        left = self.both()
        while self.accept("or"):
            left = _or(left, self.both())
        return left

    def both(self) -> Predicate:
        left = self.one()
        while self.accept("and"):
            left = _and(left, self.one())
        return left

    def one(self) -> Predicate:
        if self.accept("not"):
            inner = self.one()
            return lambda item: not inner(item)
        if self.accept("("):
            inner = self.either()
            self.expect(")")
            return inner
        token = self.take()
        if token.startswith("'"):
            self.expect("in")
            self.expect("parents")
            return _has_parent(_unquote(token))
        return self._compare(token)

    def _compare(self, term: str) -> Predicate:
        if term not in _TERMS:
            raise _invalid()
        operator = self.take()
        raw = self.take()
        wanted: JsonValue = _unquote(raw) if raw.startswith("'") else {"true": True, "false": False}.get(raw)
        if wanted is None:
            raise _invalid()
        if operator == "=":
            return lambda item: item.get(term) == wanted
        if operator == "!=":
            return lambda item: item.get(term) != wanted
        if operator == "contains":
            return lambda item: str(wanted).lower() in str(item.get(term)).lower()
        raise _invalid()

    def finished(self) -> bool:
        return not self._tokens


def parse_query(text: str) -> Predicate:
    """Make a test for files out of ``text``.

    Raises:
        DriveProblem: The text is not in the language.
    """
    reader = _Reader(text)
    predicate = reader.either()
    if not reader.finished():
        raise _invalid()
    return predicate


def _and(left: Predicate, right: Predicate) -> Predicate:
    return lambda item: left(item) and right(item)


def _or(left: Predicate, right: Predicate) -> Predicate:
    return lambda item: left(item) or right(item)


def _has_parent(identifier: str) -> Predicate:
    def test(item: JsonObject) -> bool:
        parents = item.get("parents")
        return isinstance(parents, list) and identifier in parents

    return test


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _invalid() -> DriveProblem:
    return DriveProblem(400, "invalid", "Invalid Value", location="q")
