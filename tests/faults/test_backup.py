"""Backups made while others write, restored on either database, are states there really were.

pytest tests/faults/test_backup.py --backups 20 --seed 7
"""

import random
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Table, select

from api.archive import reading
from api.backup import BackupOptions, back_up, look_into, put_back
from api.settings import Settings
from api.wiring import Service
from indexer.documents import KINDS
from models import portable
from models.backup_format import BackupDamagedError, BackupManifest, table_file
from models.base import now_utc
from models.database import Database, Session
from models.demand import Demand
from models.errors import ConflictError
from models.verification import row_faults
from models.viewer import acting_as, system
from models.written import noting
from tests.indexer.counting import CountingEncoder
from tests.indexer.followed import contents, truth
from tests.postgres import PostgresServer
from tests.rows import add_demand, add_tag

N_BACKUPS = 3
SEED = 20_261_125
PAUSE_S = 0.005
"""Between two writes: one that never lets go would keep all others waiting."""

DOCUMENTS = 10_000
RTO_S = 60.0

State = dict[str, tuple[str, int, bool]]
"""Title, version and deletion of each demand, by key."""


@dataclass
class Writer:
    """Writes until it is stopped, and notes every state there was.

    Attributes:
        states: After which change there was which state, ascending.
    """

    database: Database
    seed: int
    states: list[tuple[int, State]] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Writer":
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stopping.set()
        self._thread.join()

    def wait_for(self, n_states: int) -> None:
        """Wait until that many states were there."""
        while len(self.states) < n_states and self._thread.is_alive():
            time.sleep(0.01)
        assert self._thread.is_alive()

    def at(self, seq: int) -> State:
        """The state there was at a change."""
        return self.states[bisect_right([s for s, _ in self.states], seq) - 1][1]

    def _run(self) -> None:
        chance = random.Random(self.seed)  # noqa: S311 - no secret is made from it
        state: State = {}
        with acting_as(system("test")):
            while not self._stopping.wait(PAUSE_S):
                with noting() as written, self.database.write() as session:
                    state = dict(state)
                    for _ in range(chance.randint(1, 4)):
                        self._step(session, state, chance)
                assert written.position is not None
                self.states.append((written.position.seq, state))

    def _step(self, session: Session, state: State, chance: random.Random) -> None:
        if len(state) < 5 or chance.random() < 0.4:
            row = add_demand(session, f"需求{chance.random()}", "碳化硅专利导航。")
            add_tag(session, row, "ENT.RISK")
        else:
            row = session.get_one(Demand, chance.choice(sorted(state)))
            if chance.random() < 0.2:
                row.deleted_at = None if row.deleted_at else now_utc()
            else:
                row.title = f"改为{chance.random()}"
            session.flush()
        state[row.id] = (row.title, row.version, row.deleted_at is not None)


@pytest.fixture
def make_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str, str], Settings]:
    """Gives settings of a fresh installation, by name and kind of database."""

    def make(name: str, kind: str) -> Settings:
        if kind == "sqlite":
            return Settings(data_dir=tmp_path / name)
        server: PostgresServer = request.getfixturevalue("postgres")
        return Settings(data_dir=tmp_path / name, database_url=server.new_database())

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def service(
    request: pytest.FixtureRequest, make_settings: Callable[[str, str], Settings]
) -> Iterator[Service]:
    """An installation with an index, open."""
    settings = make_settings("home", request.param)
    settings.data_dir.mkdir()
    with closing(Service(settings, CountingEncoder())) as made:
        made.open(follow=False)
        yield made


def stored(database: Database) -> State:
    with database.read() as session:
        rows = session.scalars(select(Demand))
        return {row.id: (row.title, row.version, row.deleted_at is not None) for row in rows}


def files_of(path: Path, manifest: BackupManifest) -> dict[str, bytes]:
    with reading(path) as archive:
        found = {}
        for name in manifest.tables:
            with archive.open_file(table_file(name)) as file:
                found[name] = file.read()
        return found


