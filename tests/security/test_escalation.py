"""Nobody who looks after accounts gets more rights by it than they have."""

from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.identity.people import NewPerson
from models.identity import ApiKey
from models.organisation import Organisation
from models.viewer import acting_as, system
from models.vocabulary.access import Role, Scope
from models.vocabulary.organisation import OrganisationType
from tests.api.conftest import Running
from tests.credentials import bearer, make_key

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
EVERY = [scope.value for scope in Scope]


@pytest.fixture
def stranger(running: Running) -> TestClient:
    """A client that has no key of its own."""
    return TestClient(running.client.app, base_url="http://localhost")


@pytest.fixture
def organisation_id(running: Running) -> str:
    """An organisation that is a base and a provider at once."""
    with acting_as(system("test")), running.service.database.write() as session:
        row = Organisation(
            name="示例研究院", org_type=OrganisationType.AGENCY, region_code="320500"
        )
        session.add(row)
        session.flush()
        return row.id


def key_of(running: Running, text: str) -> str:
    with acting_as(system("test")), running.service.database.read() as session:
        return session.query(ApiKey).filter_by(key_id=text.split("_")[2]).one().id


def test_key_of_a_greater_role_is_not_rotated_or_revoked(
    running: Running,
    stranger: TestClient,
    organisation_id: str,
) -> None:
    database = running.service.database
    greater = key_of(running, make_key(database, Role.BASE_ADMIN, organisation_id, name="甲"))
    headers = bearer(make_key(database, Role.PROVIDER_ADMIN, organisation_id, name="乙"))
    reply = stranger.post(f"/v1/keys/{greater}/rotate", json={}, headers=headers)
    assert reply.status_code == 404
    assert stranger.delete(f"/v1/keys/{greater}", headers=headers).status_code == 404


def test_account_of_a_greater_role_is_not_touched(
    running: Running,
    stranger: TestClient,
    organisation_id: str,
) -> None:
    people = running.service.identity.people
    with acting_as(system("test")):
        account, _ = people.add(NewPerson("boss", "张三", Role.BASE_ADMIN, organisation_id))
    key = make_key(running.service.database, Role.PROVIDER_ADMIN, organisation_id)
    for act in ("password", "lock", "unlock"):
        path = f"/v1/people/{account.person.id}/{act}"
        assert stranger.post(path, headers=bearer(key)).status_code == 404, act


def test_key_gives_no_scope_it_was_not_made_for(
    running: Running,
    stranger: TestClient,
    organisation_id: str,
) -> None:
    database, role = running.service.database, Role.PROVIDER_ADMIN
    narrow = bearer(make_key(database, role, organisation_id, scopes=["administer"]))
    wide = key_of(running, make_key(database, role, organisation_id, name="全部用途"))
    wanted = {"name": "新", "role": "provider_staff", "scopes": EVERY}
    assert stranger.post("/v1/keys", json=wanted, headers=narrow).status_code == 403
    reply = stranger.post(f"/v1/keys/{wide}/rotate", json={}, headers=narrow)
    assert reply.status_code == 403
    granted = {**wanted, "scopes": ["administer"]}
    assert stranger.post("/v1/keys", json=granted, headers=narrow).status_code == 201


def test_key_of_some_scopes_makes_no_account(
    running: Running,
    stranger: TestClient,
    organisation_id: str,
) -> None:
    """Whoever signs in may use everything their role may."""
    people = running.service.identity.people
    with acting_as(system("test")):
        account, _ = people.add(NewPerson("staff", "李四", Role.PROVIDER_STAFF, organisation_id))
    key = make_key(
        running.service.database, Role.PROVIDER_ADMIN, organisation_id, scopes=["administer"]
    )
    new = {"login": "wang.wu", "name": "王五", "role": "provider_admin"}
    assert stranger.post("/v1/people", json=new, headers=bearer(key)).status_code == 403
    path = f"/v1/people/{account.person.id}/password"
    assert stranger.post(path, headers=bearer(key)).status_code == 403


@pytest.mark.parametrize("ended", ["revoked_at", "expires_at"])
def test_dead_key_has_no_successor(running: Running, ended: str) -> None:
    columns: dict[str, Any] = {"name": "旧", ended: LONG_AGO}
    text = make_key(running.service.database, **columns)
    reply = running.client.post(f"/v1/keys/{key_of(running, text)}/rotate", json={})
    assert (reply.status_code, reply.json()["code"]) == (409, "state_not_allowed")
