"""API keys: kept as hashes alone, dead with the next request, never in an address.

Long form of the timing: `pytest tests/security/test_keys.py -m nightly -rP`, about two minutes.
"""

import gc
import logging
import math
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from api.identity.api_keys import MAX_LIVE, ApiKeys, NewKey
from api.identity.principal import EVERY_SCOPE
from api.identity.secret_key import SecretKey, new_key, read_key
from api.settings import Settings
from api.wiring import Service
from indexer.encoder import HashEncoder
from models.acting import tell
from models.base import Table, new_id, now_utc
from models.errors import ConflictError
from models.viewer import acting_as, system
from models.vocabulary.access import Role, Scope
from tests.api.conftest import Running
from tests.credentials import bearer, make_key
from tests.statements import watched_statements

SEED = 20_261_125
SEPARABLE_T = 4.5
"""Beyond this t two samples of times are told apart (dudect, Reparaz et al. 2017)."""


@pytest.fixture
def keys(running: Running) -> ApiKeys:
    return running.service.identity.keys


@pytest.fixture
def stranger(running: Running) -> TestClient:
    """A client that has no key of its own."""
    return TestClient(running.client.app, base_url="http://localhost")


def made(keys: ApiKeys, **columns: object) -> tuple[str, SecretKey]:
    name = new_id("ak")[3:]
    key, secret = keys.create(
        NewKey(name, Role.OPERATOR, **columns),  # type: ignore[arg-type]
        held=EVERY_SCOPE,
    )
    return key.id, secret


