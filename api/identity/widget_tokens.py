"""Widget tokens: public, bound to the pages they were made for."""

import secrets
from dataclasses import dataclass
from typing import Final

from api.identity.grants import answers_for
from api.identity.principal import Means, Principal, WidgetTerms
from api.identity.store import organisation_of, reading, writing
from models import accounts
from models.accounts import Slice
from models.audit_trail import record
from models.base import now_utc
from models.database import Database, Session
from models.errors import NotFoundError
from models.identity import WidgetToken
from models.sight import MEMBER_ROLES
from models.viewer import Viewer, current_viewer
from models.vocabulary.access import AuditAction, Role, Scope, WidgetKind

ENTITY: Final = "widget_token"
PREFIX: Final = "dmw_"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to be made.

    Attributes:
        name: What it is for.
        origins: Origins of the pages that may use it, such as `https://example.org`.
        kinds: What it shows.
        per_minute: Requests a minute from all its pages together.
        organisation_id: For whom; that of whoever makes it when None.
    """

    name: str
    origins: tuple[str, ...]
    kinds: tuple[WidgetKind, ...]
    per_minute: int
    organisation_id: str | None = None


class WidgetTokens:
    """Looks after the tokens; each method is one transaction, checked against who acts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, new: NewToken) -> WidgetToken:
        """Make a token.

        Raises:
            NotFoundError: there is no such organisation whoever acts answers for.
        """
        viewer = current_viewer()
        with writing(self._database) as session:
            owner_id = new.organisation_id or _own(viewer)
            organisation = organisation_of(session, owner_id)
            if owner_id is not None and organisation is None:
                raise NotFoundError("没有找到这个单位，可能已被删除。", id=owner_id)
            if not answers_for(viewer, organisation):
                raise NotFoundError("没有找到这个单位，可能已被删除。", id=owner_id)
            token = WidgetToken(
                token=PREFIX + secrets.token_hex(16),
                name=new.name,
                organisation_id=owner_id,
                origins=list(new.origins),
                kinds=[kind.value for kind in new.kinds],
                per_minute=new.per_minute,
                created_by=viewer.actor,
            )
            session.add(token)
            session.flush()
            record(session, AuditAction.CREATE_KEY, ENTITY, token.id)
            return token

    def list(self, after: str | None = None, limit: int | None = None) -> Slice[WidgetToken]:
        """Return the tokens whoever acts looks after, newest first: a page of them, or all."""
        with reading(self._database) as session:
            return accounts.widget_tokens_of(session, current_viewer(), after, limit)

    def get(self, token_id: str) -> WidgetToken:
        """Return one of them.

        Raises:
            NotFoundError: there is no such token whoever acts looks after.
        """
        with reading(self._database) as session:
            return _find(session, token_id)

    def revoke(self, token_id: str) -> WidgetToken:
        """Let a token open nothing, from the next request on.

        Raises:
            NotFoundError: there is no such token whoever acts looks after.
        """
        with writing(self._database) as session:
            token = _find(session, token_id)
            if token.revoked_at is None:
                token.revoked_at = now_utc()
                record(session, AuditAction.REVOKE_KEY, ENTITY, token.id)
            return token

    def recognise(self, text: str) -> Principal | None:
        """Return as whom a page with this token asks; None when it opens nothing."""
        with reading(self._database) as session:
            token = accounts.find_widget_token(session, text)
        if token is None or token.revoked_at is not None:
            return None
        viewer = Viewer(Role.WIDGET, token.id, token.organisation_id)
        return Principal(
            viewer,
            Means.WIDGET,
            frozenset({Scope.READ, Scope.MATCH}),
            token.id,
            terms=WidgetTerms(
                origins=frozenset(token.origins),
                kinds=frozenset(WidgetKind(kind) for kind in token.kinds),
                per_minute=token.per_minute,
            ),
        )


def _own(viewer: Viewer) -> str | None:
    return viewer.organisation_id if viewer.role in MEMBER_ROLES else None


def _find(session: Session, token_id: str) -> WidgetToken:
    token = session.get(WidgetToken, token_id)
    if token is None or not _is_theirs(session, current_viewer(), token):
        raise NotFoundError("没有找到这个嵌入令牌。", id=token_id)
    return token


def _is_theirs(session: Session, viewer: Viewer, token: WidgetToken) -> bool:
    if token.organisation_id is None:
        return answers_for(viewer, None)
    found = accounts.organisations(session, [token.organisation_id])
    return answers_for(viewer, found[token.organisation_id])
