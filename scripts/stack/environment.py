"""The variables that the services of a stack are given."""

import os
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from scripts.stack.data_folder import DataFolder, Secrets

ROOT = Path(__file__).parents[2]


def users_environment(dotenv: Path = ROOT / ".env") -> dict[str, str]:
    """What the person has set: in `.env` at the repository's root, and, before that, in the shell."""
    from_file = {name: value for name, value in dotenv_values(dotenv, interpolate=False).items() if value is not None}
    environment = {**from_file, **os.environ}
    if environment.get("PYTHONPATH") == str(ROOT):  # set by scripts/dev for this process only
        del environment["PYTHONPATH"]
    return environment


def connection(
    data: DataFolder, secrets: Secrets, *, supabase_url: str, database_url: str, service_database_url: str
) -> dict[str, str]:
    """How a service reaches this stack's data."""
    return {
        "SUPABASE_URL": supabase_url,
        "SUPABASE_PUBLISHABLE_KEY": secrets.supabase_publishable_key,
        "SUPABASE_SERVICE_KEY": secrets.supabase_service_key,
        "SUPABASE_JWT_SECRET": secrets.supabase_jwt_secret,
        "DATABASE_URL": database_url,
        "SERVICE_DATABASE_URL": service_database_url,
        "UPLOADS_DIRECTORY": str(data.uploads),
    }


def pipeline(users: Mapping[str, str], watched: Path) -> dict[str, str]:
    """What the pipeline watches; the person's own RAG_PIPELINE_TYPE, CHECK_INTERVAL and RAG_PIPELINE_ID stand."""
    chosen = {
        "RAG_PIPELINE_TYPE": users.get("RAG_PIPELINE_TYPE", "local"),
        "RAG_WATCH_DIRECTORY": str(watched),
        "CHECK_INTERVAL": users.get("CHECK_INTERVAL", "5"),
    }
    if "RAG_PIPELINE_ID" in users:
        chosen["RAG_PIPELINE_ID"] = users["RAG_PIPELINE_ID"]
    return chosen
