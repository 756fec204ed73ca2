"""Files that are part of a question: checked, kept, and given to the model again whenever the branch is."""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import JsonValue
from pydantic_ai.messages import (
    BinaryContent,
    DocumentUrl,
    ImageUrl,
    ModelMessage,
    ModelRequest,
    UserContent,
    UserPromptPart,
)

from agent_api.assistant.file_types import check_type, read_data_url
from core.errors import NotFound, TooLarge
from core.supabase import Database

#: Files of one question, their bytes together, and the bytes of files that a model is given of a whole branch.
_MOST_FILES = 10
_MOST_BYTES = 5 * 1024 * 1024
_MOST_OF_A_BRANCH = 20 * 1024 * 1024
#: Where a file is found: what a stored part's ``url`` says, and what stands for a file in a stored exchange.
_PATH = "/api/attachments/"
_SCHEME = "attachment:"
_Change = Callable[[UserContent], UserContent]
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class SentFile:
    """A file as a client sends it: a data URL, or the address of one that was sent before."""

    url: str
    media_type: str
    filename: str


@dataclass(frozen=True)
class StoredFile:
    """A file as it is kept."""

    id: UUID
    filename: str
    media_type: str
    content: bytes


class AttachmentStore:
    """Keeps and brings back files.

    Args:
        database: In the service's name; each function is told whose files they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, user_id: UUID, conversation_id: str, files: Sequence[SentFile]) -> list[JsonValue]:
        """Keep the files of a question.

        Returns:
            A UI part for each, which points at it.

        Raises:
            Unprocessable: One of them is not of a kind that is taken, or not what it says it is.
            TooLarge: They are too many or too large together.
            NotFound: One of them points at a file that is not the person's.
        """
        if len(files) > _MOST_FILES:
            raise TooLarge(f"A question takes {_MOST_FILES} files at most.", slug="too-many-attachments")
        known = await self.load(user_id, [UUID(i) for i in (_id_in(file.url, _PATH) for file in files) if i])
        left = _MOST_BYTES
        kept: list[StoredFile] = []
        new: list[StoredFile] = []
        for file in files:
            before = _id_in(file.url, _PATH)
            if before is not None:
                if UUID(before) not in known:
                    raise NotFound("A file of this question is not there any more.", slug="attachment-not-found")
                kept.append(known[UUID(before)])
                continue
            declared, content = read_data_url(file.url, most=left, filename=file.filename)
            left -= len(content)
            media_type = check_type(content, file.media_type or declared, file.filename)
            name = " ".join(file.filename.replace("\x00", "").split())[:255]
            digest = hashlib.sha256(content).hexdigest()
            made_of = uuid.uuid5(user_id, f"{conversation_id} {media_type} {name} {digest}")
            new.append(StoredFile(made_of, name, media_type, content))
            kept.append(new[-1])
        if new:
            rows = [
                {
                    "id": str(file.id),
                    "filename": file.filename,
                    "media_type": file.media_type,
                    "data": base64.b64encode(file.content).decode(),
                }
                for file in new
            ]
            arguments = {"p_user": str(user_id), "p_conversation": conversation_id, "p_files": rows}
            await self._database.call("keep_attachments", arguments)
        return [
            {"type": "file", "mediaType": file.media_type, "filename": file.filename, "url": f"{_PATH}{file.id}"}
            for file in kept
        ]

    async def load(self, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, StoredFile]:
        """Those of the files that are the person's, by id."""
        if not ids:
            return {}
        arguments = {"p_user": str(user_id), "p_ids": [str(i) for i in ids]}
        rows = await self._database.call("get_attachments", arguments)
        return {
            UUID(row["id"]): StoredFile(
                UUID(row["id"]), row["filename"], row["media_type"], base64.b64decode(row["data"])
            )
            for row in rows
        }

    async def fill(self, user_id: UUID, messages: list[ModelMessage]) -> list[ModelMessage]:
        """The messages with their files in place of what points at them, the newest first while there is room."""
        ids = [i for message in reversed(messages) for i in reversed(_ids_of(message))]
        if not ids:
            return messages
        files = await self.load(user_id, list(dict.fromkeys(ids)))
        given: dict[UUID, UserContent] = {}
        left = _MOST_OF_A_BRANCH
        for i in dict.fromkeys(ids):
            file = files.get(i)
            if file is not None and len(file.content) <= left:
                left -= len(file.content)
                given[i] = _as_content(file)
        return [_mapped(message, lambda content: _filled(content, given)) for message in messages]

    async def content_of(self, user_id: UUID, references: Sequence[UserContent]) -> list[UserContent]:
        """The files of a question, as a model is given them."""
        [message] = await self.fill(user_id, [ModelRequest(parts=[UserPromptPart(list(references))])])
        [part] = message.parts
        return [] if not isinstance(part, UserPromptPart) or isinstance(part.content, str) else list(part.content)


def references(parts: Sequence[dict[str, JsonValue]]) -> list[UserContent]:
    """What stands for the files of a stored question, to be filled by :meth:`AttachmentStore.fill`."""
    found: list[UserContent] = []
    for part in parts:
        i = _id_in(str(part.get("url", "")), _PATH) if part.get("type") == "file" else None
        if i is not None:
            kind = ImageUrl if str(part.get("mediaType", "")).startswith("image/") else DocumentUrl
            found.append(kind(url=f"{_SCHEME}{i}", media_type=str(part.get("mediaType", ""))))
    return found


def without_content(messages: Sequence[ModelMessage]) -> list[ModelMessage]:
    """The messages with what points at their files in place of these: so they are stored."""
    return [_mapped(message, _emptied) for message in messages]


def _mapped(message: ModelMessage, change: _Change) -> ModelMessage:
    if not isinstance(message, ModelRequest):
        return message
    parts = [
        replace(part, content=[change(content) for content in part.content])
        if isinstance(part, UserPromptPart) and not isinstance(part.content, str)
        else part
        for part in message.parts
    ]
    return replace(message, parts=parts)


def _emptied(content: UserContent) -> UserContent:
    if isinstance(content, BinaryContent) and _ID.fullmatch(content.identifier):
        kind = ImageUrl if content.is_image else DocumentUrl
        return kind(url=f"{_SCHEME}{content.identifier}", media_type=content.media_type)
    return content


def _filled(content: UserContent, given: dict[UUID, UserContent]) -> UserContent:
    i = _id_in(content.url, _SCHEME) if isinstance(content, ImageUrl | DocumentUrl) else None
    if i is None:
        return content
    return given.get(UUID(i), "(A file was attached here. It is not shown again.)")


def _as_content(file: StoredFile) -> UserContent:
    # Every provider takes plain text; of Markdown, CSV and JSON as such only some have heard.
    is_text = file.media_type.startswith(("text/", "application/json"))
    media_type = "text/plain" if is_text else file.media_type
    return BinaryContent(data=file.content, media_type=media_type, identifier=str(file.id))


def _ids_of(message: ModelMessage) -> list[UUID]:
    if not isinstance(message, ModelRequest):
        return []
    contents = [part.content for part in message.parts if isinstance(part, UserPromptPart)]
    items = [item for content in contents if not isinstance(content, str) for item in content]
    urls = [item.url for item in items if isinstance(item, ImageUrl | DocumentUrl)]
    return [UUID(i) for i in (_id_in(url, _SCHEME) for url in urls) if i]


def _id_in(url: str, prefix: str) -> str | None:
    i = url.removeprefix(prefix)
    return i if url.startswith(prefix) and _ID.fullmatch(i) else None
