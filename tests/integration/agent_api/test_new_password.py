"""Whoever runs the server gives a new password to somebody who has forgotten theirs."""

import os
import subprocess
import sys

import pytest

from tests.support.stack import PASSWORD, ROOT, HttpError, Stack


def new_password(stack: Stack, email: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [sys.executable, "-m", "agent_api", "new-password", email]
    return subprocess.run(
        command, cwd=ROOT, env={**inherited, **stack.environment()}, capture_output=True, text=True, check=False
    )


def test_a_new_password_takes_the_place_of_the_old_one(stack: Stack) -> None:
    ada, bob = stack.sign_up("ada@example.com"), stack.sign_up("bob@example.com")

    given = new_password(stack, " Bob@example.com")

    assert given.returncode == 0, given.stderr
    password = given.stdout.strip()
    assert len(password) >= 16
    assert stack.sign_in(bob.email, password).user_id == bob.user_id
    with pytest.raises(HttpError):
        stack.sign_in(bob.email, PASSWORD)
    assert stack.sign_in(ada.email).user_id == ada.user_id


def test_an_address_that_nobody_has_is_told(stack: Stack) -> None:
    given = new_password(stack, "eve@example.com")
    assert given.returncode == 1
    assert given.stdout == ""
    assert "Nobody here has the address eve@example.com" in given.stderr
