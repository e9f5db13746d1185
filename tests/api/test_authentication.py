"""Who is recognised while the database does not answer, and for how long."""

from collections.abc import Iterator

import pytest
from starlette.datastructures import Headers

from api.authentication import FRESH_S, REMEMBERED_S, Recogniser, Request
from api.identity.identity import Identity
from api.identity.principal import Means
from api.settings import Settings
from models.database import Database
from models.errors import UnavailableError
from tests.credentials import bearer, make_key
from tests.postgres import PostgresServer


class Clock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def single(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database with one connection, for which nobody waits long."""
    monkeypatch.setattr("models.sqlite.POOL_TIMEOUT_S", 0.02)
    monkeypatch.setattr("models.postgresql.POOL_TIMEOUT_S", 0.02)
    made = Database(database_url, connections=1)
    yield made
    made.close()


def _recogniser(database: Database, clock: Clock) -> Recogniser:
    return Recogniser(Identity.of(database, Settings()), clock)


def _request(key: str, *, only_asks: bool = True) -> Request:
    return Request("/v1/demands", "", Headers(bearer(key)), is_secure=False, only_asks=only_asks)


def test_busy_database_lends_nobody_a_key_for_more_than_a_second(
    single: Database, clock: Clock
) -> None:
    key = make_key(single)
    recogniser = _recogniser(single, clock)
    assert recogniser.recognise(_request(key)).means is Means.KEY
    with single.read() as session:
        session.connection()
        clock.now_s += FRESH_S
        assert recogniser.recognise(_request(key)).means is Means.KEY
        clock.now_s += 0.01
        with pytest.raises(UnavailableError):
            recogniser.recognise(_request(key))


def test_known_lately_is_told_without_the_database_for_a_second(
    single: Database, clock: Clock
) -> None:
    key = make_key(single)
    recogniser = _recogniser(single, clock)
    assert recogniser.known_lately(_request(key)) is None
    known = recogniser.recognise(_request(key))
    with single.read() as session:
        session.connection()
        clock.now_s += FRESH_S
        assert recogniser.known_lately(_request(key)) == known
        assert recogniser.known_lately(_request(key, only_asks=False)) is None
        clock.now_s += 0.01
        assert recogniser.known_lately(_request(key)) is None


def test_known_lately_takes_no_cookie_where_recognising_takes_none(
    single: Database, clock: Clock
) -> None:
    key = make_key(single)
    recogniser = _recogniser(single, clock)
    recogniser.recognise(_request(key))
    cookie = {"cookie": f"navmatch={key}"}
    for path, headers in (
        ("/v1/widget/latest", cookie),
        ("/v1/demands", {**cookie, "authorization": "Basic eA=="}),
    ):
        asked = Request(path, "", Headers(headers), is_secure=False, only_asks=True)
        assert recogniser.known_lately(asked) is None
    page = Request("/v1/demands", "", Headers(cookie), is_secure=False, only_asks=True)
    assert recogniser.known_lately(page) is not None


def test_changes_wait_until_the_database_knows_who_asks(single: Database, clock: Clock) -> None:
    key = make_key(single)
    recogniser = _recogniser(single, clock)
    recogniser.recognise(_request(key))
    with single.read() as session:
        session.connection()
        with pytest.raises(UnavailableError):
            recogniser.recognise(_request(key, only_asks=False))


def test_stranger_is_nobody_the_busy_database_knew(single: Database, clock: Clock) -> None:
    key = make_key(single)
    with single.read() as session:
        session.connection()
        with pytest.raises(UnavailableError):
            _recogniser(single, clock).recognise(_request(key))


def test_lost_database_leaves_known_callers_their_questions(
    postgres: PostgresServer, postgres_template: str, clock: Clock
) -> None:
    url = postgres.new_database(postgres_template)
    database = Database(url)
    key = make_key(database)
    recogniser = _recogniser(database, clock)
    recogniser.recognise(_request(key))
    postgres.drop_database(url)
    clock.now_s += REMEMBERED_S
    assert recogniser.recognise(_request(key)).means is Means.KEY
    with pytest.raises(UnavailableError):
        recogniser.recognise(_request(key, only_asks=False))
    clock.now_s += 0.01
    with pytest.raises(UnavailableError):
        recogniser.recognise(_request(key))
    database.close()
