from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer import building, state, sync
from indexer.documents import KINDS
from indexer.encoder import HashEncoder
from indexer.view import IndexView
from models.base import now_utc
from models.database import Database
from models.demand import Demand
from models.organisation import Organisation
from models.provider import Provider
from models.vocabulary.organisation import ProviderState
from models.vocabulary.row import Entity
from tests.indexer.counting import CountingEncoder
from tests.indexer.followed import OpenIndex, assert_same_answers, contents, ids, truth
from tests.rows import add_demand


def generations(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "index").glob("gen-*"))


def test_open_builds_the_first_generation(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str], tmp_path: Path
) -> None:
    synchroniser = make_synchroniser()
    assert not synchroniser.is_open
    view = synchroniser.open()
    assert contents(view) == truth(database)
    assert view.version == f"gen-00000001.{view.seq}-{view.mark[:8]}"
    assert generations(tmp_path) == ["gen-00000001"]
    assert synchroniser.is_open


def test_open_without_rows_gives_an_empty_index(make_synchroniser: OpenIndex) -> None:
    view = make_synchroniser().open()
    assert (view.seq, [view.of(kind).n_alive for kind in KINDS]) == (0, [0, 0, 0])


def test_view_opens_the_index_on_first_use(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str]
) -> None:
    assert contents(make_synchroniser().view) == truth(database)


def test_created_changed_and_deleted_rows_are_seen_after_catch_up(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str]
) -> None:
    synchroniser = make_synchroniser()
    before = synchroniser.open()
    with database.write() as session:
        created = add_demand(session, "新需求").id
    with database.write() as session:
        session.get_one(Demand, stocked["demand"]).title = "改过的标题"
    view = synchroniser.catch_up()
    assert created in ids(view, Entity.DEMAND)
    demands = view.of(Entity.DEMAND)
    assert demands.document(demands.row_by_id[stocked["demand"]]).title == "改过的标题"
    with database.write() as session:
        session.get_one(Demand, stocked["demand"]).deleted_at = now_utc()
    assert stocked["demand"] not in ids(synchroniser.catch_up(), Entity.DEMAND)
    assert contents(synchroniser.view) == truth(database)
    assert stocked["demand"] in ids(before, Entity.DEMAND)
    assert before.seq < view.seq < synchroniser.view.seq


def test_deleted_row_that_comes_back_is_found_again(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str]
) -> None:
    synchroniser = make_synchroniser()
    synchroniser.open()
    for deleted_at in (now_utc(), None):
        with database.write() as session:
            session.get_one(Demand, stocked["demand"]).deleted_at = deleted_at
        synchroniser.catch_up()
        assert (stocked["demand"] in ids(synchroniser.view, Entity.DEMAND)) == (deleted_at is None)


def test_removed_row_is_found_no_more(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str]
) -> None:
    synchroniser = make_synchroniser()
    synchroniser.open()
    with database.write() as session:
        session.delete(session.get_one(Demand, stocked["demand"]))
    assert stocked["demand"] not in ids(synchroniser.catch_up(), Entity.DEMAND)


def test_suspended_provider_hides_its_capabilities_at_once(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str]
) -> None:
    synchroniser = make_synchroniser()
    synchroniser.open()
    with database.write() as session:
        session.get_one(Provider, stocked["provider"]).state = ProviderState.SUSPENDED
    assert ids(synchroniser.catch_up(), Entity.CAPABILITY) == set()
    assert contents(synchroniser.view) == truth(database)


def test_renamed_organisation_is_known_by_its_new_name(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str]
) -> None:
    synchroniser = make_synchroniser()
    synchroniser.open()
    with database.write() as session:
        session.get_one(Organisation, stocked["organisation"]).name = "乙公司"
    view = synchroniser.catch_up()
    names = {d.profile.name for k in KINDS for d in contents(view)[k] if d.profile is not None}
    assert names == {"乙公司"}


def test_catch_up_without_changes_gives_the_same_view(
    make_synchroniser: OpenIndex, stocked: dict[str, str]
) -> None:
    synchroniser = make_synchroniser()
    assert synchroniser.open() is synchroniser.catch_up() is synchroniser.view


def test_catch_up_keeps_views_of_kinds_that_did_not_change(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str]
) -> None:
    synchroniser = make_synchroniser()
    before = synchroniser.open()
    with database.write() as session:
        add_demand(session)
    after = synchroniser.catch_up()
    assert after.of(Entity.CAPABILITY) is before.of(Entity.CAPABILITY)
    assert after.of(Entity.DEMAND) is not before.of(Entity.DEMAND)


def test_catch_up_in_many_rounds_misses_nothing(
    database: Database,
    make_synchroniser: OpenIndex,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    synchroniser = make_synchroniser()
    synchroniser.open()
    monkeypatch.setattr(sync, "CHANGES_PER_ROUND", 3)
    with database.write() as session:
        for n in range(20):
            add_demand(session, f"新需求{n}")
    assert contents(synchroniser.catch_up()) == truth(database)


def test_long_queue_is_merged_on_the_way_once_it_is_large(
    database: Database,
    make_synchroniser: OpenIndex,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    synchroniser = make_synchroniser()
    synchroniser.open()
    monkeypatch.setattr(sync, "DOCUMENTS_PER_STEP", 4)
    monkeypatch.setattr(building, "DOCUMENTS_PER_STEP", 4)
    monkeypatch.setattr(state, "DELTA_ROWS", 6)
    monkeypatch.setattr(state, "DELTA_SHARE", 0.0)
    with database.write() as session:
        for n in range(20):
            add_demand(session, f"新需求{n}")
    assert contents(synchroniser.catch_up()) == truth(database)
    assert len(generations(tmp_path)) > 2
    assert_same_answers(make_synchroniser("other").open(), synchroniser.view)


def test_restart_encodes_nothing(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str], tmp_path: Path
) -> None:
    first = make_synchroniser()
    first.open()
    with database.write() as session:
        add_demand(session, "重启前新加的需求")
    first.catch_up()
    encoder = CountingEncoder()
    view = make_synchroniser(encoder=encoder).open()
    assert encoder.texts == []
    assert contents(view) == truth(database)
    assert_same_answers(view, first.view)
    assert generations(tmp_path) == ["gen-00000001"]


def test_rebuild_encodes_nothing_and_answers_alike(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str]
) -> None:
    before = make_synchroniser().open()
    encoder = CountingEncoder()
    view = make_synchroniser("other", encoder).rebuild()
    assert encoder.texts == []
    assert_same_answers(view, before)


