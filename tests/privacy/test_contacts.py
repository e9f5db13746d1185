"""P1 for people who are named, not stored as rows: contacts, and the sheets somebody sent."""

import time
from collections.abc import Iterator
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from api.exchange.types import FileFormat
from api.routes.files import MEDIA_TYPES
from api.schemas import examples
from models.viewer import acting_as, system
from tests.api.conftest import Running
from tests.privacy.traces import base_files_with, columns_with, files_with

FORMER: Final = ("鸊鷉鸬鹚", "13912345670", "qzxformer4c1@example.org")
NAMED: Final = ("鸂鶒鹈鹕", "13987654329", "qzxnamed8e6@example.org")
SENT: Final = "qzxsheet5b2"
LIMIT_S: Final = 60.0


@pytest.fixture(autouse=True)
def as_system() -> Iterator[None]:
    with acting_as(system("test")):
        yield


def traces_of(running: Running, texts: tuple[str, ...]) -> set[str]:
    """Every place in which one of these texts stands."""
    database = running.service.database
    found = set(files_with(running.service.settings.data_dir, texts))
    if database.engine.dialect.name == "postgresql":
        found |= set(columns_with(database.engine.url.render_as_string(False), texts))
        found |= {f"base/{name}" for text in texts for name in base_files_with(database, text)}
    return found


def wait_until_finished(running: Running) -> None:
    """Wait for what cleans up behind an erasure in a thread of its own."""
    until = time.monotonic() + LIMIT_S
    while running.service.eraser.is_unfinished:
        assert time.monotonic() < until, "not within a minute"
        time.sleep(0.05)


def test_removed_contact_leaves_no_trace(running: Running) -> None:
    path = f"/v1/contacts/{running.demand()['id']}"
    for number, (name, phone, email) in enumerate((FORMER, NAMED)):
        put = running.client.put(
            path,
            json={"name": name, "phone": phone, "email": email},
            headers={"Idempotency-Key": f"contact-{number}"},
        )
        assert put.status_code == 204, put.text
    assert running.get(path)["name"] == NAMED[0]
    for text in NAMED:
        assert traces_of(running, (text,))

    assert running.client.delete(path).status_code == 204
    assert running.service.eraser.is_unfinished
    assert running.service.eraser.finish()

    assert traces_of(running, FORMER + NAMED) == set()


def test_removed_contact_asked_for_twice_is_removed_once(running: Running) -> None:
    path = f"/v1/contacts/{running.demand()['id']}"
    assert running.client.put(path, json=examples.CONTACT).status_code == 204
    headers = {"Idempotency-Key": "contact-removed"}
    for _ in range(2):
        assert running.client.delete(path, headers=headers).status_code == 204
    assert running.service.eraser.finish()


def test_erased_person_leaves_no_sheet(running: Running) -> None:
    browser, person_id = _signed_in(running)
    sheet = f"标题,需求描述,{SENT}\n{SENT},{SENT}\n".encode()
    sent = browser.post(
        "/v1/imports",
        params={"kind": "demands", "name": f"{SENT}.csv"},
        content=sheet,
        headers={"content-type": MEDIA_TYPES[FileFormat.CSV]},
    )
    assert sent.status_code == 202, sent.text
    app: Any = running.client.app
    assert app.state.parts.import_work.wait_idle(LIMIT_S)
    assert traces_of(running, (SENT,))

    running.post("/v1/erasures", {"kind": "person", "id": person_id}, 202)
    wait_until_finished(running)

    assert running.get("/v1/imports")["items"] == []
    assert traces_of(running, (SENT,)) == set()


def _signed_in(running: Running) -> tuple[TestClient, str]:
    """A browser in which somebody of a base has signed in, and their key."""
    base = running.post("/v1/bases", examples.BASE)
    somebody = {"login": "sender", "name": "示例人员", "role": "base_staff"}
    made = running.post("/v1/people", {**somebody, "organisation_id": base["organisation_id"]})
    browser = TestClient(running.client.app)
    body = {"login": "sender", "password": made["password"]}
    assert browser.post("/v1/session", json=body).status_code == 201
    change = {"old_password": made["password"], "new_password": "battery-staple-9"}
    assert browser.put("/v1/session/password", json=change).status_code == 204
    return browser, str(made["person"]["id"])
