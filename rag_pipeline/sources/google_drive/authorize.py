"""`python -m rag_pipeline.sources.google_drive.authorize`: a person lets Roost read their Drive, once.

For those without a service account. It takes credentials.json (an OAuth client of the kind "Desktop app"), opens
Google's page of consent, and writes token.json beside it. The answer comes to this machine's loopback interface
(RFC 8252), bound to this run by a state and a proof key (RFC 7636). On a machine without a browser, run it on one that
has one and copy token.json over; or give it a port and reach that through an SSH tunnel.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import json
import os
import secrets
import sys
import time
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from pydantic import BaseModel, ValidationError

from core.errors import ConfigurationError, NotAuthenticated, RoostError
from core.settings import load_settings
from rag_pipeline.settings import PipelineSettings
from rag_pipeline.sources.google_drive import library
from rag_pipeline.sources.google_drive.credentials import SCOPE

_MINUTES = 5


class OAuthClient(BaseModel):
    """The part of credentials.json that names the client."""

    client_id: str
    client_secret: str
    auth_uri: str = "https://accounts.google.com/o/oauth2/auth"
    token_uri: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address


class _Granted(BaseModel):
    refresh_token: str
    scope: str = ""


@dataclass
class _Answer:
    """What the browser brought back."""

    code: str = ""
    error: str = ""
    arrived: bool = False


def read_client(folder: Path) -> OAuthClient:
    """The OAuth client in ``folder``.

    Raises:
        ConfigurationError: credentials.json is missing, or is something else.
    """
    path = folder / "credentials.json"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return OAuthClient.model_validate(document.get("installed"))
    except FileNotFoundError:
        sentence = f"There is no credentials.json in {folder.resolve()}: docs/google-drive.md tells where to get it."
    except (ValidationError, ValueError, AttributeError):
        sentence = "credentials.json is not an OAuth client of the kind “Desktop app”: make one and download it again."
    raise ConfigurationError(sentence, slug="google-drive-credentials") from None


def authorize(folder: Path, show: Callable[[str], object], port: int = 0) -> Path:
    """Let a person consent, and keep what Google gives for it.

    Args:
        folder: Where credentials.json is and token.json goes.
        show: Is given the address of the page of consent.
        port: Where this machine waits for the answer; 0 for any that is free.

    Returns:
        The path of token.json.

    Raises:
        ConfigurationError: credentials.json is not right.
        NotAuthenticated: The person did not consent, or Google did not give a lasting token.
    """
    client = read_client(folder)
    answer, state, proof = _Answer(), secrets.token_urlsafe(16), secrets.token_urlsafe(48)
    with HTTPServer(("127.0.0.1", port), _receiver(answer, state)) as server:
        server.timeout = 1
        redirect_uri = f"http://127.0.0.1:{server.server_address[1]}/"
        show(f"{client.auth_uri}?{urlencode(_question(client, redirect_uri, state, proof))}")
        end = time.monotonic() + _MINUTES * 60
        # Whatever else asks here, a browser for an icon or anybody without the state, does not end the waiting.
        while not answer.arrived and time.monotonic() < end:
            server.handle_request()
    if not answer.code:
        raise NotAuthenticated(
            f"Google gave no permission ({answer.error or f'no answer within {_MINUTES} minutes'}): run this again.",
            slug="google-drive-credentials",
        )
    granted = _redeem(client, answer.code, redirect_uri, proof)
    path = folder / "token.json"
    # Made private before anything is in it.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as target:
        document = {"type": "authorized_user", "token_uri": client.token_uri, "refresh_token": granted.refresh_token}
        json.dump(document | {"client_id": client.client_id, "client_secret": client.client_secret}, target)
    path.chmod(0o600)
    return path


def _question(client: OAuthClient, redirect_uri: str, state: str, proof: str) -> dict[str, str]:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(proof.encode()).digest()).rstrip(b"=").decode()
    return {
        "client_id": client.client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": SCOPE,
        # a refresh token, and a new one even for a person who consented before
        "access_type": "offline",
        "prompt": "consent",
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }


def _redeem(client: OAuthClient, code: str, redirect_uri: str, proof: str) -> _Granted:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "code_verifier": proof,
    }
    with contextlib.closing(library.connection(30)) as connection:
        response, body = connection.request(
            client.token_uri, "POST", urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"}
        )
    try:
        granted = _Granted.model_validate_json(body)
    except ValidationError:
        raise NotAuthenticated(
            f"Google did not give a lasting token (HTTP {response.status}): is credentials.json still the client that "
            "Google knows? Run this again.",
            slug="google-drive-credentials",
        ) from None
    if SCOPE not in granted.scope.split():
        raise NotAuthenticated(
            "Reading Drive was not ticked on Google's page: run this again and tick it.",
            slug="google-drive-credentials",
        )
    return granted


def _receiver(answer: _Answer, state: str) -> type[BaseHTTPRequestHandler]:
    class Receiver(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Take what Google sends the browser back with; only if it answers this very question."""
            given = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            if secrets.compare_digest(given.get("state", ""), state):
                answer.code, answer.error, answer.arrived = given.get("code", ""), given.get("error", ""), True
            said = "Roost may read your Drive. You can close this page." if answer.code else "Nothing was permitted."
            body = said.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Say nothing: the address carries the code."""

    return Receiver


def main(arguments: list[str]) -> int:
    """Authorize in the folder that GOOGLE_DRIVE_OAUTH_DIRECTORY names; the exit code."""
    parser = argparse.ArgumentParser("python -m rag_pipeline.sources.google_drive.authorize")
    parser.add_argument("--port", type=int, default=0, help="port of this machine for the answer (default: any)")
    port = parser.parse_args(arguments).port

    def show(address: str) -> None:
        sys.stdout.write(f"Open this page and let Roost read your Drive:\n\n  {address}\n\n")
        sys.stdout.flush()
        webbrowser.open(address)

    try:
        path = authorize(load_settings(PipelineSettings).google_drive_oauth_directory, show, port)
    except RoostError as error:
        sys.stderr.write(f"{error.detail}\n")
        return 2 if isinstance(error, ConfigurationError) else 3
    sys.stdout.write(f"Done: {path} is written. Keep it as secret as a password.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
