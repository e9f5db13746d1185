"""Changing one's own password and authenticator: a stay alone does not prove who it is."""

import time

import pyotp
import pytest
from sqlalchemy import select

from api.identity.people import MAX_FAILURES
from models.audit import AuditEvent
from models.vocabulary.access import AuditAction, AuditResult
from tests.api.conftest import Running
from tests.api.routes.test_session import PASSWORD, Someone, code_of, someone

__all__ = ["someone"]

OTHER = "battery-staple-9"


def offer(someone: Someone) -> pyotp.TOTP:
    return pyotp.TOTP(someone.http.post("/v1/session/authenticator").json()["secret"])


def put(someone: Someone, new: pyotp.TOTP, **more: str) -> str:
    body = {"secret": new.secret, "code": new.now(), **more}
    reply = someone.http.put("/v1/session/authenticator", json=body)
    return "done" if reply.status_code == 204 else code_of(reply)


def denied(running: Running, action: AuditAction) -> list[AuditEvent]:
    with running.service.database.read() as session:
        wanted = select(AuditEvent).where(
            AuditEvent.action == action, AuditEvent.result == AuditResult.DENIED
        )
        return list(session.scalars(wanted.order_by(AuditEvent.number)))


def test_wrong_old_passwords_lock_and_are_recorded(running: Running, someone: Someone) -> None:
    someone.sign_in()
    before = len(denied(running, AuditAction.CHANGE_LOGIN))
    for number in range(MAX_FAILURES):
        body = {"old_password": f"guess-number-{number}", "new_password": OTHER}
        reply = someone.http.put("/v1/session/password", json=body)
        assert (reply.status_code, code_of(reply)) == (401, "sign_in_failed")
    body = {"old_password": PASSWORD, "new_password": OTHER}
    assert someone.http.put("/v1/session/password", json=body).status_code == 401
    assert len(denied(running, AuditAction.CHANGE_LOGIN)) == before + MAX_FAILURES + 1
    assert code_of(someone.sign_in()) == "sign_in_failed"


def test_bound_authenticator_is_replaced_with_password_and_old_code_only(
    someone: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone.sign_in()
    old = offer(someone)
    assert put(someone, old) == "done"
    later = time.time() + 60
    monkeypatch.setattr("api.identity.totp.time.time", lambda: later)
    new = offer(someone)
    fresh = {"code": new.at(later)}
    proof = {"password": PASSWORD, "old_code": old.at(later)}
    for missing in ({}, {"password": PASSWORD}, {"old_code": proof["old_code"]}):
        assert put(someone, new, **fresh, **missing) == "invalid_input"
    assert put(someone, new, **fresh, **{**proof, "password": OTHER}) == "sign_in_failed"
    assert put(someone, new, **fresh, **{**proof, "old_code": "000000"}) == "sign_in_failed"
    assert put(someone, new, **fresh, **proof) == "done"


def test_refused_sign_in_is_recorded_also_for_logins_nobody_has(
    running: Running, someone: Someone
) -> None:
    """What is written for one and not for the other tells them apart by time."""
    people = running.service.identity.people
    before = len(denied(running, AuditAction.SIGN_IN))
    someone.sign_in(login="nobody.there")
    people.lock(people.find("zhang.san").person.id)
    someone.sign_in()
    events = denied(running, AuditAction.SIGN_IN)[before:]
    assert [event.entity_id for event in events] == [None, None]
