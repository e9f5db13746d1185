"""Texts the encoder fails at: found by their words, never stored, tried again."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer import sync
from indexer.documents import DatabaseDocuments
from indexer.embed import Progress
from indexer.encoder import HashEncoder
from indexer.sync import Synchroniser
from indexer.view import IndexView
from models.database import Database
from models.vocabulary.row import Entity
from tests.indexer.followed import OpenIndex, contents, truth
from tests.rows import add_demand

TITLE = "鸬鹚羽绒专利排查"


class ShortOfMemory(HashEncoder):
    """Encodes no text of one kind while told so."""

    is_short = True

    def encode_documents(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        vectors = super().encode_documents(texts)
        if self.is_short:
            vectors[["鸬鹚" in text for text in texts]] = 0
        return vectors


def unencoded(view: IndexView) -> list[str]:
    return [document.title for document in view.of(Entity.DEMAND).unencoded]


@pytest.fixture
def encoder() -> ShortOfMemory:
    return ShortOfMemory()


@pytest.fixture
def left_out(
    database: Database,
    make_synchroniser: OpenIndex,
    stocked: dict[str, str],
    encoder: ShortOfMemory,
) -> Synchroniser:
    """An index that holds a demand whose texts could not be encoded."""
    made = make_synchroniser(encoder=encoder)
    made.open()
    with database.write() as session:
        add_demand(session, TITLE)
    made.catch_up()
    return made


def test_text_left_out_is_found_by_its_words_and_not_stored(
    database: Database, left_out: Synchroniser, encoder: ShortOfMemory
) -> None:
    view = left_out.view
    demands = view.of(Entity.DEMAND)
    assert contents(view) == truth(database)
    assert unencoded(view) == [TITLE]
    (row,) = np.flatnonzero(demands.bm25("grams", ["鸬鹚"]))
    assert demands.document(int(row)).title == TITLE
    assert DatabaseDocuments(database, encoder.fingerprint).get([TITLE]) == {}


def test_text_left_out_is_tried_again_at_the_next_start(
    database: Database, make_synchroniser: OpenIndex, left_out: Synchroniser
) -> None:
    left_out.rebuild()
    left_out.close()
    still = make_synchroniser(encoder=ShortOfMemory())
    assert unencoded(still.open()) == [TITLE]
    generation = still.view.generation
    still.close()
    whole = make_synchroniser().open()
    assert unencoded(whole) == []
    assert whole.generation > generation
    assert contents(whole) == truth(database)


def test_text_left_out_is_tried_again_after_a_while(
    left_out: Synchroniser, encoder: ShortOfMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder.is_short = False
    assert unencoded(left_out.catch_up()) == [TITLE]
    monkeypatch.setattr(sync, "LEFT_OUT_AGAIN_S", 0.0)
    assert unencoded(left_out.catch_up()) == []
    before = left_out.view
    assert left_out.catch_up() is before


def test_text_left_out_waits_while_there_is_no_time_for_it(
    left_out: Synchroniser, encoder: ShortOfMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder.is_short = False
    monkeypatch.setattr(sync, "LEFT_OUT_AGAIN_S", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr(sync, "LEFT_OUT_AT_ONCE_S", -1.0)
        assert unencoded(left_out.catch_up()) == [TITLE]
    assert unencoded(left_out.catch_up()) == []
