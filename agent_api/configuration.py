"""``/config.json``: what the web app must know before anybody logs in. Public, so nothing in it is secret."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from agent_api.dependencies import ResourcesDep

router = APIRouter(tags=["configuration"])


class _Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True)


class Features(_Camel):
    """What this Roost offers."""

    sign_up: bool
    first_account: bool = Field(description="Nobody has an account yet: whoever signs up becomes the administrator.")
    single_sign_on: list[str] = Field(description="Where people may log in instead of here: google, github, …")
    password_recovery: bool
    language_model: bool
    uploads: bool
    max_upload_bytes: int


class PublicConfiguration(_Camel):
    """Where the web app finds what it needs, and what it may offer."""

    supabase_url: str
    supabase_key: str
    version: str
    features: Features


def roost_version() -> str:
    """The version of this Roost, as the package or the repository states it."""
    try:
        return version("roost")
    except PackageNotFoundError:
        pyproject = Path(__file__).parent.parent / "pyproject.toml"
        lines = pyproject.read_text().splitlines() if pyproject.exists() else []
        return next((line.split('"')[1] for line in lines if line.startswith("version = ")), "unknown")


_VERSION = roost_version()


@router.get("/config.json")
async def configuration(request: Request, resources: ResourcesDep) -> PublicConfiguration:
    """The web app's public run-time configuration."""
    settings = resources.settings
    public = settings.supabase_public_url
    ways = await resources.desk.ways()
    return PublicConfiguration(
        supabase_url=str(public).rstrip("/") if public else str(request.base_url).rstrip("/"),
        supabase_key=settings.supabase_publishable_key.get_secret_value(),
        version=_VERSION,
        features=Features(
            sign_up=settings.sign_up_enabled and ways.sign_up,
            single_sign_on=list(ways.providers),
            first_account=settings.sign_up_enabled and ways.sign_up and await resources.first_account.is_awaited(),
            password_recovery=settings.offers_recovery,
            language_model=resources.models.has_language_model,
            uploads=settings.uploads_directory is not None,
            max_upload_bytes=settings.max_upload_bytes,
        ),
    )
