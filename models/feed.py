"""What the index asks the database: what changed, what that touches, vectors kept."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, CursorResult, delete, func, select
from sqlalchemy.orm import Session

from models.base import SEAL, Row
from models.case import Case
from models.change import ChangeLog
from models.provider import Capability, Provider
from models.repository import parts
from models.seals import seal_of
from models.vector import VectorCache
from models.vocabulary.organisation import CaseState
from models.vocabulary.row import Operation

_VECTORS: Final[Any] = VectorCache.__table__


def change_at(session: Session, seq: int) -> ChangeLog | None:
    """Return an entry of the change log."""
    return session.get(ChangeLog, seq)


def is_cut(session: Session) -> bool:
    """Return whether the first entries of the change log are gone."""
    return (session.scalar(select(func.min(ChangeLog.seq))) or 1) > 1


def trim_changes(session: Session, before: datetime, keep_from: int, limit: int) -> int:
    """Remove entries of the change log from its beginning, and return how many.

    The newest entry stays: it says how far everything has come.

    Args:
        session: A writing session.
        before: Younger entries stay.
        keep_from: This entry stays and all after it.
        limit: How many are removed at most.
    """
    newest = session.scalar(select(func.max(ChangeLog.seq))) or 0
    young = select(func.min(ChangeLog.seq)).where(ChangeLog.at >= before)
    end = min(newest, keep_from, session.scalar(young) or newest)
    old = select(ChangeLog.seq).where(ChangeLog.seq < end).order_by(ChangeLog.seq).limit(limit)
    gone = session.scalars(old).all()
    if gone:
        session.execute(delete(ChangeLog).where(ChangeLog.seq <= gone[-1]))
    return len(gone)


def provider_ids_of(session: Session, organisation_ids: Iterable[str]) -> set[str]:
    """Return the keys of the providers these organisations are."""
    found: set[str] = set()
    for part in parts(sorted(organisation_ids)):
        found.update(session.scalars(select(Provider.id).where(Provider.organisation_id.in_(part))))
    return found


def ids_of_owners(session: Session, table: type[Row], organisation_ids: Iterable[str]) -> set[str]:
    """Return the keys of the rows that belong to these organisations, deleted ones included."""
    found: set[str] = set()
    for part in parts(sorted(organisation_ids)):
        found.update(session.scalars(select(table.id).where(table.owner_id.in_(part))))
    return found


def owned_ids(
    session: Session, table: type[Capability] | type[Case], provider_ids: Iterable[str]
) -> set[str]:
    """Return the keys of the rows of these providers, deleted ones included."""
    found: set[str] = set()
    for part in parts(sorted(provider_ids)):
        found.update(session.scalars(select(table.id).where(table.provider_id.in_(part))))
    return found


def published_cases(session: Session, provider_ids: Iterable[str]) -> dict[str, str]:
    """Return the provider of each published case of these providers, by key of the case."""
    found: dict[str, str] = {}
    for part in parts(sorted(provider_ids)):
        wanted = select(Case.id, Case.provider_id).where(
            Case.provider_id.in_(part),
            Case.state == CaseState.PUBLISHED,
            Case.deleted_at.is_(None),
        )
        found.update(
            (case_id, str(provider_id)) for case_id, provider_id in session.execute(wanted)
        )
    return found


def cached_vectors(
    session: Session, fingerprint: str, texts: Sequence[str]
) -> dict[str, NDArray[np.float32]]:
    """Return the vectors already known, by text; float32 (dim,), unit length.

    What is not as it was written is not known: its text is encoded again.
    """
    by_hash = {text_hash(text): text for text in texts}
    found: dict[str, NDArray[np.float32]] = {}
    for part in parts(list(by_hash)):
        for row in session.execute(select(_VECTORS).where(*_among(fingerprint, part))).mappings():
            if row[SEAL] in (None, seal_of(dict(row))):
                found[by_hash[row["text_hash"]]] = np.frombuffer(row["vector"], dtype="<f4")
    return found


def keep_vectors(
    session: Session, fingerprint: str, vectors: dict[str, NDArray[np.float32]]
) -> None:
    """Store vectors by text; those already there stay unless they are damaged."""
    known = cached_vectors(session, fingerprint, list(vectors))
    for part in parts([text_hash(text) for text in vectors if text not in known]):
        session.execute(delete(VectorCache).where(*_among(fingerprint, part)))
    session.add_all(
        VectorCache(
            fingerprint=fingerprint,
            text_hash=text_hash(text),
            vector=vector.astype("<f4").tobytes(),
        )
        for text, vector in vectors.items()
        if text not in known
    )


def _among(fingerprint: str, hashes: list[str]) -> tuple[ColumnElement[bool], ...]:
    return VectorCache.fingerprint == fingerprint, VectorCache.text_hash.in_(hashes)


def drop_vectors_but(session: Session, texts: Iterable[str]) -> int:
    """Remove the vectors of all texts but these, of every encoder; return how many."""
    kept = {text_hash(text) for text in texts}
    known = set(session.scalars(select(VectorCache.text_hash).distinct()))
    n_dropped = 0
    for part in parts(sorted(known - kept)):
        statement = delete(VectorCache).where(VectorCache.text_hash.in_(part))
        result = session.execute(statement, execution_options={"synchronize_session": False})
        n_dropped += result.rowcount if isinstance(result, CursorResult) else 0
    return n_dropped


def has_erased_since(session: Session, seq: int) -> bool:
    """Return whether a row was erased after a change."""
    wanted = select(ChangeLog.seq).where(
        ChangeLog.seq > seq, ChangeLog.operation == Operation.ERASE
    )
    return session.scalars(wanted.limit(1)).first() is not None


def text_hash(text: str) -> str:
    """Return the SHA-256 (hex) of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
