"""Documents made from rows: the bridge from the database to the index."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from indexer.kept_vectors import INDEX, KeptVectors
from indexer.personal import cover_personal
from indexer.profiles import Owner, owners_of
from indexer.text import canonicalise, drop_refused
from indexer.types import Changes, Condition, Document, Profile
from models import feed, invitations, repository
from models.base import Row
from models.case import Case
from models.database import Session
from models.demand import MATCHABLE_STATES, Demand
from models.position import Position
from models.provider import Capability
from models.row_keys import key_clock
from models.sight import Placement, common_levels, covers
from models.tag import TagAssignment
from models.viewer import acting_as
from models.vocabulary.access import Visibility
from models.vocabulary.demand import RequirementKind, RequirementStrength
from models.vocabulary.organisation import CaseState, EvidenceLevel
from models.vocabulary.row import Entity, Operation
from models.vocabulary.taxonomy import Scheme

KINDS = (Entity.CAPABILITY, Entity.DEMAND, Entity.CASE)
"""Kinds of row that are indexed."""

REJECT_CODE = "OTH"

TRIMMED_AT_ONCE: Final = 5_000
"""Changes removed in one transaction, so that no writer waits long."""

_CUT_OFF: Final = "cut off"
"""What the log says before its first change once that is gone: nobody can follow from there."""


def demand_document(demand: Demand, tags: Sequence[TagAssignment]) -> Document:
    """Return the document of a demand, whatever its state."""
    return Document(
        id=demand.id,
        kind=Entity.DEMAND,
        group_id=demand.id,
        title=_searchable(demand.title),
        body=_searchable(demand.body()),
        scenarios=_codes(tags, Scheme.SCENARIO),
        industries=_codes(tags, Scheme.SEI),
        classes=_codes(tags, Scheme.GB4754),
        region_code=demand.region_code,
        service_region=demand.service_region,
        deliverables=tuple(demand.deliverables),
        conditions=tuple(_condition(c) for c in demand.requirements),
        budget_kind=demand.budget_kind,
        budget_min_fen=demand.budget_min_fen,
        budget_max_fen=demand.budget_max_fen,
        period_days=demand.period_days,
        placement=placement_of(demand),
    )


def capability_document(
    capability: Capability, tags: Sequence[TagAssignment], profile: Profile
) -> Document:
    """Return the document of a capability."""
    return Document(
        id=capability.id,
        kind=Entity.CAPABILITY,
        group_id=capability.provider_id,
        title=_searchable(capability.title),
        body=_searchable(capability.description),
        scenarios=_codes(tags, Scheme.SCENARIO),
        industries=_codes(tags, Scheme.SEI),
        classes=_codes(tags, Scheme.GB4754),
        any_industry=capability.any_industry,
        region_code=profile.region_code,
        deliverables=tuple(capability.deliverables),
        typical_days_min=capability.typical_days_min,
        verified=capability.evidence_level == EvidenceLevel.VERIFIED,
        valid_until=capability.valid_until.isoformat() if capability.valid_until else None,
        placement=placement_of(capability),
        profile=profile,
    )


def case_document(case: Case, tags: Sequence[TagAssignment], profile: Profile | None) -> Document:
    """Return the document of a case."""
    return Document(
        id=case.id,
        kind=Entity.CASE,
        group_id=case.id,
        title=_searchable(case.title),
        body=_searchable(case.summary),
        scenarios=_codes(tags, Scheme.SCENARIO),
        industries=_codes(tags, Scheme.SEI),
        classes=_codes(tags, Scheme.GB4754),
        region_code=case.region_code,
        deliverables=tuple(case.deliverables),
        verified=case.verified,
        placement=placement_of(case),
        profile=profile,
    )


def placement_of(row: Row, invited: tuple[str, ...] = ()) -> Placement:
    """Return what decides who may see a row; invited are the organisations shown it."""
    return Placement(
        levels=(row.visibility,),
        owner_id=row.owner_id,
        owner_region=row.owner_region,
        recipient_id=row.recipient_id if isinstance(row, Demand) else None,
        invited=invited,
    )


class DatabaseDocuments(KeptVectors):
    """Reads documents, changes and kept vectors; what `indexer.sync` follows."""

    def last_seq(self) -> int:
        """Return the number of the newest change."""
        with acting_as(INDEX), self._database.read() as session:
            return repository.last_seq(session)

    def mark(self, seq: int) -> str:
        """Return what the change log says at a change; empty when there is no such change."""
        with acting_as(INDEX), self._database.read() as session:
            change = feed.change_at(session, seq)
            if change is None:  # before the first one is a place too, while nothing was cut off
                return _CUT_OFF if seq == 0 and feed.is_cut(session) else ""
            return change.mark()

    def trim(self, before: datetime, keep_from: int) -> int:
        """Remove changes older than a moment and before a number; return how many."""
        n_gone = 0
        while True:
            with acting_as(INDEX), self._database.write() as session:
                n_now = feed.trim_changes(session, before, keep_from, TRIMMED_AT_ONCE)
            n_gone += n_now
            if n_now < TRIMMED_AT_ONCE:
                return n_gone

    def changes(self, after: int, limit: int) -> Changes:
        """Return the next changes and the documents they touch, all at one moment.

        Documents carry facts of others: those of a provider its organisation's name and place
        and its cases' scenarios. They are touched when those are.
        """
        with acting_as(INDEX), self._database.read() as session:
            self._note_read(session)
            found = repository.changes_after(session, after, limit)
            if not found:
                return Changes(after, "", True, {k: set() for k in KINDS}, {k: [] for k in KINDS})
            key_clock().show(change.entity_id for change in found)
            changed: dict[Entity, set[str]] = {entity: set() for entity in Entity}
            for change in found:
                changed[change.entity].add(change.entity_id)
            cases = repository.rows_by_id(session, Case, changed[Entity.CASE])
            providers = {case.provider_id for case in cases.values() if case.provider_id}
            providers |= changed[Entity.PROVIDER]
            providers |= feed.provider_ids_of(session, changed[Entity.ORGANISATION])
            for table in (Demand, Case):
                changed[table.entity] |= feed.ids_of_owners(
                    session, table, changed[Entity.ORGANISATION]
                )
            changed[Entity.CAPABILITY] |= feed.owned_ids(session, Capability, providers)
            changed[Entity.CASE] |= feed.owned_ids(session, Case, providers)
            return Changes(
                seq=found[-1].seq,
                mark=found[-1].mark(),
                is_all=len(found) < limit,
                touched={kind: changed[kind] for kind in KINDS},
                documents={kind: _documents(session, kind, changed[kind]) for kind in KINDS},
                erased_seq=max((c.seq for c in found if c.operation == Operation.ERASE), default=0),
            )

    def everything(self) -> tuple[Position, dict[Entity, list[Document]]]:
        """Return the newest change and all documents that may be found, at one moment."""
        with acting_as(INDEX), self._database.read() as session:
            self._note_read(session)
            seq = repository.last_seq(session)
            change = feed.change_at(session, seq)
            position = Position(seq, "" if change is None else change.mark())
            ids = {kind: repository.live_ids(session, repository.TABLES[kind]) for kind in KINDS}
            return position, {kind: _documents(session, kind, ids[kind]) for kind in KINDS}

    def all_ids(self, kind: Entity) -> list[str]:
        """Return the keys of all rows of a kind that are not deleted, oldest first."""
        with acting_as(INDEX), self._database.read() as session:
            return repository.live_ids(session, repository.TABLES[kind])

    def load(self, kind: Entity, ids: Iterable[str]) -> list[Document]:
        """Return the documents of those rows that may be found now, in the order of keys."""
        with acting_as(INDEX), self._database.read() as session:
            self._note_read(session)
            return _documents(session, kind, ids)


def _documents(session: Session, kind: Entity, ids: Iterable[str]) -> list[Document]:
    """Return the documents of those rows that may be found, in the order of keys."""
    rows = repository.rows_by_id(session, repository.TABLES[kind], ids)
    findable = [row for _, row in sorted(rows.items()) if _is_findable(row)]
    tags = repository.tags_of(session, kind, [row.id for row in findable])
    owners = owners_of(session, findable)
    invited = invitations.invited_to(session, [row.id for row in findable])
    documents = [
        _document(row, tags.get(row.id, []), owners, invited.get(row.id, ())) for row in findable
    ]
    return [d for d in documents if d is not None]


def _is_findable(row: Row) -> bool:
    if row.deleted_at is not None:
        return False
    if isinstance(row, Demand):
        return row.state in MATCHABLE_STATES
    return not isinstance(row, Case) or row.state == CaseState.PUBLISHED


def _document(
    row: Row,
    tags: Sequence[TagAssignment],
    owners: Mapping[str, Owner],
    invited: tuple[str, ...],
) -> Document | None:
    placement = placement_of(row, invited)
    if isinstance(row, Demand):
        return replace(demand_document(row, tags), placement=placement)
    if isinstance(row, Case):
        owner = owners.get(row.provider_id or "")
        is_shown = owner is not None and covers(owner.visibility, row.visibility)
        document = case_document(row, tags, owner.profile if owner and is_shown else None)
        return replace(document, placement=placement)
    if isinstance(row, Capability):
        owner = owners[row.provider_id]
        if not owner.offered:
            return None
        document = capability_document(row, tags, owner.profile)
        return replace(document, placement=_within(placement, owner))
    return None


def _within(placement: Placement, owner: Owner) -> Placement:
    """Return the placement of a capability: its provider must be seen too."""
    (level,) = placement.levels
    levels = common_levels((level, owner.visibility))
    by_both = level == owner.visibility == Visibility.INVITED
    if by_both:
        invited = tuple(sorted(set(placement.invited) & set(owner.invited)))
    else:
        invited = placement.invited if level == Visibility.INVITED else owner.invited
    return replace(placement, levels=levels, invited=invited)


def _searchable(text: str) -> str:
    """Return the canonical form, personal data covered.

    Also of a text that came into the table past the sanitiser.
    """
    return cover_personal(canonicalise(drop_refused(text)))


def _codes(tags: Sequence[TagAssignment], scheme: Scheme) -> tuple[tuple[str, float], ...]:
    chosen = [(t.code, t.confidence) for t in tags if t.scheme == scheme and t.code != REJECT_CODE]
    return tuple(sorted(chosen, key=lambda pair: (-pair[1], pair[0])))


def _condition(values: Mapping[str, Any]) -> Condition:
    return Condition(
        kind=RequirementKind(values["kind"]),
        strength=RequirementStrength(values["strength"]),
        value=values.get("value"),
        text=cover_personal(values.get("text", "")),
    )
