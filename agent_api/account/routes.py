"""Take one's data along; delete an account."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse

from agent_api.account.deletion import AccountDeletion
from agent_api.account.export import export_account
from agent_api.account.schemas import AccountReceipt, DeletionRequest
from agent_api.dependencies import AdminUser, CurrentUser, ResourcesDep, ServiceDatabase, UserDatabase
from agent_api.knowledge.uploads import UploadFolder
from agent_api.problems import documented

router = APIRouter(prefix="/api", tags=["people"])

_EXPORT = {
    200: {
        "description": "Everything, as one JSON document.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


async def _deletion(resources: ResourcesDep, service: ServiceDatabase) -> AccountDeletion:
    # In the service's name: nobody has a right to delete accounts at Supabase. The first step asks who may.
    return AccountDeletion(service, resources.accounts, UploadFolder(resources.settings.uploads_directory))


Deletion = Annotated[AccountDeletion, Depends(_deletion)]


@router.get("/me/export", response_class=StreamingResponse, responses=_EXPORT | documented(401, 503))
async def export_my_data(user: CurrentUser, own: UserDatabase) -> StreamingResponse:
    """All that is kept of oneself: profile, conversations, memories, keys (not their secret), links, feedback, runs."""
    headers = {"Content-Disposition": 'attachment; filename="roost-export.json"', "Cache-Control": "no-store"}
    return StreamingResponse(export_account(own, str(user.id)), media_type="application/json", headers=headers)


@router.post("/me/delete", responses=documented(400, 401, 403, 404, 409, 413, 422, 503))
async def delete_my_account(request: DeletionRequest, user: CurrentUser, deletion: Deletion) -> AccountReceipt:
    """Delete one's account with all that belongs to it. It cannot be undone. The last admin cannot go."""
    return await deletion.delete(user.id, email=request.email, asked_by=user.id)


@router.post("/people/{id}/delete", responses=documented(400, 401, 403, 404, 409, 413, 422, 503))
async def delete_account(id: UUID, request: DeletionRequest, admin: AdminUser, deletion: Deletion) -> AccountReceipt:  # noqa: A002 - the path's name
    """Delete somebody's account with all that belongs to it. It cannot be undone. For admins."""
    return await deletion.delete(id, email=request.email, asked_by=admin.id)
