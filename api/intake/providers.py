"""Providers: registering with their capabilities, changing, pausing, withdrawing, deleting."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from api.intake.base import IntakeParts, check_source_ref, check_version, plain
from api.intake.capabilities import CapabilityIntake
from api.intake.codes import region_problems, tag_problems
from api.intake.organisations import (
    ORGANISATION_FIELDS,
    assign_organisation,
    organisation_for,
    uscc_problems,
)
from api.intake.problems import FieldProblem, FieldsRejectedError
from api.schemas.provider import ProviderCreate, ProviderUpdate
from indexer.annotate.types import Annotations
from models import repository
from models.base import now_utc
from models.database import Session
from models.errors import ConflictError, ForbiddenError, NavmatchError, StateError
from models.provider import PROVIDER_STEPS, Provider
from models.sight import oversees
from models.viewer import current_viewer
from models.vocabulary.organisation import ProviderState
from models.vocabulary.taxonomy import Scheme

_JSON_DEFAULTS: Final[dict[str, dict[str, Any]]] = {"team": {}, "preferences": {}}
"""Columns that hold an empty object when nothing was said."""


class ProviderIntake:
    """Takes providers in; every public method is one transaction."""

    def __init__(self, parts: IntakeParts, capabilities: CapabilityIntake) -> None:
        self._parts = parts
        self._capabilities = capabilities

    def create(self, body: ProviderCreate, by: str | None = None) -> Provider:
        """Register a provider and the capabilities sent with it; it is offered at once.

        Raises:
            FieldsRejectedError: codes or references do not fit.
            ConflictError: the organisation is registered already.
        """
        (outcome,) = self.create_many([body], by)
        if isinstance(outcome, NavmatchError):
            raise outcome
        return outcome

    def create_many(
        self, bodies: Sequence[ProviderCreate], by: str | None = None
    ) -> list[Provider | NavmatchError]:
        """Register many providers in one transaction; each is stored or refused on its own.

        Returns:
            The stored row, or why it was refused, in the order of `bodies`.
        """
        outcomes: list[Provider | NavmatchError | None] = [self.refusal(b) for b in bodies]
        todo = [place for place, refused in enumerate(outcomes) if refused is None]
        readings = iter(
            self._capabilities.read([c for place in todo for c in bodies[place].capabilities])
        )
        with self._parts.database.write() as session:
            for place in todo:
                found = [next(readings) for _ in bodies[place].capabilities]
                try:
                    with session.begin_nested():
                        outcomes[place] = self._add(session, bodies[place], found, by)
                except NavmatchError as error:
                    outcomes[place] = error
        self._parts.committed()
        return [outcome for outcome in outcomes if outcome is not None]

    def change(self, provider_id: str, body: ProviderUpdate) -> Provider:
        """Change the fields sent; its capabilities follow in the index.

        Raises:
            NotFoundError: there is no such provider.
            ConflictError: it was changed since it was read, or the credit code is taken.
            FieldsRejectedError: codes do not fit.
        """
        changes = body.changes()
        self._check(changes)
        with self._parts.database.write() as session, session.no_autoflush:
            provider = repository.get_to_change(session, Provider, provider_id)
            check_version(provider, body.version)
            assign_organisation(session, provider.organisation, changes, self._parts.vocabularies)
            for column, value in _columns(changes).items():
                setattr(provider, column, value)
            provider.updated_at = now_utc()
        self._parts.committed()
        return provider

    def activate(self, provider_id: str) -> Provider:
        """Offer a provider to demands again."""
        return self._move(provider_id, ProviderState.ACTIVE, "恢复服务")

    def pause(self, provider_id: str) -> Provider:
        """Stop offering a provider for a while."""
        return self._move(provider_id, ProviderState.PAUSED, "暂停")

    def withdraw(self, provider_id: str) -> Provider:
        """Take a provider off for good."""
        return self._move(provider_id, ProviderState.WITHDRAWN, "退出")

    def delete(self, provider_id: str, reason: str | None = None) -> None:
        """Delete a provider with its capabilities and cases."""
        with self._parts.database.write() as session:
            provider = repository.get_to_change(session, Provider, provider_id)
            owned = [
                *repository.capabilities_of(session, provider_id),
                *repository.cases_of(session, provider_id),
            ]
            for row in (provider, *owned):
                row.deleted_at = now_utc()
                row.deleted_reason = reason
        self._parts.committed()

    def refusal(self, body: ProviderCreate) -> NavmatchError | None:
        """Return what is wrong with a new provider that needs no database to see."""
        try:
            self._check(dict(body))
            self._capabilities.check(body.capabilities, "capabilities")
        except NavmatchError as error:
            return error
        return None

    def _check(self, values: dict[str, Any]) -> None:
        problems = list(self._problems(values))
        if problems:
            raise FieldsRejectedError(problems)

    def _problems(self, values: dict[str, Any]) -> Iterable[FieldProblem]:
        tables = self._parts.vocabularies
        yield from region_problems(tables, "region_code", [values.get("region_code")])
        yield from region_problems(tables, "service_regions", values.get("service_regions") or ())
        yield from uscc_problems(values.get("uscc"))
        wishes = values.get("preferences")
        if wishes is not None:
            scenarios = [c for c in wishes.scenarios if tables.scenarios.field(c) is None]
            where = "preferences.scenarios"
            yield from tag_problems(tables, where, Scheme.SCENARIO, scenarios)
            yield from tag_problems(tables, "preferences.industries", Scheme.SEI, wishes.industries)
            yield from region_problems(tables, "preferences.regions", wishes.regions)

    def _add(
        self,
        session: Session,
        body: ProviderCreate,
        found: Sequence[Annotations],
        by: str | None,
    ) -> Provider:
        values = body.model_dump(exclude={"capabilities"})
        organisation = organisation_for(session, values, self._parts.vocabularies, by)
        provider = repository.provider_of(session, organisation.id)
        if provider is not None and provider.deleted_at is None:
            raise ConflictError("这家机构已经登记为服务机构。", reason="registered", id=provider.id)
        if provider is None or provider.source_ref != body.source_ref:
            check_source_ref(session, Provider, body.source_ref)
        provider = provider or Provider(organisation=organisation, created_by=by)
        provider.state = ProviderState.ACTIVE
        provider.deleted_at = provider.deleted_reason = None
        for column, value in _columns(values).items():
            setattr(provider, column, value)
        session.add(provider)
        session.flush()
        self._capabilities.add(session, provider, body.capabilities, found, by)
        return provider

    def _move(self, provider_id: str, to: ProviderState, word: str) -> Provider:
        with self._parts.database.write() as session:
            provider = repository.get_to_change(session, Provider, provider_id)
            is_suspended = provider.state == ProviderState.SUSPENDED
            if is_suspended and not oversees(current_viewer(), provider.owner_region):
                raise ForbiddenError("被暂停资格的机构只能由管理方恢复。")
            if to not in PROVIDER_STEPS[provider.state]:
                raise StateError(
                    f"服务机构现在的状态不能{word}。", state=provider.state.value, to=to.value
                )
            provider.state = to
        self._parts.committed()
        return provider


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    columns = {
        name: plain(value)
        for name, value in values.items()
        if name not in ORGANISATION_FIELDS and name != "capabilities"
    }
    for name, empty in _JSON_DEFAULTS.items():
        if name in columns and columns[name] is None:
            columns[name] = dict(empty)
    return columns
