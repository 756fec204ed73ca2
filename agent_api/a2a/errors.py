"""Errors of A2A: those of JSON-RPC 2.0, with the problem document as their data."""

from __future__ import annotations

from typing import Any

#: JSON-RPC's own numbers: the request is not one, and something inside went wrong.
INVALID_REQUEST = -32600
INTERNAL_ERROR = -32603


def of_problem(problem: dict[str, Any]) -> dict[str, Any]:
    """The answer for a request that was refused before it was read; so it names no request."""
    code = INVALID_REQUEST if problem["status"] < 500 else INTERNAL_ERROR
    return {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": problem["detail"], "data": problem}}
