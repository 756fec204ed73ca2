"""The commands of ``python -m agent_api``."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import sys

import uvicorn

from agent_api.auth.new_password import give_new_password
from agent_api.main import create_app
from agent_api.settings import AgentApiSettings
from core.errors import ConfigurationError, RoostError
from core.settings import load_settings
from core.telemetry import configure_logging


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code (1: it could not be done, 2: the configuration is not right)."""
    parser = argparse.ArgumentParser(prog="python -m agent_api", description="The agent API of Roost.")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("serve", help="serve the API (the default)")
    commands.add_parser("openapi", help="print its OpenAPI document")
    new = commands.add_parser("new-password", help="set a new password for somebody who has forgotten theirs")
    new.add_argument("email", help="the address that they log in with")
    given = parser.parse_args(arguments)
    if given.command == "openapi":
        # The document depends on no setting; these only satisfy the class.
        example = {"supabase_url": "http://supabase", "supabase_publishable_key": "-", "supabase_service_key": "-"}
        json.dump(create_app(AgentApiSettings.model_validate(example)).openapi(), sys.stdout, indent=2)
        return 0
    try:
        settings = load_settings(AgentApiSettings)
    except ConfigurationError as error:
        print(error.detail, file=sys.stderr)  # noqa: T201 - before there is a log
        return 2
    if given.command == "new-password":
        return _new_password(settings, given.email)
    configure_logging(settings)
    app = create_app(settings)
    _look_for_garbage_less_often()
    uvicorn.run(
        app,
        host=settings.agent_api_host,
        port=settings.agent_api_port,
        log_config=None,
        access_log=False,
        # Caddy stands in front and says who really asks.
        proxy_headers=True,
        forwarded_allow_ips="*",
        timeout_graceful_shutdown=5,
        timeout_keep_alive=75,
    )
    return 0


def _new_password(settings: AgentApiSettings, email: str) -> int:
    try:
        password = asyncio.run(give_new_password(settings, email))
    except RoostError as error:
        print(error.detail, file=sys.stderr)  # noqa: T201 - for whoever has typed the command
        return 1
    print(password)  # noqa: T201
    return 0


def _look_for_garbage_less_often() -> None:
    """Spare what an answer makes, nearly all of which goes without it: a sixth of an answer's processor time."""
    gc.collect()
    gc.freeze()  # the application itself stays
    gc.set_threshold(50_000, 20, 50)
