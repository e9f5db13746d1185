"""What the index asks the database: what changed, what that touches, vectors kept."""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.change import ChangeLog
from models.provider import Capability, Provider
from models.repository import parts
from models.vector import VectorCache
from models.vocabulary import CaseState


def change_at(session: Session, seq: int) -> ChangeLog | None:
    """Return an entry of the change log."""
    return session.get(ChangeLog, seq)


def provider_ids_of(session: Session, organisation_ids: Iterable[str]) -> set[str]:
    """Return the keys of the providers these organisations are."""
    found: set[str] = set()
    for part in parts(sorted(organisation_ids)):
        found.update(session.scalars(select(Provider.id).where(Provider.organisation_id.in_(part))))
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
    """Return the vectors already known, by text; float32 (dim,), unit length."""
    by_hash = {text_hash(text): text for text in texts}
    found: dict[str, NDArray[np.float32]] = {}
    for part in parts(list(by_hash)):
        wanted = select(VectorCache.text_hash, VectorCache.vector).where(
            VectorCache.fingerprint == fingerprint,
            VectorCache.text_hash.in_(part),
        )
        for key, vector in session.execute(wanted):
            found[by_hash[key]] = np.frombuffer(vector, dtype="<f4")
    return found


def keep_vectors(
    session: Session, fingerprint: str, vectors: dict[str, NDArray[np.float32]]
) -> None:
    """Store vectors by text; those already there stay."""
    known = cached_vectors(session, fingerprint, list(vectors))
    session.add_all(
        VectorCache(
            fingerprint=fingerprint,
            text_hash=text_hash(text),
            vector=vector.astype("<f4").tobytes(),
        )
        for text, vector in vectors.items()
        if text not in known
    )


def text_hash(text: str) -> str:
    """Return the SHA-256 (hex) of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
