"""Where a run stopped: the tokens of the change feeds, and the tree that their changes are placed by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from rag_pipeline.sources.google_drive.tree import Tree

#: The feed of the account itself, as a key of `DriveCheckpoint.tokens`; the others are ids of shared drives.
ACCOUNT = ""


class DriveCheckpoint(BaseModel):
    """What the next run needs in order to look only at what changed.

    Attributes:
        form: The form of this document; another one is not understood and means a full listing.
        tokens: Page tokens of the change feeds, by shared drive; :data:`ACCOUNT` is the account's own feed.
        followed: Whether every folder is covered by a feed, and the last listing saw everything. If not, the next run
            lists again.
        listed_at: When everything was listed last.
        tree: The folders and shortcuts.
    """

    model_config = ConfigDict(frozen=True)

    form: Literal[1] = 1
    tokens: dict[str, str]
    followed: bool
    listed_at: datetime
    tree: Tree

    def may_be_followed(self, root_id: str, hours: float, sharing: str) -> bool:
        """Whether the feeds tell everything since the last run.

        Args:
            root_id: The watched folder.
            hours: How long ago everything may have been listed.
            sharing: The mark of who may read the watched folder now.
        """
        root = self.tree.folders.get(root_id)
        if root is None or root.parent is not None or root.sharing != sharing:
            return False
        fresh = datetime.now(UTC) - self.listed_at < timedelta(hours=hours)
        return self.followed and fresh and ACCOUNT in self.tokens

    def dump(self) -> dict[str, object]:
        """As JSON."""
        return cast("dict[str, object]", self.model_dump(mode="json", exclude_defaults=True) | {"form": self.form})


def read_checkpoint(document: Mapping[str, object]) -> DriveCheckpoint | None:
    """The checkpoint in ``document``; None at the beginning, and for one of another kind."""
    try:
        return DriveCheckpoint.model_validate(dict(document)) if document else None
    except ValidationError:
        return None
