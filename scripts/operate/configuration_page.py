"""Write docs/configuration.md: `python -m scripts.operate.configuration_page`.

A settings class says type, limits, default and purpose of what its service reads; .env.example says the same of what
only Compose, Caddy, the database and the scripts read.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import annotated_types
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from agent_api.assistant.settings import AssistantSettings
from agent_api.settings import AgentApiSettings
from core.settings import CoreSettings
from rag_pipeline.settings import PipelineSettings

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "configuration.md"
EXAMPLE = ROOT / ".env.example"

#: Set by the images and compose.yaml themselves: what they say inside a container is no choice of a person's.
FIXED = frozenset({"AGENT_API_HOST", "AGENT_API_PORT", "UPLOADS_DIRECTORY", "RAG_STATE_DIRECTORY", "RUN_MODE"})

_INTRODUCTION = """\
# Configuration

<!-- Made from the settings classes and .env.example by `python -m scripts.operate.configuration_page`. -->

Everything is set by environment variables. With `docker compose up` and `./scripts/dev` they stand in `.env` beside the
README; `.env.example` has each of them once, with when to change it. The environment comes first, then `.env`, then
(for the pipeline) `rag_pipeline.toml`, then the default. An empty variable counts as unset. A value that is wrong stops
the service with the variable's name, and so does a known default secret; the value itself is never shown.
"""

_COMPOSE = """\
## Compose, Caddy, the database, the scripts

Read by `compose.yaml` and `scripts/`, not by the services themselves.
"""


@dataclass(frozen=True)
class Example:
    """One variable of .env.example: is it set there, to what, and what is said of it."""

    name: str
    value: str
    text: str


def read_example() -> list[Example]:
    """The variables of .env.example in their order. A comment counts for all variables below it up to the next one."""
    found: list[Example] = []
    comment: list[str] = []
    after_variable = True
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if match := re.match(r"^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$", line):
            found.append(Example(match[1], match[2], " ".join(comment)))
            after_variable = True
        elif line.startswith("# ") and not line.startswith("# ---"):
            if after_variable:
                comment = []
            comment.append(line.removeprefix("# "))
            after_variable = False
        else:
            comment = []
    return found


def cell(text: str) -> str:
    """Text for a table's cell."""
    return text.replace("|", "\\|")


def variables(settings: type[BaseSettings]) -> dict[str, FieldInfo]:
    """What a settings class reads, by the variable's name."""
    return {name.upper(): field for name, field in settings.model_fields.items()}


def type_of(annotation: Any) -> str:  # noqa: ANN401 - an annotation may be anything
    """A type in a person's words."""
    origin = typing.get_origin(annotation)
    parts = typing.get_args(annotation)
    if origin is typing.Annotated:
        return type_of(parts[0])
    if origin in (typing.Union, types.UnionType):
        return " or ".join(type_of(part) for part in parts if part is not type(None))
    if origin is typing.Literal:
        return " \\| ".join(f"`{part}`" for part in parts)
    if origin is dict:
        return "JSON"
    names = {str: "text", int: "whole number", float: "number", bool: "true or false", SecretStr: "secret"}
    return names.get(annotation) or {"HttpUrl": "address", "Path": "path"}.get(
        getattr(annotation, "__name__", ""), str(annotation)
    )


def limits_of(field: FieldInfo) -> str:
    """The range of a number, as far as there is one."""
    said: list[str] = []
    for item in field.metadata:
        if isinstance(item, annotated_types.Ge):
            said.append(f"≥ {item.ge}")
        elif isinstance(item, annotated_types.Gt):
            said.append(f"> {item.gt}")
        elif isinstance(item, annotated_types.Le):
            said.append(f"≤ {item.le}")
    return ", ".join(said)


def default_of(field: FieldInfo) -> str:
    """The default, for a table."""
    if field.is_required():
        return "**required**"
    if field.default_factory is not None:
        return "of the machine" if field.default is PydanticUndefined and field.annotation is int else "none"
    if field.default is None or field.default == "":
        return "none"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return f"`{field.default}`"


def rows(fields: dict[str, FieldInfo]) -> Iterator[str]:
    """A table of variables."""
    yield "| variable | type | default | what it is |"
    yield "| --- | --- | --- | --- |"
    for name, field in fields.items():
        kind = ", ".join(filter(None, (type_of(field.annotation), limits_of(field))))
        text = cell(field.description or "")
        fixed = " *Set by the container.*" if name in FIXED else ""
        yield f"| `{name}` | {kind} | {default_of(field)} | {text}{fixed} |"


def page() -> str:
    """The whole page."""
    core, assistant = variables(CoreSettings), variables(AssistantSettings)
    api, pipeline = variables(AgentApiSettings), variables(PipelineSettings)
    sections = [
        ("Both services", "`core/settings.py`", core),
        ("Agents", "`agent_api/assistant/settings.py`", {n: f for n, f in assistant.items() if n not in core}),
        ("The agent API", "`agent_api/settings.py`", {n: f for n, f in api.items() if n not in assistant}),
        ("The pipeline", "`rag_pipeline/settings.py`", {n: f for n, f in pipeline.items() if n not in core}),
    ]
    lines = [_INTRODUCTION]
    for title, where, fields in sections:
        lines += [f"## {title}", "", f"From {where}.", "", *rows(fields), ""]
    known = core | assistant | api | pipeline
    lines += [_COMPOSE, "| variable | example or default | what it is |", "| --- | --- | --- |"]
    for item in read_example():
        if item.name not in known:
            value = f"`{item.value}`" if item.value else ""
            lines.append(f"| `{item.name}` | {value} | {cell(item.text)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
