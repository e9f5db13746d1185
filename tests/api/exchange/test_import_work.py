"""Working through a sheet aside: one worker at a time, as long as its sender may."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.exchange import import_work, importing
from api.exchange.columns import ImportKind
from api.exchange.import_work import ImportWork
from api.exchange.rows import InputRow
from api.exchange.uploading import Upload, Uploads
from api.identity.api_keys import NewKey
from api.identity.people import NewPerson
from api.settings import Settings
from api.wiring import Service
from indexer.encoder import HashEncoder
from indexer.errors import EncoderError
from models.base import now_utc
from models.demand import Demand
from models.import_job import ImportJob
from models.import_turns import MAX_TRIES, RETRY_AFTER
from models.organisation import Base, Organisation
from models.viewer import Viewer, acting_as, system
from models.vocabulary.access import Role, Scope
from models.vocabulary.organisation import BaseLevel, OrganisationType
from models.vocabulary.row import ImportState
from tests.api.exchange.conftest import DEMAND, TODAY

ROWS = ("甲", "乙", "丙")
PASSWORD = "correct horse battery staple"  # noqa: S105 - of a person of the tests


@pytest.fixture
def row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "CHUNK_ROWS", 1)


def base_of(service: Service, name: str = "某基地") -> str:
    with service.database.write() as session:
        of = Organisation(name=name, org_type=OrganisationType.PARK, region_code="320500")
        session.add(Base(organisation=of, level=BaseLevel.NATIONAL))
        session.flush()
        return of.id


def person_of(service: Service, organisation_id: str, login: str = "clerk") -> Viewer:
    new = NewPerson(login, "某人", Role.BASE_STAFF, organisation_id, password=PASSWORD)
    account, _ = service.identity.people.add(new)
    return Viewer(Role.BASE_STAFF, account.person.id, organisation_id, "320500")


def key_of(service: Service, organisation_id: str) -> Viewer:
    new = NewKey("导入", Role.BASE_STAFF, organisation_id)
    key, _ = service.identity.keys.create(new, held=frozenset(Scope))
    return Viewer(Role.BASE_STAFF, key.id, organisation_id, "320500")


def sheet(rows: tuple[str, ...] = ROWS) -> bytes:
    lines = (f"{name}{DEMAND['title']},{DEMAND['description']}" for name in rows)
    return "\n".join(["标题,需求描述", *lines]).encode()


def sent(service: Service, viewer: Viewer, content: bytes | None = None) -> str:
    uploads = Uploads(service.database, lambda: None, now_utc)
    with acting_as(viewer):
        content = content or sheet()
        return uploads.take(Upload(ImportKind.DEMANDS, "表", None, content)).id


def confirmed(service: Service, *viewers: Viewer, rows: tuple[str, ...] = ROWS) -> list[str]:
    """Sheets that were looked through and are to be imported, one a sender."""
    keys = [sent(service, viewer, sheet(rows)) for viewer in viewers]
    ImportWork(service, lambda: True, now_utc).look()
    for key, viewer in zip(keys, viewers, strict=True):
        with acting_as(viewer):
            Uploads(service.database, lambda: None, now_utc).run(key)
    return keys


def found(service: Service, key: str) -> ImportJob:
    with service.database.read() as session:
        return session.get_one(ImportJob, key)


def n_demands(service: Service) -> int:
    with service.database.read() as session:
        return session.scalar(select(func.count()).select_from(Demand)) or 0


@pytest.mark.usefixtures("row_by_row")
def test_who_leads_no_more_leaves_the_rest(service: Service) -> None:
    (key,) = confirmed(service, person_of(service, base_of(service)))

    leads = iter([True, True, False, False])
    ImportWork(service, lambda: next(leads), now_utc).look()
    job = found(service, key)
    assert (job.state, job.n_done, job.after_row) == (ImportState.RUNNING, 2, 3)

    ImportWork(service, lambda: True, now_utc).look()
    job = found(service, key)
    assert (job.state, job.n_created, job.n_refused) == (ImportState.DONE, len(ROWS), 0)


def test_sheet_of_an_operator_is_imported_when_their_stay_is_over(service: Service) -> None:
    """The second factor was asked when it was sent; nobody gives one while it is worked on."""
    new = NewPerson("boss", "某主管", Role.OPERATOR, password=PASSWORD)
    account, _ = service.identity.people.add(new)
    assert service.settings.second_factor

    (key,) = confirmed(service, Viewer(Role.OPERATOR, account.person.id))
    ImportWork(service, lambda: True, now_utc).look()

    job = found(service, key)
    assert (job.state, job.n_created, job.n_refused) == (ImportState.DONE, len(ROWS), 0)


def revoke_key(service: Service, viewer: Viewer) -> None:
    service.identity.keys.revoke(str(viewer.actor))


def lock_person(service: Service, viewer: Viewer) -> None:
    service.identity.people.lock(str(viewer.actor))


def close_organisation(service: Service, viewer: Viewer) -> None:
    with service.database.write() as session:
        session.get_one(Organisation, viewer.organisation_id).deleted_at = now_utc()


@pytest.mark.usefixtures("row_by_row")
@pytest.mark.parametrize(
    ("made", "forbid"),
    [(key_of, revoke_key), (person_of, lock_person), (key_of, close_organisation)],
)
def test_who_may_no_more_is_stopped_before_the_next_rows(
    service: Service,
    made: Callable[[Service, str], Viewer],
    forbid: Callable[[Service, Viewer], None],
) -> None:
    sender = made(service, base_of(service))
    (key,) = confirmed(service, sender)

    def leads() -> bool:
        with acting_as(system("test")):
            if found(service, key).after_row == 2:
                forbid(service, sender)
        return True

    ImportWork(service, leads, now_utc).look()
    job = found(service, key)
    assert (job.state, job.n_created, n_demands(service)) == (ImportState.FAILED, 1, 1)
    assert job.fault is not None
    assert job.fault.startswith("上传者的密钥已撤销或过期，或账号已停用")
    assert "已写入的 1 行保留，还有 2 行没有处理完" in job.fault


def test_who_confirmed_must_still_be_allowed_too(service: Service) -> None:
    owner = base_of(service)
    sender, other = person_of(service, owner), person_of(service, owner, "other")
    key = sent(service, sender)
    ImportWork(service, lambda: True, now_utc).look()
    with acting_as(other):
        Uploads(service.database, lambda: None, now_utc).run(key)
    lock_person(service, other)
    ImportWork(service, lambda: True, now_utc).look()
    job = found(service, key)
    assert (job.state, n_demands(service)) == (ImportState.FAILED, 0)
    assert (job.fault or "").startswith("确认导入者")


def test_sheet_of_who_may_no_more_is_not_even_looked_through(service: Service) -> None:
    sender = key_of(service, base_of(service))
    key = sent(service, sender)
    revoke_key(service, sender)
    ImportWork(service, lambda: True, now_utc).look()
    job = found(service, key)
    assert job.state is ImportState.FAILED
    assert (job.fault or "").endswith("什么也没有写入。")


@pytest.fixture
def broken_encoder(service: Service, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Fails for a title with 坏 in it; tells how often it was asked for one."""
    asked: list[int] = []
    real = importing.Importer._answer

    def answer(self: importing.Importer, chunk: list[InputRow]) -> object:
        if any("坏" in str(row.values.get("title")) for row in chunk):
            asked.append(1)
            raise EncoderError("编码器没有答复，请稍后再试。")
        return real(self, chunk)

    monkeypatch.setattr(importing.Importer, "_answer", answer)
    return asked


