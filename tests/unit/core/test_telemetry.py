"""What reaches the log, and what never does."""

import subprocess
import sys

import pytest

SCRIPT = """
import structlog
from core.settings import CoreSettings
from core.telemetry import configure_logging

configure_logging(CoreSettings.model_validate({
    "supabase_url": "http://x", "supabase_publishable_key": "p", "supabase_service_key": "s", "log_format": "%s"}))
log = structlog.get_logger("test")

def fail(question):
    raise ValueError("it went wrong")

try:
    fail("a question that is nobody's business")
except ValueError:
    log.error("request failed", api_key="sk-secret", exc_info=True)
"""


@pytest.mark.parametrize("form", ["console", "json"])
def test_an_error_is_told_with_its_place_and_without_what_people_said(form: str) -> None:
    ran = subprocess.run([sys.executable, "-c", SCRIPT % form], capture_output=True, text=True, check=True)
    assert ran.stdout == ""
    assert "request failed" in ran.stderr
    assert "ValueError: it went wrong" in ran.stderr
    assert "sk-secret" not in ran.stderr
    # The call's own line is in the traceback; the value that it was called with is not to be.
    assert "question=" not in ran.stderr.replace("def fail(question)", "")
    assert ran.stderr.count("nobody's business") <= 1
