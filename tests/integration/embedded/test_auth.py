"""The embedded Supabase server's /auth/v1, over real HTTP."""

import http.client
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import jwt
import pytest
from supabase import acreate_client
from supabase_auth import AsyncGoTrueAdminAPI

from tests.support.stack import PASSWORD, HttpError, Stack


def test_a_person_signs_up_and_logs_in(stack: Stack) -> None:
    ada = stack.sign_up("ada@example.com")
    again = stack.sign_in("ada@example.com")

    assert again.user_id == ada.user_id


def test_databases_are_fresh_for_each_test(stack: Stack) -> None:
    stack.sign_up("ada@example.com")


def test_the_access_token_has_the_claims_of_a_hosted_one(stack: Stack) -> None:
    ada = stack.sign_up("ada@example.com")

    claims = jwt.decode(ada.access_token, stack.jwt_secret, algorithms=["HS256"], audience="authenticated")

    assert claims["sub"] == str(ada.user_id)
    assert claims["role"] == "authenticated"
    assert claims["iss"] == "http://localhost:8080/auth/v1"
    assert claims["app_metadata"] == {"provider": "email", "providers": ["email"]}
    assert claims["aal"] == "aal1"
    assert claims["amr"][0]["method"] == "password"
    assert claims["session_id"]


def test_wrong_password_is_refused(stack: Stack) -> None:
    stack.sign_up("ada@example.com")

    with pytest.raises(HttpError) as refused:
        stack.sign_in("ada@example.com", "wrong")

    assert refused.value.status == 400
    assert refused.value.json()["error_code"] == "invalid_credentials"


def test_a_forged_token_is_refused(stack: Stack) -> None:
    forged = jwt.encode({"sub": "x", "role": "service_role"}, "not the secret of this stack at all", algorithm="HS256")

    with pytest.raises(HttpError) as refused:
        stack.get("/rest/v1/user_profiles", Authorization=f"Bearer {forged}")

    assert refused.value.status == 401


def test_a_session_is_refreshed_once(stack: Stack) -> None:
    ada = stack.sign_up("ada@example.com")

    fresh = stack.post("/auth/v1/token?grant_type=refresh_token", {"refresh_token": ada.refresh_token})

    claims = jwt.decode(fresh["access_token"], stack.jwt_secret, algorithms=["HS256"], audience="authenticated")
    assert claims["amr"][0]["method"] == "token_refresh"
    assert fresh["refresh_token"] != ada.refresh_token


def test_a_lost_password_is_recovered_by_mail(stack: Stack) -> None:
    ada = stack.sign_up("ada@example.com")
    stack.post("/auth/v1/recover?redirect_to=http://localhost:8080/reset", {"email": ada.email})
    mail = stack.mails()[-1]
    assert mail["to"] == ada.email

    location = follow(stack, mail["link"])
    fragment = dict(parse_qsl(urlsplit(location).fragment))
    claims = jwt.decode(fragment["access_token"], stack.jwt_secret, algorithms=["HS256"], audience="authenticated")
    stack.request("PUT", "/auth/v1/user", {"password": "a new one, longer"}, None, bearer(fragment["access_token"]))

    assert location.startswith("http://localhost:8080/reset#")
    assert claims["sub"] == str(ada.user_id)
    assert claims["app_metadata"]["provider"] == "email"
    assert stack.sign_in(ada.email, "a new one, longer").user_id == ada.user_id


def test_another_address_is_taken_by_whoever_reads_its_mail(stack: Stack) -> None:
    ada = stack.sign_up("ada@example.com")

    stack.request("PUT", "/auth/v1/user", {"email": "chief@example.com"}, None, bearer(ada.access_token))

    assert {mail["to"] for mail in stack.mails()} <= {"chief@example.com"}


async def test_the_supabase_library_works_with_it(stack: Stack) -> None:
    client = await acreate_client(stack.supabase_url, stack.publishable_key)
    async with client.auth:
        signed_up = await client.auth.sign_up({"email": "ada@example.com", "password": PASSWORD})
        user = await client.auth.get_user()

    assert signed_up.user is not None
    assert signed_up.user.created_at.tzinfo is not None
    assert user is not None
    assert user.user.email == "ada@example.com"


async def test_the_service_administers_users(stack: Stack) -> None:
    client = await acreate_client(stack.supabase_url, stack.service_key)
    async with client.auth:
        await administer(stack, client.auth.admin)


async def administer(stack: Stack, admin: AsyncGoTrueAdminAPI) -> None:
    made = (
        await admin.create_user(
            {"email": "Bob@example.com", "password": PASSWORD, "email_confirm": True, "user_metadata": {"name": "Bob"}}
        )
    ).user
    changed = (await admin.update_user_by_id(str(made.id), {"user_metadata": {"name": "Rob"}})).user
    listed = await admin.list_users()

    assert made.email == "bob@example.com"
    assert made.identities
    assert changed.user_metadata == {"name": "Rob"}
    assert [user.id for user in listed] == [made.id]
    assert stack.sign_in("bob@example.com").user_id == UUID(str(made.id))
    await admin.update_user_by_id(str(made.id), {"ban_duration": "24h"})
    with pytest.raises(HttpError):
        stack.sign_in("bob@example.com")
    await admin.delete_user(str(made.id))
    assert await admin.list_users() == []


def test_a_person_cannot_administer_users(stack: Stack) -> None:
    ada = stack.sign_up("ada@example.com")

    with pytest.raises(HttpError) as refused:
        stack.get("/auth/v1/admin/users", ada)

    assert refused.value.status == 403


def test_an_address_is_taken_once(stack: Stack) -> None:
    service = {"apikey": stack.service_key}
    stack.request("POST", "/auth/v1/admin/users", {"email": "a@example.com"}, None, service)

    with pytest.raises(HttpError) as refused:
        stack.request("POST", "/auth/v1/admin/users", {"email": "A@example.com"}, None, service)

    assert refused.value.status == 422
    assert refused.value.json()["error_code"] == "email_exists"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def follow(stack: Stack, link: str) -> str:
    """Open a mailed link as a browser does; where it leads to. The link names the public origin."""
    path = link.removeprefix("http://localhost:8080")
    connection = http.client.HTTPConnection(stack.supabase_url.removeprefix("http://"))
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
    finally:
        connection.close()
    assert response.status == 303
    return response.headers["Location"]
