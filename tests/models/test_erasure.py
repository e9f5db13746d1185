"""Erasing leaves keys in the change log and the audit chain, and nothing else anywhere."""

from datetime import timedelta

import pytest
from sqlalchemy import Text, cast, func, select

from models.base import Table, now_utc
from models.change import ChangeLog
from models.contact import Contact
from models.database import Database, Session
from models.demand import Demand
from models.erasure import Erasable, Erased, erase, erase_deleted
from models.errors import NotFoundError
from models.identity import ApiKey, Membership, Person, SignIn
from models.invitation import Invitation
from models.organisation import Base
from models.reply import Reply
from models.vocabulary.access import Role
from models.vocabulary.organisation import BaseLevel
from models.vocabulary.row import Entity, Operation
from tests.rows import (
    add_capability,
    add_case,
    add_demand,
    add_organisation,
    add_provider,
    add_tag,
)

CANARY = "鸬鹚"


def places_of(session: Session, text: str) -> dict[str, int]:
    """How many rows of each table hold a text in any column."""
    found: dict[str, int] = {}
    for table in Table.metadata.sorted_tables:
        for column in table.columns:
            wanted = select(func.count()).where(cast(column, Text).contains(text))
            n_rows = session.scalar(wanted.select_from(table)) or 0
            if n_rows:
                found[f"{table.name}.{column.name}"] = n_rows
    return found


@pytest.fixture
def filled(database: Database) -> dict[str, str]:
    """Keys of an organisation with all that can hang on one; everything says the canary."""
    with database.write() as session:
        organisation = add_organisation(session, f"{CANARY}公司")
        other = add_organisation(session, "留下的公司")
        provider = add_provider(session, f"{CANARY}服务所", intro=f"{CANARY}介绍")
        provider_of = provider.organisation_id
        base = Base(organisation_id=organisation.id, level=BaseLevel.PROVINCIAL)
        session.add(base)
        session.flush()
        demand = add_demand(session, f"{CANARY}需求题目", f"{CANARY}描述", base_id=base.id)
        kept = add_demand(session, "留下的需求", recipient_id=organisation.id)
        capability = add_capability(session, provider, f"{CANARY}能力", f"{CANARY}说明")
        case = add_case(session, provider, f"{CANARY}案例", f"{CANARY}摘要")
        for row in (demand, capability, case):
            add_tag(session, row, "ENT.RISK").evidence = [{"text": CANARY}]
        only, both = _person(session, "only"), _person(session, "both")
        for person, place in ((only, organisation), (both, organisation), (both, other)):
            session.add(
                Membership(person_id=person.id, organisation_id=place.id, role=Role.BASE_ADMIN)
            )
        session.flush()
        membership = session.scalars(
            select(Membership).where(Membership.person_id == only.id)
        ).one()
        session.add_all(
            [
                SignIn(
                    token_hash="a" * 64,
                    person_id=only.id,
                    membership_id=membership.id,
                    expires_at=now_utc(),
                ),
                ApiKey(
                    key_id="12345678",
                    name=f"{CANARY}密钥",
                    key_hash="b" * 64,
                    role=Role.BASE_ADMIN,
                    organisation_id=organisation.id,
                    expires_at=now_utc(),
                ),
                Contact(row_id=demand.id, entity=Entity.DEMAND, name=f"{CANARY}联系人"),
                Reply(key_hash="c" * 64, request_hash="d" * 64, body=f'"{demand.id}" {CANARY}'),
                Reply(key_hash="e" * 64, request_hash="f" * 64, actor=only.id, body=CANARY),
                Invitation(
                    row_id=kept.id,
                    entity=Entity.DEMAND,
                    organisation_id=organisation.id,
                ),
            ]
        )
        return {
            "organisation": organisation.id,
            "provider": provider.id,
            "provider_organisation": provider_of,
            "base": base.id,
            "demand": demand.id,
            "capability": capability.id,
            "case": case.id,
            "kept": kept.id,
            "only": only.id,
            "both": both.id,
        }


