import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.types import Document
from indexer.view import IndexView, KindView
from matcher.echoes import Echoes
from matcher.integrity import COPY_SHARE, ECHO_CHARS, ECHO_SHARE
from matcher.types import Caution
from models.vocabulary.row import Entity
from tests.factories import make_document, make_embedder, make_index
from tests.matcher.test_integrity import DEMAND, HONEST


def _view(*capabilities: tuple[str, str], verified: bool = False) -> IndexView:
    """An index with one demand, made at moment 5, and capabilities made at others."""
    demand = make_document("dm_5", DEMAND, kind=Entity.DEMAND, group_id="dm_5")
    offered = [make_document(key, body, verified=verified) for key, body in capabilities]
    return make_index([demand, *offered], make_embedder())


def test_capability_in_the_words_of_an_older_demand_is_found() -> None:
    view = _view(("cp_6", f"我们承接{DEMAND[:90]}"), ("cp_7", HONEST), ("cp_8", DEMAND[:30]))
    assert Echoes().found(view) == {"cp_6": Caution.REPEATS_DEMAND}


def test_capability_that_was_there_first_is_no_echo() -> None:
    assert Echoes().found(_view(("cp_4", DEMAND))) == {}


def test_verified_capability_is_no_echo() -> None:
    assert Echoes().found(_view(("cp_6", DEMAND), verified=True)) == {}


def test_what_was_added_since_is_compared_too() -> None:
    echoes, view = Echoes(), _view(("cp_7", HONEST))
    assert echoes.found(view) == {}
    added = _view(("cp_9", DEMAND)).of(Entity.CAPABILITY).segments[0]
    kinds = {**view.kinds, Entity.CAPABILITY: view.of(Entity.CAPABILITY).with_segment(added)}
    assert set(echoes.found(IndexView("gen-2", 2, view.fingerprint, kinds))) == {"cp_9"}


def test_index_without_demands_has_no_echo() -> None:
    view = make_index([make_document("cp_6", DEMAND)], make_embedder())
    assert Echoes().found(view) == {}


def test_capability_put_together_from_older_ones_is_found() -> None:
    mixed = f"{HONEST[:-1]},专业团队。{DEMAND[:20]}"
    view = _view(("cp_3", HONEST), ("cp_6", mixed))
    assert Echoes().found(view) == {"cp_6": Caution.REPEATS_OTHERS}


def test_provider_may_repeat_itself() -> None:
    own = [make_document(key, HONEST, group_id="pv-1") for key in ("cp_3", "cp_6")]
    assert Echoes().found(make_index(own, make_embedder())) == {}


def test_what_the_provider_rewrote_is_doubted_no_longer() -> None:
    view = _view(("cp_6", DEMAND))
    offers = view.of(Entity.CAPABILITY)
    rewritten = KindView(offers.segments, (np.zeros_like(offers.alive[0]),))
    kinds = {**view.kinds, Entity.CAPABILITY: rewritten}
    assert Echoes().found(IndexView("gen-2", 2, view.fingerprint, kinds)) == {}


def test_stretch_that_stands_in_several_older_texts_counts_once() -> None:
    shared = DEMAND[:34]
    mixed = f"{shared}。{HONEST[:60]}"
    view = _view(("cp_3", f"{shared}。{'另有十年经验,' * 6}"), ("cp_9", mixed))
    n_shared, n_stretches = len(shared) - ECHO_CHARS + 2, len(mixed) - ECHO_CHARS + 1
    assert n_shared / n_stretches < ECHO_SHARE
    assert 2 * n_shared / n_stretches > COPY_SHARE
    assert Echoes().found(view) == {}


@pytest.mark.parametrize("at_once", [1, 512])
def test_stretch_never_runs_on_into_the_next_text(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However texts are hashed together: what stands half in one and half in the next is new."""
    monkeypatch.setattr("matcher.echoes.TEXTS_AT_ONCE", at_once)
    n = ECHO_CHARS - 1
    pieces = [DEMAND[start : start + n] for start in range(0, 6 * n, n)]
    older = [make_document(f"cp_{place}", piece) for place, piece in enumerate(pieces)]
    mixed = make_document("cp_7", "".join(pieces))
    echo = make_document("cp_8", mixed.body)

    found = Echoes().found(make_index([*older, mixed, echo], make_embedder()))

    assert found == {"cp_8": Caution.REPEATS_OTHERS}


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from("abc"), st.integers(0, 2)),
        max_size=8,
        unique_by=lambda made: made[0],
    )
)
def test_oldest_text_of_another_group_decides(made: list[tuple[int, str, int]]) -> None:
    """Against what looking at every pair finds."""
    texts = [HONEST, DEMAND, HONEST[:40] + DEMAND[:40]]
    documents = [make_document(f"cp_{n}", texts[t], group_id=g) for n, g, t in made]

    def is_older(one: Document, other: Document) -> bool:
        return other.group_id != one.group_id and other.id < one.id

    expected = set()
    for one in documents:
        stretches = [one.body[n : n + ECHO_CHARS] for n in range(len(one.body) - ECHO_CHARS + 1)]
        older = [other.body for other in documents if is_older(one, other)]
        n_older = sum(any(s in body for body in older) for s in stretches)
        if n_older >= COPY_SHARE * len(stretches):
            expected.add(one.id)
    assert set(Echoes().found(make_index(documents, make_embedder()))) == expected
