"""What both services read from the environment.

Each service has one settings class over :class:`CoreSettings`, built once at start and handed down. Precedence:
environment, then an ``.env`` file in the working folder, then the default. An empty variable counts as unset, as a
Compose file passes it on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import ConfigurationError

#: Values that stand in examples and tutorials: whoever starts with one of them is open to everybody.
KNOWN_DEFAULT_SECRETS = frozenset(
    {
        "changeme",
        "change-me",
        "password",
        "postgres",
        "secret",
        "supabase",
        "your-super-secret-and-long-postgres-password",
        "your-super-secret-jwt-token-with-at-least-32-characters-long",
        "super-secret-jwt-token-with-at-least-32-characters-long",
        "your-service-key",
        "your-anon-key",
    }
)


class CoreSettings(BaseSettings):
    """Settings common to the agent API and the pipeline."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    supabase_url: HttpUrl = Field(
        description="Address of the Supabase API as this service reaches it, without /rest/v1 or /auth/v1."
    )
    supabase_publishable_key: SecretStr = Field(
        description="Supabase's publishable key (sb_publishable_… or the older anon JWT)."
    )
    supabase_service_key: SecretStr = Field(
        description="Supabase's secret key (sb_secret_… or the older service_role JWT). Never leaves the server."
    )
    service_database_url: SecretStr | None = Field(
        default=None,
        description=(
            "Address of Postgres for the services' own calls of SQL functions (postgresql://roost_service:…), as a "
            "role that has service_role's rights and no more. That of a pooler ends in ?pgbouncer=true (transaction "
            "mode) or =false (session mode). Unset: they go over Supabase's REST API."
        ),
    )
    embedding_model: str = Field(
        default="local:minilm",
        description="Embedding model as pydantic-ai names it (openai:text-embedding-3-small, …), or local:minilm.",
    )
    rerank_url: HttpUrl | None = Field(
        default=None,
        description="Address of a reranker (…/rerank, as Cohere, Jina, vLLM or TEI serve it). Unset: no reranking.",
    )
    rerank_model: str | None = Field(
        default=None, description="The reranker's model, where its address serves several."
    )
    rerank_api_key: SecretStr | None = Field(default=None, description="The reranker's key, sent as a bearer token.")
    rerank_timeout: float = Field(
        default=2.0, gt=0, le=60, description="Seconds that reranking may take; then the search answers without it."
    )
    uploads_directory: Path | None = Field(
        default=None,
        description="Folder that uploads are kept in, shared by the agent API and the pipeline. Unset: no uploads.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least level of the lines that are logged."
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="console for people, json for machines (one object a line)."
    )

    @property
    def supabase_base(self) -> str:
        """``supabase_url`` without a slash at its end."""
        return str(self.supabase_url).rstrip("/")

    @field_validator("service_database_url")
    @classmethod
    def _is_of_postgres(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            parts = urlsplit(value.get_secret_value() if value else "postgresql://host")
            usable = parts.scheme in {"postgresql", "postgres"} and parts.hostname and (parts.port or True)
        except ValueError:  # its words would show a piece of the value
            usable = False
        if not usable:
            raise ValueError(
                "has to be postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE, with %2F for a / in the password, %23 for a #"
            )
        return value

    @model_validator(mode="after")
    def _refuse_known_secrets(self) -> Self:
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr) and value.get_secret_value().lower() in KNOWN_DEFAULT_SECRETS:
                raise ValueError(f"{name.upper()} is a known default that anybody can guess: set one of your own")
        return self


SettingsT = TypeVar("SettingsT", bound=BaseSettings)


def load_settings(cls: type[SettingsT]) -> SettingsT:
    """Read ``cls`` from the environment.

    Raises:
        ConfigurationError: A variable is missing or wrong; the detail names each one, and never shows its value.
    """
    try:
        return cls.model_validate({})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(place) for place in item['loc']).upper() or 'settings'}: {item['msg']}"
            for item in error.errors(include_input=False, include_url=False)
        )
        raise ConfigurationError(f"Please correct the environment: {problems}.") from error
