"""Replies kept with their effects, so that a request sent again is answered, not done again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    String,
    Text,
    delete,
    insert,
    or_,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Table, now_utc
from models.errors import ConflictError

KEPT_FOR: Final = timedelta(hours=48)
"""How long a reply is kept; at least 24 hours are promised."""


class Reply(Table):
    """What one caller was told about one request, stored in the transaction of its effect."""

    __tablename__ = "reply"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 (hex) of the caller and the key the caller chose."""
    request_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 (hex) of method, address and body."""
    actor: Mapped[str | None] = mapped_column(String(64), index=True)
    status: Mapped[int | None]
    """HTTP status; None while the effect is under way."""
    headers: Mapped[str | None] = mapped_column(Text)
    """JSON object of the headers that are sent again."""
    body: Mapped[str | None] = mapped_column(Text)
    """The body as it was sent; None when it must not be kept."""
    created_at: Mapped[datetime] = mapped_column(default=now_utc, index=True)


@dataclass(frozen=True, slots=True)
class KeptReply:
    """A reply as it is sent again.

    Attributes:
        request_hash: SHA-256 (hex) of the request it answered.
        status: HTTP status.
        headers: JSON object of headers.
        body: The body; None when it was not kept.
    """

    request_hash: str
    status: int
    headers: str
    body: str | None


def find_reply(session: Session, key_hash: str) -> KeptReply | None:
    """Return the reply kept under a key."""
    found = session.get(Reply, key_hash)
    if found is None or found.status is None:
        return None
    return KeptReply(found.request_hash, found.status, found.headers or "{}", found.body)


class AnsweredElsewhereError(ConflictError):
    """The same request is being answered, or was just now, by another process."""

    code = "idempotency_in_progress"


@dataclass(slots=True)
class Claim:
    """Takes a key at the beginning of a transaction, so that its effect happens once.

    Another transaction that wants the key waits for this one's end, or is told so.

    Attributes:
        key_hash: The key.
        request_hash: What is asked.
        actor: Who asks.
        is_lost: Whether another has it.
    """

    key_hash: str
    request_hash: str
    actor: str | None
    is_lost: bool = False

    def __call__(self, connection: Connection) -> None:
        """Take the key.

        Raises:
            AnsweredElsewhereError: another has it.
        """
        values = {
            "key_hash": self.key_hash,
            "request_hash": self.request_hash,
            "actor": self.actor,
            "created_at": now_utc(),
        }
        try:
            connection.execute(insert(Reply).values(**values))
        except IntegrityError as error:
            self.is_lost = True
            raise AnsweredElsewhereError("同一请求正在处理或刚处理完，请稍后重试。") from error


def keep_reply(connection: Connection, key_hash: str, reply: KeptReply) -> None:
    """Store the reply under the key claimed in this transaction."""
    connection.execute(
        update(Reply)
        .where(Reply.key_hash == key_hash)
        .values(status=reply.status, headers=reply.headers, body=reply.body)
    )


def drop_old_replies(session: Session, before: datetime) -> int:
    """Remove the replies made before a moment; returns how many there were."""
    return _removed(session, Reply.created_at < before)


def forget_replies(session: Session, actors: Iterable[str] = (), ids: Sequence[str] = ()) -> int:
    """Remove the replies given to these callers or about these rows; returns how many."""
    about = [Reply.body.contains(row_id, autoescape=True) for row_id in ids]
    about += [Reply.headers.contains(row_id, autoescape=True) for row_id in ids]
    return _removed(session, or_(Reply.actor.in_(list(actors)), *about))


def _removed(session: Session, condition: ColumnElement[bool]) -> int:
    result = session.execute(delete(Reply).where(condition))
    return result.rowcount if isinstance(result, CursorResult) else 0
