"""Accounts in Supabase's auth API, by its admin interface: what the database alone cannot do to them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final, TypeVar
from uuid import UUID

import httpx
from supabase_auth import AsyncGoTrueAdminAPI
from supabase_auth.errors import AuthApiError, AuthError, AuthRetryableError, AuthWeakPasswordError

from core.errors import Conflict, RoostError, Unavailable, Unprocessable
from core.settings import CoreSettings

#: As good as for ever: GoTrue knows no ban without an end.
_FOR_EVER: Final = "876000h"

_Answer = TypeVar("_Answer")


class Accounts:
    """Makes, locks and deletes accounts, in the service's name. A caller has asked before whether that is allowed.

    Args:
        admin: GoTrue's admin interface.
    """

    def __init__(self, admin: AsyncGoTrueAdminAPI) -> None:
        self._admin = admin

    @classmethod
    def connect(cls, settings: CoreSettings, http: httpx.AsyncClient) -> Accounts:
        """The accounts of the Supabase that ``settings`` name."""
        key = settings.supabase_service_key.get_secret_value()
        headers = {"apikey": key, "Authorization": f"Bearer {key}"}
        return cls(AsyncGoTrueAdminAPI(url=f"{settings.supabase_base}/auth/v1", headers=headers, http_client=http))

    async def create(self, email: str, password: str, display_name: str) -> UUID:
        """Make an account whose address counts as confirmed.

        Raises:
            Conflict: There is one with this address.
            Unprocessable: The password is too weak.
        """
        attributes = {
            "email": email,
            "password": password,
            "email_confirm": True,
            "user_metadata": {"display_name": display_name},
        }
        answer = await _asked(self._admin.create_user(attributes))  # pyright: ignore[reportArgumentType]
        return UUID(answer.user.id)

    async def lock(self, user_id: UUID, *, locked: bool) -> None:
        """Let nobody log in to an account, or let them again."""
        ban = {"ban_duration": _FOR_EVER if locked else "none"}
        await _asked(self._admin.update_user_by_id(str(user_id), ban))  # pyright: ignore[reportArgumentType]

    async def set_password(self, user_id: UUID, password: str) -> None:
        """Put a password in the place of the one that an account has."""
        await _asked(
            self._admin.update_user_by_id(str(user_id), {"password": password})  # pyright: ignore[reportArgumentType]
        )

    async def delete(self, user_id: UUID) -> None:
        """Delete an account; with it goes, in the database, all that is the person's. One that is gone is no error."""
        try:
            await self._admin.delete_user(str(user_id))
        except AuthApiError as error:
            if error.status != 404:
                raise _translated(error) from error
        except (AuthError, httpx.HTTPError) as error:
            raise _translated(error) from error


async def _asked(request: Awaitable[_Answer]) -> _Answer:
    try:
        return await request
    except (AuthError, httpx.HTTPError) as error:
        raise _translated(error) from error


def _translated(error: AuthError | httpx.HTTPError) -> RoostError:
    if isinstance(error, (httpx.HTTPError, AuthRetryableError)):
        return Unavailable("The log-in service cannot be reached. Please try again in a moment.")
    if error.code in ("email_exists", "user_already_exists"):
        return Conflict("There is an account with this address already. Log in with it.", slug="person-exists")
    if isinstance(error, AuthWeakPasswordError) or error.code == "weak_password":
        return Unprocessable("This password is too weak. Choose a longer one.", slug="weak-password")
    if isinstance(error, AuthApiError) and error.status == 422:
        return Unprocessable("The log-in service does not take this address or this password.")
    return RoostError("The log-in service refused this in a way that was not foreseen. The log has the details.")
