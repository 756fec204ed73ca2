"""The embedded Supabase server's /auth/v1, over real HTTP."""

import jwt
import pytest

from tests.support.stack import HttpError, Stack


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
