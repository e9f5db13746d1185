"""Ten tenants with rows of every kind, and everybody who asks for them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import update

from api.schemas import examples
from api.wiring import Service
from matcher.record import Basis, RunRecord
from models.base import Row, new_id, now_utc
from models.case import Case
from models.contact import Contact
from models.demand import Demand
from models.identity import WidgetToken
from models.import_job import ImportJob
from models.import_jobs import add_import
from models.interaction import Interaction
from models.invitation import Invitation
from models.match_run import MatchRun
from models.notification import Delivery, Webhook
from models.organisation import Organisation
from models.provider import Capability, Provider
from models.subscription import Subscription
from models.taxonomy_version import Retagging
from models.viewer import acting_as, system
from models.vocabulary.access import Role, Visibility
from models.vocabulary.demand import DemandState
from models.vocabulary.interaction import InteractionState, Side
from models.vocabulary.matching import Direction
from models.vocabulary.notification import Channel, DeliveryState, SubscriptionKind
from models.vocabulary.organisation import OrganisationType, ProviderState
from models.vocabulary.row import Entity, ImportState
from models.vocabulary.taxonomy import RetaggingState
from tests.credentials import bearer, make_key
from tests.tenancy import tenants
from tests.tenancy.accounts import Accounts, kept
from tests.tenancy.caller import Caller
from tests.tenancy.tenants import AREA, DESCRIPTION, VALID_UNTIL

PASSWORD: Final = examples.PASSWORD_CHANGE["old_password"]
LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)


class World(Accounts):
    """The rows; `fresh` makes more of them."""

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        with self.writing() as session:
            self.bases = [tenants.base(session, n) for n in range(4)]
            self.providers = [tenants.provider(session, n) for n in range(4)]
            self.recipients = [
                tenants.organisation(session, f"第{n}家使用单位", OrganisationType.ENTERPRISE, n)
                for n in range(2)
            ]
            self.gone_provider = tenants.provider(session, 9, deleted=True)
        self.widget_token = self._widget_token()
        self.callers = list(self._callers())

    @kept
    def fresh(self, table: type[Row], owner: int, **columns: Any) -> str:
        """The key of a new row of a tenant."""
        values: dict[str, Any] = {"visibility": Visibility.PRIVATE, **columns}
        if values.pop("deleted", False):
            values["deleted_at"] = now_utc()
        with self.writing() as session:
            row = self._row(table, owner, values)
            session.add(row)
            return row.id

    def contact(self, row_id: str, entity: Entity) -> str:
        """A row with somebody to speak to."""
        with self.writing() as session:
            session.merge(Contact(row_id=row_id, entity=entity, name="示例联系人"))
        return row_id

    @kept
    def invitation(self, sender: int, organisation_id: str) -> str:
        """The key of an invitation of a base to an organisation."""
        demand_id = self.fresh(Demand, sender, state=DemandState.PUBLISHED)
        with self.writing() as session:
            demand = session.get_one(Demand, demand_id)
            row = Invitation(
                entity=Entity.DEMAND,
                row_id=demand_id,
                owner_id=demand.owner_id,
                owner_region=demand.owner_region,
                organisation_id=organisation_id,
            )
            session.add(row)
            session.flush()
            return row.id

    @kept
    def webhook(self, organisation_id: str | None) -> str:
        """The key of a webhook."""
        url = "https://hooks.example.org/"
        row = Webhook(organisation_id=organisation_id, name="示例", url=url, salt="-")
        return self._added(row)

    @kept
    def delivery(self, organisation_id: str | None) -> str:
        """The key of an errand that was given up."""
        webhook_id = self.webhook(organisation_id)
        state = DeliveryState.DEAD
        return self._added(Delivery(channel=Channel.WEBHOOK, target_id=webhook_id, state=state))

    @kept
    def subscription(self, organisation_id: str | None) -> str:
        """The key of a subscription."""
        return self._added(
            Subscription(
                organisation_id=organisation_id,
                role=Role.OPERATOR,
                name="示例",
                kind=SubscriptionKind.SAVED_SEARCH,
                entity=Entity.DEMAND,
                feed_hash=new_id("fd"),
            )
        )

    @kept
    def run(self, organisation_id: str | None, role: Role) -> str:
        """A ranking shown to somebody of an organisation, of a text that was not stored."""
        record = RunRecord(
            direction=Direction.DEMAND_TO_PROVIDER,
            basis=Basis("gen-1.1", "encoder", "shipped", "1", "0", "hash", "2026-11-25"),
            request={"k": 10, "text_hash": None},
            viewer={"role": role.value, "organisation_id": organisation_id, "region_code": None},
            weights={},
            thresholds=[None, None, None],
            seed=None,
            matches=[],
        )
        columns = {"direction": record.direction, "record": record.to_json()}
        with self.writing() as session:
            run = MatchRun(owner_id=organisation_id, **columns)
            session.add(run)
            session.flush()
            return run.id

    @kept
    def upload(self, organisation_id: str | None, role: Role) -> str:
        """The key of a sheet that was looked through."""
        told = {"format": "csv", "sheet": "", "headings": ["a"]}
        job = ImportJob(role=role, owner_id=organisation_id, kind="cases", name="示例", told=told)
        job.state = ImportState.CHECKED
        with self.writing() as session:
            add_import(session, job, b"a\n")
        return job.id

    def end_imports(self) -> None:
        """Leave no sheet open: of one organisation only a few may be."""
        with self.writing() as session:
            session.execute(update(ImportJob).values(state=ImportState.DONE))

    def end_retagging(self) -> None:
        """Leave no round open: the service goes on with it by itself, and changes rows."""
        with self.writing() as session:
            session.execute(update(Retagging).values(state=RetaggingState.DONE))

    def _added(self, row: Webhook | Delivery | Subscription) -> str:
        with self.writing() as session:
            session.add(row)
            session.flush()
            return row.id

    @kept
    def interaction(self, demand_id: str, provider: int) -> str:
        """The key of an interaction in which both sides speak to each other."""
        with self.writing() as session:
            demand = session.get_one(Demand, demand_id)
            row = Interaction(
                demand_id=demand_id,
                provider_id=self.providers[provider].id,
                owner_id=demand.owner_id,
                owner_region=demand.owner_region,
                provider_org_id=self.providers[provider].organisation_id,
                state=InteractionState.INVITED,
                awaiting=Side.PROVIDER,
            )
            session.add(row)
            session.flush()
            return row.id

    def restore_provider(self, number: int, state: ProviderState) -> str:
        """A provider as it was, in a state."""
        with self.writing() as session:
            row = session.get_one(Provider, self.providers[number].id)
            row.state, row.deleted_at = state, None
            return row.id

    def version(self, table: type[Row], row_id: str) -> int:
        """The version of a row."""
        with acting_as(system("test")), self.service.database.read() as session:
            row = session.get(table, row_id)
            return row.version if row is not None else 1

    def empty_organisation(self, region: str = "440300") -> Organisation:
        """An organisation that is nothing yet."""
        with self.writing() as session:
            row = Organisation(
                name=f"新单位{new_id('og')}",
                org_type=OrganisationType.AGENCY,
                region_code=region,
            )
            session.add(row)
        return row

    def _row(self, table: type[Row], owner: int, values: dict[str, Any]) -> Row:
        if table is Demand:
            return Demand(
                base_id=self.bases[owner].id,
                **{"title": "碳化硅器件风险排查", "description": DESCRIPTION, **values},
                valid_until=VALID_UNTIL,
            )
        if table is Case:
            values = {"title": "固态电池专利导航", "summary": DESCRIPTION * 2, **values}
            values.setdefault("provider_id", self.providers[owner].id)
            return Case(**values)
        return Capability(
            provider_id=self.providers[owner].id,
            **{"title": "侵权风险排查", "description": DESCRIPTION, **values},
        )

    def _widget_token(self) -> str:
        with self.writing() as session:
            row = WidgetToken(
                token=new_id("dmw"),
                name="示例",
                organisation_id=self.bases[0].organisation_id,
                origins=["https://www.example.org"],
                kinds=["providers", "demands", "cases"],
            )
            session.add(row)
            return row.token

    def _callers(self) -> Iterator[Caller]:
        yield Caller("anonymous", "A", "none")
        yield Caller("widget", "W", query={"token": self.widget_token})
        bases = [base.organisation_id for base in self.bases]
        providers = [provider.organisation_id for provider in self.providers]
        known: tuple[tuple[str, str, Role, str | None, dict[str, Any]], ...] = (
            ("provider admin", "P", Role.PROVIDER_ADMIN, providers[0], {"provider": 0}),
            ("provider staff", "p", Role.PROVIDER_STAFF, providers[1], {"provider": 1}),
            ("base admin", "B", Role.BASE_ADMIN, bases[0], {"base": 0}),
            ("base staff", "b", Role.BASE_STAFF, bases[1], {"base": 1}),
            ("recipient", "R", Role.RECIPIENT, self.recipients[0].id, {"recipient": True}),
            ("regional operator", "G", Role.REGIONAL_OPERATOR, None, {"base": 0, "provider": 0}),
            ("operator", "O", Role.OPERATOR, None, {"base": 0, "provider": 0}),
        )
        for name, letter, role, organisation_id, of in known:
            region = AREA if role is Role.REGIONAL_OPERATOR else None
            key = make_key(self.service.database, role, organisation_id, region_code=region)
            yield Caller(name, letter, headers=bearer(key), **of)
        for name, letter, role, organisation_id, of in (known[1], known[2], known[6]):
            person_id = self.person(organisation_id, role, PASSWORD)
            headers = self.signed_in(person_id)
            yield Caller(f"{name} in person", letter, headers=headers, person_id=person_id, **of)
        for name, columns in (
            ("read only", {"read_only": True}),
            ("expired", {"expires_at": LONG_AGO}),
            ("revoked", {"revoked_at": LONG_AGO}),
        ):
            key = make_key(self.service.database, Role.BASE_ADMIN, bases[0], **columns)
            yield Caller(name, "B", name, bearer(key), base=0)


def absent(prefix: str) -> str:
    """A key nothing has."""
    return new_id(prefix)
