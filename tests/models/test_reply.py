from datetime import timedelta

import pytest

from models.acting import telling_system
from models.base import now_utc
from models.database import Connection, Database
from models.reply import (
    AnsweredElsewhereError,
    Claim,
    KeptReply,
    drop_old_replies,
    find_reply,
    forget_replies,
    keep_reply,
)
from models.unit import active

KEPT = KeptReply("r" * 64, 201, '{"location": "/v1/demands/dm_1"}', '{"id": "dm_1"}')


def _keep(database: Database, key_hash: str, reply: KeptReply = KEPT, actor: str = "us_1") -> None:
    with database.write() as session:
        connection = session.connection()
        Claim(key_hash, reply.request_hash, actor)(connection)
        keep_reply(connection, key_hash, reply)


def _find(database: Database, key_hash: str) -> KeptReply | None:
    with database.read() as session:
        return find_reply(session, key_hash)


def test_kept_reply_is_found_by_its_key(database: Database) -> None:
    _keep(database, "a" * 64)

    assert _find(database, "a" * 64) == KEPT
    assert _find(database, "b" * 64) is None


def test_claimed_key_has_no_reply_yet(database: Database) -> None:
    with database.write() as session:
        Claim("a" * 64, "r" * 64, None)(session.connection())

    assert _find(database, "a" * 64) is None


def test_key_is_claimed_once(database: Database) -> None:
    _keep(database, "a" * 64)

    second = Claim("a" * 64, "other", None)

    def take(connection: Connection) -> None:
        with telling_system(connection, "test"):
            second(connection)

    unit = database.unit(take)
    with active(unit), pytest.raises(AnsweredElsewhereError), database.write():
        pytest.fail("it was taken twice")

    assert second.is_lost


def test_old_replies_are_dropped(database: Database) -> None:
    _keep(database, "a" * 64)

    with database.write() as session:
        assert drop_old_replies(session, now_utc() - timedelta(hours=1)) == 0
        assert drop_old_replies(session, now_utc() + timedelta(hours=1)) == 1

    assert _find(database, "a" * 64) is None


@pytest.mark.parametrize(
    ("actors", "ids"), [(["us_1"], []), ([], ["dm_1"])], ids=["by caller", "by row"]
)
def test_replies_of_what_is_erased_are_forgotten(
    database: Database, actors: list[str], ids: list[str]
) -> None:
    _keep(database, "a" * 64)
    _keep(database, "b" * 64, KeptReply("r" * 64, 200, "{}", '{"id": "dm_2"}'), actor="us_2")

    with database.write() as session:
        assert forget_replies(session, actors, ids) == 1

    assert _find(database, "a" * 64) is None
    assert _find(database, "b" * 64) is not None
