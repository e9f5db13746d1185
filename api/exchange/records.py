"""Stored rows in the form of the input schemas, with what was only read set apart.

A record holds what a person gave: importing it again changes nothing. What was read from the
text goes into the read-only part, so that reading it again stays possible.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.exchange.columns import ImportKind
from api.exchange.rows import SCHEMAS
from api.intake.capabilities import READ_FIELDS as CAPABILITY_READ_FIELDS
from api.intake.demand_fields import READ_FIELDS as DEMAND_READ_FIELDS
from api.intake.tagging import TAG_FIELDS
from api.presenter import Presenter
from api.schemas.base import Schema
from models.base import Row
from models.case import Case
from models.database import Session
from models.demand import MATCHABLE_STATES, Demand
from models.provider import Capability, Provider
from models.vocabulary.organisation import CaseState
from models.vocabulary.taxonomy import TagSource

TABLES: Final[Mapping[ImportKind, type[Row]]] = {
    ImportKind.DEMANDS: Demand,
    ImportKind.PROVIDERS: Provider,
    ImportKind.CAPABILITIES: Capability,
    ImportKind.CASES: Case,
}

_READ_FIELDS: Final = frozenset((*DEMAND_READ_FIELDS, *CAPABILITY_READ_FIELDS))
_ABOUT: Final = ("id", "demand_no", "state", "version", "created_at", "updated_at")
_OFFERED: Final = frozenset({*MATCHABLE_STATES, CaseState.PUBLISHED})
"""States that can be found; what was withdrawn or hidden must not come back by an import."""


@dataclass(frozen=True, slots=True)
class Record:
    """A stored row as a file carries it.

    Attributes:
        values: What a person gave, in the form of the input schema.
        read_only: Keys, state and what was read from the text.
    """

    values: dict[str, Any]
    read_only: dict[str, Any]


class RecordMaker:
    """Makes records of rows of one kind."""

    def __init__(self, kind: ImportKind, presenter: Presenter) -> None:
        self._kind = kind
        self._presenter = presenter

    def make(self, session: Session, rows: Sequence[Any]) -> list[Record]:
        """Return the records of rows, in order."""
        return [self._record(shown) for shown in self._shown(session, rows)]

    def _shown(self, session: Session, rows: Sequence[Any]) -> Sequence[Schema]:
        if self._kind is ImportKind.DEMANDS:
            return self._presenter.demands(session, rows)
        if self._kind is ImportKind.PROVIDERS:
            return self._presenter.providers(session, rows)
        if self._kind is ImportKind.CAPABILITIES:
            return self._presenter.capabilities(session, rows)
        return self._presenter.cases(session, rows)

    def _record(self, shown: Schema) -> Record:
        dumped = shown.model_dump(mode="json")
        fields = SCHEMAS[self._kind].model_fields
        given = dumped.get("human_fields")
        read = _READ_FIELDS - set(given) if given is not None else frozenset()
        values = {name: dumped[name] for name in fields if name in dumped and name not in read}
        read_only: dict[str, Any] = {name: dumped[name] for name in _ABOUT if name in dumped}
        read_only |= {name: dumped[name] for name in sorted(read & set(dumped))}
        if values.get("credentials"):
            values["credentials"] = [_claimed(credential) for credential in values["credentials"]]
        if "provider_id" in dumped:
            values["provider_id"] = dumped["provider_id"]
        if "publish" in fields:
            values["publish"] = dumped["state"] in _OFFERED
        for name, scheme in TAG_FIELDS.items():
            if name in fields:
                tags = [tag for tag in dumped["tags"] if tag["scheme"] == scheme]
                chosen = [tag["code"] for tag in tags if tag["source"] != TagSource.AUTO]
                values[name] = chosen or None
                read_only[name] = [
                    {"code": tag["code"], "name": tag["name"], "confidence": tag["confidence"]}
                    for tag in tags
                    if tag["source"] == TagSource.AUTO
                ]
        return Record({n: v for n, v in values.items() if v is not None}, read_only)


def _claimed(credential: dict[str, Any]) -> dict[str, Any]:
    """Return a credential as a provider states it, without what a reviewer found."""
    return {name: value for name, value in credential.items() if not name.startswith("verified_")}
