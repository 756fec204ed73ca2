"""`.roostignore`: what of a folder is left out, in the notation of `.gitignore`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

IGNORE_FILE = ".roostignore"


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    folders_only: bool
    leaves_out: bool


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rules of one file, in order: the last one that matches decides."""

    rules: tuple[_Rule, ...] = ()

    @classmethod
    def read(cls, path: Path) -> IgnoreRules:
        """The rules in ``path``; none where there is no such file."""
        try:
            text = path.read_text("utf-8", "replace")
        except OSError:
            return cls()
        return cls(tuple(rule for line in text.splitlines() if (rule := _parse(line))))

    def leaves_out(self, path: str, *, is_folder: bool) -> bool:
        """Whether ``path`` (relative, with slashes) is left out. Call for each folder before what is in it."""
        decided = False
        for rule in self.rules:
            if (is_folder or not rule.folders_only) and rule.pattern.fullmatch(path):
                decided = rule.leaves_out
        return decided


def _parse(line: str) -> _Rule | None:
    line = line.rstrip()
    if not line or line.startswith("#"):
        return None
    leaves_out = not line.startswith("!")
    line = line.removeprefix("!").removeprefix("\\")
    folders_only = line.endswith("/")
    line = line.rstrip("/")
    if not line:
        return None
    anchored = "/" in line
    expression = _translate(line.lstrip("/"))
    return _Rule(re.compile(expression if anchored else f"(?:.*/)?{expression}"), folders_only, leaves_out)


@lru_cache(maxsize=256)
def _translate(glob: str) -> str:
    out = ""
    at = 0
    while at < len(glob):
        if glob.startswith("**/", at):
            out += "(?:.*/)?"
            at += 3
        elif glob.startswith("**", at):
            out += ".*"
            at += 2
        elif glob[at] == "*":
            out += "[^/]*"
            at += 1
        elif glob[at] == "?":
            out += "[^/]"
            at += 1
        elif glob[at] == "[" and (end := glob.find("]", at + 2)) > 0:
            inside = glob[at + 1 : end].replace("\\", "\\\\")
            out += f"[^{inside[1:]}]" if inside.startswith("!") else f"[{inside}]"
            at = end + 1
        else:
            out += re.escape(glob[at])
            at += 1
    return out