def test_key_opens_until_it_is_revoked(keys: ApiKeys, stranger: TestClient) -> None:
    key_id, secret = made(keys)
    headers = bearer(secret.text)
    assert stranger.get("/v1/session", headers=headers).json()["role"] == "operator"
    keys.revoke(key_id)
    reply = stranger.get("/v1/session", headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (401, "credential_refused")
    assert reply.headers["www-authenticate"] == "Bearer"


def test_key_ends_on_its_last_day(running: Running, keys: ApiKeys) -> None:
    _, secret = made(keys, days=30)
    for days, opens in ((29, True), (31, False)):
        moment = now_utc() + timedelta(days=days)
        later = ApiKeys(running.service.database, partial(_same, moment))
        assert (later.recognise(secret.text) is not None) is opens


def _same(moment: datetime) -> datetime:
    return moment


def test_two_keys_of_a_name_live_at_once_and_no_third(keys: ApiKeys) -> None:
    key_id, old = made(keys)
    successor, new = keys.rotate(key_id, held=EVERY_SCOPE)
    assert keys.recognise(old.text) is not None
    assert keys.recognise(new.text) is not None
    with pytest.raises(ConflictError):
        keys.rotate(key_id, held=EVERY_SCOPE)
    keys.revoke(key_id)
    keys.rotate(successor.id, held=EVERY_SCOPE)
    named = [key for key in keys.list().rows if key.name == successor.name]
    live = [key for key in named if key.revoked_at is None]
    assert len(live) == MAX_LIVE


@pytest.mark.parametrize(("given", "n_days"), [(None, 30), (7, 7)], ids=["as the old", "said"])
def test_successor_of_a_key_lives_as_long(keys: ApiKeys, given: int | None, n_days: int) -> None:
    key_id, _ = made(keys, days=30)
    successor, _ = keys.rotate(key_id, given, held=EVERY_SCOPE)
    keys.revoke(key_id)
    again, _ = keys.rotate(successor.id, held=EVERY_SCOPE)
    lives = [round((k.expires_at - k.created_at) / timedelta(days=1)) for k in (successor, again)]
    assert lives == [n_days, n_days]


@pytest.mark.parametrize("place", ["key", "api_key", "access_token", "authorization", "token"])
def test_key_in_the_address_opens_nothing(keys: ApiKeys, stranger: TestClient, place: str) -> None:
    _, secret = made(keys)
    reply = stranger.get("/v1/session", params={place: secret.text})
    assert reply.status_code == 401


@pytest.mark.parametrize("scheme", ["Basic", "Token", "", "Bearer  x"])
def test_other_schemes_open_nothing(keys: ApiKeys, stranger: TestClient, scheme: str) -> None:
    _, secret = made(keys)
    reply = stranger.get("/v1/session", headers={"Authorization": f"{scheme} {secret.text}"})
    assert reply.status_code == 401
    assert secret.text not in reply.text


def test_mistyped_key_is_known_without_the_database() -> None:
    secret = new_key(Role.BASE_STAFF)
    assert read_key(secret.text) == secret
    for place in range(len(secret.text)):
        other = "x" if secret.text[place] != "x" else "y"
        assert read_key(secret.text[:place] + other + secret.text[place + 1 :]) != secret


def test_keys_are_long_and_never_printed_by_accident() -> None:
    secret = new_key(Role.OPERATOR)
    assert len(secret.text.split("_")[3]) * math.log2(32) >= 160
    assert secret.text not in repr(secret)
    assert len({new_key(Role.OPERATOR).text for _ in range(1_000)}) == 1_000


def test_read_only_key_changes_nothing_and_scopes_bind(keys: ApiKeys, stranger: TestClient) -> None:
    _, read_only = made(keys, read_only=True, scopes=frozenset(Scope))
    reply = stranger.post("/v1/demands", json={}, headers=bearer(read_only.text))
    assert (reply.status_code, reply.json()["code"]) == (403, "read_only")
    _, reading = made(keys, scopes=frozenset({Scope.READ}))
    reply = stranger.post("/v1/tags", json={"text": "排查"}, headers=bearer(reading.text))
    assert (reply.status_code, reply.json()["code"]) == (403, "scope_missing")
    assert reply.json()["detail"] == "这个密钥不是为这项用途签发的，缺少用途 match。"


def everything_stored(running: Running) -> str:
    """All values of all tables as one text."""
    database = running.service.database
    with database.engine.connect() as connection:
        tell(connection, system("test"))
        return "\n".join(
            repr(tuple(row))
            for table in Table.metadata.sorted_tables
            for row in connection.execute(text(f"SELECT * FROM {table.name}"))  # noqa: S608
        )


def test_dump_and_logs_hold_no_key_password_or_token(
    running: Running,
    keys: ApiKeys,
    stranger: TestClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = []
    for number in range(5):
        body = {"name": f"密钥{number}", "role": "operator"}
        reply = running.client.post(
            "/v1/keys", json=body, headers={"Idempotency-Key": f"k{number}-123456"}
        )
        secrets.append(reply.json()["key"])
    body = {"login": "wang.wu", "name": "王五", "role": "operator"}
    password = running.client.post("/v1/people", json=body).json()["password"]
    signed = stranger.post("/v1/session", json={"login": "wang.wu", "password": password})
    secrets += [password, next(iter(dict(stranger.cookies).values()))]
    assert signed.status_code == 201
    for secret in secrets:
        stranger.get("/v1/demands", headers=bearer(secret))
        stranger.get("/v1/demands", headers={"Authorization": secret})
        stranger.get("/v1/demands", params={"key": secret})
        stranger.get(f"/v1/demands/{secret}")
        stranger.post("/v1/session", json={"login": "wang.wu", "password": secret + "x"})
        stranger.post("/v1/match", json={"key": secret}, headers=bearer(secret))
    said = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("httpx2"))
    stored = everything_stored(running)
    folder = Path(running.service.settings.data_dir)
    files = b"".join(
        p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix != ".faiss"
    )
    for secret in secrets:
        parts = {secret, secret.split("_")[3]} if secret.startswith("dm_") else {secret}
        for part in parts:
            assert part not in stored
            assert part not in said
            assert part.encode() not in files


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[list[TestClient]]:
    """Two workers over one database."""

    def make_service(settings: Settings) -> Service:
        return Service(settings, HashEncoder())

    settings = Settings(data_dir=tmp_path, follow_interval_s=60, allowed_hosts="testserver")
    with (
        TestClient(create_app(settings, make_service)) as first,
        TestClient(create_app(settings, make_service)) as second,
    ):
        yield [first, second]


def test_revoked_key_is_dead_on_every_worker_with_the_next_request(
    workers: list[TestClient],
) -> None:
    service: Service = workers[0].app.state.parts.service  # type: ignore[attr-defined]
    administrator = bearer(make_key(service.database))
    with acting_as(system("test")):
        key, secret = service.identity.keys.create(NewKey("甲", Role.OPERATOR), held=EVERY_SCOPE)
    for worker in workers:
        assert worker.get("/v1/session", headers=bearer(secret.text)).status_code == 200
    assert workers[0].delete(f"/v1/keys/{key.id}", headers=administrator).status_code == 204
    for worker in workers:
        assert worker.get("/v1/session", headers=bearer(secret.text)).status_code == 401


Sample = list[float]


def times(
    ask: Callable[[str], object], one: list[str], other: list[str], n: int
) -> tuple[Sample, Sample]:
    """How long two kinds of questions take, asked in turns of chance."""
    chance = random.Random(SEED)  # noqa: S311 - no secret is made from it
    samples: tuple[Sample, Sample] = ([], [])
    gc.disable()
    try:
        for number in range(2 * n):
            kind = chance.randrange(2)
            question = (one, other)[kind][number % len(one)]
            begun = time.perf_counter_ns()
            ask(question)
            samples[kind].append(float(time.perf_counter_ns() - begun))
    finally:
        gc.enable()
    return samples


def separation(one: Sample, other: Sample) -> float:
    """Welch's t of two samples, the slowest tenth of both left out: those tell of the machine."""
    cut = statistics.quantiles(one + other, n=10)[-1]
    a, b = ([value for value in sample if value <= cut] for sample in (one, other))
    spread = math.sqrt(statistics.variance(a) / len(a) + statistics.variance(b) / len(b))
    return (statistics.fmean(a) - statistics.fmean(b)) / spread


def unknown_and_wrong(keys: ApiKeys) -> tuple[list[str], list[str], str]:
    """Keys nobody made, keys of which only the secret is wrong, and one that opens."""
    _, secret = made(keys)
    wrong = []
    for _ in range(64):
        other = new_key(Role.OPERATOR).text.split("_")
        other[2] = secret.key_id
        wrong.append(_checked("_".join(other[:4])))
    return [new_key(Role.OPERATOR).text for _ in range(64)], wrong, secret.text


def _checked(body: str) -> str:
    import zlib

    return f"{body}_{zlib.crc32(body.encode()):08x}"


def test_unknown_and_wrong_keys_ask_the_database_alike(running: Running, keys: ApiKeys) -> None:
    unknown, wrong, right = unknown_and_wrong(keys)
    assert all(read_key(key) is not None for key in (*unknown, *wrong))

    def asked(key: str, *, opens: bool = False) -> list[str]:
        with watched_statements(running.service.database) as seen:
            assert (keys.recognise(key) is not None) is opens
        return seen

    first = asked(unknown[0])
    assert len(first) >= 1
    assert all(asked(key) == first for key in (*unknown[1:4], *wrong[:4]))
    assert len(asked(right, opens=True)) > len(first), "a row that opens is read and would show"


@pytest.mark.nightly
def test_times_do_not_tell_an_unknown_key_from_a_wrong_secret(keys: ApiKeys) -> None:
    unknown, wrong, right = unknown_and_wrong(keys)
    n = 20_000
    t = separation(*times(keys.recognise, unknown, wrong, n))
    told = separation(*times(keys.recognise, unknown, [right] * 64, n // 20))
    print(f"seed {SEED}: t {t:.2f} over {n} each; against a key that opens {told:.0f}")  # noqa: T201
    assert abs(t) < SEPARABLE_T
    assert abs(told) > SEPARABLE_T, "this measure would find no difference at all"