def test_online_backups_are_states_there_were(
    service: Service,
    make_settings: Callable[[str, str], Settings],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    n_backups = request.config.getoption("--backups") or N_BACKUPS
    seed = request.config.getoption("--seed") or SEED
    print(f"{n_backups} backups, seed {seed}")
    made: list[tuple[Path, BackupManifest]] = []
    with Writer(service.database, seed) as writer:
        for number in range(n_backups):
            writer.wait_for(len(writer.states) + 5)
            service.synchroniser.catch_up()
            path = tmp_path / (f"backup-{number}.zip" if number % 2 else f"backup-{number}")
            options = BackupOptions(with_index=number % 3 == 0, with_keys=True)
            made.append((path, back_up(service, path, options)))
    for number, (path, manifest) in enumerate(made):
        kind = ("sqlite", "postgresql")[number % 2]
        settings = make_settings(f"away-{number}", kind)
        put_back(settings, path)
        with closing(Database(settings.resolved_database_url)) as there:
            assert stored(there) == writer.at(manifest.seq)
            with there.read(unhurried=True) as session:
                assert list(row_faults(session)) == []
        encoder = CountingEncoder()
        with closing(Service(settings, encoder)) as restored:
            restored.open(follow=False)
            assert contents(restored.synchroniser.view) == truth(restored.database)
            again = back_up(restored, tmp_path / f"again-{number}", BackupOptions())
        changed = {"audit_event", "audit_checkpoint"}
        before, after = files_of(path, manifest), files_of(tmp_path / f"again-{number}", again)
        same = [name for name in before if name not in changed and name != "vector_cache"]
        assert {n: before[n] for n in same} == {n: after[n] for n in same}
        vectors = (files["vector_cache"].splitlines() for files in (before, after))
        assert set(next(vectors)) <= set(next(vectors))


@pytest.mark.parametrize("service", ["sqlite"], indirect=True)
def test_check_notices_a_backup_of_no_one_moment(
    service: Service,
    make_settings: Callable[[str, str], Settings],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = portable._lines
    with Writer(service.database, SEED) as writer:

        def read_later(session: Session, table: Table) -> Iterator[tuple[bytes, bool]]:
            writer.wait_for(len(writer.states) + 1)
            with service.database.read(unhurried=True) as own:
                yield from plain(own, table)

        writer.wait_for(3)
        monkeypatch.setattr(portable, "_lines", read_later)
        manifest = back_up(service, tmp_path / "torn", BackupOptions(with_keys=True))
    settings = make_settings("away", "sqlite")
    try:
        put_back(settings, tmp_path / "torn")
    except ConflictError:
        return  # a row is missing that another names
    with closing(Database(settings.resolved_database_url)) as there:
        assert stored(there) != writer.at(manifest.seq)


def test_harmed_backup_is_refused(
    service: Service, make_settings: Callable[[str, str], Settings], tmp_path: Path
) -> None:
    with service.database.write() as session:
        add_demand(session)
    path = tmp_path / "backup"
    back_up(service, path, BackupOptions())
    chance = random.Random(SEED)  # noqa: S311 - no secret is made from it
    files = sorted(p for p in path.rglob("*") if p.is_file() and p.stat().st_size)
    for number in range(12):
        harmed = files[number % len(files)]
        content = harmed.read_bytes()
        changed = bytearray(content)
        changed[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        harmed.write_bytes(changed)
        with pytest.raises(BackupDamagedError):
            look_into(path)
        with pytest.raises(BackupDamagedError):
            put_back(make_settings(f"no-{number}", "sqlite"), path)
        harmed.write_bytes(content)
    look_into(path)


@pytest.mark.nightly
@pytest.mark.parametrize("with_index", [False, True], ids=["index built", "index along"])
def test_10000_documents_are_back_within_a_minute(
    service: Service,
    make_settings: Callable[[str, str], Settings],
    tmp_path: Path,
    with_index: bool,
    request: pytest.FixtureRequest,
) -> None:
    with service.database.write() as session:
        for number in range(DOCUMENTS):
            add_demand(session, f"第{number}号专利导航", f"第{number}项：碳化硅器件侵权风险排查。")
    service.synchroniser.rebuild()
    begun = time.monotonic()
    manifest = back_up(service, tmp_path / "b", BackupOptions(with_index, with_keys=True))
    took = time.monotonic() - begun
    settings = make_settings("away", request.node.callspec.params["service"])
    begun = time.monotonic()
    put_back(settings, tmp_path / "b")
    with closing(Service(settings, CountingEncoder())) as restored:
        restored.open(follow=False)
        back = time.monotonic() - begun
        n_found = sum(restored.synchroniser.view.of(kind).n_alive for kind in KINDS)
    print(f"backup {took:.1f} s, restored and searchable after {back:.1f} s, {manifest.position}")
    assert n_found == DOCUMENTS
    assert back <= RTO_S
