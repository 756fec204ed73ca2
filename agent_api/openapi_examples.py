"""Gives each request and each answer of the OpenAPI document an example, where its route or its model has none.

An example is made from the schema: of the values that the fields themselves give as examples or defaults, and else of
one of their form. So it is never out of date.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

_Json = dict[str, Any]

#: By the form of a string.
_FORMS = {
    "uuid": "1f0d3c5e-9a57-4d0c-8f6e-2b7f3f3d9b11",
    "date-time": "2026-11-22T08:00:00Z",
    "date": "2026-11-22",
    "email": "ada@example.com",
    "uri": "https://example.com",
    "binary": "",
}
#: By what a field is called, where its form says nothing.
_NAMES = {
    "slug": "guide",
    "agent": "guide",
    "name": "Guide",
    "email": "ada@example.com",
    "title": "Refund policy",
    "path": "policies/refunds.pdf",
    "text": "We refund within 30 days.",
    "url": "https://example.com",
    "token": "tok_3v9Xw2mQb7TzR1c",
    "instructions": "Answer from the documents.",
}


def fill_in(document: _Json) -> _Json:
    """Add what is missing to ``document``, in place; returns it."""
    schemas: dict[str, _Json] = document.get("components", {}).get("schemas", {})
    for media in _media(document):
        if "example" not in media and "examples" not in media:
            media["example"] = _example(media.get("schema", {}), schemas)
    return document


def _media(document: _Json) -> Iterator[_Json]:
    for operations in document["paths"].values():
        for operation in operations.values():
            bodies = [operation["requestBody"]] if "requestBody" in operation else []
            for body in [*bodies, *operation["responses"].values()]:
                if "application/json" in body.get("content", {}):
                    yield body["content"]["application/json"]


def _example(schema: _Json, schemas: dict[str, _Json], name: str = "", depth: int = 0) -> Any:  # noqa: ANN401 - JSON
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if "example" in schema:
        return schema["example"]
    given = cast("list[Any]", schema.get("examples") or schema.get("enum") or [])
    if given:
        return given[0]
    for fixed in ("const", "default"):
        if fixed in schema and schema[fixed] not in (None, [], {}, ""):
            return schema[fixed]
    alternatives: list[_Json] = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf") or []
    if alternatives:
        return _example(alternatives[0], schemas, name, depth)
    return _of_type(schema, schemas, name, depth)


def _of_type(schema: _Json, schemas: dict[str, _Json], name: str, depth: int) -> Any:  # noqa: ANN401 - JSON
    match schema.get("type"):
        case "object":
            properties: dict[str, _Json] = schema.get("properties", {})
            return {key: _example(part, schemas, key, depth + 1) for key, part in properties.items()}
        case "array":
            # What holds its own kind ends here.
            return [] if depth > 5 else [_example(schema.get("items", {}), schemas, name, depth + 1)]
        case "integer" | "number":
            return max(schema.get("minimum", 0), 1)
        case "boolean":
            return False
        case "string":
            return _text(schema, name)
        case _:
            return {} if depth == 0 else None


def _text(schema: _Json, name: str) -> str:
    if schema.get("format") in _FORMS:
        return _FORMS[schema["format"]]
    return _NAMES.get(name, "words")[: schema.get("maxLength", 1000)]
