"""The tool by which a model computes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_ai import FunctionToolset, ModelRetry

from agent_api.assistant.sandbox import PythonSandbox
from agent_api.assistant.turn import Turn
from core.errors import RoostError


def python_toolset(sandbox: PythonSandbox) -> FunctionToolset[Turn]:
    """The tool, over a sandbox."""

    async def run_python(
        code: Annotated[str, Field(description="The program.", min_length=1, max_length=50_000)],
    ) -> str:
        """Run a short Python program and return what it prints and the value of its last expression.

        Use it to calculate, to count, to sort, to work with dates and texts. There are no files, no network and no
        packages; of the standard library there are math, json, re, datetime and a few more. Each program begins anew.
        """
        try:
            return await sandbox.run(code)
        except RoostError as error:
            raise ModelRetry(error.detail) from error

    return FunctionToolset[Turn]([run_python], id="python")