def _person(session: Session, login: str) -> Person:
    person = Person(
        login=f"{CANARY}{login}",
        login_key=f"{CANARY}{login}",
        name=CANARY,
        password_hash="none",  # noqa: S106 - opens nothing
    )
    session.add(person)
    session.flush()
    return person


def _erase(database: Database, kind: Erasable, key: str) -> Erased:
    with database.write() as session:
        return erase(session, kind, key)


def test_organisation_takes_all_that_is_its_own(database: Database, filled: dict[str, str]) -> None:
    erased = _erase(database, Erasable.ORGANISATION, filled["organisation"])
    assert {filled[name] for name in ("organisation", "base", "demand", "only")} <= set(erased.ids)
    _erase(database, Erasable.ORGANISATION, filled["provider_organisation"])
    with database.read() as session:
        left = places_of(session, CANARY)
        assert left == {"person.login": 1, "person.login_key": 1, "person.name": 1}
        assert session.get_one(Person, filled["both"])
        assert session.get_one(Demand, filled["kept"]).recipient_id is None


def test_only_keys_are_left_in_log_and_chain(database: Database, filled: dict[str, str]) -> None:
    _erase(database, Erasable.DEMAND, filled["demand"])
    with database.read() as session:
        left = places_of(session, filled["demand"])
        entries = session.scalars(
            select(ChangeLog).where(ChangeLog.entity_id == filled["demand"]).order_by(ChangeLog.seq)
        ).all()
    assert set(left) == {"change_log.entity_id", "audit_event.entity_id"}
    assert [entry.operation for entry in entries][-1] is Operation.ERASE
    assert {entry.content_hash for entry in entries} == {""}


def test_provider_takes_capabilities_and_cases(database: Database, filled: dict[str, str]) -> None:
    erased = _erase(database, Erasable.PROVIDER, filled["provider"])
    assert set(erased.ids) == {filled["provider"], filled["capability"], filled["case"]}
    assert erased.counts["tag_assignment"] == 2


def test_person_goes_without_the_organisation(database: Database, filled: dict[str, str]) -> None:
    erased = _erase(database, Erasable.PERSON, filled["only"])
    assert erased.counts == {"sign_in": 1, "membership": 1, "person": 1}
    with database.read() as session:
        assert places_of(session, filled["only"]).keys() == {"audit_event.entity_id"}


@pytest.mark.parametrize("kind", list(Erasable))
def test_unknown_key_is_not_found(database: Database, kind: Erasable) -> None:
    with pytest.raises(NotFoundError), database.write() as session:
        erase(session, kind, "dm_01M8A97D1YXVP49R0FBGW50MGE")


def test_deleted_rows_go_when_their_time_is_over(database: Database) -> None:
    with database.write() as session:
        old = add_demand(session, f"{CANARY}一")
        young = add_demand(session, f"{CANARY}二")
        add_demand(session, f"{CANARY}三")
        old.deleted_at = now_utc() - timedelta(days=31)
        young.deleted_at = now_utc() - timedelta(days=29)
    with database.write() as session:
        erased = erase_deleted(session, now_utc() - timedelta(days=30))
    assert erased.ids == [old.id]
    with database.write() as session:
        assert erase_deleted(session, now_utc() - timedelta(days=30)).ids == []


def test_compacting_says_whether_a_reader_is_in_the_way(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.sqlite.BUSY_TIMEOUT_MS", 100)
    database.close()  # connections made from now on wait no longer than that
    with database.write() as session:
        add_demand(session)
    assert database.compact(0.1)
    if database.engine.dialect.name == "sqlite":
        with database.read() as session:
            session.scalars(select(Demand)).all()
            with database.write() as other:
                add_demand(other, "又一条")
            assert not database.compact(0.1)
    assert database.compact(0.1)
