"""A new password for somebody who has forgotten theirs, where no mail can be sent.

``python -m agent_api new-password EMAIL``, for whoever runs the server: no session is needed, only the service key.
"""

from __future__ import annotations

import secrets
from uuid import UUID

import httpx

from agent_api.auth.accounts import Accounts
from core.errors import NotFound
from core.settings import CoreSettings
from core.supabase import Database

#: Signs that nobody takes for one another, read out over a telephone.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
#: Groups of four, about 80 random bits in all.
_GROUPS = 4


async def give_new_password(settings: CoreSettings, email: str) -> str:
    """Set a random password for the account with this address, and return it.

    Raises:
        NotFound: There is no such account.
    """
    database = Database.connect(settings)
    try:
        query = database.table("user_profiles").select("user_id").eq("email", email.strip().lower())
        rows = await database.run(query)
    finally:
        await database.aclose()
    if not rows:
        raise NotFound(f"Nobody here has the address {email}.")
    password = "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(_GROUPS))
    async with httpx.AsyncClient(timeout=10) as http:
        await Accounts.connect(settings, http).set_password(UUID(str(rows[0]["user_id"])), password)
    return password
