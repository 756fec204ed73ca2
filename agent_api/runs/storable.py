"""Texts that cannot be stored: Postgres takes neither NUL nor half a pair of surrogates, and models write both."""

from __future__ import annotations

import re
from typing import Any, cast

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_INSTEAD = "\N{REPLACEMENT CHARACTER}"


def storable(value: Any) -> Any:  # noqa: ANN401 - JSON
    """The same JSON, with a sign in the place of each character that cannot be stored."""
    if isinstance(value, str):
        return _UNSTORABLE.sub(_INSTEAD, value)
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [storable(item) for item in cast("list[Any]", value)]
    return value
