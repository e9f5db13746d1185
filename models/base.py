"""What every table shares: key form, UTC times, soft deletion, version, content hash."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, Final

from sqlalchemy import JSON, DateTime, Dialect, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from models.row_keys import key_clock
from models.vocabulary.access import Visibility
from models.vocabulary.row import Entity

KEY_CHARS = 32
SEAL = "row_hash"


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time, always UTC and always aware, also on databases that forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: they would be read back as something else."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a time without zone cannot be stored"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back to what SQLite stored without one."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ChoiceType(TypeDecorator[StrEnum]):
    """A `StrEnum` kept as its plain value, so that adding a choice needs no migration."""

    impl = String(32)
    cache_ok = True

    def __init__(self, choices: type[StrEnum]) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """Store the value."""
        return None if value is None else self.choices(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Read the choice back."""
        return None if value is None else self.choices(value)


def now_utc() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class Table(DeclarativeBase):
    """Root of all tables; constraint names are fixed so that migrations can address them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[dict[str, Any]]: JSON,
        list[str]: JSON,
    }


class Sealed:
    """What a table has whose rows carry the hash of their contents (`models/seals.py`)."""

    row_hash: Mapped[str | None] = mapped_column(String(64), deferred=True)
    """SHA-256 (hex) of all other columns, kept by every session that writes."""


DEMO_SOURCE: Final = "demo:"
"""Beginning of the source keys of demonstration rows."""


class Row(Sealed, Table):
    """A noun: prefixed sortable key, times, version, visibility and soft deletion.

    Every insert, change and soft deletion of a `Row` writes a change-log entry in the same
    transaction (`models/change.py`).
    """

    __abstract__ = True
    id_prefix: ClassVar[str]
    entity: ClassVar[Entity]

    id: Mapped[str] = mapped_column(String(KEY_CHARS), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=now_utc)
    updated_at: Mapped[datetime] = mapped_column(default=now_utc, onupdate=now_utc)
    created_by: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    visibility: Mapped[Visibility] = mapped_column(
        ChoiceType(Visibility), default=Visibility.PLATFORM
    )
    owner_id: Mapped[str | None] = mapped_column(String(KEY_CHARS), index=True)
    """Organisation the row belongs to, kept by `models/ownership.py`."""
    owner_region: Mapped[str | None] = mapped_column(String(6))
    """Region (GB/T 2260) of that organisation."""
    source_ref: Mapped[str | None] = mapped_column(String(128), unique=True)
    """Key the row had where it was imported from; a second import finds it again."""
    deleted_at: Mapped[datetime | None]
    deleted_reason: Mapped[str | None] = mapped_column(String(200))

    def __init__(self, **columns: Any) -> None:  # noqa: ANN401 - SQLAlchemy's signature
        """Make a row with a fresh key unless one is given."""
        columns.setdefault("id", new_id(self.id_prefix))
        super().__init__(**columns)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy calls it on the class
        """Let SQLAlchemy count versions, so that two writers cannot overwrite each other."""
        return {"version_id_col": cls.version}

    def content_hash(self) -> str:
        """Return the SHA-256 (hex) of everything the index is built from."""
        return hash_texts(self.searchable_texts())

    def searchable_texts(self) -> Iterable[str]:
        """Yield the texts the index is built from, in a fixed order."""
        raise NotImplementedError


def new_id(prefix: str) -> str:
    """Return a fresh key: prefix and a ULID, greater than those of all rows made before."""
    return f"{prefix}_{key_clock().next()}"


def hash_texts(texts: Iterable[str]) -> str:
    """Return the SHA-256 (hex) of several texts, unambiguous about where each one ends."""
    digest = hashlib.sha256()
    for text in texts:
        encoded = text.encode()
        digest.update(len(encoded).to_bytes(8, "little"))
        digest.update(encoded)
    return digest.hexdigest()
