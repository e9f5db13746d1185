"""Vectors already computed, so that an index is rebuilt without its encoder."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Sealed, Table, now_utc


class VectorCache(Sealed, Table):
    """The vector of one text under one encoder, as a text to be found."""

    __tablename__ = "vector_cache"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    text_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 (hex) of the canonical text."""
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    """Little-endian float32, unit length."""
    created_at: Mapped[datetime] = mapped_column(default=now_utc)
