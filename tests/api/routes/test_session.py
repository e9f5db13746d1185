"""Signing in, staying and leaving."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pyotp
import pytest
from fastapi.testclient import TestClient

from api.identity.passwords import random_password
from api.identity.people import NewPerson
from api.identity.secret_seal import SecretSeal
from api.identity.sign_ins import Credentials, SignInFailedError, SignIns
from api.identity.totp import PERIOD_S
from api.schemas import examples
from api.schemas.service_base import BaseCreate
from models.base import now_utc
from models.identity import Person, SignIn
from models.reply import Reply
from models.vocabulary.access import Role
from tests.api.conftest import Running
from tests.rows import add_organisation

LOGIN = "Zhang.San"
SEAL = SecretSeal(lambda: b"key of the tests")
PASSWORD = "correct-horse-7"  # noqa: S105 - of a person made up for a test


class Someone:
    """A browser: it keeps cookies and has no key."""

    def __init__(self, running: Running, **headers: str) -> None:
        self._running = running
        self.http = TestClient(running.client.app, base_url="http://localhost", headers=headers)

    def sign_in(self, password: str = PASSWORD, login: str = LOGIN, **more: str) -> httpx2.Response:
        body = {"login": login, "password": password, **more}
        return self.http.post("/v1/session", json=body)


@pytest.fixture
def someone(running: Running) -> Someone:
    running.service.identity.people.add(NewPerson(LOGIN, "张三", Role.OPERATOR, password=PASSWORD))
    return Someone(running)


def code_of(reply: httpx2.Response) -> str:
    return str(reply.json()["code"])


def test_signing_in_tells_who_one_is_and_sets_a_guarded_cookie(someone: Someone) -> None:
    reply = someone.sign_in(login="zhang.san")
    assert reply.status_code == 201
    assert (reply.json()["name"], reply.json()["role_label"]) == ("张三", "平台管理方")
    cookie = reply.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("navmatch=", "httponly", "samesite=strict", "path=/"))
    assert reply.headers["cache-control"] == "no-store"
    assert someone.http.get("/v1/session").json()["login"] == LOGIN
    assert someone.http.get("/v1/people").status_code == 403  # without a second factor


def test_session_tells_whether_invented_rows_are_stored(running: Running, someone: Someone) -> None:
    assert someone.sign_in().json()["has_demo_data"] is False
    running.service.intake.bases.create(
        BaseCreate.model_validate({**examples.BASE, "source_ref": "demo:B-1"})
    )

    assert someone.http.get("/v1/session").json()["has_demo_data"] is True


def test_cookie_over_https_is_secure_and_bound_to_the_host(
    running: Running, someone: Someone
) -> None:
    someone.http.base_url = "https://localhost"
    cookie = someone.sign_in().headers["set-cookie"]
    assert cookie.startswith("__Host-navmatch=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert someone.http.get("/v1/session").status_code == 200


def test_plain_http_from_elsewhere_signs_nobody_in(running: Running, someone: Someone) -> None:
    strict = running.service.settings.model_copy(update={"sign_in_over_http": False})
    loose, running.service.settings = running.service.settings, strict
    try:
        someone.http.base_url = "http://testserver"
        assert code_of(someone.sign_in()) == "forbidden"
    finally:
        running.service.settings = loose


@pytest.mark.parametrize(
    ("login", "password"), [(LOGIN, "wrong-password"), ("nobody.there", PASSWORD)]
)
def test_unknown_login_and_wrong_password_are_answered_alike(
    someone: Someone, login: str, password: str
) -> None:
    reply = someone.sign_in(password, login)
    assert (reply.status_code, code_of(reply)) == (401, "sign_in_failed")
    assert "set-cookie" not in reply.headers


def test_five_wrong_passwords_lock_out_the_right_one_too(
    running: Running, someone: Someone
) -> None:
    for _ in range(5):
        assert someone.sign_in("wrong-password").status_code == 401
    assert code_of(someone.sign_in()) == "sign_in_failed"
    people = running.service.identity.people
    people.unlock(people.find(LOGIN).person.id)
    assert someone.sign_in().status_code == 201


def test_repeating_keys_neither_hide_failures_nor_keep_a_hash_of_the_password(
    running: Running, someone: Someone
) -> None:
    for number in range(5):
        someone.http.headers["Idempotency-Key"] = f"attempt-{number}"
        assert someone.sign_in("wrong-password").status_code == 401
    someone.http.headers["Idempotency-Key"] = "attempt-right"
    assert code_of(someone.sign_in()) == "sign_in_failed"
    with running.service.database.read() as session:
        assert session.query(Reply).count() == 0


def test_lock_ends_by_itself_and_old_failures_do_not_count(running: Running) -> None:
    running.service.identity.people.add(NewPerson(LOGIN, "张三", Role.OPERATOR, password=PASSWORD))
    clock = [datetime(2026, 1, 1, tzinfo=UTC)]
    sign_ins = SignIns(
        running.service.database, SEAL, timedelta(minutes=30), timedelta(hours=12), lambda: clock[0]
    )

    def fail() -> None:
        with pytest.raises(SignInFailedError):
            sign_ins.begin(Credentials(LOGIN, "wrong-password"))

    for _ in range(4):
        fail()
    clock[0] += timedelta(minutes=16)
    fail()
    assert sign_ins.begin(Credentials(LOGIN, PASSWORD))
    for _ in range(5):
        fail()
    with pytest.raises(SignInFailedError):
        sign_ins.begin(Credentials(LOGIN, PASSWORD))
    clock[0] += timedelta(minutes=15, seconds=1)
    assert sign_ins.begin(Credentials(LOGIN, PASSWORD))


def test_stay_ends_when_idle_and_at_the_latest_after_its_hours(running: Running) -> None:
    running.service.identity.people.add(NewPerson(LOGIN, "张三", Role.OPERATOR, password=PASSWORD))
    clock = [now_utc()]
    sign_ins = SignIns(
        running.service.database, SEAL, timedelta(minutes=30), timedelta(hours=2), lambda: clock[0]
    )
    _, token = sign_ins.begin(Credentials(LOGIN, PASSWORD))
    for _ in range(5):
        clock[0] += timedelta(minutes=20)
        assert sign_ins.recognise(token) is not None
    clock[0] += timedelta(minutes=21)
    assert sign_ins.recognise(token) is None  # two hours are over
    _, token = sign_ins.begin(Credentials(LOGIN, PASSWORD))
    clock[0] += timedelta(minutes=31)
    assert sign_ins.recognise(token) is None


def test_signing_out_ends_the_stay_also_for_who_kept_the_cookie(someone: Someone) -> None:
    someone.sign_in()
    kept = dict(someone.http.cookies)
    assert someone.http.delete("/v1/session").status_code == 204
    someone.http.cookies.update(kept)
    reply = someone.http.get("/v1/session")
    assert (reply.status_code, code_of(reply)) == (401, "credential_refused")


def test_signing_in_again_gives_another_token(someone: Someone) -> None:
    someone.sign_in()
    first = dict(someone.http.cookies)
    someone.sign_in()
    assert dict(someone.http.cookies) != first


def test_locked_account_is_out_with_the_next_request(running: Running, someone: Someone) -> None:
    someone.sign_in()
    people = running.service.identity.people
    people.lock(people.find(LOGIN).person.id)
    assert someone.http.get("/v1/session").status_code == 401
    assert someone.sign_in().status_code == 401


def test_first_password_must_be_changed_before_anything_else(running: Running) -> None:
    _, password = running.service.identity.people.add(NewPerson("li.si", "李四", Role.OPERATOR))
    browser = Someone(running)
    assert browser.sign_in(password, "li.si").json()["must_change_password"] is True
    assert code_of(browser.http.get("/v1/demands")) == "password_change_needed"
    body = {"old_password": password, "new_password": random_password()}
    assert browser.http.put("/v1/session/password", json=body).status_code == 204
    assert browser.http.get("/v1/demands").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("not-the-old-one", "battery-staple-9", "sign_in_failed"),
        (PASSWORD, PASSWORD, "state_not_allowed"),
        (PASSWORD, "short", "invalid_input"),
        (PASSWORD, "aaaaaaaaaaaa", "invalid_input"),
        (PASSWORD, "x-zhang.san-x", "invalid_input"),
    ],
)
def test_poor_new_password_is_refused(someone: Someone, old: str, new: str, code: str) -> None:
    someone.sign_in()
    body = {"old_password": old, "new_password": new}
    assert code_of(someone.http.put("/v1/session/password", json=body)) == code


def test_new_password_ends_all_other_stays(running: Running, someone: Someone) -> None:
    other = Someone(running)
    other.sign_in()
    someone.sign_in()
    body = {"old_password": PASSWORD, "new_password": "battery-staple-9"}
    assert someone.http.put("/v1/session/password", json=body).status_code == 204
    assert someone.http.get("/v1/session").status_code == 200
    assert other.http.get("/v1/session").status_code == 401


def test_authenticator_is_asked_for_and_opens_administration(
    running: Running, someone: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone.sign_in()
    assert code_of(someone.http.get("/v1/keys")) == "second_factor_needed"
    found = someone.http.post("/v1/organisations", json=examples.ORGANISATION)
    assert code_of(found) == "second_factor_needed"
    assert someone.http.get("/v1/demands").status_code == 200
    offered = someone.http.post("/v1/session/authenticator").json()
    assert offered["address"].startswith("otpauth://totp/navmatch:")
    totp = pyotp.TOTP(offered["secret"])
    now = now_utc().timestamp()
    body = {"secret": offered["secret"], "code": totp.at(now)}
    assert someone.http.put("/v1/session/authenticator", json=body).status_code == 204
    assert someone.http.get("/v1/keys").status_code == 200
    found = someone.http.post("/v1/organisations", json=examples.ORGANISATION)
    assert found.status_code == 201

    again = Someone(running)
    assert code_of(again.sign_in()) == "totp_required"
    assert code_of(again.sign_in(code=totp.at(now))) == "sign_in_failed"  # used already
    monkeypatch.setattr("api.identity.totp.time.time", lambda: now + PERIOD_S)
    assert again.sign_in(code=totp.at(now + PERIOD_S)).status_code == 201
    assert again.http.get("/v1/keys").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_pages_elsewhere_change_nothing_with_the_cookie(
    someone: Someone, headers: dict[str, str]
) -> None:
    someone.sign_in()
    reply = someone.http.delete("/v1/session", headers=headers)
    assert (reply.status_code, code_of(reply)) == (403, "origin_refused")
    assert someone.http.get("/v1/session").status_code == 200


def test_stay_of_a_member_shows_their_organisation_and_what_they_may(running: Running) -> None:
    with running.service.database.write() as session:
        organisation = add_organisation(session, "甲机构", region_code="320500")
    running.service.identity.people.add(
        NewPerson(LOGIN, "张三", Role.PROVIDER_STAFF, organisation.id, password=PASSWORD)
    )
    shown = Someone(running).sign_in().json()
    assert (shown["organisation_name"], shown["region_code"]) == ("甲机构", "320500")
    assert "change_provider" in shown["may"]
    assert {"create_demand", "create_key"} & set(shown["may"]) == set()


def test_deleted_organisation_lets_nobody_in(running: Running) -> None:
    with running.service.database.write() as session:
        organisation = add_organisation(session, "甲机构")
    running.service.identity.people.add(
        NewPerson(LOGIN, "张三", Role.PROVIDER_STAFF, organisation.id, password=PASSWORD)
    )
    browser = Someone(running)
    assert browser.sign_in().status_code == 201
    with running.service.database.write() as session:
        session.merge(organisation).deleted_at = now_utc()
    assert browser.http.get("/v1/session").status_code == 401
    assert browser.sign_in().status_code == 401


def test_only_hashes_of_secrets_are_kept(running: Running, someone: Someone) -> None:
    someone.sign_in()
    token = next(iter(dict(someone.http.cookies).values()))
    with running.service.database.read() as session:
        person = session.query(Person).one()
        sign_in = session.query(SignIn).one()
    assert person.password_hash.startswith("$argon2id$")
    assert token not in sign_in.token_hash


@pytest.mark.parametrize(
    "body",
    [{"login": LOGIN}, {"login": "a b", "password": "x"}, {"login": LOGIN, "password": "x\u0000"}],
    ids=str,
)
def test_sign_in_repeats_nothing_it_was_sent(someone: Someone, body: dict[str, Any]) -> None:
    reply = someone.http.post("/v1/session", json=body)
    assert reply.status_code == 422
    assert all(str(value) not in reply.text for value in body.values())
