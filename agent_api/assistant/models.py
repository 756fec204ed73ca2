"""Which language model answers: a deployment's own, else the server's, else the *passages* model."""

from __future__ import annotations

from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model, infer_model

from agent_api.assistant.passages_model import passages_model
from core.errors import Conflict


class Models:
    """The models in use, each made once: their HTTP connections are kept with them.

    Args:
        default: The server's model as pydantic-ai names it; None for the passages model.
    """

    def __init__(self, default: str | None) -> None:
        self._default = default
        self._kept: dict[str, Model] = {}

    @property
    def has_language_model(self) -> bool:
        """Whether the server is set to a language model."""
        return self._default is not None

    def resolve(self, name: str | None) -> Model:
        """The model called ``name``, or the server's where that is None.

        Raises:
            Conflict: No such model is known, or its key is not set.
        """
        wanted = name or self._default
        if wanted is None:
            return passages_model
        if wanted not in self._kept:
            try:
                # Imports the provider's package, and no other: together they would take seconds and 80 MB.
                self._kept[wanted] = infer_model(wanted)
            except (UserError, ImportError, ValueError) as error:
                raise Conflict(
                    f"The model {wanted} cannot be used. An admin can set MODEL (or the agent's own model) to a known "
                    "provider:name and give that provider's key.",
                    slug="model-not-usable",
                ) from error
        return self._kept[wanted]
