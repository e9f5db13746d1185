from indexer.view import IndexView
from matcher.echoes import Echoes
from matcher.types import Caution
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
