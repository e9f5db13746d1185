"""Where the rows of a file go: one target a kind, all working through the intake."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, cast

from api.exchange.changes import ChangePlan, plan_change
from api.exchange.columns import ImportKind
from api.exchange.records import TABLES, RecordMaker
from api.exchange.source_keys import find_row
from api.intake.problems import FieldsRejectedError
from api.presenter import Presenter
from api.schemas.base import UpdateSchema
from api.schemas.capability import CapabilityCreate, CapabilityUpdate
from api.schemas.case import CaseCreate, CaseUpdate
from api.schemas.demand import DemandCreate, DemandUpdate
from api.schemas.provider import ProviderCreate, ProviderUpdate
from api.schemas.tags import TagsUpdate
from api.wiring import Service
from models import repository
from models.base import Row
from models.database import Session
from models.errors import NavmatchError
from models.provider import Provider


@dataclass(frozen=True, slots=True)
class Entry:
    """A checked row of a file.

    Attributes:
        body: The checked input.
        provider_id: Provider a capability belongs to; None for other kinds.
    """

    body: Any
    provider_id: str | None = None

    @property
    def source_ref(self) -> str | None:
        """Key of the row where it comes from."""
        key: str | None = self.body.source_ref
        return key


class Target(ABC):
    """Stores rows of one kind, new ones in batches, known ones one by one.

    Attributes:
        kind: What the rows are.
        update: Schema of changes.
    """

    kind: ClassVar[ImportKind]
    update: ClassVar[type[UpdateSchema]]

    def __init__(self, service: Service) -> None:
        self.service = service
        self._records = RecordMaker(self.kind, Presenter(service.vocabularies))

    @property
    def table(self) -> type[Row]:
        """Table of the rows."""
        return TABLES[self.kind]

    def find(self, session: Session, entry: Entry) -> Row | None:
        """Return the row an entry speaks of; None when there is none yet."""
        row = find_row(session, self.table, entry.source_ref) if entry.source_ref else None
        return row if row is not None and row.deleted_at is None else None

    def reload(self, session: Session, row: Row) -> Row:
        """Return a row as it is stored now."""
        return repository.get(session, self.table, row.id)

    def plan(self, session: Session, row: Row, entry: Entry) -> ChangePlan:
        """Return what an entry would change in a row."""
        (record,) = self._records.make(session, [row])
        return plan_change(row, entry.body, record, self.service.vocabularies)

    def apply(self, plan: ChangePlan) -> Row:
        """Make the changes of a plan and return the row.

        Raises:
            NavmatchError: the intake refuses them.
        """
        row = plan.row
        if plan.values:
            row = self._change(row, self.update(version=row.version, **cast(Any, plan.values)))
        if plan.tags:
            tags = TagsUpdate(version=row.version, **cast(Any, plan.tags))
            row = self.service.intake.tags.decide(self.table, row.id, tags)
        return self._publish(row) if plan.publish else row

    @abstractmethod
    def refusal(self, entry: Entry) -> NavmatchError | None:
        """Return what is wrong with a new entry that needs no database to see."""

    @abstractmethod
    def create_many(self, entries: Sequence[Entry]) -> Sequence[Row | NavmatchError]:
        """Store new entries; each is stored or refused on its own."""

    @abstractmethod
    def _change(self, row: Row, body: Any) -> Row:  # noqa: ANN401 - each kind has its own schema
        """Change a row through the intake."""

    def _publish(self, row: Row) -> Row:
        return row


class DemandTarget(Target):
    """Stores demands."""

    kind = ImportKind.DEMANDS
    update = DemandUpdate

    def refusal(self, entry: Entry) -> NavmatchError | None:
        """Return what is wrong with a new demand."""
        return self.service.intake.demands.refusal(entry.body)

    def create_many(self, entries: Sequence[Entry]) -> Sequence[Row | NavmatchError]:
        """Store new demands."""
        bodies: list[DemandCreate] = [entry.body for entry in entries]
        return self.service.intake.demands.create_many(bodies)

    def _change(self, row: Row, body: Any) -> Row:  # noqa: ANN401
        return self.service.intake.demands.change(row.id, body)

    def _publish(self, row: Row) -> Row:
        return self.service.intake.demands.publish(row.id)


class CaseTarget(Target):
    """Stores cases."""

    kind = ImportKind.CASES
    update = CaseUpdate

    def refusal(self, entry: Entry) -> NavmatchError | None:
        """Return what is wrong with a new case."""
        return self.service.intake.cases.refusal(entry.body)

    def create_many(self, entries: Sequence[Entry]) -> Sequence[Row | NavmatchError]:
        """Store new cases."""
        bodies: list[CaseCreate] = [entry.body for entry in entries]
        return self.service.intake.cases.create_many(bodies)

    def _change(self, row: Row, body: Any) -> Row:  # noqa: ANN401
        return self.service.intake.cases.change(row.id, body)

    def _publish(self, row: Row) -> Row:
        return self.service.intake.cases.publish(row.id)


class CapabilityTarget(Target):
    """Stores capabilities of providers that are there already."""

    kind = ImportKind.CAPABILITIES
    update = CapabilityUpdate

    def find(self, session: Session, entry: Entry) -> Row | None:
        """Return the capability of this key, else of this title at the same provider."""
        found = super().find(session, entry)
        if found is not None or entry.source_ref or entry.provider_id is None:
            return found
        owned = repository.capabilities_of(session, entry.provider_id)
        return next((c for c in owned if c.title == entry.body.title), None)

    def refusal(self, entry: Entry) -> NavmatchError | None:
        """Return what is wrong with a new capability."""
        try:
            self.service.intake.capabilities.check([entry.body])
        except FieldsRejectedError as error:
            return error
        return None

    def create_many(self, entries: Sequence[Entry]) -> Sequence[Row | NavmatchError]:
        """Store new capabilities, their texts read in one batch."""
        outcomes: list[Row | NavmatchError | None] = [self.refusal(entry) for entry in entries]
        todo = [place for place, refused in enumerate(outcomes) if refused is None]
        bodies: list[CapabilityCreate] = [entries[place].body for place in todo]
        readings = self.service.intake.capabilities.read(bodies)
        with self.service.database.write() as session:
            for place, body, found in zip(todo, bodies, readings, strict=True):
                try:
                    with session.begin_nested():
                        key = entries[place].provider_id or ""
                        provider = repository.get(session, Provider, key)
                        intake = self.service.intake.capabilities
                        (outcomes[place],) = intake.add(session, provider, [body], [found], None)
                except NavmatchError as error:
                    outcomes[place] = error
        self.service.follower.wake()
        return [outcome for outcome in outcomes if outcome is not None]

    def _change(self, row: Row, body: Any) -> Row:  # noqa: ANN401
        return self.service.intake.capabilities.change(row.id, body)


class ProviderTarget(Target):
    """Stores providers; the capabilities inside them have a target of their own."""

    kind = ImportKind.PROVIDERS
    update = ProviderUpdate

    def find(self, session: Session, entry: Entry) -> Row | None:
        """Return the provider of this key, else the one this organisation is."""
        found = super().find(session, entry)
        if found is not None:
            return found
        organisation = repository.find_organisation(session, entry.body.name)
        if organisation is None:
            return None
        provider = repository.provider_of(session, organisation.id)
        if provider is None or provider.deleted_at is not None:
            return None
        is_other = entry.source_ref and provider.source_ref not in (None, entry.source_ref)
        return None if is_other else provider

    def refusal(self, entry: Entry) -> NavmatchError | None:
        """Return what is wrong with a new provider."""
        return self.service.intake.providers.refusal(entry.body)

    def create_many(self, entries: Sequence[Entry]) -> Sequence[Row | NavmatchError]:
        """Store new providers with their capabilities."""
        bodies: list[ProviderCreate] = [entry.body for entry in entries]
        return self.service.intake.providers.create_many(bodies)

    def _change(self, row: Row, body: Any) -> Row:  # noqa: ANN401
        return self.service.intake.providers.change(row.id, body)


TARGETS: Final[Mapping[ImportKind, type[Target]]] = {
    target.kind: target for target in (DemandTarget, ProviderTarget, CapabilityTarget, CaseTarget)
}
