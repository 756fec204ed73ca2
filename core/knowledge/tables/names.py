"""What tables are called in a statement."""

from __future__ import annotations

import re
from collections.abc import Sequence

_OTHER = re.compile(r"\W+")


def table_names(labels: Sequence[str]) -> list[str]:
    """Names without quotes, each different: ``Prices 2026`` is ``prices_2026``, a file that is one table ``data``."""
    names: list[str] = []
    for label in labels:
        name = _OTHER.sub("_", label.strip().lower()).strip("_") or "data"
        if name[0].isdigit():
            name = f"t_{name}"
        while name in names:
            name += "_2"
        names.append(name)
    return names
