"""A public corpus that is on every machine with Python: the documentation strings of its standard library.

One Markdown file for each of some modules, as a person would find it in a handbook: the module's text, then a section
for each public class and function. Written by Python's authors, under the Python Software Foundation License.
"""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

MODULES = """
argparse bisect calendar colorsys configparser contextlib copy csv datetime decimal difflib fnmatch fractions
functools getpass glob graphlib gzip hashlib heapq hmac html imaplib ipaddress itertools json linecache locale
logging mailbox mimetypes netrc optparse pathlib pickle platform plistlib poplib pprint queue quopri random
sched secrets selectors shelve shlex shutil smtplib sqlite3 statistics string struct subprocess tarfile
tempfile textwrap threading timeit tokenize trace types typing urllib.parse urllib.robotparser uuid wave
weakref webbrowser zipfile
""".split()  # noqa: SIM905 - a list of words is read best as one
_LONGEST = 6_000


def write_corpus(folder: Path) -> list[Path]:
    """Write the corpus into ``folder``; the files in order."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name in MODULES:
        path = folder / f"{name}.md"
        path.write_text(describe(name), "utf-8")
        written.append(path)
    return written


def describe(name: str) -> str:
    """A module as a page of a handbook."""
    module = importlib.import_module(name)
    parts = [f"# {name}", inspect.getdoc(module) or ""]
    for member, value in sorted(inspect.getmembers(module)):
        if member.startswith("_") or not (inspect.isclass(value) or inspect.isroutine(value)):
            continue
        if not str(getattr(value, "__module__", "")).startswith((name, f"_{name}")):
            continue
        text = inspect.getdoc(value)
        if text and text not in parts:
            parts += [f"## {name}.{member}", text]
        if inspect.isclass(value):
            parts += _methods(name, value)
    return "\n\n".join(parts)[: 5 * _LONGEST] + "\n"


def _methods(module: str, owner: type) -> list[str]:
    parts: list[str] = []
    for name, value in sorted(vars(owner).items()):
        text = None if name.startswith("_") or not callable(value) else inspect.getdoc(value)
        if text:
            parts += [f"### {module}.{owner.__name__}.{name}", text]
    return "".join(part + "\n\n" for part in parts)[:_LONGEST].split("\n\n") if parts else []
