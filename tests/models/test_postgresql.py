import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import ProgrammingError

from models import postgresql
from models.base import new_id
from models.change import ChangeLog
from models.database import Database
from models.demand import Demand
from models.errors import SetupError, UnavailableError
from models.viewer import acting_as, system
from tests.faults.proxy import Proxy, Weather
from tests.postgres import PostgresServer, database_name
from tests.rows import add_demand, add_organisation

ROOT = Path(__file__).resolve().parents[2]
ENTRY = (
    "INSERT INTO change_log (entity, entity_id, operation, content_hash, at) "
    "VALUES ('demand', '{}', 'create', '', now())"
)


@pytest.fixture(autouse=True)
def settled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database counts as answering as soon as it does."""
    monkeypatch.setattr("models.database.SETTLED_S", 0.0)


@pytest.fixture
def url(postgres: PostgresServer, postgres_template: str) -> Iterator[str]:
    made = postgres.new_database(postgres_template)
    yield made
    postgres.drop_database(made)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    made = Database(url, connections=3)
    yield made
    made.close()


@pytest.fixture
def proxy(postgres: PostgresServer) -> Iterator[Proxy]:
    with Proxy(postgres.port) as between:
        yield between


@pytest.fixture
def distant(url: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The database behind a network that can fail."""
    monkeypatch.setattr(postgresql, "CONNECT_TIMEOUT_S", 2)  # the least psycopg can do
    made = Database(re.sub(r":\d+/", f":{proxy.port}/", url), connections=3)
    yield made
    proxy.become(Weather.BROKEN)
    made.close()


def as_superuser(url: str) -> str:
    return url.replace("navmatch@", "postgres@")


def setting(database: Database, name: str) -> object:
    with database.read() as session:
        return session.scalar(text(f"SHOW {name}"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("statement_timeout", "5s"),
        ("lock_timeout", "2s"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("synchronous_commit", "on"),
        ("TimeZone", "UTC"),
        ("application_name", "navmatch"),
        ("transaction_read_only", "on"),
        ("transaction_isolation", "repeatable read"),
    ],
)
def test_sessions_are_bounded(database: Database, name: str, value: str) -> None:
    assert setting(database, name) == value


def test_options_of_the_address_are_kept(url: str) -> None:
    made = Database(f"{url}?options=-c%20search_path%3Dpublic%20-c%20statement_timeout%3D900")
    assert setting(made, "statement_timeout") == "900ms"
    made.close()


def test_unhurried_reading_has_no_limit_and_others_keep_theirs(database: Database) -> None:
    with database.read(unhurried=True) as session:
        assert session.scalar(text("SHOW statement_timeout")) == "0"
    assert setting(database, "statement_timeout") == "5s"


def test_statement_that_takes_too_long_is_given_up(url: str) -> None:
    made = Database(f"{url}?options=-c%20statement_timeout%3D50")
    with pytest.raises(UnavailableError) as caught, made.read() as session:
        session.execute(text("SELECT pg_sleep(30)"))
    assert caught.value.fields == {"reason": "slow"}
    assert made.is_answering
    made.close()


def test_write_behind_another_one_is_given_up(url: str) -> None:
    made = Database(f"{url}?options=-c%20lock_timeout%3D50")
    with made.write() as session:
        add_demand(session)
        with pytest.raises(UnavailableError) as caught, made.write() as other:
            add_demand(other)
    assert caught.value.fields == {"reason": "busy"}
    made.close()


def test_lock_of_a_row_by_a_stranger_is_given_up(url: str) -> None:
    made = Database(f"{url}?options=-c%20lock_timeout%3D50")
    with made.write() as session:
        key = add_demand(session).id
    with psycopg.connect(as_superuser(url)) as stranger:
        stranger.execute("UPDATE demand SET urgent = true")
        with pytest.raises(UnavailableError) as caught, made.write() as session:
            session.get_one(Demand, key).urgent = True
    assert caught.value.fields == {"reason": "busy"}
    made.close()


def test_pool_in_use_is_unavailable(
    database: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "POOL_TIMEOUT_S", 0.05)
    small = Database(url, connections=1)
    with small.read() as session:
        session.scalar(select(1))
        with pytest.raises(UnavailableError) as caught, small.read() as other:
            other.scalar(select(1))
        assert not small.is_answering
    assert caught.value.fields == {"reason": "pool"}
    assert small.is_answering
    small.close()


def test_entries_come_in_the_order_of_commits_whoever_writes_them(
    database: Database, url: str
) -> None:
    with psycopg.connect(as_superuser(url)) as stranger, ThreadPoolExecutor(1) as pool:
        stranger.execute(ENTRY.format("first"))

        def write() -> None:
            with acting_as(system("test")), database.write() as session:
                add_organisation(session)

        waiting = pool.submit(write)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.3)
        stranger.commit()
        waiting.result(timeout=5)
    with database.read() as session:
        found = session.scalars(select(ChangeLog).order_by(ChangeLog.seq)).all()
    assert [entry.entity_id == "first" for entry in found] == [True, False]


def test_migrate_together_runs_once(postgres: PostgresServer) -> None:
    url = postgres.new_database()
    together = threading.Barrier(4)

    def migrate() -> None:
        made = Database(url)
        together.wait()
        made.migrate()
        made.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(migrate) for _ in range(4)]:
            done.result()
    postgres.drop_database(url)


def test_database_of_another_encoding_is_refused(postgres: PostgresServer) -> None:
    name = "latin"
    postgres.execute(
        f"CREATE DATABASE {name} OWNER navmatch TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"
    )
    made = Database(postgres.url(name))
    with pytest.raises(SetupError, match="UTF8"):
        made.migrate()
    made.close()
    postgres.drop_database(postgres.url(name))


