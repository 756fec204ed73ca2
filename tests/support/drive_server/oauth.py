"""The OAuth endpoints: a service account's signed assertion, a refresh token and a code, each for an access token."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import JsonValue

from tests.support.drive_server.problems import DriveProblem, TokenProblem

SCOPE = "https://www.googleapis.com/auth/drive.readonly"
#: Whom an assertion is for: Google's own endpoint, wherever it is sent.
_AUDIENCE = "https://oauth2.googleapis.com/token"
_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@cache
def _key(number: int) -> rsa.RSAPrivateKey:
    """Keys take time to make: one for each account of a test session."""
    assert number >= 0
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class ServiceAccount:
    """A service account with a key pair, and the JSON document that a person downloads for it."""

    email: str = "roost@example-project.iam.gserviceaccount.com"
    number: int = 0

    @property
    def private_pem(self) -> str:
        """The private key as Google hands it out."""
        return (
            _key(self.number)
            .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            .decode()
        )

    @property
    def public_key(self) -> rsa.RSAPublicKey:
        """What the token endpoint checks signatures with."""
        return _key(self.number).public_key()

    def document(self, token_uri: str) -> str:
        """The key file."""
        return json.dumps(
            {
                "type": "service_account",
                "project_id": "example-project",
                "private_key_id": f"key-{self.number}",
                "private_key": self.private_pem,
                "client_email": self.email,
                "client_id": "100000000000000000001",
                "auth_uri": "https://accounts.google.com/o/oauth2/auth",
                "token_uri": token_uri,
                "universe_domain": "googleapis.com",
            }
        )


@dataclass
class Tokens:
    """Everything that the token endpoint knows. ``lifetime`` is that of an access token, in seconds."""

    token_uri: str
    accounts: dict[str, ServiceAccount] = field(default_factory=dict[str, ServiceAccount])
    client_id: str = "roost.apps.googleusercontent.com"
    client_secret: str = "GOCSPX-a-secret-of-the-test"
    refresh_tokens: dict[str, str] = field(default_factory=dict[str, str])
    codes: dict[str, tuple[str, str, str]] = field(default_factory=dict[str, tuple[str, str, str]])
    access_tokens: dict[str, str] = field(default_factory=dict[str, str])
    lifetime: int = 3600
    issued: int = 0

    def account_of(self, header: str | None) -> str:
        """The account behind an ``Authorization`` header.

        Raises:
            DriveProblem: 401, as Google answers.
        """
        account = self.access_tokens.get((header or "").removeprefix("Bearer "))
        if account is None:
            raise DriveProblem(401, "authError", "Invalid Credentials", location="Authorization")
        return account

    def revoke(self, account: str) -> None:
        """Let nothing of this account count any more."""
        self.accounts.pop(account, None)
        self.refresh_tokens = {token: owner for token, owner in self.refresh_tokens.items() if owner != account}
        self.expire()

    def expire(self) -> None:
        """Let every access token be out of date."""
        self.access_tokens.clear()

    def exchange(self, form: dict[str, str]) -> dict[str, JsonValue]:
        """Answer a request to the token endpoint.

        Raises:
            TokenProblem: What was sent entitles to nothing.
        """
        grant = form.get("grant_type")
        if grant == _JWT_GRANT:
            return self._issue(self._check_assertion(form.get("assertion", "")))
        if form.get("client_id") != self.client_id or form.get("client_secret") != self.client_secret:
            raise TokenProblem("invalid_client", "The OAuth client was not found.", 401)
        if grant == "refresh_token":
            account = self.refresh_tokens.get(form.get("refresh_token", ""))
            if account is None:
                raise TokenProblem("invalid_grant", "Token has been expired or revoked.")
            return self._issue(account)
        if grant == "authorization_code":
            return self._redeem(form)
        raise TokenProblem("unsupported_grant_type", f"Invalid grant_type: {grant}")

    def _check_assertion(self, assertion: str) -> str:
        try:
            email = str(jwt.decode(assertion, options={"verify_signature": False}).get("iss"))
        except jwt.InvalidTokenError as error:
            raise TokenProblem("invalid_grant", "Bad Request") from error
        account = self.accounts.get(email)
        if account is None:
            raise TokenProblem("invalid_grant", "Invalid grant: account not found")
        try:
            claims = jwt.decode(assertion, account.public_key, algorithms=["RS256"], audience=_AUDIENCE)
        except jwt.InvalidSignatureError as error:
            raise TokenProblem("invalid_grant", "Invalid JWT Signature.") from error
        except jwt.InvalidTokenError as error:
            raise TokenProblem("invalid_grant", f"Invalid JWT: {error}") from error
        if claims["exp"] - claims["iat"] > 3600 or SCOPE not in str(claims.get("scope")).split():
            raise TokenProblem("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        return email

    def authorize(self, query: dict[str, str], account: str) -> str:
        """Consent at once, as a person would in the browser; the address that the browser is sent on to."""
        assert query["client_id"] == self.client_id
        assert query["response_type"] == "code"
        assert query["scope"] == SCOPE
        assert query["access_type"] == "offline"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        self.codes[code] = (account, query["redirect_uri"], query["code_challenge"])
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def _redeem(self, form: dict[str, str]) -> dict[str, JsonValue]:
        account, redirect_uri, challenge = self.codes.pop(form.get("code", ""), ("", "", ""))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not account or redirect_uri != form.get("redirect_uri") or proof != challenge:
            raise TokenProblem("invalid_grant", "Bad Request")
        refresh_token = f"1//{secrets.token_urlsafe()}"
        self.refresh_tokens[refresh_token] = account
        return self._issue(account) | {"refresh_token": refresh_token}

    def _issue(self, account: str) -> dict[str, JsonValue]:
        token = f"ya29.{secrets.token_urlsafe()}"
        self.access_tokens[token] = account
        self.issued += 1
        return {"access_token": token, "expires_in": self.lifetime, "scope": SCOPE, "token_type": "Bearer"}
