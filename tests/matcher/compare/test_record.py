"""Facts on record: what was never registered is unknown."""

from collections.abc import Callable

import numpy as np
import pytest

from indexer.types import NATION, Document, Profile
from matcher.compare import record
from matcher.types import Values
from tests.factories import (
    REGIONS,
    all_candidates,
    ask,
    make_demand,
    make_document,
    make_embedder,
    make_kind_view,
)

EMBEDDER = make_embedder()


def _value(
    feature: Callable[..., Values], asking: Document, offered: Document, *more: object
) -> float:
    candidates = all_candidates(make_kind_view([offered], EMBEDDER))
    return float(feature(ask(asking, EMBEDDER), candidates, *more)[0])


def _nearby(
    here: str | None,
    there: str | None,
    served: tuple[str, ...] = (),
    asker_serves: tuple[str, ...] = (),
) -> float:
    asking = make_demand(region_code=here, profile=Profile("问", service_regions=asker_serves))
    offered = make_document(
        "cp-1", region_code=there, profile=Profile("答", service_regions=served)
    )
    return _value(record.nearby, asking, offered, REGIONS)


def test_nearer_places_count_more() -> None:
    values = [_nearby("320505", there) for there in ("320506", "320100", "330100", "440300")]
    assert values == sorted(set(values), reverse=True)
    assert values[0] == 1.0


def test_serving_the_region_counts_more_than_the_nation_and_less_than_the_province() -> None:
    province, far = _nearby("320500", "320100"), _nearby("320500", "440300")
    served = _nearby("320500", "440300", ("32",))
    nation = _nearby("320500", "440300", (NATION,))
    assert province > served > nation > far


def test_serving_elsewhere_is_no_nearness() -> None:
    assert _nearby("320500", "440300", ("33", "31")) == _nearby("320500", "440300")


def test_sitting_near_counts_fully_whatever_is_served() -> None:
    assert _nearby("320500", "320500", (NATION,)) == 1.0


def test_asking_provider_counts_where_it_says_it_works() -> None:
    far = _nearby("440300", "320500")
    assert _nearby("440300", "320500", asker_serves=("32",)) > far
    assert _nearby("440300", "320500", asker_serves=(NATION,)) > far


@pytest.mark.parametrize(
    ("here", "there", "served"),
    [
        pytest.param(None, "320500", ("32", NATION), id="no place asked"),
        pytest.param("320500", None, ("33",), id="no place offered"),
        pytest.param(None, None, (), id="no place at all"),
        pytest.param("999999", "320500", (), id="no such place"),
    ],
)
def test_missing_place_is_unknown(
    here: str | None, there: str | None, served: tuple[str, ...]
) -> None:
    assert np.isnan(_nearby(here, there, served))


def test_provider_without_place_may_still_serve_the_region() -> None:
    assert _nearby("320500", None, ("32",)) == pytest.approx(record.SERVED_NEARNESS)


@pytest.mark.parametrize(
    ("cases", "value"),
    [
        ((), None),
        ((("IND.PATH",),), 0.0),
        ((("ENT.RISK",),), 1 / 3),
        ((("ENT.PORT", "ENT.RISK"),), 1 / 3),
        ((("ENT.RISK",), ("IND.PATH",), ("ENT.RISK",)), 2 / 3),
        ((("ENT.RISK",),) * 5, 1.0),
    ],
)
def test_similar_cases_are_counted_up_to_three(
    cases: tuple[tuple[str, ...], ...], value: float | None
) -> None:
    asking = make_demand(scenarios=(("ENT.RISK", 0.9), ("ENT.PORT", 0.6)))
    offered = make_document("cp-1", profile=Profile("甲", case_scenarios=cases))
    found = _value(record.similar_cases, asking, offered)
    assert np.isnan(found) if value is None else found == pytest.approx(value)


def test_cases_for_a_query_without_scenario_are_unknown() -> None:
    offered = make_document("cp-1", profile=Profile("甲", case_scenarios=(("ENT.RISK",),)))
    assert np.isnan(_value(record.similar_cases, make_demand(), offered))


@pytest.mark.parametrize(
    ("feature", "profile", "value"),
    [
        (record.rating, None, None),
        (record.rating, Profile("甲"), None),
        (record.rating, Profile("甲", reputation=0.0), 0.0),
        (record.rating, Profile("甲", reputation=0.75), 0.75),
        (record.free_capacity, None, None),
        (record.free_capacity, Profile("甲"), None),
        (record.free_capacity, Profile("甲", open_slots=0), 0.0),
        (record.free_capacity, Profile("甲", open_slots=4), 1.0),
        (record.similar_cases, None, None),
    ],
)
def test_registered_fact_is_the_value_and_a_missing_one_unknown(
    feature: Callable[..., Values], profile: Profile | None, value: float | None
) -> None:
    asking = make_demand(scenarios=(("ENT.RISK", 0.9),))
    found = _value(feature, asking, make_document("cp-1", profile=profile))
    assert np.isnan(found) if value is None else found == value
