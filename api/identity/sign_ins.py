"""Signing in and out: a stay begins with a password and lives as long as its cookie is used."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from api.identity.passwords import login_key, password_fits
from api.identity.people import (
    ENTITY,
    count_failure,
    forget_failures,
    is_locked_out,
    is_open,
    principal_of,
)
from api.identity.principal import Principal
from api.identity.secret_seal import SecretSeal
from api.identity.store import organisation_of, reading, writing
from api.identity.totp import step_of
from models import accounts
from models.audit_trail import record
from models.base import now_utc
from models.database import Database, Session
from models.errors import NavmatchError, UnavailableError, UnknownCallerError
from models.identity import Membership, Person, SignIn
from models.organisation import Organisation
from models.viewer import acting_as
from models.vocabulary.access import AuditAction, AuditResult

SEEN_EVERY: Final = timedelta(minutes=5)
"""How exactly it is noted when somebody was last seen: not every request writes."""

TOKEN_BYTES: Final = 32


class SignInFailedError(UnknownCallerError):
    """Login, password or code do not fit, or the account is locked; nobody is told which."""

    code: ClassVar[str] = "sign_in_failed"


class CodeNeededError(UnknownCallerError):
    """The password fits; the code of the authenticator is needed too."""

    code: ClassVar[str] = "totp_required"


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What somebody types to sign in."""

    login: str
    password: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody who is signed in, as they themselves see it."""

    principal: Principal
    person: Person
    membership: Membership
    organisation: Organisation | None
    expires_at: datetime


class SignIns:
    """Begins, recognises and ends stays."""

    def __init__(
        self,
        database: Database,
        seal: SecretSeal,
        idle: timedelta,
        longest: timedelta,
        now: Callable[[], datetime] = now_utc,
    ) -> None:
        """Set how long a stay lasts.

        Args:
            database: Where people are.
            seal: Opens the secrets of their authenticators.
            idle: How long nothing may be asked.
            longest: How long it lasts at most.
            now: Gives the present moment.
        """
        self._database = database
        self._seal = seal
        self._idle = idle
        self._longest = longest
        self._now = now

    def begin(self, given: Credentials) -> tuple[Stay, str]:
        """Return a new stay and its token.

        Raises:
            SignInFailedError: they do not fit, or too many did not before.
            CodeNeededError: the password fits and a code is needed.
        """
        with reading(self._database) as session:
            person = accounts.find_person(session, login_key(given.login))
        fits = password_fits(person.password_hash if person else None, given.password)
        with writing(self._database) as session:
            known = session.get(Person, person.id) if person else None
            outcome = self._decide(session, known, given, fits=fits)
        if isinstance(outcome, NavmatchError):
            raise outcome  # after the commit: the failure counts
        return outcome

    def recognise(self, token: str) -> Principal | None:
        """Return who a token belongs to; None when the stay has ended or there was none."""
        now = self._now()
        with reading(self._database) as session:
            stay = self._find(session, token, now)
        if stay is None:
            return None
        sign_in, principal = stay
        if now - sign_in.seen_at > SEEN_EVERY:
            self._note_seen(sign_in.id, now)
        return principal

    def describe(self, principal: Principal) -> Stay:
        """Return the stay of somebody who signed in.

        Raises:
            UnknownCallerError: it has ended meanwhile.
        """
        with reading(self._database) as session:
            found = session.get(SignIn, principal.credential_id or "")
            if found is None:
                raise nobody()
            return _stay(session, principal, found)

    def end(self, principal: Principal) -> None:
        """Sign somebody out."""
        with writing(self._database) as session:
            found = session.get(SignIn, principal.credential_id or "")
            if found is not None and found.ended_at is None:
                found.ended_at = self._now()
                record(session, AuditAction.SIGN_OUT, ENTITY, found.person_id)

    def drop_old(self) -> None:
        """Forget stays that ended long ago."""
        with writing(self._database) as session:
            accounts.drop_sign_ins(session, self._now() - self._longest)

    def _decide(
        self, session: Session, person: Person | None, given: Credentials, *, fits: bool
    ) -> tuple[Stay, str] | NavmatchError:
        now = self._now()
        if person is None or person.disabled_at is not None:
            return self._refuse(session, None)
        if is_locked_out(person, now):
            return self._refuse(session, person)
        if not fits:
            count_failure(person, now)
            return self._refuse(session, person)
        if person.totp_secret is not None:
            if given.code is None:
                return CodeNeededError("请输入身份验证器上的 6 位验证码。")
            secret = self._seal.open(person.totp_secret, person.id)
            step = step_of(secret, given.code, person.totp_step)
            if step is None:
                count_failure(person, now)
                return self._refuse(session, person)
            person.totp_step = step
        return self._let_in(session, person, now)

    def _let_in(
        self, session: Session, person: Person, now: datetime
    ) -> tuple[Stay, str] | NavmatchError:
        memberships = [
            m for m in accounts.memberships_of(session, [person.id]) if is_open(session, m)
        ]
        if not memberships:
            return self._refuse(session, None)
        forget_failures(person)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        sign_in = SignIn(
            token_hash=_hash(token),
            person_id=person.id,
            membership_id=memberships[0].id,
            with_totp=person.totp_secret is not None,
            created_at=now,
            seen_at=now,
            expires_at=now + self._longest,
        )
        session.add(sign_in)
        session.flush()
        principal = principal_of(session, person, memberships[0], sign_in)
        with acting_as(principal.viewer):
            record(session, AuditAction.SIGN_IN, ENTITY, person.id)
        return _stay(session, principal, sign_in), token

    def _refuse(self, session: Session, person: Person | None) -> NavmatchError:
        """Return the refusal, recorded whoever it is: else its time tells which logins exist."""
        known = person.id if person is not None else None
        record(session, AuditAction.SIGN_IN, ENTITY, known, AuditResult.DENIED)
        return _failed()

    def _find(self, session: Session, token: str, now: datetime) -> tuple[SignIn, Principal] | None:
        found = accounts.find_sign_in(session, _hash(token))
        if found is None or found.ended_at is not None:
            return None
        if found.expires_at <= now or now - found.seen_at > self._idle:
            return None
        person = session.get(Person, found.person_id)
        membership = session.get(Membership, found.membership_id)
        if person is None or membership is None or person.disabled_at is not None:
            return None
        if not is_open(session, membership):
            return None
        return found, principal_of(session, person, membership, found)

    def _note_seen(self, sign_in_id: str, now: datetime) -> None:
        """Note that somebody is there; a busy database is no reason to refuse them."""
        try:
            with writing(self._database) as session:
                found = session.get(SignIn, sign_in_id)
                if found is not None:
                    found.seen_at = now
        except UnavailableError:
            return


def _stay(session: Session, principal: Principal, sign_in: SignIn) -> Stay:
    membership = session.get_one(Membership, sign_in.membership_id)
    return Stay(
        principal=principal,
        person=session.get_one(Person, sign_in.person_id),
        membership=membership,
        organisation=organisation_of(session, membership.organisation_id),
        expires_at=sign_in.expires_at,
    )


def _failed() -> SignInFailedError:
    return SignInFailedError(
        "登录名、密码或验证码不对，或账号暂时锁定：连续 5 次不对即锁定 15 分钟。"
    )


def nobody() -> UnknownCallerError:
    """Return the error of somebody whose stay has ended."""
    return UnknownCallerError("登录已失效，请重新登录。")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
