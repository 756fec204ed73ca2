"""Links that stand for a right: 256 random bits, of which the database knows a hash alone."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class NewLink:
    """A link as it is made: the one moment at which it is known."""

    token: str
    hash: str

    @classmethod
    def make(cls) -> NewLink:
        """A link of 256 random bits."""
        token = secrets.token_urlsafe(32)
        return cls(token, hash_link(token))


def hash_link(token: str) -> str:
    """What of a link the database knows."""
    return hashlib.sha256(token.encode()).hexdigest()
