"""The ``fields`` parameter: which parts of an answer the caller wants."""

from __future__ import annotations

from pydantic import JsonValue

from tests.support.drive_server.discovery import JsonObject, member, resolve
from tests.support.drive_server.problems import DriveProblem

Mask = dict[str, "Mask"]


def parse_fields(text: str) -> Mask:
    """Read a mask such as ``nextPageToken,files(id,permissions/id)``; an empty mask below a name means all of it.

    Raises:
        DriveProblem: The mask is not well formed.
    """
    mask, rest = _parse_list(text.replace(" ", ""))
    if rest:
        raise _invalid(text)
    return mask


def _parse_list(text: str) -> tuple[Mask, str]:
    mask: Mask = {}
    while True:
        end = next((index for index, sign in enumerate(text) if sign in "(),/"), len(text))
        name, text = text[:end], text[end:]
        if not name:
            raise _invalid(text)
        inner = mask.setdefault(name, {})
        while text.startswith("/"):
            end = next((index for index, sign in enumerate(text[1:], 1) if sign in "(),/"), len(text))
            inner = inner.setdefault(text[1:end], {})
            text = text[end:]
        if text.startswith("("):
            below, text = _parse_list(text[1:])
            if not text.startswith(")"):
                raise _invalid(text)
            inner.update(below)
            text = text[1:]
        if not text.startswith(","):
            return mask, text
        text = text[1:]


def check_fields(mask: Mask, spec: JsonObject) -> None:
    """Refuse names that the schema does not have, as Drive does.

    Raises:
        DriveProblem: 400 with the first name that is not known.
    """
    spec = resolve(spec)
    if spec.get("type") == "array":
        return check_fields(mask, member(spec, "items"))
    properties = member(spec, "properties")
    for name, below in mask.items():
        if name == "*":
            continue
        if name not in properties:
            raise _invalid(name)
        if below:
            check_fields(below, member(properties, name))
    return None


def select(value: JsonValue, mask: Mask) -> JsonValue:
    """The parts of ``value`` that ``mask`` asks for."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [select(inner, mask) for inner in value]
    if isinstance(value, dict):
        return {name: select(inner, mask[name]) for name, inner in value.items() if name in mask}
    return value


def _invalid(name: str) -> DriveProblem:
    return DriveProblem(400, "invalidParameter", f"Invalid field selection {name}", location="fields")
