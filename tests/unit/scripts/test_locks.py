"""requirements/*.txt are what `scripts/lock` makes of pyproject.toml."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
LOCKS = ["agent-api", "rag-pipeline", "embedded", "node", "installer", "dev"]
PINNED = re.compile(r"^([a-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(group: str) -> set[str]:
    """The names of a dependency group, included groups too."""
    groups: dict[str, list[Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    names: set[str] = set()
    for entry in groups[group]:
        if isinstance(entry, str):
            names.add(normal(re.split(r"[\[=<>~!; ]", entry, maxsplit=1)[0]))
        else:
            names |= wanted(entry["include-group"])
    return names


def locked(group: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{group}.txt").read_text()
    return {normal(name): version for name, version in PINNED.findall(text)}


@pytest.mark.parametrize("group", LOCKS)
def test_every_dependency_is_locked(group: str) -> None:
    missing = wanted(group) - locked(group).keys()

    assert not missing, f"run scripts/lock: {missing} of group {group} are not in requirements/{group}.txt"


@pytest.mark.parametrize("group", ["agent-api", "rag-pipeline", "embedded"])
def test_locks_agree_with_the_developers(group: str) -> None:
    everything = locked("dev")

    assert {name: version for name, version in locked(group).items() if everything.get(name) != version} == {}


@pytest.mark.parametrize("group", LOCKS)
def test_locks_have_hashes_and_name_no_place(group: str) -> None:
    text = (ROOT / "requirements" / f"{group}.txt").read_text()

    assert text.count("--hash=sha256:") >= len(locked(group))
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
