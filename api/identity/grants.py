"""Which rights somebody may give to others: never more than their own, never elsewhere."""

from collections.abc import Mapping
from typing import Final

from api.identity.store import organisation_of
from models.database import Session
from models.errors import ForbiddenError, InvalidInputError, NotFoundError
from models.organisation import Organisation
from models.sight import BASE_ROLES, MEMBER_ROLES, PROVIDER_ROLES, owns
from models.viewer import Viewer
from models.vocabulary.access import Role, Scope

GRANTS: Final[Mapping[Role, frozenset[Role]]] = {
    Role.SYSTEM: MEMBER_ROLES | {Role.REGIONAL_OPERATOR, Role.OPERATOR},
    Role.OPERATOR: MEMBER_ROLES | {Role.REGIONAL_OPERATOR, Role.OPERATOR},
    Role.REGIONAL_OPERATOR: MEMBER_ROLES,
    Role.BASE_ADMIN: BASE_ROLES,
    Role.PROVIDER_ADMIN: PROVIDER_ROLES,
}
"""Roles each role may give."""


def organisation_for_grant(
    session: Session, viewer: Viewer, role: Role, organisation_id: str | None
) -> Organisation | None:
    """Return the organisation a right is given for; None for operators, who have none.

    Args:
        session: A session of the system.
        viewer: Who gives it.
        role: The right.
        organisation_id: Organisation named; that of the giver when None.

    Raises:
        ForbiddenError: the giver may not give this role, or not for this organisation.
        InvalidInputError: the role needs an organisation, or has none.
        NotFoundError: there is no such organisation the giver answers for.
    """
    if role not in GRANTS.get(viewer.role, frozenset()):
        raise ForbiddenError("您不能授予这个角色。")
    if role not in MEMBER_ROLES:
        if organisation_id is not None:
            raise InvalidInputError("管理方的账号和密钥不属于任何单位。", field="organisation_id")
        return None
    wanted = organisation_id or viewer.organisation_id
    if wanted is None:
        raise InvalidInputError("请指明所属单位。", field="organisation_id")
    found = organisation_of(session, wanted)
    if found is None or not owns(viewer, found.owner_id, found.owner_region):
        raise NotFoundError("没有找到这个单位，可能已被删除。", id=wanted)
    return found


def region_for_grant(role: Role, region_code: str | None) -> str | None:
    """Return the region of a right; only regional operators answer for one.

    Raises:
        InvalidInputError: it is missing, or given where there is none.
    """
    if role == Role.REGIONAL_OPERATOR and region_code is None:
        raise InvalidInputError("地方主管部门的账号要指明所辖地区。", field="region_code")
    if role != Role.REGIONAL_OPERATOR and region_code is not None:
        raise InvalidInputError("只有地方主管部门要指明所辖地区。", field="region_code")
    return region_code


def check_scopes(wanted: frozenset[Scope], held: frozenset[Scope]) -> None:
    """Refuse giving a use one's own key was not made for.

    Args:
        wanted: What is to be given.
        held: What the giver was let in for; everything for people and on the machine itself.

    Raises:
        ForbiddenError: something of it the giver does not hold.
    """
    if not wanted <= held:
        raise ForbiddenError("给出的用途不能超出自己所用密钥的用途。")


def may_change(viewer: Viewer, organisation: Organisation | None, role: Role | None) -> bool:
    """Return whether somebody may change an account or key.

    Only one they could have made themselves: whoever changes it can act by it afterwards.

    Args:
        viewer: Who wants to.
        organisation: Whose it is; None when it is of operators.
        role: As what its holder acts; None when that was taken away.
    """
    gives = GRANTS.get(viewer.role, frozenset())
    return answers_for(viewer, organisation) and (role is None or role in gives)


def answers_for(viewer: Viewer, organisation: Organisation | None) -> bool:
    """Return whether somebody may look after the accounts of an organisation, or of operators."""
    if organisation is None:
        return viewer.role in (Role.SYSTEM, Role.OPERATOR)
    return owns(viewer, organisation.owner_id, organisation.owner_region)
