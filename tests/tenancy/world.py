"""Ten tenants with rows of every kind, and everybody who asks for them."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from typing import Any, Final, ParamSpec

from sqlalchemy import update

from api.authentication import PLAIN_COOKIE
from api.identity.passwords import hash_password, login_key
from api.schemas import examples
from api.wiring import Service
from matcher.record import Basis, RunRecord
from models.base import Row, new_id, now_utc
from models.case import Case
from models.contact import Contact
from models.database import Session
from models.demand import Demand
from models.identity import ApiKey, Membership, Person, SignIn, WidgetToken
from models.import_job import ImportJob
from models.import_jobs import add_import
from models.interaction import Interaction
from models.invitation import Invitation
from models.match_run import MatchRun
from models.notification import Delivery, Webhook
from models.organisation import Base, Organisation
from models.provider import Capability, Provider
from models.subscription import Subscription
from models.viewer import acting_as, system
from models.vocabulary.access import Role, Visibility
from models.vocabulary.demand import DemandState
from models.vocabulary.interaction import InteractionState, Side
from models.vocabulary.matching import Direction
from models.vocabulary.notification import Channel, DeliveryState, SubscriptionKind
from models.vocabulary.organisation import BaseLevel, CaseState, OrganisationType, ProviderState
from models.vocabulary.row import Entity, ImportState
from tests.credentials import bearer, make_key

PASSWORD: Final = examples.PASSWORD_CHANGE["old_password"]
VALID_UNTIL: Final = date(2030, 1, 1)
LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)
REGIONS: Final = ("440300", "440100", "320500", "110000")
AREA: Final = "44"
"""What the regional operator answers for: the first two tenants of each kind lie there."""

OTHER: Final = 2
"""Number of the tenant of each kind that is nobody's who asks, and that everybody known sees."""

HIDDEN: Final = 3
"""Number of the tenant of each kind that nobody else sees."""

TEXT: Final = "排查碳化硅功率器件出口的专利侵权风险，给出规避设计建议，并提交分析报告和名单。"
DESCRIPTION: Final = TEXT * 2


@dataclass(frozen=True)
class Caller:
    """Somebody who asks.

    Attributes:
        name: Shown when a cell fails.
        letter: As what they act, in the table.
        credential: `good`, `none`, `read only`, `expired` or `revoked`.
        headers: What they send.
        query: What they add to the address.
        base: Number of their base; None for those who are of none.
        provider: Number of their provider.
        recipient: Whether they are the recipient.
        person_id: Key of the person who signed in; None for keys, tokens and nobody.
    """

    name: str
    letter: str
    credential: str = "good"
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    base: int | None = None
    provider: int | None = None
    recipient: bool = False
    person_id: str | None = None

    @property
    def owns_bases(self) -> bool:
        """Whether rows of a base can be theirs."""
        return self.base is not None


P = ParamSpec("P")


def _kept(make: Callable[P, str]) -> Callable[P, str]:
    """Let a method of the world give what it made before in the same way, where that is kept."""

    @wraps(make)
    def give(*args: P.args, **kwargs: P.kwargs) -> str:
        world: Any = args[0]
        if world.kept is None:
            return make(*args, **kwargs)
        way = (make.__name__, args[1:], frozenset(kwargs.items()))
        if way not in world.kept:
            world.kept[way] = make(*args, **kwargs)
        key: str = world.kept[way]
        return key

    return give


