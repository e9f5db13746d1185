"""Who signs in and with what: people, their places in organisations, keys, widget tokens.

None of them is a noun of the index: they write no entries of the change log. Only hashes of
secrets are kept; what a thief of this table holds opens nothing.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import KEY_CHARS, ChoiceType, Sealed, Table, new_id, now_utc
from models.lengths import LOGIN_CHARS
from models.vocabulary.access import Role, Scope

HASH_CHARS = 64
KEY_ID_CHARS = 8


class Person(Sealed, Table):
    """Somebody who signs in."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(
        String(KEY_CHARS), primary_key=True, default=lambda: new_id("us")
    )
    login: Mapped[str] = mapped_column(String(LOGIN_CHARS))
    login_key: Mapped[str] = mapped_column(String(LOGIN_CHARS), unique=True)
    """The login as it is compared: normalised, without regard to case."""
    name: Mapped[str] = mapped_column(String(40))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    n_failed: Mapped[int] = mapped_column(default=0)
    """Wrong passwords since `failing_since`."""
    failing_since: Mapped[datetime | None]
    locked_until: Mapped[datetime | None]
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_step: Mapped[int | None]
    """Last step whose code was used: no code counts twice."""
    created_at: Mapped[datetime] = mapped_column(default=now_utc)
    created_by: Mapped[str | None] = mapped_column(String(64))
    disabled_at: Mapped[datetime | None]


class Membership(Sealed, Table):
    """As what a person acts, and for which organisation."""

    __tablename__ = "membership"

    id: Mapped[str] = mapped_column(
        String(KEY_CHARS), primary_key=True, default=lambda: new_id("mb")
    )
    person_id: Mapped[str] = mapped_column(
        String(KEY_CHARS), ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[str | None] = mapped_column(
        String(KEY_CHARS), ForeignKey("organisation.id"), index=True
    )
    role: Mapped[Role] = mapped_column(ChoiceType(Role))
    region_code: Mapped[str | None] = mapped_column(String(6))
    """Region a regional operator answers for."""
    created_at: Mapped[datetime] = mapped_column(default=now_utc)


class SignIn(Table):
    """A person's stay, from signing in to signing out; the token itself is in the cookie."""

    __tablename__ = "sign_in"

    id: Mapped[str] = mapped_column(
        String(KEY_CHARS), primary_key=True, default=lambda: new_id("si")
    )
    token_hash: Mapped[str] = mapped_column(String(HASH_CHARS), unique=True)
    """SHA-256 (hex)."""
    person_id: Mapped[str] = mapped_column(
        String(KEY_CHARS), ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    membership_id: Mapped[str] = mapped_column(
        String(KEY_CHARS), ForeignKey("membership.id", ondelete="CASCADE")
    )
    with_totp: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now_utc)
    seen_at: Mapped[datetime] = mapped_column(default=now_utc)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ApiKey(Sealed, Table):
    """A secret by which a program acts for an organisation."""

    __tablename__ = "api_key"
    __table_args__ = (Index("ix_api_key_organisation_id", "organisation_id", "name"),)

    id: Mapped[str] = mapped_column(
        String(KEY_CHARS), primary_key=True, default=lambda: new_id("ak")
    )
    key_id: Mapped[str] = mapped_column(String(KEY_ID_CHARS), unique=True)
    """The part of the key by which it is found."""
    name: Mapped[str] = mapped_column(String(40))
    key_hash: Mapped[str] = mapped_column(String(HASH_CHARS))
    """SHA-256 (hex) of the whole key."""
    role: Mapped[Role] = mapped_column(ChoiceType(Role))
    organisation_id: Mapped[str | None] = mapped_column(
        String(KEY_CHARS), ForeignKey("organisation.id")
    )
    region_code: Mapped[str | None] = mapped_column(String(6))
    scopes: Mapped[list[str]] = mapped_column(default=lambda: [Scope.READ.value])
    read_only: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now_utc)
    created_by: Mapped[str | None] = mapped_column(String(64))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class WidgetToken(Sealed, Table):
    """A public token that lets pages of some origins show public results."""

    __tablename__ = "widget_token"

    id: Mapped[str] = mapped_column(
        String(KEY_CHARS), primary_key=True, default=lambda: new_id("wt")
    )
    token: Mapped[str] = mapped_column(String(48), unique=True)
    """No secret: it stands in the page."""
    name: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[str | None] = mapped_column(
        String(KEY_CHARS), ForeignKey("organisation.id"), index=True
    )
    origins: Mapped[list[str]] = mapped_column(default=list)
    kinds: Mapped[list[str]] = mapped_column(default=list)
    per_minute: Mapped[int] = mapped_column(default=600)
    """Requests a minute with this token, from all addresses together."""
    created_at: Mapped[datetime] = mapped_column(default=now_utc)
    created_by: Mapped[str | None] = mapped_column(String(64))
    revoked_at: Mapped[datetime | None]
