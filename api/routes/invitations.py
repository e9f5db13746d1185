"""Invitations and contacts over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from api.dependencies import IdPath, PartsDep, problem_responses
from api.identity.contacts import NewContact
from api.routes.session import NO_STORE
from api.schemas import examples
from api.schemas.invitation import ContactRead, ContactWrite, InvitationCreate, InvitationRead
from api.strict_json import StrictRoute
from models.invitation import Invitation
from models.sight import own_id
from models.viewer import current_viewer

router = APIRouter(
    prefix="/v1",
    tags=["邀请与联系人"],
    route_class=StrictRoute,
    responses=problem_responses(404, 422, 503),
)

_WRITES = problem_responses(400, 409, 413, 415)


@router.post("/invitations", status_code=201, summary="邀请一家单位", responses=_WRITES)
def invite(
    body: Annotated[
        InvitationCreate,
        Body(openapi_examples=examples.body_examples(one=("邀请机构", examples.INVITATION))),
    ],
    parts: PartsDep,
) -> InvitationRead:
    """可见范围为“受邀”的记录，受邀的单位才看得到。"""
    return _invitation(parts.invitations.invite(body.row_id, body.invitee_id))


@router.get("/invitations", summary="列出邀请")
def list_invitations(parts: PartsDep) -> list[InvitationRead]:
    """本单位发出和收到的，新的在前，最多 200 条。"""
    return [_invitation(found) for found in parts.invitations.list()]


@router.post("/invitations/{id}/accept", summary="接受邀请")
def accept_invitation(invitation_id: IdPath, parts: PartsDep) -> InvitationRead:
    """接受后双方有意，可以看到对方登记的联系人和使用单位。"""
    return _invitation(parts.invitations.accept(invitation_id))


@router.delete("/invitations/{id}", status_code=204, summary="撤回邀请")
def withdraw_invitation(invitation_id: IdPath, parts: PartsDep) -> None:
    """对方从下一个请求起不再看到记录。"""
    parts.invitations.withdraw(invitation_id)


@router.get("/contacts/{id}", summary="查看联系人")
def read_contact(row_id: IdPath, parts: PartsDep, response: Response) -> ContactRead:
    """需求或服务机构的联系人；只在双方有意后显示，每次查看都记入审计。"""
    contact, recipient = parts.contacts.read(row_id)
    response.headers.update(NO_STORE)
    return ContactRead(
        row_id=row_id,
        name=contact.name,
        phone=contact.phone,
        email=contact.email,
        recipient_name=recipient,
    )


@router.put("/contacts/{id}", status_code=204, summary="登记联系人", responses=_WRITES)
def set_contact(
    row_id: IdPath,
    body: Annotated[
        ContactWrite,
        Body(openapi_examples=examples.body_examples(one=("联系人", examples.CONTACT))),
    ],
    parts: PartsDep,
) -> None:
    """联系人与正文分开存放，不参加匹配。"""
    parts.contacts.write(row_id, NewContact(body.name, body.phone, body.email))


@router.delete("/contacts/{id}", status_code=204, summary="删除联系人")
def remove_contact(row_id: IdPath, parts: PartsDep) -> None:
    """联系人立即删去，对方也不再看到；数据库文件中的残留在当天的清理中去掉。不能恢复。"""
    parts.contacts.remove(row_id)


def _invitation(invitation: Invitation) -> InvitationRead:
    return InvitationRead(
        id=invitation.id,
        entity=invitation.entity,
        row_id=invitation.row_id,
        organisation_id=invitation.organisation_id,
        is_mine=invitation.organisation_id == own_id(current_viewer()),
        created_at=invitation.created_at,
        accepted_at=invitation.accepted_at,
    )
