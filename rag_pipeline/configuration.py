"""Is there a database by configuration, or are files to do?"""

from __future__ import annotations

from pydantic import HttpUrl, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import ConfigurationError
from core.settings import CoreSettings, load_settings


class NoDatabase(CoreSettings):
    """The common settings where no database is configured. Nothing is ever asked of the address."""

    supabase_url: HttpUrl = HttpUrl("http://no-database.invalid")
    supabase_publishable_key: SecretStr = SecretStr("none-is-configured")
    supabase_service_key: SecretStr = SecretStr("none-is-configured")


class _Named(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    supabase_url: str | None = None
    supabase_service_key: str | None = None
    supabase_publishable_key: str | None = None


def load_core_settings() -> CoreSettings:
    """The common settings; :class:`NoDatabase` where nothing of a database is named.

    Raises:
        ConfigurationError: A database is named in part, or something else is wrong.
    """
    named = load_settings(_Named)
    if named.supabase_url or named.supabase_service_key or named.supabase_publishable_key:
        return load_settings(CoreSettings)
    return load_settings(NoDatabase)


def require_database(core: CoreSettings, command: str) -> None:
    """Refuse a command that is nothing without a database.

    Raises:
        ConfigurationError: None is configured.
    """
    if isinstance(core, NoDatabase):
        raise ConfigurationError(f"`{command}` needs a database: set SUPABASE_URL and the keys of your Supabase.")
