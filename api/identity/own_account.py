"""What people change about their own account: the password, the authenticator."""

from api.identity.passwords import check_password, hash_password, password_fits
from api.identity.people import ENTITY, count_failure, is_locked_out
from api.identity.principal import Principal
from api.identity.secret_seal import SecretSeal
from api.identity.sign_ins import SignInFailedError, nobody
from api.identity.store import reading, writing
from api.identity.totp import address_of, new_secret, step_of
from api.schemas.session import AuthenticatorIn, AuthenticatorOffer
from models import accounts
from models.audit_trail import record
from models.base import now_utc
from models.database import Database
from models.errors import InvalidInputError, StateError
from models.identity import Person, SignIn
from models.vocabulary.access import AuditAction, AuditResult


class OwnAccount:
    """Changes the account of whoever is signed in."""

    def __init__(self, database: Database, seal: SecretSeal) -> None:
        self._database = database
        self._seal = seal

    def change_password(self, principal: Principal, old: str, new: str) -> None:
        """Set a new password and end all other stays of the person.

        Raises:
            SignInFailedError: the old one does not fit, or too many did not before.
            InvalidInputError: the new one is easily guessed or the old one.
        """
        person = self._person(principal)
        self._confirm(person, fits=password_fits(person.password_hash, old))
        if old == new:
            raise StateError("新密码与现在的相同，请换一个。")
        check_password(new, person.login)
        kept = hash_password(new)
        with writing(self._database) as session:
            row = session.get_one(Person, person.id)
            row.password_hash = kept
            row.must_change_password = False
            accounts.end_sign_ins(session, row.id, now_utc(), but=principal.credential_id)
            record(session, AuditAction.CHANGE_LOGIN, ENTITY, row.id)

    def offer_secret(self, principal: Principal) -> AuthenticatorOffer:
        """Return a secret for an authenticator; nothing is kept before a code proves it."""
        secret = new_secret()
        address = address_of(secret, self._person(principal).login)
        return AuthenticatorOffer(secret=secret, address=address)

    def set_authenticator(self, principal: Principal, new: AuthenticatorIn) -> None:
        """Ask for a code at every signing in from now on.

        Where one is bound, only somebody who has it and the password may put another in its
        place: a stay left open on a desk is not enough.

        Raises:
            SignInFailedError: the code does not come from this secret, or what proves who it is
                does not fit.
            InvalidInputError: one is bound, and password or code of it are missing.
        """
        secret = new.secret
        person = self._person(principal)
        step = step_of(secret, new.code, None)
        if step is None:
            raise SignInFailedError("验证码不对，请确认手机时间准确后重试。")
        if person.totp_secret is not None:
            self._confirm(person, fits=self._proves(person, new))
        with writing(self._database) as session:
            row = session.get_one(Person, person.id)
            row.totp_secret, row.totp_step = self._seal.seal(secret, row.id), step
            session.get_one(SignIn, principal.credential_id).with_totp = True
            record(session, AuditAction.CHANGE_LOGIN, ENTITY, row.id)

    def _proves(self, person: Person, new: AuthenticatorIn) -> bool:
        if new.password is None or new.old_code is None or person.totp_secret is None:
            raise InvalidInputError(
                "已绑定身份验证器；更换时要填现在的密码和原验证器上的验证码。", field="password"
            )
        old = self._seal.open(person.totp_secret, person.id)
        fits = password_fits(person.password_hash, new.password)
        return fits and step_of(old, new.old_code, person.totp_step) is not None

    def _confirm(self, person: Person, *, fits: bool) -> None:
        """Refuse whoever does not prove to be the person; wrong tries count as at signing in."""
        now = now_utc()
        with writing(self._database) as session:
            row = session.get_one(Person, person.id)
            if fits and not is_locked_out(row, now):
                return
            if not is_locked_out(row, now):
                count_failure(row, now)
            record(session, AuditAction.CHANGE_LOGIN, ENTITY, row.id, AuditResult.DENIED)
        raise SignInFailedError(
            "现在的密码或验证码不对，或账号暂时锁定：连续 5 次不对即锁定 15 分钟。"
        )

    def _person(self, principal: Principal) -> Person:
        with reading(self._database) as session:
            person = session.get(Person, principal.viewer.actor or "")
        if person is None:
            raise nobody()
        return person
