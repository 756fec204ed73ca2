"""Nothing that can be set is missing from .env.example, from compose.yaml or from docs/configuration.md."""

import re
from collections import Counter
from typing import Any

import pytest
import yaml

from agent_api.settings import AgentApiSettings
from core.settings import CoreSettings
from rag_pipeline.settings import PipelineSettings
from scripts.operate.configuration_page import EXAMPLE, FIXED, PAGE, ROOT, page, read_example, variables

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
OWN = {"agent-api": AgentApiSettings, "rag-pipeline": PipelineSettings, "rag-pipeline-watch": PipelineSettings}


def test_the_page_is_what_the_settings_say() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python -m scripts.operate.configuration_page"


def test_every_variable_stands_once_in_the_example() -> None:
    names = Counter(item.name for item in read_example())
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("settings", [CoreSettings, AgentApiSettings, PipelineSettings])
def test_the_example_misses_no_setting(settings: type[CoreSettings]) -> None:
    assert set(variables(settings)) - {item.name for item in read_example()} - FIXED == set()


def test_the_example_names_nothing_that_nobody_reads() -> None:
    known = set(variables(AgentApiSettings)) | set(variables(PipelineSettings))
    readers = [
        ROOT / "compose.yaml",
        ROOT / "compose.proxy.yaml",
        *(ROOT / "scripts").glob("*"),
        *(ROOT / "scripts" / "operate").glob("*.sh"),
    ]
    text = "\n".join(path.read_text("utf-8") for path in readers if path.is_file())
    # Compose's own.
    known |= {"COMPOSE_FILE", "COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME"}
    assert [
        item.name for item in read_example() if item.name not in known and not re.search(rf"\b{item.name}\b", text)
    ] == []


@pytest.mark.parametrize("service", OWN)
def test_compose_passes_every_setting_on(service: str) -> None:
    given = set(COMPOSE["services"][service]["environment"])
    wanted = set(variables(OWN[service])) | set(variables(CoreSettings))
    assert wanted - given == set()


def test_everything_that_compose_asks_for_is_in_the_example() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8") + (ROOT / "compose.proxy.yaml").read_text("utf-8")
    asked = set(re.findall(r"\$\{([A-Z][A-Z0-9_]*)", text))
    for service in COMPOSE["services"].values():
        environment: dict[str, str | None] = service.get("environment") or {}
        asked |= {name for name, value in environment.items() if value is None}
    assert asked - {item.name for item in read_example()} == set()


def test_every_default_in_the_example_is_the_real_one() -> None:
    """A commented line shows the default; where a class has one, it is that."""
    fields = variables(PipelineSettings) | variables(AgentApiSettings)
    lines = EXAMPLE.read_text("utf-8").splitlines()
    wrong: list[str] = []
    # Compose chooses another default for these: the container's own folder and form, and sooner than every minute.
    otherwise = {"RAG_WATCH_DIRECTORY", "LOG_FORMAT", "CHECK_INTERVAL", "RAG_PARSE_PROCESSES"}
    for line in lines:
        match = re.match(r"^# ([A-Z][A-Z0-9_]*)=(.+)$", line)
        if match and match[1] in fields and match[1] not in otherwise:
            default = fields[match[1]].get_default(call_default_factory=True)
            shown = {"True": "true", "False": "false"}.get(str(default), str(default))
            numbers = isinstance(default, float) and float(match[2]) == default
            if shown != match[2] and not numbers:
                wrong.append(f"{line} (is {shown})")
    assert wrong == []
