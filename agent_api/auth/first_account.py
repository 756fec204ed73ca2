"""Whether this Roost still waits for its first account, whose owner becomes the administrator."""

from __future__ import annotations

from core.errors import RoostError
from core.supabase import Database


class FirstAccount:
    """Asked of the database until somebody is the administrator, and never again after that."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._taken = False

    async def is_awaited(self) -> bool:
        """Nobody is the administrator yet. False where the database gives no answer."""
        if self._taken:
            return False
        query = self._database.table("user_profiles").select("user_id").eq("role", "admin").limit(1)
        try:
            self._taken = bool(await self._database.run(query))
        except RoostError:
            return False
        return not self._taken
