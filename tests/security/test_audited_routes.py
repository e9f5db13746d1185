"""S9: every privileged operation writes an entry, in the transaction of what it does."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, select

from models.acting import tell
from models.audit import AuditEvent
from models.base import Table
from models.failpoints import armed
from models.identity import ApiKey
from models.viewer import system
from models.vocabulary.access import AuditAction, AuditResult, Role
from tests.api.conftest import KEPT_TABLES, Running
from tests.credentials import bearer, make_key
from tests.rows import add_organisation
from tests.security.acts import ACTS, NAME, READ_ONLY, Call

UNSAFE = {"post", "put", "patch", "delete"}
QUIET_TABLES = (KEPT_TABLES - {"api_key"}) | {"vector_cache"}


@pytest.fixture(autouse=True)
def _no_keys_left(application: Running) -> Iterator[None]:
    """Takes out the keys of operators, which are kept where tables are emptied."""
    yield
    with application.service.database.write() as session:
        session.execute(delete(ApiKey).where(ApiKey.name != "tests"))


def _newest(running: Running) -> int:
    with running.service.database.read() as session:
        return session.scalar(select(AuditEvent.seq).order_by(AuditEvent.seq.desc()).limit(1)) or 0


def _entries(running: Running, after: int) -> list[AuditEvent]:
    with running.service.database.read() as session:
        wanted = select(AuditEvent).where(AuditEvent.seq > after).order_by(AuditEvent.seq)
        return list(session.scalars(wanted))


def _contents(running: Running) -> dict[str, list[Any]]:
    """Everything stored but the logs."""
    with running.service.database.engine.begin() as connection:
        tell(connection, system("test"))
        return {
            table.name: sorted(map(str, connection.execute(table.select())))
            for table in Table.metadata.sorted_tables
            if table.name not in QUIET_TABLES
        }


def test_every_unsafe_operation_is_tried(running: Running) -> None:
    app: Any = running.client.app
    found = {
        operation["operationId"]
        for methods in app.openapi()["paths"].values()
        for method, operation in methods.items()
        if method in UNSAFE
    }
    assert found == set(ACTS) | READ_ONLY


@pytest.mark.parametrize("operation", sorted(ACTS))
def test_operation_writes_an_entry(running: Running, operation: str) -> None:
    call = ACTS[operation](running)
    before = _newest(running)

    reply = call()

    assert reply.status_code < 300, reply.text
    entries = _entries(running, before)
    assert entries
    assert {entry.act for entry in entries} == {operation}
    assert {entry.request_id for entry in entries} == {reply.headers["x-request-id"]}
    assert all(entry.result is AuditResult.DONE for entry in entries)


@pytest.mark.parametrize("operation", sorted(ACTS))
def test_operation_without_entry_does_nothing(running: Running, operation: str) -> None:
    """What cannot be audited does not happen: both are one transaction."""
    call = ACTS[operation](running)
    before, newest = _contents(running), _newest(running)

    with armed("before_audit:eio:1+"):
        reply = _try(call)

    assert reply is None or reply.status_code >= 500
    assert _contents(running) == before
    assert _entries(running, newest) == []


def _try(call: Call) -> Any:
    try:
        return call()
    except Exception:  # the client repeats what was not foreseen
        return None


def test_failed_sign_in_is_an_entry(running: Running) -> None:
    before = _newest(running)
    ACTS["add_person"](running)()
    body = {"login": "zhang.san", "password": "wrong-horse-7"}
    assert (
        running.client.post("/v1/session", json=body, headers={"Authorization": ""}).status_code
        == 401
    )
    failed = [e for e in _entries(running, before) if e.action is AuditAction.SIGN_IN]
    assert [(e.result, e.act) for e in failed] == [(AuditResult.DENIED, "sign_in")]


def test_refusal_of_somebody_known_is_an_entry(running: Running) -> None:
    with running.service.database.write() as session:
        organisation = add_organisation(session, "某单位").id
    key = make_key(running.service.database, Role.PROVIDER_STAFF, organisation, name=NAME)
    before = _newest(running)
    reply = running.client.post("/v1/keys", json={}, headers=bearer(key))
    assert reply.status_code == 403
    (entry,) = _entries(running, before)
    assert (entry.action, entry.result, entry.act) == (
        AuditAction.ACCESS,
        AuditResult.DENIED,
        "create_key",
    )
    assert (entry.chain, entry.role) == (organisation, Role.PROVIDER_STAFF)


def test_looking_at_contacts_is_an_entry(running: Running) -> None:
    row = running.demand()["id"]
    body = {"name": "示例联系人", "phone": "0512-00000000"}
    assert running.client.put(f"/v1/contacts/{row}", json=body).status_code == 204
    before = _newest(running)
    assert running.client.get(f"/v1/contacts/{row}").status_code == 200
    (entry,) = _entries(running, before)
    assert (entry.action, entry.entity_id) == (AuditAction.READ_CONTACT, row)
