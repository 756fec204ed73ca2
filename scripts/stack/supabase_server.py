"""Supabase's light server (supabase/embedded) as a child of the stack."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.stack.child import Child, Command
from scripts.stack.http_probe import wait_for_http
from scripts.stack.node import node

FOLDER = Path(__file__).parents[2] / "supabase" / "embedded"
PASSED_ON = ("PATH", "HOME", "LANG", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE")
MAIL_SETTINGS = ("SMTP_HOST", "SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD", "SMTP_FROM")


@dataclass(frozen=True)
class SupabaseServer:
    """What the server needs to know; `settings` may carry the SMTP_* variables and other switches of it."""

    port: int
    database_url: str
    site_url: str
    jwt_secret: str
    publishable_key: str
    service_key: str
    mail_folder: Path
    settings: Mapping[str, str]

    @property
    def url(self) -> str:
        """Its address for those on this machine."""
        return f"http://127.0.0.1:{self.port}"

    def command(self, *arguments: str) -> Command:
        """How to run it; the argument `prepare` only makes the auth schema."""
        return Command(
            name="Supabase",
            arguments=[node(), "server.mjs", *arguments],
            environment={
                **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
                **self.settings,
                "PORT": str(self.port),
                "DATABASE_URL": self.database_url,
                "SITE_URL": self.site_url,
                "SUPABASE_JWT_SECRET": self.jwt_secret,
                "SUPABASE_PUBLISHABLE_KEY": self.publishable_key,
                "SUPABASE_SERVICE_KEY": self.service_key,
                "MAIL_DIRECTORY": str(self.mail_folder),
                "NODE_ENV": "production",
            },
            folder=FOLDER,
            stop_timeout=5.0,
        )

    async def wait_until_ready(self, child: Child) -> None:
        """Wait until it answers."""
        await wait_for_http(child, self.port, "/auth/v1/health", headers={"apikey": self.publishable_key})