@pytest.fixture(params=["SUPERUSER", "BYPASSRLS"])
def unbound_url(
    request: pytest.FixtureRequest, url: str, postgres: PostgresServer
) -> Iterator[str]:
    """The database, of which a role asks that row security does not bind."""
    role = f"unbound_{request.param.lower()}"
    postgres.execute(f"CREATE ROLE {role} LOGIN {request.param} IN ROLE navmatch")
    yield postgres.url(database_name(url), role)
    postgres.execute(f"DROP ROLE {role}")


def test_role_that_row_security_does_not_bind_is_refused(
    unbound_url: str, postgres: PostgresServer
) -> None:
    made = Database(unbound_url)
    for begin in (made.migrate, made.alone("restore").__enter__):
        with pytest.raises(SetupError, match="NOSUPERUSER NOBYPASSRLS"):
            begin()
    role = make_url(unbound_url).username
    postgres.execute(f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS")
    assert made.server_problem() is None
    made.close()


def commands_that_hand_over(name: str) -> str:
    """Return what the documentation has an administrator run, for a database of that name."""
    page = (ROOT / "docs" / "how-to" / "run-on-postgresql.md").read_text("utf-8")
    section = page.partition("## 换掉超级用户")[2].partition("\n## ")[0]
    (commands,) = re.findall(r"```sql\n(\s+BEGIN;.*?)```", section, re.DOTALL)
    return str(commands).replace("DATABASE navmatch", f"DATABASE {name}")


def test_database_of_a_superuser_is_handed_over_as_documented(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.execute("CREATE DATABASE of_superuser OWNER postgres TEMPLATE template0")
    url = postgres.url("of_superuser")
    before = Database(as_superuser(url))
    with monkeypatch.context() as unguarded:
        unguarded.setattr("models.database.check_server", lambda connection: None)
        before.migrate()
    before.close()
    made = Database(url)
    with pytest.raises(ProgrammingError, match="permission denied"), made.write() as session:
        add_demand(session)
    postgres.execute(commands_that_hand_over("of_superuser"), "of_superuser")
    made.migrate()
    with made.write() as session:
        add_demand(session)
        session.execute(text("CREATE TABLE of_a_later_release (id text)"))
        session.execute(text("ALTER FUNCTION navmatch_role() STABLE"))
    assert made.server_problem() is None
    made.close()
    postgres.drop_database(url)


def test_service_needs_no_superuser(database: Database) -> None:
    with database.read() as session:
        found = session.execute(
            text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        ).one()
    assert tuple(found) == (False, False)


def test_connections_lost_are_replaced_before_use(database: Database, url: str) -> None:
    with database.read() as one, database.read() as two:
        for session in (one, two):
            session.scalar(select(1))
    with psycopg.connect(as_superuser(url), autocommit=True) as stranger:
        stranger.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE application_name = 'navmatch'"
        )
    with database.write() as session:
        add_demand(session)
    assert database.is_answering


def test_server_that_cannot_be_reached_is_unavailable(postgres: PostgresServer) -> None:
    with Proxy(postgres.port) as nowhere:
        port = nowhere.port
    made = Database(f"postgresql://navmatch@127.0.0.1:{port}/x")
    with pytest.raises(UnavailableError) as caught, made.read() as session:
        session.scalar(select(1))
    made.close()
    assert caught.value.fields == {"reason": "connection"}
    assert not made.is_answering


def test_database_that_is_missing_is_unavailable(postgres: PostgresServer) -> None:
    made = Database(postgres.url("missing"))
    with pytest.raises(UnavailableError), made.write() as session:
        session.scalar(select(1))


def test_silent_server_is_left_after_one_ping(distant: Database, proxy: Proxy) -> None:
    with distant.write() as session:
        add_demand(session)
    proxy.become(Weather.SILENT)
    for _ in range(3):  # the first waits for the ping, the others do not even try
        with pytest.raises(UnavailableError), distant.read() as session:
            session.scalar(select(1))
    assert not distant.is_answering


def test_server_that_falls_silent_midway_is_left(
    distant: Database, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "PATIENCE_S", 0.2)

    def write() -> None:
        with distant.write() as session:
            add_demand(session)
            proxy.become(Weather.SILENT)
            add_demand(session)

    with pytest.raises(UnavailableError) as caught:
        write()
    assert caught.value.fields == {"reason": "connection"}


def test_one_attempt_at_a_time_reaches_a_silent_server(
    distant: Database, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "SILENCE_S", 0.0)
    proxy.become(Weather.SILENT)

    def ask() -> None:
        with pytest.raises(UnavailableError), distant.read() as session:
            session.scalar(select(1))

    ask()
    assert proxy.n_taken == 1
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(ask) for _ in range(3)]:
            done.result()
    assert proxy.n_taken == 2


def test_server_that_speaks_again_is_used_again(
    distant: Database, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "SILENCE_S", 0.0)
    with distant.write() as session:
        add_demand(session)
    proxy.become(Weather.SILENT)
    with pytest.raises(UnavailableError), distant.read() as session:
        session.scalar(select(1))
    proxy.become(Weather.CLEAR)
    with distant.write() as session:
        add_demand(session, new_id("dm"))
    assert distant.is_answering


def test_commit_lost_on_the_way_is_unavailable(distant: Database, proxy: Proxy) -> None:
    def write() -> None:
        with distant.write() as session:
            add_demand(session)
            proxy.become(Weather.BROKEN)

    with pytest.raises(UnavailableError):
        write()
    proxy.become(Weather.CLEAR)
    with distant.read() as session:
        assert session.scalars(select(Demand)).all() == []