def test_only_changed_texts_are_encoded(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str]
) -> None:
    encoder = CountingEncoder()
    synchroniser = make_synchroniser(encoder=encoder)
    synchroniser.open()
    encoder.texts.clear()
    with database.write() as session:
        session.get_one(Demand, stocked["demand"]).title = "改过的标题"
    synchroniser.catch_up()
    assert sorted(encoder.texts) == ["改过的标题", "改过的标题\n需要分析碳化硅器件的专利风险。"]


def test_large_delta_becomes_a_generation_without_encoding(
    database: Database,
    make_synchroniser: OpenIndex,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(state, "DELTA_ROWS", 5)
    encoder = CountingEncoder()
    synchroniser = make_synchroniser(encoder=encoder)
    synchroniser.open()
    with database.write() as session:
        for n in range(5):
            add_demand(session, f"需求{n}", f"新的说明{n}，关于碳化硅。")
        session.get_one(Demand, stocked["demand"]).deleted_at = now_utc()
    delta = make_synchroniser("other")
    monkeypatch.setattr(state, "DELTA_ROWS", 500)
    delta.open()
    encoder.texts.clear()
    monkeypatch.setattr(state, "DELTA_ROWS", 5)
    view = synchroniser.catch_up()
    assert encoder.texts == []
    assert view.generation == "gen-00000002"
    assert all(len(view.of(kind).segments) == 1 for kind in KINDS)
    assert contents(view) == truth(database)
    assert_same_answers(view, delta.view)
    assert_same_answers(make_synchroniser().open(), view)


def test_change_is_seen_before_the_generation_it_calls_for_is_written(
    database: Database,
    make_synchroniser: OpenIndex,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(state, "DELTA_ROWS", 0)
    monkeypatch.setattr(state, "DELTA_SHARE", 0.0)
    synchroniser = make_synchroniser()
    first = synchroniser.open()
    with database.write() as session:
        created = add_demand(session, "新需求").id
    served: list[tuple[str, bool]] = []

    def note(view: IndexView) -> None:
        seen = synchroniser.view
        served.append((seen.generation, created in ids(seen, Entity.DEMAND)))

    synchroniser.prepare = note
    view = synchroniser.catch_up()

    assert served == [(first.generation, True)]
    assert view.generation != first.generation
    assert contents(view) == truth(database)


def test_start_that_is_followed_leaves_a_due_generation_to_the_next_round(
    database: Database,
    make_synchroniser: OpenIndex,
    stocked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(state, "DELTA_ROWS", 0)
    monkeypatch.setattr(state, "DELTA_SHARE", 0.0)
    make_synchroniser().open()
    with database.write() as session:
        add_demand(session, "停着的时候新加的需求")
    synchroniser = make_synchroniser()

    opened = synchroniser.open(is_followed=True)
    assert (opened.generation, contents(opened)) == ("gen-00000001", truth(database))

    followed = synchroniser.catch_up()
    assert (followed.generation, contents(followed)) == ("gen-00000002", truth(database))


def test_small_deltas_grow_no_more_than_what_changed(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str]
) -> None:
    synchroniser = make_synchroniser()
    synchroniser.open()
    for n in range(8):
        with database.write() as session:
            session.get_one(Demand, stocked["demand"]).title = f"第{n}版"
        base, delta = synchroniser.catch_up().of(Entity.DEMAND).segments
        assert (base.n_rows, delta.n_rows) == (7, 1)


def test_other_encoder_builds_its_own_index(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str]
) -> None:
    make_synchroniser().open()
    view = make_synchroniser(encoder=HashEncoder(dim=32)).open()
    assert (view.generation, view.fingerprint) == ("gen-00000002", "hash-32-1")
    assert contents(view) == truth(database)


def test_long_queue_shows_what_is_gone_and_what_is_newest_first(
    database: Database, make_synchroniser: OpenIndex, stocked: dict[str, str]
) -> None:
    encoder = WatchedEncoder()
    synchroniser = make_synchroniser(encoder=encoder)
    synchroniser.open()
    with database.write() as session:
        queued = [add_demand(session, f"排队的需求{n:03}").id for n in range(100)]
        session.get_one(Provider, stocked["provider"]).state = ProviderState.PAUSED
    encoder.look = lambda: encoder.seen.append(ids_of(synchroniser))
    view = synchroniser.catch_up()
    first, second = encoder.seen[0], encoder.seen[-1]
    assert stocked["capability"] not in first
    assert queued[-1] in second
    assert queued[0] not in second
    assert contents(view) == truth(database)
    assert view.step == 0


class WatchedEncoder(CountingEncoder):
    """Notes what could be found each time something was encoded."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[set[str]] = []
        self.look: Callable[[], None] = lambda: None

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        self.look()
        return super().encode_documents(texts, progress)


def ids_of(synchroniser: sync.Synchroniser) -> set[str]:
    return set().union(*(ids(synchroniser.view, kind) for kind in KINDS))
