"""Taking a new key that fails, or dies, half-way."""

import multiprocessing
import signal
from pathlib import Path

import pytest
from sqlalchemy import text

from api.auditing import heads_path
from api.identity.people import NewPerson
from api.lost_key import take_new_key
from api.settings import Settings
from models.errors import ConflictError, SetupError
from models.failpoints import Failpoint, armed
from models.secret_file import read_secret
from models.viewer import acting_as, system
from models.vocabulary.access import Role
from tests.api.lost_key.house import LOGIN, PASSWORD, House, act, files_only


@files_only
def test_heads_file_that_cannot_be_renamed_says_which_setting_helps(
    settings: Settings, house: House, tmp_path: Path
) -> None:
    long = settings.model_copy(update={"audit_heads_file": tmp_path / ("h" * 252)})
    house = House(long)
    act(house.open())
    house.lose_key()
    with pytest.raises(SetupError, match="NAVMATCH_AUDIT_HEADS_FILE"):
        take_new_key(long)
    assert not settings.resolved_audit_key_file.exists()
    made = take_new_key(settings)
    assert made.kept == ()
    other = House(settings)
    service = other.open()
    assert service.auditing.verify(service.database).is_whole
    other.close()


@files_only
def test_what_a_try_that_failed_renamed_is_said(settings: Settings, lost: House) -> None:
    with pytest.raises(SetupError):
        lost.open()
    with armed(f"{Failpoint.BEFORE_AUDIT}:raise"), pytest.raises(Exception, match="audit"):
        take_new_key(settings)
    made = take_new_key(settings)
    assert [path.name for path in made.kept] == ["heads.jsonl.old-1", "key.old-1", "key.old-2"]


@files_only
def test_what_the_database_refuses_it_refuses_before_a_file_is_touched(
    settings: Settings, house: House
) -> None:
    service = house.open()
    with acting_as(system("test")):
        service.identity.people.add(NewPerson(LOGIN, "张三", Role.OPERATOR, password=PASSWORD))
        service.identity.authenticators.enrol(LOGIN)
    with service.database.write() as session:
        session.execute(
            text(
                "CREATE TRIGGER refused BEFORE UPDATE ON person"
                " BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
        )
    house.lose_key()
    with pytest.raises(ConflictError):
        take_new_key(settings)
    assert heads_path(settings).exists()
    assert not settings.resolved_audit_key_file.exists()


forking = multiprocessing.get_context("forkserver")
forking.set_forkserver_preload([__name__])


def take_and_die(settings: Settings, point: Failpoint) -> None:
    with acting_as(system("test")), armed(f"{point}:kill"):
        take_new_key(settings)


@pytest.mark.parametrize(
    ("point", "is_done"),
    [
        (Failpoint.BEFORE_AUDIT, False),
        (Failpoint.BEFORE_COMMIT, False),
        (Failpoint.AFTER_COMMIT, True),
    ],
)
def test_process_that_dies_leaves_all_of_it_or_nothing(
    settings: Settings, lost: House, point: Failpoint, is_done: bool
) -> None:
    dying = forking.Process(target=take_and_die, args=(settings, point), daemon=True)
    dying.start()
    dying.join(60)
    assert dying.exitcode == -signal.SIGKILL
    if not is_done:
        with pytest.raises(SetupError, match="new-key"):
            lost.open()
        take_new_key(settings)
    service = lost.open()
    service.auditing.note_heads(service.database)
    verdict = service.auditing.verify(service.database)
    assert (verdict.is_whole, verdict.n_entries, verdict.n_unprovable) == (True, 2, 1)
    assert service.auditing.trail.key.secret == read_secret(settings.resolved_audit_key_file)
