"""The audit chain's tables, and the code that ties each entry to the one before it."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import ChoiceType, Table
from models.vocabulary.access import AuditAction, AuditResult, Role

PLATFORM_CHAIN: Final = "platform"
"""Chain of those who act for no organisation."""

CHAIN_CHARS: Final = 64
MAC_CHARS: Final = 64


class AuditEvent(Table):
    """One entry: who did what to what, when, with which result; never a text, only hashes.

    Entries of one chain are numbered without gap, and each carries the code (HMAC-SHA256) of
    itself and the one before. Triggers refuse changes, and deletions no checkpoint covers.
    """

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("chain", "number"),)

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    chain: Mapped[str] = mapped_column(String(CHAIN_CHARS))
    """Key of the organisation acted for, or `platform`."""
    number: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    actor: Mapped[str | None] = mapped_column(String(64))
    role: Mapped[Role] = mapped_column(ChoiceType(Role))
    organisation_id: Mapped[str | None] = mapped_column(String(32))
    act: Mapped[str] = mapped_column(String(64))
    action: Mapped[AuditAction] = mapped_column(ChoiceType(AuditAction))
    entity: Mapped[str | None] = mapped_column(String(32))
    entity_id: Mapped[str | None] = mapped_column(String(64), index=True)
    result: Mapped[AuditResult] = mapped_column(ChoiceType(AuditResult))
    before_hash: Mapped[str | None] = mapped_column(String(MAC_CHARS))
    after_hash: Mapped[str | None] = mapped_column(String(MAC_CHARS))
    request_id: Mapped[str | None] = mapped_column(String(64))
    client: Mapped[str | None] = mapped_column(String(64))
    previous_mac: Mapped[str] = mapped_column(String(MAC_CHARS))
    mac: Mapped[str] = mapped_column(String(MAC_CHARS))


class AuditCheckpoint(Table):
    """Where a chain begins after its oldest entries were deleted, signed."""

    __tablename__ = "audit_checkpoint"

    key: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    chain: Mapped[str] = mapped_column(String(CHAIN_CHARS), index=True)
    number: Mapped[int] = mapped_column(BigInteger)
    """Number of the last entry deleted."""
    mac: Mapped[str] = mapped_column(String(MAC_CHARS))
    """Its code."""
    at: Mapped[datetime]
    signature: Mapped[str] = mapped_column(String(MAC_CHARS))


SIGNED: Final = tuple(
    column.name
    for column in AuditEvent.__table__.columns
    if column.name not in ("seq", "previous_mac", "mac")
)
"""Columns an entry's code covers, in order; `seq` is the database's own."""


@dataclass(frozen=True, slots=True, repr=False)
class AuditKey:
    """The secret that makes codes; who has only the database can make none."""

    secret: bytes

    def mac(self, previous: str, values: dict[str, Any]) -> str:
        """Return the code of an entry that follows the one with the code `previous`."""
        return self._code("entry", previous, *(values[name] for name in SIGNED))

    def genesis(self, chain: str) -> str:
        """Return what the first entry of a chain follows."""
        return self._code("genesis", chain)

    def fingerprint(self) -> str:
        """Return what tells the key from others and gives nothing of it away."""
        return self._code("fingerprint")

    def state_hash(self, values: list[Any]) -> str:
        """Return the code of a row's state: without the key nobody can try out guesses."""
        return self._code("state", *values)

    def signature(self, purpose: str, *values: object) -> str:
        """Return the signature of a checkpoint or a head."""
        return self._code(purpose, *values)

    def _code(self, *values: object) -> str:
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_plain)
        message = text.encode("utf-8", "surrogatepass")
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()


def same(code: str, other: str) -> bool:
    """Return whether two codes are equal, without telling by time how far they are."""
    return hmac.compare_digest(code.encode(), other.encode())


def _plain(value: object) -> str:
    """Return what JSON has no form for as a text that is the same on every database."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else str(value)
