"""API keys: made, shown once, recognised, replaced, revoked."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from api.identity.grants import (
    check_scopes,
    may_change,
    organisation_for_grant,
    region_for_grant,
)
from api.identity.principal import Means, Principal
from api.identity.secret_key import SecretKey, new_key, read_key
from api.identity.store import organisation_of, reading, writing
from api.schemas.accounts import DEFAULT_DAYS
from models import accounts
from models.accounts import Slice
from models.audit_trail import record
from models.base import now_utc
from models.database import Database, Session
from models.errors import ConflictError, NotFoundError, StateError
from models.identity import ApiKey
from models.organisation import Organisation
from models.viewer import Viewer, current_viewer
from models.vocabulary.access import AuditAction, Role, Scope

ENTITY: Final = "api_key"
MAX_LIVE: Final = 2
"""Keys of one name that open something at once: the old one and its successor."""

DEFAULT_SCOPES: Final = frozenset({Scope.READ, Scope.MATCH, Scope.WRITE})
READING: Final = frozenset({Scope.READ, Scope.MATCH})

_NO_HASH: Final = "0" * 64
"""Compared with when there is no key of that name; no key has it."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made.

    Attributes:
        name: What it is for; its successor has the same.
        role: As what its holder acts.
        organisation_id: For whom; that of whoever makes it when None.
        region_code: Region a regional operator answers for.
        scopes: What it may be used for; never more than its maker may give.
        read_only: Whether it only opens reading.
        days: How long it opens anything.
    """

    name: str
    role: Role
    organisation_id: str | None = None
    region_code: str | None = None
    scopes: frozenset[Scope] = DEFAULT_SCOPES
    read_only: bool = False
    days: int = DEFAULT_DAYS


class ApiKeys:
    """Looks after the keys; each method is one transaction, checked against who acts."""

    def __init__(self, database: Database, now: Callable[[], datetime] = now_utc) -> None:
        self._database = database
        self._now = now

    def create(self, new: NewKey, *, held: frozenset[Scope]) -> tuple[ApiKey, SecretKey]:
        """Make a key and return it; its text is known to nobody afterwards.

        Args:
            new: The key.
            held: What whoever acts was let in for.

        Raises:
            ForbiddenError: whoever acts may not give this role, or not these scopes.
            ConflictError: two keys of this name are in force.
        """
        viewer = current_viewer()
        scopes = new.scopes & READING if new.read_only else new.scopes
        check_scopes(scopes, held)
        with writing(self._database) as session:
            organisation = organisation_for_grant(session, viewer, new.role, new.organisation_id)
            region = region_for_grant(new.role, new.region_code)
            owner_id = organisation.id if organisation else None
            return self._add(
                session,
                ApiKey(
                    name=new.name,
                    role=new.role,
                    organisation_id=owner_id,
                    region_code=region,
                    scopes=sorted(scopes),
                    read_only=new.read_only,
                    expires_at=self._now() + timedelta(days=new.days),
                    created_by=viewer.actor,
                ),
            )

    def rotate(
        self, key_id: str, days: int | None = None, *, held: frozenset[Scope]
    ) -> tuple[ApiKey, SecretKey]:
        """Make the successor of a key; the old one opens everything until it is revoked.

        Args:
            key_id: The old one.
            days: How long its successor opens anything; as long as the old one when None.
            held: What whoever acts was let in for.

        Raises:
            NotFoundError: there is no such key whose role whoever acts may give.
            ForbiddenError: it has scopes whoever acts does not hold.
            StateError: it opens nothing any more; a successor would bring it back.
            ConflictError: it has a successor already.
        """
        with writing(self._database) as session:
            old = self._find(session, key_id)
            check_scopes(frozenset(map(Scope, old.scopes)), held)
            if not self._is_live(old):
                raise StateError("这个密钥已撤销或已过期，不能换新；需要时请另外签发。")
            successor = ApiKey(
                name=old.name,
                role=old.role,
                organisation_id=old.organisation_id,
                region_code=old.region_code,
                scopes=list(old.scopes),
                read_only=old.read_only,
                expires_at=self._now() + timedelta(days=days or _days_of(old)),
                created_by=current_viewer().actor,
            )
            return self._add(session, successor)

    def list(self, after: str | None = None, limit: int | None = None) -> Slice[ApiKey]:
        """Return the keys whoever acts looks after, newest first: a page of them, or all."""
        with reading(self._database) as session:
            return accounts.keys_of(session, current_viewer(), after, limit)

    def revoke(self, key_id: str) -> ApiKey:
        """Let a key open nothing, from the next request on.

        Raises:
            NotFoundError: there is no such key whose role whoever acts may give.
        """
        with writing(self._database) as session:
            key = self._find(session, key_id)
            if key.revoked_at is None:
                key.revoked_at = self._now()
                record(session, AuditAction.REVOKE_KEY, ENTITY, key.id)
            return key

    def recognise(self, text: str) -> Principal | None:
        """Return who a key belongs to; None when it opens nothing.

        A key nobody ever made takes as long as one of which only the secret is wrong.
        """
        given = read_key(text)
        if given is None:
            return None
        with reading(self._database) as session:
            kept = accounts.key_hash(session, given.key_id, _NO_HASH)
            if not hmac.compare_digest(kept, given.hash):
                return None
            key = accounts.find_key(session, given.key_id)
            return None if key is None else self._principal(session, key)

    def holder(self, key_id: str) -> Principal | None:
        """Return who a key belongs to, known by its row; None when it opens nothing any more."""
        with reading(self._database) as session:
            key = session.get(ApiKey, key_id)
            return None if key is None else self._principal(session, key)

    def _principal(self, session: Session, key: ApiKey) -> Principal | None:
        if not self._is_live(key):
            return None
        organisation = organisation_of(session, key.organisation_id)
        if key.organisation_id is not None and organisation is None:
            return None
        region = organisation.region_code if organisation else key.region_code
        return Principal(
            viewer=Viewer(key.role, key.id, key.organisation_id, region, key.read_only),
            means=Means.KEY,
            scopes=frozenset(Scope(scope) for scope in key.scopes),
            credential_id=key.id,
        )

    def _add(self, session: Session, key: ApiKey) -> tuple[ApiKey, SecretKey]:
        live = accounts.live_keys(session, key.organisation_id, key.name, self._now())
        if len(live) >= MAX_LIVE:
            raise ConflictError(
                f"名为“{key.name}”的密钥已有 {MAX_LIVE} 个在用，请先撤销旧的再换新。",
                reason="too_many_keys",
            )
        secret = new_key(key.role)
        key.key_id, key.key_hash = secret.key_id, secret.hash
        session.add(key)
        session.flush()
        record(session, AuditAction.CREATE_KEY, ENTITY, key.id)
        return key, secret

    def _is_live(self, key: ApiKey) -> bool:
        return key.revoked_at is None and key.expires_at > self._now()

    def _find(self, session: Session, key_id: str) -> ApiKey:
        key = session.get(ApiKey, key_id) or accounts.find_key(session, key_id)
        if key is None or not _may_change(session, current_viewer(), key):
            raise NotFoundError("没有找到这个密钥。", id=key_id)
        return key


def _days_of(key: ApiKey) -> int:
    """Return for how many days a key was made; its row is made a moment after its end is set."""
    return round((key.expires_at - key.created_at) / timedelta(days=1))


def _may_change(session: Session, viewer: Viewer, key: ApiKey) -> bool:
    return may_change(viewer, _organisation(session, key), key.role)


def _organisation(session: Session, key: ApiKey) -> Organisation | None:
    of = key.organisation_id
    return None if of is None else accounts.organisations(session, [of])[of]
