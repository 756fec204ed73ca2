"""Files that were part of a question, to be shown again."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response

from agent_api.dependencies import CurrentUser, ResourcesDep
from agent_api.problems import documented
from core.errors import NotFound

router = APIRouter(prefix="/api/attachments", tags=["chat"])

_FILE = {
    200: {
        "description": "The file.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/{id}", response_class=Response, responses=_FILE | documented(401, 404, 422, 503))
async def get_attachment(id: UUID, user: CurrentUser, resources: ResourcesDep) -> Response:  # noqa: A002 - the path's name
    """A file that one sent with a question."""
    files = await resources.assistant.attachments.load(user.id, [id])
    if id not in files:
        raise NotFound("There is no such file.", slug="attachment-not-found")
    file = files[id]
    shown = "inline" if file.media_type.startswith("image/") else "attachment"
    headers = {
        "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(file.filename or 'file')}",
        # Whatever a browser believes it to be, it is not to be run.
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=31536000, immutable",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)
