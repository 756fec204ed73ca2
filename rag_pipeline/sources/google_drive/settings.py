"""What the environment says about Google Drive."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

#: What a person copies from the address bar: …/drive/folders/ID?usp=sharing, …/drive/u/1/folders/ID, …/open?id=ID
_FOLDER_ADDRESS = re.compile(r"(?:/folders/|[?&]id=)([A-Za-z0-9_-]+)")


class GoogleDriveSettings(BaseSettings):
    """Settings of the Google Drive source. The folder is required; whoever builds the source checks that."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    rag_watch_folder_id: str = Field(
        default="",
        description="Google Drive folder that is watched, with all below it: its id, or its address in the browser.",
    )
    google_drive_credentials_json: SecretStr | None = Field(
        default=None,
        description="Key of a Google service account: the JSON itself, or the path of the file that holds it.",
    )
    google_drive_oauth_directory: Path = Field(
        default=Path(),
        description="Folder with credentials.json and token.json (OAuth), used where no service account is set.",
    )
    rag_drive_permissions: Literal["ignore", "sync"] = Field(
        default="ignore",
        description="sync: who may read a file in Drive may read it in Roost. ignore: whoever may read the source.",
    )
    rag_drive_retry_seconds: float = Field(
        default=120.0,
        ge=0,
        description="How long one request to Google is tried again when Google is busy, in seconds.",
    )
    rag_drive_full_listing_hours: float = Field(
        default=24.0,
        ge=0,
        description="Hours after which the whole folder is listed again though the changes feed has been followed.",
    )
    rag_drive_api_root: str = Field(
        default="https://www.googleapis.com/",
        description="Root of Google's API. For tests and for proxies; leave it alone otherwise.",
    )

    @field_validator("rag_watch_folder_id")
    @classmethod
    def _take_id_from_address(cls, value: str) -> str:
        found = _FOLDER_ADDRESS.search(value)
        return found.group(1) if found else value.strip()

    @field_validator("rag_drive_api_root")
    @classmethod
    def _end_with_slash(cls, value: str) -> str:
        return value.rstrip("/") + "/"
