"""One rule, said three times: in Python, in SQL, as row-level security. They agree on every row."""

import random
from collections.abc import Iterator
from typing import Final

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from indexer.documents import DatabaseDocuments
from models import repository
from models.acting import tell
from models.base import Row
from models.case import Case
from models.database import Database
from models.demand import SHOWN_STATES, Demand
from models.errors import ForbiddenError
from models.invitation import Invitation
from models.organisation import Base, Organisation
from models.provider import OFFERED_STATES, Capability, Provider
from models.sight import Placement, may_change, may_see
from models.tag import TagAssignment
from models.viewer import ANONYMOUS, Viewer, acting_as, system
from models.vocabulary.access import Role, Visibility
from models.vocabulary.demand import DemandState
from models.vocabulary.organisation import BaseLevel, CaseState, OrganisationType, ProviderState
from models.vocabulary.row import Entity
from tests.rows import VALID_UNTIL, add_tag

SEED: Final = 20_261_125
PLACES: Final = (None, "440300", "440100", "320500", "110000")
KINDS: Final[tuple[type[Row], ...]] = (Demand, Provider, Capability, Case, Base, Organisation)
N_ORGANISATIONS: Final = 8
N_ROWS: Final = 40


@pytest.fixture
def chance() -> random.Random:
    return random.Random(SEED)  # noqa: S311 - no secret is made from it


