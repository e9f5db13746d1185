"""Capabilities: registering, changing, deleting; one provider has up to fifty."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from api.intake.base import (
    IntakeParts,
    check_source_ref,
    check_version,
    given,
    plain,
    reference_problems,
)
from api.intake.problems import FieldProblem, FieldsRejectedError
from api.intake.reading import SourceText
from api.intake.tagging import (
    TAG_FIELDS,
    automatic_tags,
    chosen_tags,
    codes_in,
    codes_problems,
    store_automatic,
)
from api.schemas.capability import CapabilityCreate, CapabilityUpdate
from api.schemas.provider import MAX_CAPABILITIES
from indexer.annotate.types import Annotations
from models import repository
from models.acting import viewer_of
from models.base import now_utc
from models.case import Case
from models.database import Session
from models.errors import ConflictError
from models.provider import Capability, Provider
from models.sight import owns
from models.vocabulary.organisation import EvidenceLevel

READ_FIELDS: Final = ("any_industry", "deliverables")
"""Fields that are read from the text unless a person fills them."""


class CapabilityIntake:
    """Takes capabilities in; every public method is one transaction."""

    def __init__(self, parts: IntakeParts) -> None:
        self._parts = parts

    def create(self, provider_id: str, body: CapabilityCreate, by: str | None = None) -> Capability:
        """Register one more capability of a provider.

        Raises:
            NotFoundError: there is no such provider.
            ConflictError: it has fifty already, or the source key is taken.
            FieldsRejectedError: codes or references do not fit.
        """
        self.check([body])
        readings = self.read([body])
        with self._parts.database.write() as session:
            provider = repository.get_to_change(session, Provider, provider_id)
            (capability,) = self.add(session, provider, [body], readings, by)
        self._parts.committed()
        return capability

    def change(self, capability_id: str, body: CapabilityUpdate) -> Capability:
        """Change the fields sent and read the text again; what a person set stays.

        Raises:
            NotFoundError: there is no such capability.
            ConflictError: it was changed since it was read.
            FieldsRejectedError: a case does not exist.
        """
        changes = body.changes()
        with self._parts.database.read() as session:
            capability = repository.get_to_change(session, Capability, capability_id)
            check_version(capability, body.version)
            _assign(session, capability, changes)
            source = SourceText(capability.title, capability.description)
        (found,) = self._parts.reader.read([source])
        with self._parts.database.write() as session, session.no_autoflush:
            capability = repository.get_to_change(session, Capability, capability_id)
            check_version(capability, body.version)
            _assign(session, capability, changes)
            _apply_reading(capability, found)
            store_automatic(session, capability, found, rejects=False)
            capability.updated_at = now_utc()
        self._parts.committed()
        return capability

    def delete(self, capability_id: str, reason: str | None = None) -> None:
        """Delete a capability; it is found no more."""
        with self._parts.database.write() as session:
            capability = repository.get_to_change(session, Capability, capability_id)
            capability.deleted_at = now_utc()
            capability.deleted_reason = reason
        self._parts.committed()

    def check(self, bodies: Sequence[CapabilityCreate], prefix: str = "") -> None:
        """Refuse codes no vocabulary knows.

        Args:
            bodies: New capabilities.
            prefix: Path of the list they stand in; empty for a single one.
        """
        problems = [
            problem
            for place, body in enumerate(bodies)
            for problem in self._code_problems(body, f"{prefix}.{place}." if prefix else "")
        ]
        if problems:
            raise FieldsRejectedError(problems)

    def read(self, bodies: Sequence[CapabilityCreate]) -> list[Annotations]:
        """Return what was read from the texts of new capabilities."""
        return self._parts.reader.read([SourceText(b.title, b.description) for b in bodies])

    def add(
        self,
        session: Session,
        provider: Provider,
        bodies: Sequence[CapabilityCreate],
        readings: Sequence[Annotations],
        by: str | None,
    ) -> list[Capability]:
        """Store capabilities within a transaction of the caller."""
        present = repository.count_capabilities(session, [provider.id]).get(provider.id, 0)
        if present + len(bodies) > MAX_CAPABILITIES:
            raise ConflictError(
                f"一家机构最多登记 {MAX_CAPABILITIES} 项能力，现有 {present} 项。",
                reason="too_many",
                limit=MAX_CAPABILITIES,
            )
        return [
            self._add_one(session, provider, body, found, by)
            for body, found in zip(bodies, readings, strict=True)
        ]

    def _add_one(
        self,
        session: Session,
        provider: Provider,
        body: CapabilityCreate,
        found: Annotations,
        by: str | None,
    ) -> Capability:
        check_source_ref(session, Capability, body.source_ref)
        values = body.model_dump(exclude=set(TAG_FIELDS))
        _check_cases(session, body.case_ids)
        capability = Capability(provider_id=provider.id, created_by=by, **_columns(values))
        capability.human_fields = given(values, READ_FIELDS)
        _apply_reading(capability, found)
        _set_evidence_level(capability)
        tags = automatic_tags(capability, found, rejects=False)
        tags += chosen_tags(capability, codes_in(body), self._parts.vocabularies, by=by)
        repository.add_tagged(session, capability, tags)
        return capability

    def _code_problems(self, body: CapabilityCreate, prefix: str) -> Iterable[FieldProblem]:
        return codes_problems(self._parts.vocabularies, body, prefix)


def _assign(session: Session, capability: Capability, changes: dict[str, Any]) -> None:
    """Set the fields sent; a field given back to reading is no longer a person's."""
    for name in READ_FIELDS:
        if name in changes:
            others = [field for field in capability.human_fields if field != name]
            capability.human_fields = others if changes[name] is None else [*others, name]
    for column, value in _columns(changes).items():
        setattr(capability, column, value)
    if "case_ids" in changes:
        _check_cases(session, changes["case_ids"])
        _set_evidence_level(capability)


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    """Return the columns for the fields sent; null fields are filled by the reading."""
    columns = {
        name: plain(value)
        for name, value in values.items()
        if name != "typical_days" and not (name in READ_FIELDS and value is None)
    }
    if "typical_days" in values:
        days = plain(values["typical_days"]) or {}
        columns["typical_days_min"] = days.get("min")
        columns["typical_days_max"] = days.get("max")
    return columns


def _apply_reading(capability: Capability, found: Annotations) -> None:
    if "any_industry" not in capability.human_fields:
        capability.any_industry = found.any_industry
    if "deliverables" not in capability.human_fields:
        kinds = (d.deliverable.value for d in found.deliverables)
        capability.deliverables = list(dict.fromkeys(kinds))


def _set_evidence_level(capability: Capability) -> None:
    """Cases back a claim; only a reviewer's word makes it verified, and that stays."""
    if capability.evidence_level != EvidenceLevel.VERIFIED:
        backed = bool(capability.case_ids)
        capability.evidence_level = EvidenceLevel.CASE_BACKED if backed else EvidenceLevel.CLAIMED


def _check_cases(session: Session, case_ids: Sequence[str]) -> None:
    problems = list(reference_problems(session, [("case_ids", Case, key) for key in case_ids]))
    viewer = viewer_of(session)
    for case in repository.rows_by_id(session, Case, case_ids).values() if not problems else ():
        if not owns(viewer, case.owner_id, case.owner_region):
            problems.append(FieldProblem("case_ids", "not_own", "只能引用本机构的案例。"))
    if problems:
        raise FieldsRejectedError(problems)
