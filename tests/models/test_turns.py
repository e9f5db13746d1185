"""Writers of several processes take turns, and nobody waits without an end."""

import multiprocessing
import threading
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from models.database import Database
from models.errors import UnavailableError
from models.organisation import Organisation
from models.turns import Turns
from models.vocabulary.organisation import OrganisationType

SOON_S = 0.05
PATIENCE_S = 30.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.db-turn"


def hold_until_told(file: Path, told: Connection) -> None:
    """Hold the turn in another process until a word comes, or until killed."""
    assert Turns(file).take(PATIENCE_S) is not None
    told.send("held")
    told.recv()


def test_turn_is_given_to_one_and_then_to_the_next(file: Path) -> None:
    one, other = Turns(file), Turns(file)
    turn = one.take(PATIENCE_S)
    assert turn is not None
    assert one.take(SOON_S) is None
    assert other.take(SOON_S) is None
    turn.give_back()
    turn.give_back()
    given = other.take(PATIENCE_S)
    assert given is not None
    assert one.take(SOON_S) is None
    given.give_back()


def test_turn_comes_to_who_waits_for_it(file: Path) -> None:
    turn = Turns(file).take(PATIENCE_S)
    assert turn is not None
    waiting = Turns(file)
    came = threading.Event()

    def wait() -> None:
        given = waiting.take(PATIENCE_S)
        assert given is not None
        came.set()
        given.give_back()

    thread = threading.Thread(target=wait)
    thread.start()
    assert not came.wait(SOON_S)
    turn.give_back()
    assert came.wait(PATIENCE_S)
    thread.join()


def test_turn_given_up_is_not_taken_later(file: Path) -> None:
    turn = Turns(file).take(PATIENCE_S)
    assert turn is not None
    assert Turns(file).take(SOON_S) is None
    turn.give_back()
    again = Turns(file).take(PATIENCE_S)
    assert again is not None
    again.give_back()


def test_turn_of_a_killed_process_is_free(file: Path) -> None:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=hold_until_told, args=(file, there))
    process.start()
    assert here.recv() == "held"
    assert Turns(file).take(SOON_S) is None
    process.kill()
    process.join()
    turn = Turns(file).take(PATIENCE_S)
    assert turn is not None
    turn.give_back()


def test_who_cannot_queue_may_try(tmp_path: Path) -> None:
    turn = Turns(tmp_path / "missing" / "a.db-turn").take(SOON_S)
    assert turn is not None
    turn.give_back()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_write_is_refused_while_others_write(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.sqlite.TURN_PATIENCE_S", SOON_S)
    one, other = Database(database_url), Database(database_url)
    with one.write() as session:
        session.add(Organisation(name="甲", org_type=OrganisationType.AGENCY))
        session.flush()
        with pytest.raises(UnavailableError) as raised, other.write() as late:
            late.connection()
        assert raised.value.fields["reason"] == "busy"
    with other.write() as session:
        session.add(Organisation(name="乙", org_type=OrganisationType.AGENCY))
    one.close()
    other.close()
