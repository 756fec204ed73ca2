"""What routes ask for, by type: who asks, the database in their name, the process's resources."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from agent_api.auth.callers import KEY_PREFIX, Caller, hash_key
from agent_api.auth.tokens import User
from agent_api.rates import Kind, Rates
from agent_api.resources import Resources
from core.errors import NotAllowed, NotAuthenticated
from core.supabase import Database

_bearer = HTTPBearer(
    auto_error=False, scheme_name="access token", description="The access token of a Supabase session."
)


async def get_resources(request: Request) -> Resources:
    """The process's resources, opened with the application."""
    return cast("Resources", request.app.state.resources)


ResourcesDep = Annotated[Resources, Depends(get_resources)]


async def _count(request: Request, kind: Kind, who: str) -> None:
    """Count a request of a person or a key; what is left of their limit goes out with the answer."""
    rates: Rates = request.app.state.rates
    standing = await rates.hit(kind, who)
    if standing is not None:
        request.state.rate = standing


async def get_user(
    request: Request,
    resources: ResourcesDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> User:
    """Whoever the request's token stands for.

    Raises:
        NotAuthenticated: There is no token, or it is wrong or has expired.
        RateLimited: They have made too many requests.
    """
    if credentials is None:
        raise NotAuthenticated("This needs you to be logged in: send `Authorization: Bearer <access token>`.")
    user = await resources.tokens.verify(credentials.credentials)
    await _count(request, "person", str(user.id))
    return user


CurrentUser = Annotated[User, Depends(get_user)]

_key_or_token = HTTPBearer(
    auto_error=False, scheme_name="API key", description="An API key made in the web app, or an access token."
)


async def identify(resources: Resources, credentials: str | None) -> Caller:
    """Whoever a bearer credential stands for. An API key is looked up only by the work that is done with it.

    Raises:
        NotAuthenticated: There is no credential, or it is a token that is wrong or has expired.
    """
    if not credentials:
        raise NotAuthenticated("Send an API key that was made in the web app: `Authorization: Bearer roost_…`.")
    if credentials.startswith(KEY_PREFIX):
        return Caller(key_hash=hash_key(credentials))
    return Caller(user_id=(await resources.tokens.verify(credentials)).id)


async def get_caller(
    request: Request,
    resources: ResourcesDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_key_or_token)],
) -> Caller:
    """The program that asks, by its API key or a person's access token.

    Raises:
        NotAuthenticated: There is no credential, or it is a token that is wrong or has expired.
        RateLimited: It has made too many requests.
    """
    caller = await identify(resources, credentials.credentials if credentials else None)
    if caller.key_hash is not None:
        await _count(request, "key", caller.key_hash)
    else:
        await _count(request, "person", str(caller.user_id))
    return caller


CurrentCaller = Annotated[Caller, Depends(get_caller)]


async def get_user_database(resources: ResourcesDep, user: CurrentUser) -> Database:
    """The database in the person's own name, under row-level security."""
    return resources.database.as_user(user.token)


async def get_service_database(resources: ResourcesDep) -> Database:
    """The database in the service's name, past row-level security: only where a path says why."""
    return resources.database


async def require_admin(user: User, database: Database) -> None:
    """Let an admin pass.

    Raises:
        NotAllowed: They are none.
    """
    select = database.table("user_profiles").select("user_id").eq("user_id", str(user.id))
    if not await database.run(select.eq("role", "admin").eq("status", "active")):
        raise NotAllowed("This is for admins.", slug="admins-only")


async def get_admin(user: CurrentUser, database: Annotated[Database, Depends(get_user_database)]) -> User:
    """Whoever asks, who must be an admin.

    Raises:
        NotAllowed: They are not.
    """
    await require_admin(user, database)
    return user


AdminUser = Annotated[User, Depends(get_admin)]
UserDatabase = Annotated[Database, Depends(get_user_database)]
ServiceDatabase = Annotated[Database, Depends(get_service_database)]