class World:
    """The rows; `fresh` makes more of them.

    Attributes:
        kept: Rows that were made and not changed since, given again instead of new ones;
            None makes a new one each time.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self.kept: dict[object, str] | None = None
        with self.writing() as session:
            self.bases = [self._base(session, n) for n in range(4)]
            self.providers = [self._provider(session, n) for n in range(4)]
            self.recipients = [
                self._organisation(session, f"第{n}家使用单位", OrganisationType.ENTERPRISE, n)
                for n in range(2)
            ]
            self.gone_provider = self._provider(session, 9, deleted=True)
        self.widget_token = self._widget_token()
        self.callers = list(self._callers())

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session of the system."""
        with acting_as(system("test")), self.service.database.write() as session:
            yield session

    @_kept
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

    @_kept
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

    @_kept
    def person(self, organisation_id: str | None, role: Role, password: str | None = None) -> str:
        """The key of an account."""
        with self.writing() as session:
            login = new_id("us")
            person = Person(
                login=login,
                login_key=login_key(login),
                name="示例",
                password_hash=hash_password(password) if password else "-",
            )
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, organisation_id=organisation_id, role=role))
            return person.id

    def signed_in(self, person_id: str) -> dict[str, str]:
        """The header of a fresh stay of a person, begun with password and code."""
        token = new_id("si")
        with self.writing() as session:
            membership = session.query(Membership).filter_by(person_id=person_id).one()
            session.add(
                SignIn(
                    token_hash=hashlib.sha256(token.encode()).hexdigest(),
                    person_id=person_id,
                    membership_id=membership.id,
                    with_totp=True,
                    expires_at=now_utc() + timedelta(hours=12),
                )
            )
        return {"Cookie": f"{PLAIN_COOKIE}={token}"}

    @_kept
    def webhook(self, organisation_id: str | None) -> str:
        """The key of a webhook."""
        url = "https://hooks.example.org/"
        row = Webhook(organisation_id=organisation_id, name="示例", url=url, salt="-")
        return self._added(row)

    @_kept
    def delivery(self, organisation_id: str | None) -> str:
        """The key of an errand that was given up."""
        webhook_id = self.webhook(organisation_id)
        state = DeliveryState.DEAD
        return self._added(Delivery(channel=Channel.WEBHOOK, target_id=webhook_id, state=state))

    @_kept
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

    @_kept
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

    @_kept
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

    def _added(self, row: Webhook | Delivery | Subscription) -> str:
        with self.writing() as session:
            session.add(row)
            session.flush()
            return row.id

    @_kept
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

    @_kept
    def key(self, organisation_id: str | None, role: Role) -> str:
        """The key of an API key."""
        text = make_key(self.service.database, role, organisation_id, name=new_id("ak"))
        with self.writing() as session:
            found = session.query(ApiKey).filter_by(key_id=text.split("_")[2]).one()
            return found.id

    @_kept
    def token(self, organisation_id: str | None) -> str:
        """The key of a widget token."""
        with self.writing() as session:
            row = WidgetToken(token=new_id("dmw"), name="示例", organisation_id=organisation_id)
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

    def _organisation(
        self, session: Session, name: str, org_type: OrganisationType, number: int
    ) -> Organisation:
        region = REGIONS[number % len(REGIONS)]
        row = Organisation(name=name, org_type=org_type, region_code=region)
        session.add(row)
        session.flush()
        return row

    def _base(self, session: Session, number: int) -> Base:
        of = self._organisation(session, f"第{number}个基地", OrganisationType.PARK, number)
        row = Base(organisation=of, level=BaseLevel.NATIONAL, visibility=_openness(number))
        session.add(row)
        session.flush()
        return row

    def _provider(self, session: Session, number: int, *, deleted: bool = False) -> Provider:
        of = self._organisation(session, f"第{number}家机构", OrganisationType.AGENCY, number)
        row = Provider(organisation=of, state=ProviderState.ACTIVE, visibility=_openness(number))
        row.deleted_at = now_utc() if deleted else None
        session.add(row)
        session.flush()
        row_id = row.id
        session.add(Capability(provider_id=row_id, title="风险排查", description=DESCRIPTION))
        session.flush()
        return row

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


def _openness(number: int) -> Visibility:
    return Visibility.PRIVATE if number == HIDDEN else Visibility.PLATFORM


def absent(prefix: str) -> str:
    """A key nothing has."""
    return new_id(prefix)


SHOWN: Final = {
    Demand: DemandState.PUBLISHED,
    Case: CaseState.PUBLISHED,
}
"""The state in which others may see a row."""