def test_sheet_that_cannot_be_done_lets_others_go_on_and_ends(
    service: Service, broken_encoder: list[int]
) -> None:
    bad = sent(service, person_of(service, base_of(service)), sheet(("坏",)))
    good = sent(service, person_of(service, base_of(service, "另一个基地"), "other"))
    now = [now_utc()]
    work = ImportWork(service, lambda: True, lambda: now[0])
    work.look()
    assert found(service, bad).state is ImportState.CHECKING
    assert found(service, good).state is ImportState.CHECKED
    for wait in RETRY_AFTER:
        work.look()
        now[0] += wait + timedelta(seconds=1)
        work.look()
    job = found(service, bad)
    assert (job.state, len(broken_encoder)) == (ImportState.FAILED, MAX_TRIES)
    assert job.fault == (
        "因服务的缘故，试了 5 次都没有做完：编码器没有答复，请稍后再试。什么也没有写入。"
    )


@pytest.mark.usefixtures("row_by_row")
def test_long_sheet_lets_others_go_before(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = person_of(service, base_of(service))
    other = person_of(service, base_of(service, "另一个基地"), "other")
    keys = confirmed(service, one, other)
    monkeypatch.setattr(import_work, "TURN_S", 0.0)
    n_done: list[list[int]] = []

    def leads() -> bool:
        with acting_as(system("test")):
            now = [found(service, key).n_done for key in keys]
        if now not in n_done:
            n_done.append(now)
        return True

    ImportWork(service, leads, now_utc).look()
    assert n_done == [[0, 0], [1, 0], [1, 1], [2, 1], [2, 2], [3, 2], [3, 3]]


@pytest.fixture
def two_places(database_url: str, tmp_path: Path) -> Iterator[list[Service]]:
    """Two installations on different machines that share a database by mistake."""
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        settings = Settings(data_dir=folder, database_url=database_url)
        made.append(Service(settings, HashEncoder(), lambda: TODAY))
    yield made
    for service in made:
        service.close()


@pytest.mark.usefixtures("row_by_row")
def test_two_machines_share_sheets_and_store_each_row_once(two_places: list[Service]) -> None:
    one, _ = two_places
    senders = [person_of(one, base_of(one, f"{n}号基地"), f"clerk{n}") for n in range(3)]
    keys = confirmed(one, *senders)
    at_once = threading.Barrier(2)

    def race(service: Service) -> None:
        work = ImportWork(service, lambda: True, now_utc)
        at_once.wait()
        work.look()

    threads = [threading.Thread(target=race, args=[service]) for service in two_places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ended = [found(one, key) for key in keys]
    assert {(job.state, job.n_created, job.n_refused) for job in ended} == {
        (ImportState.DONE, len(ROWS), 0)
    }
    assert n_demands(one) == 3 * len(ROWS)


@pytest.mark.nightly
@pytest.mark.usefixtures("row_by_row")
def test_who_lost_a_sheet_notes_nothing_more(two_places: list[Service]) -> None:
    one, two = two_places
    (key,) = confirmed(one, person_of(one, base_of(one)))

    def leads() -> bool:
        """Let the other machine take the sheet in the middle: this one was silent for long."""
        ImportWork(two, lambda: True, lambda: now_utc() + timedelta(hours=1)).look()
        return True

    ImportWork(one, lambda: found(one, key).after_row < 2 or leads(), now_utc).look()
    job = found(one, key)
    assert (job.state, job.n_done, n_demands(one)) == (ImportState.DONE, len(ROWS), len(ROWS))
