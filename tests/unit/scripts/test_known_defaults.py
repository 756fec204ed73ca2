"""The services, the database and the scripts of a server refuse the same secrets."""

import re
import subprocess
from pathlib import Path

import pytest

from core.settings import KNOWN_DEFAULT_SECRETS

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("secret", sorted(KNOWN_DEFAULT_SECRETS))
def test_setup_and_doctor_refuse_it(secret: str) -> None:
    script = f'root={ROOT}; . "$root/scripts/operate/common.sh"; is_known_default "$1"'
    assert subprocess.run(["sh", "-c", script, "sh", secret.upper()], check=False).returncode == 0


def test_what_is_made_at_random_is_not_refused() -> None:
    script = f'root={ROOT}; . "$root/scripts/operate/common.sh"; is_known_default "$(random_hex 24)"'
    assert subprocess.run(["sh", "-c", script], check=False).returncode == 1


def test_the_database_refuses_the_same_passwords() -> None:
    text = (ROOT / "supabase" / "bundled" / "start").read_text("utf-8")
    keys = {"your-service-key", "your-anon-key"}  # of services, which the database has none of
    for secret in KNOWN_DEFAULT_SECRETS - keys:
        assert re.search(rf"(^|[\s|]){re.escape(secret)}( \||\))", text), secret
