"""Records of matching runs: enough to replay a ranking."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import KEY_CHARS, ChoiceType, Table, now_utc
from models.vocabulary import Direction


class MatchRun(Table):
    """One ranking that was shown: what was asked, of which index, with which weights."""

    __tablename__ = "match_run"

    id: Mapped[str] = mapped_column(String(KEY_CHARS), primary_key=True)
    direction: Mapped[Direction] = mapped_column(ChoiceType(Direction))
    query_ref: Mapped[str | None] = mapped_column(String(KEY_CHARS), index=True)
    """Key of the stored row that asked; None for free text, which is not kept."""
    query_hash: Mapped[str] = mapped_column(String(64))
    filters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    weights: Mapped[dict[str, Any]] = mapped_column(default=dict)
    encoder_fingerprint: Mapped[str] = mapped_column(String(64))
    index_version: Mapped[str] = mapped_column(String(64))
    rules_version: Mapped[str] = mapped_column(String(32))
    taxonomy_version: Mapped[str] = mapped_column(String(32))
    top_k: Mapped[int]
    results: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """Ranked ids with their scores."""
    started_at: Mapped[datetime] = mapped_column(default=now_utc)
