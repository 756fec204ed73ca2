"""What the pipeline is told: environment first, then a configuration file, then the default."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from core.errors import ConfigurationError
from core.knowledge.chunking import ChunkSettings
from rag_pipeline.sources.google_drive.settings import GoogleDriveSettings

_MIB = 1024 * 1024
#: Environment variable that names the configuration file, and the file that is read where it is unset.
_CONFIG_VARIABLE = "RAG_CONFIG_FILE"
_CONFIG_FILE = "rag_pipeline.toml"


class PipelineSettings(GoogleDriveSettings):
    """Settings of the pipeline alone; the database's and the embedding model's are in `core.settings`."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    rag_pipeline_type: Literal["local", "google_drive"] = Field(
        default="local", description="Where documents come from: a folder of this machine, or a folder of Google Drive."
    )
    run_mode: Literal["single", "continuous"] = Field(
        default="single", description="single: one run, for cron. continuous: a run every CHECK_INTERVAL seconds."
    )
    rag_pipeline_id: str = Field(
        default="default",
        min_length=1,
        max_length=100,
        description="Name of this pipeline. Two pipelines with different folders need different names.",
    )
    rag_watch_directory: Path | None = Field(default=None, description="Folder to watch (RAG_PIPELINE_TYPE=local).")
    rag_source_visibility: Literal["everyone", "restricted"] = Field(
        default="everyone",
        description="Who may read a new source: everyone who is logged in, or nobody until somebody is let in.",
    )
    check_interval: Annotated[float, Field(ge=1)] = Field(
        default=60, description="Seconds between two runs (RUN_MODE=continuous)."
    )
    rag_state_directory: Path = Field(
        default=Path(".roost/pipeline"),
        description="Where state and documents are kept as files where no database is configured (no SUPABASE_URL).",
    )
    rag_max_file_bytes: Annotated[int, Field(gt=0)] = Field(
        default=100 * _MIB, description="Files larger than this are not read, in bytes."
    )
    rag_max_text_characters: Annotated[int, Field(gt=0)] = Field(
        default=10_000_000, description="Documents with more text than this are not indexed, in characters."
    )
    rag_chunk_characters: Annotated[int, Field(ge=100, le=8000)] = Field(
        default=ChunkSettings().size,
        description="Most characters of a passage. A change takes effect as files change, or are read again.",
    )
    rag_parse_timeout: Annotated[float, Field(gt=0)] = Field(
        default=120, description="Longest time that reading one file may take, in seconds."
    )
    rag_parse_memory_bytes: Annotated[int, Field(ge=64 * _MIB)] = Field(
        default=512 * _MIB, description="Most memory that reading one file may take, in bytes."
    )
    rag_parse_processes: Annotated[int, Field(ge=1, le=32)] = Field(
        default_factory=lambda: min(2, os.cpu_count() or 1), description="Files that are read at the same time."
    )
    rag_ocr_languages: str = Field(
        default="eng", description="Languages Tesseract reads images in, joined by + (eng+deu)."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the configuration file between the environment and the defaults."""
        return init_settings, env_settings, dotenv_settings, _config_file(settings_cls)


def _config_file(settings_cls: type[BaseSettings]) -> PydanticBaseSettingsSource:
    """What the configuration file says; nothing where none is named and there is none.

    Raises:
        ConfigurationError: The file that is named is not there, or it is no TOML.
    """
    named = os.environ.get(_CONFIG_VARIABLE)
    path = Path(named or _CONFIG_FILE)
    if named and not path.is_file():
        raise ConfigurationError(f"{_CONFIG_VARIABLE} names the file {path}, which is not there: check the path.")
    try:
        return TomlConfigSettingsSource(settings_cls, path)
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"The configuration file {path} cannot be read: {error}. It has to be TOML."
        ) from error
