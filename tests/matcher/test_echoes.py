from indexer.view import IndexView
from matcher.echoes import Echoes
from models.vocabulary import Entity
from tests.factories import make_document, make_embedder, make_index
from tests.matcher.test_integrity import DEMAND, HONEST


def _view(*capabilities: tuple[str, str], verified: bool = False) -> IndexView:
    """An index with one demand, made at moment 5, and capabilities made at others."""
    demand = make_document("dm_5", DEMAND, kind=Entity.DEMAND, group_id="dm_5")
    offered = [make_document(key, body, verified=verified) for key, body in capabilities]
    return make_index([demand, *offered], make_embedder())


def test_capability_in_the_words_of_an_older_demand_is_found() -> None:
    view = _view(("cp_6", f"我们承接{DEMAND[:90]}"), ("cp_7", HONEST), ("cp_8", DEMAND[:30]))
    assert Echoes().ids(view) == {"cp_6"}


def test_capability_that_was_there_first_is_no_echo() -> None:
    assert Echoes().ids(_view(("cp_4", DEMAND))) == frozenset()


def test_verified_capability_is_no_echo() -> None:
    assert Echoes().ids(_view(("cp_6", DEMAND), verified=True)) == frozenset()


def test_what_was_added_since_is_compared_too() -> None:
    echoes, view = Echoes(), _view(("cp_7", HONEST))
    assert echoes.ids(view) == frozenset()
    added = _view(("cp_9", DEMAND)).of(Entity.CAPABILITY).segments[0]
    kinds = {**view.kinds, Entity.CAPABILITY: view.of(Entity.CAPABILITY).with_segment(added)}
    assert echoes.ids(IndexView("gen-2", 2, view.fingerprint, kinds)) == {"cp_9"}


def test_index_without_demands_has_no_echo() -> None:
    view = make_index([make_document("cp_6", DEMAND)], make_embedder())
    assert Echoes().ids(view) == frozenset()
