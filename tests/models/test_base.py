from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from models.base import KEY_CHARS, hash_texts, new_id, now_utc
from models.database import Database
from models.demand import Demand
from models.repository import TABLES
from models.vocabulary.access import Visibility
from models.vocabulary.demand import DemandState
from tests.rows import add_demand

CHINA = timezone(timedelta(hours=8))


def test_naive_time_is_refused(database: Database) -> None:
    naive = datetime(2026, 3, 2, 8)  # noqa: DTZ001 - that is what is tested
    with pytest.raises(StatementError, match="without zone"), database.write() as session:
        add_demand(session, deleted_at=naive)


def test_time_of_any_zone_comes_back_in_utc(database: Database) -> None:
    at = datetime(2026, 3, 2, 8, 30, 15, 250, tzinfo=CHINA)
    with database.write() as session:
        key = add_demand(session, deleted_at=at).id
    with database.read() as session:
        found = session.get_one(Demand, key).deleted_at
    assert found == at
    assert found is not None
    assert found.tzinfo == UTC


def test_row_starts_with_key_times_and_version(database: Database) -> None:
    before = now_utc()
    with database.write() as session:
        row = add_demand(session)
    assert row.id.startswith("dm_")
    assert (row.version, row.visibility, row.deleted_at) == (1, Visibility.PLATFORM, None)
    assert before <= row.created_at <= row.updated_at <= now_utc()


def test_row_changed_counts_its_version_and_time(database: Database) -> None:
    with database.write() as session:
        key = add_demand(session).id
    with database.write() as session:
        row = session.get_one(Demand, key)
        row.title = "改过的标题"
    assert row.version == 2
    assert row.updated_at > row.created_at


def test_choice_outside_its_vocabulary_is_refused(database: Database) -> None:
    with pytest.raises(StatementError), database.write() as session:
        add_demand(session, state="unheard_of")


def test_choice_comes_back_as_choice(database: Database) -> None:
    with database.write() as session:
        key = add_demand(session, state="matching").id
    with database.read() as session:
        assert session.get_one(Demand, key).state is DemandState.MATCHING


def test_keys_have_room_for_every_prefix() -> None:
    prefixes = [table.id_prefix for table in TABLES.values()]
    assert len(set(prefixes)) == len(prefixes)
    assert all(len(new_id(prefix)) <= KEY_CHARS for prefix in prefixes)


def test_keys_are_unique() -> None:
    assert len({new_id("dm") for _ in range(1_000)}) == 1_000


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_hash_tells_lists_of_texts_apart(one: list[str], other: list[str]) -> None:
    assert (hash_texts(one) == hash_texts(other)) == (one == other)


def test_content_hash_follows_searchable_texts_only() -> None:
    def hash_of(**columns: object) -> str:
        return Demand(title="题", description="说明", **columns).content_hash()

    assert hash_of() == hash_of(urgent=True, background=None)
    assert hash_of() != hash_of(background="背景")