@pytest.fixture
def stocked(database: Database, chance: random.Random) -> list[str]:
    """Rows of every kind, level, state and owner; returns the keys of the organisations."""
    with database.write() as session:
        organisations = [
            Organisation(
                name=f"单位{n}", org_type=OrganisationType.OTHER, region_code=chance.choice(PLACES)
            )
            for n in range(N_ORGANISATIONS)
        ]
        session.add_all(organisations)
        session.flush()
        rows = list(_rows(session, organisations, chance))
        for row in chance.sample(rows, len(rows) // 2):
            session.add(
                Invitation(
                    entity=row.entity,
                    row_id=row.id,
                    owner_id=row.owner_id,
                    owner_region=row.owner_region,
                    organisation_id=chance.choice(organisations).id,
                )
            )
            add_tag(session, row, "ENT.RISK")
        return [organisation.id for organisation in organisations]


def _rows(
    session: Session, organisations: list[Organisation], chance: random.Random
) -> Iterator[Row]:
    providers, bases = [], []
    for organisation in organisations:
        level = chance.choice(list(Visibility))
        provider = Provider(
            organisation=organisation, state=chance.choice(list(ProviderState)), visibility=level
        )
        base = Base(organisation=organisation, level=BaseLevel.NATIONAL, visibility=level)
        session.add_all([provider, base])
        providers.append(provider)
        bases.append(base)
    session.flush()
    for number in range(N_ROWS):
        level, provider, base = (
            chance.choice(list(Visibility)),
            chance.choice(providers),
            chance.choice(bases),
        )
        made: Row
        match number % 3:
            case 0:
                made = Demand(
                    title="需求",
                    description="正文",
                    valid_until=VALID_UNTIL,
                    base_id=base.id if number % 2 else None,
                    recipient_id=chance.choice(organisations).id if number % 5 == 0 else None,
                    state=chance.choice(list(DemandState)),
                    visibility=level,
                )
            case 1:
                made = Case(
                    title="案例",
                    summary="摘要",
                    provider_id=provider.id,
                    state=chance.choice(list(CaseState)),
                    visibility=level,
                )
            case _:
                made = Capability(
                    title="能力", description="说明", provider_id=provider.id, visibility=level
                )
        session.add(made)
        session.flush()
        yield made


def viewers(organisations: list[str]) -> list[Viewer]:
    """Everybody, in every place, for some organisations."""
    found = [ANONYMOUS, system("test"), Viewer(Role.OPERATOR, "us_1")]
    for number, role in enumerate(Role):
        for place in PLACES:
            organisation_id = organisations[number % len(organisations)]
            found.append(Viewer(role, "us_1", organisation_id, place))
    return found


def seen_in_python(database: Database, viewer: Viewer) -> dict[type[Row], set[str]]:
    """What the rule in Python lets somebody see, row by row."""
    with acting_as(system("test")), database.read() as session:
        rows = {table: list(session.scalars(select(table))) for table in KINDS}
        invited: dict[str, list[str]] = {}
        for invitation in session.scalars(select(Invitation)):
            invited.setdefault(invitation.row_id, []).append(invitation.organisation_id)
    found: dict[type[Row], set[str]] = {table: set() for table in KINDS}
    providers = {row.id: row for row in rows[Provider]}
    for table in KINDS[:-1]:
        for row in rows[table]:
            if _sees(viewer, row, invited) and (
                not isinstance(row, Capability)
                or _sees(viewer, providers[row.provider_id], invited)
            ):
                found[table].add(row.id)
    through = {
        row.organisation_id
        for table in (Provider, Base)
        for row in rows[table]
        if isinstance(row, Provider | Base) and row.id in found[table]
    }
    for organisation in rows[Organisation]:
        if organisation.id in through or _sees(viewer, organisation, invited, published=False):
            found[Organisation].add(organisation.id)
    return found


def _sees(
    viewer: Viewer, row: Row, invited: dict[str, list[str]], *, published: bool | None = None
) -> bool:
    placement = Placement(
        (row.visibility,),
        row.owner_id,
        row.owner_region,
        row.recipient_id if isinstance(row, Demand) else None,
        tuple(invited.get(row.id, ())),
    )
    shown = _is_published(row) if published is None else published
    return may_see(viewer, placement, published=shown)


def _is_published(row: Row) -> bool:
    if isinstance(row, Demand):
        return row.state in SHOWN_STATES
    if isinstance(row, Provider):
        return row.state in OFFERED_STATES
    return not isinstance(row, Case) or row.state == CaseState.PUBLISHED


def test_queries_show_what_the_rule_says(database: Database, stocked: list[str]) -> None:
    for viewer in viewers(stocked):
        wanted = seen_in_python(database, viewer)
        with acting_as(viewer), database.read() as session:
            for table in KINDS:
                found = set(session.scalars(select(table.id)))
                assert found == wanted[table], (viewer, table)
                assert repository.count(session, table) == len(wanted[table])
                missing = next(iter(_all(database, table) - wanted[table]), None)
                assert missing is None or session.get(table, missing) is None


def _all(database: Database, table: type[Row]) -> set[str]:
    with acting_as(system("test")), database.read() as session:
        return set(session.scalars(select(table.id)))


def test_tags_are_seen_with_their_rows(database: Database, stocked: list[str]) -> None:
    n_tagged = 0
    for viewer in viewers(stocked):
        with acting_as(viewer), database.read() as session:
            seen = {row_id for table in KINDS[:4] for row_id in session.scalars(select(table.id))}
            tagged = set(session.scalars(select(TagAssignment.entity_id)))
        assert tagged <= seen
        n_tagged += len(tagged)
    assert n_tagged > 0


def test_capabilities_of_a_provider_come_without_hidden_ones(
    database: Database, stocked: list[str]
) -> None:
    for viewer in viewers(stocked)[:20]:
        with acting_as(viewer), database.read() as session:
            seen = set(session.scalars(select(Capability.id)))
            for provider_id in session.scalars(select(Provider.id)):
                found = repository.provider_with_capabilities(session, provider_id).capabilities
                assert {capability.id for capability in found} <= seen


def test_documents_are_placed_as_their_rows_are_seen(
    database: Database, stocked: list[str]
) -> None:
    documents = [
        document
        for found in DatabaseDocuments(database, "any").everything()[1].values()
        for document in found
    ]
    for viewer in viewers(stocked):
        seen = set().union(*seen_in_python(database, viewer).values())
        for document in documents:
            assert may_see(viewer, document.placement) == (document.id in seen), document.placement


def test_sessions_refuse_to_write_what_is_not_theirs(
    database: Database, stocked: list[str]
) -> None:
    with acting_as(system("test")), database.read() as session:
        demands = list(session.scalars(select(Demand)))
    for viewer in viewers(stocked):
        for demand in demands[:6]:
            allowed = may_change(viewer, demand.owner_id, demand.owner_region)
            with acting_as(viewer), database.read() as session:
                is_seen = session.get(Demand, demand.id) is not None
            if not is_seen:
                continue
            try:
                with acting_as(viewer), database.write() as session:
                    session.get_one(Demand, demand.id).urgent = not demand.urgent
                    session.flush()
                    session.rollback()
                was_written = True
            except ForbiddenError:
                was_written = False
            assert was_written is allowed, viewer


@pytest.fixture
def secured(database: Database, stocked: list[str]) -> Iterator[Connection]:
    """A plain connection to PostgreSQL, with none of our listeners."""
    with database.engine.connect() as connection:
        yield connection


def _ids(connection: Connection, table: str) -> set[str]:
    return set(connection.scalars(text(f"SELECT id FROM {table}")))  # noqa: S608 - our names


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_row_security_shows_what_the_rule_says(
    secured: Connection, database: Database, stocked: list[str]
) -> None:
    for viewer in viewers(stocked):
        wanted = seen_in_python(database, viewer)
        tell(secured, viewer)
        for table in KINDS:
            assert _ids(secured, table.__tablename__) == wanted[table], (viewer, table)
        secured.rollback()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_row_security_refuses_to_write_what_is_not_theirs(
    secured: Connection, database: Database, stocked: list[str]
) -> None:
    with acting_as(system("test")), database.read() as session:
        demands = list(session.scalars(select(Demand)))[:8]
    for viewer in viewers(stocked):
        for demand in demands:
            tell(secured, viewer)
            changed = secured.execute(
                text("UPDATE demand SET urgent = NOT urgent WHERE id = :id"), {"id": demand.id}
            ).rowcount
            allowed = may_change(viewer, demand.owner_id, demand.owner_region)
            assert bool(changed) is allowed, (viewer, demand.owner_id)
            secured.rollback()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_row_security_refuses_rows_for_others(secured: Connection, stocked: list[str]) -> None:
    values = {
        "entity": Entity.DEMAND,
        "row_id": "dm_1",
        "owner_id": stocked[1],
        "organisation_id": stocked[0],
    }
    tell(secured, Viewer(Role.BASE_ADMIN, "us_1", stocked[0], "440300"))
    with pytest.raises(ProgrammingError, match="row-level security"):
        secured.execute(insert(Invitation).values(id="iv_1", **values))
    secured.rollback()
    tell(secured, Viewer(Role.BASE_ADMIN, "us_1", stocked[1], "440300", read_only=True))
    with pytest.raises(ProgrammingError, match="row-level security"):
        secured.execute(insert(Invitation).values(id="iv_2", **values))
