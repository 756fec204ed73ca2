"""A chain of models in a run: the next is asked where the one before it fails."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic_ai.capabilities import AbstractCapability, Caching, ModelFallback
from pydantic_ai.messages import ModelRequestAttempt
from pydantic_ai.models import Model

_STATUS = re.compile(r"status_code: (\d{3})")


def fallback_capabilities(chain: Sequence[Model], *, read_again: bool = True) -> list[AbstractCapability[Any]]:
    """What a run needs for its models: prompt caching where the provider has it, and the rest of the chain.

    Args:
        chain: The models.
        read_again: Whether a later request is likely to begin with this one's messages. What is written into a
            provider's cache and never read from it costs more than without.
    """
    capabilities: list[AbstractCapability[Any]] = [Caching(messages=read_again)]
    if len(chain) > 1:
        capabilities.append(ModelFallback(*chain[1:]))
    return capabilities


def as_reasons(attempts: Sequence[ModelRequestAttempt] | None) -> list[dict[str, object]]:
    """Why other models did not answer, for the steps of a run.

    Of an error only its kind and status are kept: a provider's own words may hold keys and prompts.
    """
    reasons: list[dict[str, object]] = []
    for attempt in attempts or ():
        error = attempt.error or ""
        status = _STATUS.search(error)
        reasons.append(
            {
                "model": attempt.model_name,
                "reason": error.partition(":")[0] if error else attempt.outcome,
                "status": int(status[1]) if status else None,
                "duration_ms": round(attempt.duration.total_seconds() * 1000, 3),
            }
        )
    return reasons
