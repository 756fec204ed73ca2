"""The discovery document as the judge of requests and answers.

The client library ships the document that Google generates its own reference from; the server reads that very file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import unquote

from pydantic import JsonValue, TypeAdapter

from tests.support.drive_server.problems import DriveProblem

JsonObject = dict[str, JsonValue]

_DOCUMENT = TypeAdapter(JsonObject)
_DATE_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")


@dataclass(frozen=True)
class Method:
    """One method of the API: its identifier, where it listens, what it takes and what it answers with."""

    id: str
    verb: str
    pattern: re.Pattern[str]
    parameters: dict[str, JsonObject]
    response: str | None


def member(value: JsonValue, name: str) -> JsonObject:
    """The object under ``name``, or an empty one."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


@cache
def document() -> JsonObject:
    """The discovery document of Drive v3 that the installed client library uses."""
    source = files("googleapiclient.discovery_cache.documents") / "drive.v3.json"
    return _DOCUMENT.validate_python(json.loads(source.read_text()))


@cache
def methods() -> tuple[Method, ...]:
    """Every method of the API."""
    found: list[Method] = []
    for resource in member(document(), "resources").values():
        for spec in member(resource, "methods").values():
            path = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", str(member({"": spec}, "")["path"]))
            one = member({"": spec}, "")
            response = member(one, "response").get("$ref")
            found.append(
                Method(
                    id=str(one["id"]),
                    verb=str(one["httpMethod"]),
                    pattern=re.compile(f"/drive/v3/{path}"),
                    parameters={name: member({"": value}, "") for name, value in member(one, "parameters").items()},
                    response=None if response is None else str(response),
                )
            )
    return tuple(found)


def route(verb: str, path: str) -> tuple[Method, dict[str, str]]:
    """Find the method for a request.

    Raises:
        DriveProblem: The API has no such method.
    """
    for method in methods():
        matched = method.pattern.fullmatch(path)
        if matched and method.verb == verb:
            return method, {name: unquote(value) for name, value in matched.groupdict().items()}
    raise DriveProblem(404, "notFound", f"No method for {verb} {path}")


def check_parameters(method: Method, query: dict[str, str]) -> None:
    """Refuse parameters that the method does not have, or whose value is not of their type.

    Raises:
        DriveProblem: 400, as Google answers.
    """
    shared = member(document(), "parameters")
    for name, value in query.items():
        spec = method.parameters.get(name) or member(shared, name)
        if not spec:
            raise DriveProblem(400, "badRequest", f'Invalid JSON payload received. Unknown name "{name}"')
        kind = spec.get("type")
        if kind == "boolean" and value not in {"true", "false"}:
            raise DriveProblem(400, "invalidParameter", f"Invalid boolean value: '{value}'.", location=name)
        if kind == "integer" and not value.lstrip("-").isdigit():
            raise DriveProblem(400, "invalidParameter", f"Invalid integer value: '{value}'.", location=name)
    missing = [
        name
        for name, spec in method.parameters.items()
        if spec.get("required") and spec.get("location") == "query" and name not in query
    ]
    if missing:
        raise DriveProblem(400, "required", f"Required parameter: {missing[0]}", location=missing[0])


def schema(name: str) -> JsonObject:
    """The schema ``name``."""
    return member(member(document(), "schemas"), name)


def resolve(spec: JsonObject) -> JsonObject:
    """``spec`` itself, or the schema that it refers to."""
    reference = spec.get("$ref")
    return schema(reference) if isinstance(reference, str) else spec


def check_value(value: JsonValue, spec: JsonObject, place: str) -> None:
    """Assert that ``value`` has the shape of ``spec``: known members only, and each of its type.

    Raises:
        AssertionError: The server under test would answer what Google never answers.
    """
    spec = resolve(spec)
    kind = spec.get("type")
    if kind == "object":
        assert isinstance(value, dict), f"{place}: {value!r} is no object"
        properties = member(spec, "properties")
        extra = member(spec, "additionalProperties")
        for name, inner in value.items():
            assert name in properties or extra, f"{place}.{name} is not in the schema"
            check_value(inner, member(properties, name) or extra, f"{place}.{name}")
    elif kind == "array":
        assert isinstance(value, list), f"{place}: {value!r} is no array"
        for inner in value:
            check_value(inner, member(spec, "items"), f"{place}[]")
    elif kind == "string":
        assert isinstance(value, str), f"{place}: {value!r} is no string"
        _check_format(value, spec.get("format"), place)
    elif kind == "boolean":
        assert isinstance(value, bool), f"{place}: {value!r} is no boolean"
    elif kind == "integer":
        assert isinstance(value, int), f"{place}: {value!r} is no integer"


def _check_format(value: str, name: JsonValue, place: str) -> None:
    if name == "int64":
        assert value.lstrip("-").isdigit(), f"{place}: {value!r} is no 64-bit integer"
    if name == "date-time":
        assert _DATE_TIME.match(value), f"{place}: {value!r} is no RFC 3339 time"
