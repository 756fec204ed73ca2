"""An agent as one YAML file: what it is called and what it does, to be kept, compared and carried elsewhere.

Who may use it is not in the file: people and groups are those of one Roost.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from agent_api.agents.schemas import Agent, AgentRequest, Deployment, DeploymentRequest, Description, Name, Slug
from core.errors import TooLarge, Unprocessable

MEDIA_TYPE = "application/yaml"
#: Characters of a file at most.
_LONGEST = 1_000_000
_FORMAT = 1
_BREAKS = re.compile("[\r\x85\u2028\u2029]")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    roost_agent: int
    slug: Slug
    name: Name
    description: Description = ""
    deployment: DeploymentRequest | None = None


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as such, and keeps the order of names."""


class _Loader(yaml.SafeLoader):
    """Reads plain values only. Aliases are refused: by them a few lines can stand for billions."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:  # noqa: ANN401
        """Read one node."""
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not read here")
        return super().compose_node(parent, index)


def _represent_text(_: yaml.SafeDumper, text: str) -> yaml.Node:
    # What ends a line for YAML is read back as it was only in quotation marks, where it is escaped.
    style = '"' if _BREAKS.search(text) else "|" if "\n" in text else None
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def export_agent(agent: Agent, deployment: Deployment | None) -> str:
    """The file of an agent with one of its deployments."""
    content: dict[str, Any] = {
        "roost_agent": _FORMAT,
        "slug": agent.slug,
        "name": agent.name,
        "description": agent.description,
    }
    if deployment is not None:
        content["deployment"] = deployment.model_dump(mode="json", exclude={"number", "created_by", "created_at"})
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)


def read_agent(text: str) -> AgentRequest:
    """The agent that a file describes.

    Raises:
        TooLarge: The file is longer than any agent.
        Unprocessable: It is not YAML, or not an agent; the detail says where.
    """
    if len(text) > _LONGEST:
        raise TooLarge(f"The file is longer than {_LONGEST:,} characters.")
    try:
        content: object = yaml.load(text, _Loader)  # noqa: S506 - a safe loader that reads less than the safe one
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise Unprocessable(f"The file is not YAML that can be read here{place}.", slug="file-not-readable") from error
    try:
        file = _File.model_validate(content)
    except (ValidationError, RecursionError) as error:
        raise Unprocessable(
            f"The file does not describe an agent: {_first(error)}", slug="file-not-an-agent"
        ) from error
    if file.roost_agent != _FORMAT:
        raise Unprocessable(
            f"The file is of format {file.roost_agent}; this version reads {_FORMAT}.", slug="file-not-an-agent"
        )
    return AgentRequest(slug=file.slug, name=file.name, description=file.description, deployment=file.deployment)


def _first(error: ValidationError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply."
    item = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(str(part) for part in item['loc']) or 'the whole'}: {item['msg']}."
