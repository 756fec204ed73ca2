"""What the agent API reads from the environment."""

from __future__ import annotations

from pydantic import Field, HttpUrl, SecretStr

from agent_api.assistant.settings import AssistantSettings


class AgentApiSettings(AssistantSettings):
    """Settings of the agent API, over those of its agents and those it shares with the pipeline."""

    agent_api_host: str = Field(default="127.0.0.1", description="Address that the agent API listens on.")
    agent_api_port: int = Field(default=8001, ge=0, le=65535, description="Port that the agent API listens on.")
    supabase_jwt_secret: SecretStr | None = Field(
        default=None,
        description="Secret that Supabase signs tokens with (HS256). Unset: only tokens signed by its published keys "
        "(JWKS) are accepted.",
    )
    supabase_public_url: HttpUrl | None = Field(
        default=None,
        description="Address of Supabase as browsers reach it. Unset: the origin of the page, which Caddy serves too.",
    )
    max_request_bytes: int = Field(
        default=8 * 1024 * 1024, ge=1024, description="Largest request body in bytes, uploads excepted."
    )
    max_upload_bytes: int = Field(
        default=100 * 1024 * 1024, ge=1024, description="Largest upload in bytes, all its files together."
    )
    max_message_characters: int = Field(default=200_000, ge=100, description="Longest question in characters.")
    history_limit: int = Field(
        default=100, ge=2, le=1000, description="Most messages of a conversation that a model is given, newest first."
    )
    run_time_limit: float = Field(default=600, gt=0, description="Longest time in seconds that an answer may take.")
    run_lease_seconds: float = Field(
        default=15,
        ge=2,
        description="Seconds without a sign of life after which a run counts as interrupted.",
    )
    rate_limit_person: str = Field(
        default="300/minute", description="Requests of one person, such as 300/minute; several with ; between; or off."
    )
    rate_limit_key: str = Field(default="600/minute", description="Requests with one API key, likewise.")
    rate_limit_address: str = Field(default="1200/minute", description="Requests from one address, likewise.")
    valkey_url: str | None = Field(
        default=None,
        description="Valkey or Redis (redis://…) that several API processes share, to count requests and to read each "
        "other's answers. Unset: there is one process.",
    )
    sign_up_enabled: bool = Field(
        default=True, description="Whether the web app offers signing up where Supabase allows it, which decides."
    )
    recovery_enabled: bool | None = Field(
        default=None,
        description="Whether the web app offers to renew a forgotten password by mail; people are told to ask an admin "
        "otherwise. Unset: where SUPABASE_PUBLIC_URL names a Supabase elsewhere, which sends mails of its own.",
    )

    @property
    def offers_recovery(self) -> bool:
        """Whether somebody who forgot their password can be sent a mail."""
        if self.recovery_enabled is None:
            return self.supabase_public_url is not None
        return self.recovery_enabled
