"""Logging: one line an event, for people or for machines, without secrets.

Everything goes to standard error, because the pipeline's standard output carries its report.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from core.settings import CoreSettings

#: Names whose values never reach a log, whoever passes them.
_SECRET_NAMES = frozenset(
    {"authorization", "apikey", "api_key", "password", "token", "access_token", "refresh_token", "secret", "cookie"}
)


def _hide_secrets(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in event:
        if name.lower() in _SECRET_NAMES:
            event[name] = "…"
    return event


def configure_logging(settings: CoreSettings) -> None:
    """Send structlog's and the standard library's lines to standard error in the form that is set."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _hide_secrets,
    ]
    as_json = settings.log_format == "json"
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        # Plain: the handsome traceback prints every local variable, prompts and keys among them, and takes seconds to.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *([structlog.processors.format_exc_info] if as_json else []),
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    # These tell every request at INFO, with addresses that may carry what a person typed.
    for noisy in ("httpx", "httpcore", "hpack", "googleapiclient.discovery"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[settings.log_level]),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
