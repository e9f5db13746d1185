"""Filters are exact: they pass what a plain reading of them passes, and nothing else."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.embed import Embedder
from indexer.types import NATION, Credential, Document, Profile
from indexer.view import KindView
from matcher.filters import allowed_rows
from matcher.types import Filters
from models.sight import Placement, may_see
from models.viewer import ANONYMOUS, Viewer
from models.vocabulary.access import Role, Visibility
from models.vocabulary.organisation import CredentialType
from tests.factories import (
    REGIONS,
    TODAY,
    make_chance,
    make_document,
    make_embedder,
    make_kind_view,
)

ISO_TODAY = TODAY.isoformat()
PLACES = (None, "320500", "320100", "330100", "110105", "440300")
SERVED = ((), ("32",), ("3205", "31"), (NATION,), ("M:YRD",))
CODES = ("ENT.RISK", "ENT.IPO", "IND.PATH", "RND.INIT")
OWNERS = (None, "og-1", "og-2")
OWNER_REGIONS = (None, "320500", "440300")
INDUSTRIES = ("1.2", "1.5", "4.1")
BODIES = ("碳化硅器件风险排查。", "固态电池专利图谱。", "SiC 碳化硅与固态电池。")
CREDENTIALS = (
    None,
    (Credential(CredentialType.STAR_GRADE),),
    (Credential(CredentialType.STAR_GRADE, valid_to="2026-11-24"),),
    (
        Credential(CredentialType.ISO, valid_to="2026-11-25"),
        Credential(CredentialType.STAR_GRADE, valid_to="2030-01-01"),
    ),
)


def _random_document(number: int, chance: random.Random) -> Document:
    region = chance.choice(PLACES)
    profile = Profile(
        f"机构{number}",
        region_code=region,
        service_regions=chance.choice(SERVED),
        credentials=chance.choice(CREDENTIALS),
    )
    return make_document(
        f"cp-{number:03}",
        chance.choice(BODIES),
        group_id=f"pv-{number // 3}",
        scenarios=tuple((c, 0.8) for c in chance.sample(CODES, chance.randrange(3))),
        industries=tuple((c, 0.8) for c in chance.sample(INDUSTRIES, chance.randrange(2))),
        any_industry=chance.random() < 0.2,
        region_code=region,
        placement=Placement(
            (chance.choice(list(Visibility)),), chance.choice(OWNERS), chance.choice(OWNER_REGIONS)
        ),
        profile=profile if chance.random() < 0.8 else None,
    )


_CHANCE = make_chance(3)
DOCUMENTS = [_random_document(number, _CHANCE) for number in range(120)]
VIEW = make_kind_view(DOCUMENTS, make_embedder())
IDS = [d.id for d in DOCUMENTS]
GROUPS = sorted({d.group_id for d in DOCUMENTS})


def _few(values: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


FILTERS = st.builds(
    Filters,
    regions=_few(["32", "3205", "320500", "M:YRD", "11"]),
    serves=_few(["320500", "32", "310000", "44"]),
    industries=_few(["1", "1.2", "4.1"]),
    scenarios=_few(["ENT", "ENT.RISK", "IND", "TAL"]),
    credentials=_few([CredentialType.STAR_GRADE, CredentialType.ISO]),
    text=st.sampled_from(["", "碳化硅", "sic 固态电池", "钙钛矿"]),
    viewer=st.builds(
        Viewer,
        role=st.sampled_from(list(Role)),
        organisation_id=st.sampled_from(OWNERS),
        region_code=st.sampled_from(OWNER_REGIONS),
    ),
    exclude_ids=st.sets(st.sampled_from([*IDS, *GROUPS, "cp-no"]), max_size=5).map(frozenset),
    only_ids=st.none() | st.sets(st.sampled_from([*IDS, "cp-no"]), max_size=60).map(frozenset),
)


def _is_below(code: str, wanted: str) -> bool:
    return wanted in (code, code.split(".")[0])


def _reads_as_passed(d: Document, f: Filters) -> bool:
    """The filters as their documentation puts them, one condition a line."""
    profile = d.profile or Profile("")
    scenarios, industries = [c for c, _ in d.scenarios], [c for c, _ in d.industries]
    valid = {c.type for c in profile.credentials or () if not c.valid_to or c.valid_to >= ISO_TODAY}
    conditions = (
        not f.regions
        or any(d.region_code and REGIONS.is_within(d.region_code, r) for r in f.regions),
        not f.serves
        or NATION in profile.service_regions
        or any(REGIONS.is_within(r, s) for r in f.serves for s in profile.service_regions),
        not f.industries
        or d.any_industry
        or any(_is_below(c, w) for c in industries for w in f.industries),
        not f.scenarios or any(_is_below(c, w) for c in scenarios for w in f.scenarios),
        set(f.credentials) <= valid,
        all(word in f"{d.title}\n{d.body}".lower() for word in f.text.split()),
        f.viewer is None or may_see(f.viewer, d.placement),
        not {d.id, d.group_id} & f.exclude_ids,
        f.only_ids is None or d.id in f.only_ids,
    )
    return all(conditions)


def _passed(view: KindView, filters: Filters) -> list[str]:
    return [view.documents[row].id for row in allowed_rows(view, filters, REGIONS, ISO_TODAY)]


@settings(max_examples=300)
@given(FILTERS)
def test_any_filters_pass_what_a_plain_reading_passes(filters: Filters) -> None:
    assert _passed(VIEW, filters) == [d.id for d in DOCUMENTS if _reads_as_passed(d, filters)]


def test_no_filters_pass_every_row() -> None:
    assert _passed(VIEW, Filters()) == IDS


PAIRS: dict[str, tuple[Filters, dict[str, Any], dict[str, Any]]] = {
    "province prefix": (
        Filters(regions=("32",)),
        {"region_code": "320500"},
        {"region_code": "330100"},
    ),
    "city prefix": (
        Filters(regions=("3205",)),
        {"region_code": "320505"},
        {"region_code": "320100"},
    ),
    "macro region": (
        Filters(regions=("M:YRD",)),
        {"region_code": "330100"},
        {"region_code": "110105"},
    ),
    "unknown region": (
        Filters(regions=("32",)),
        {"region_code": "320000"},
        {"region_code": None},
    ),
    "serves": (
        Filters(serves=("320500",)),
        {"profile": Profile("甲", service_regions=("32",))},
        {"profile": None},
    ),
    "serves the nation": (
        Filters(serves=("320500",)),
        {"profile": Profile("甲", service_regions=(NATION,))},
        {"profile": Profile("乙")},
    ),
    "field of industry": (
        Filters(industries=("1",)),
        {"industries": (("1.2", 0.4),)},
        {"industries": (("11.2", 0.9),)},
    ),
    "any industry": (
        Filters(industries=("4.1",)),
        {"any_industry": True},
        {"industries": ()},
    ),
    "class of scenario": (
        Filters(scenarios=("ENT",)),
        {"scenarios": (("ENT.IPO", 0.4),)},
        {"scenarios": (("IND.PATH", 0.9),)},
    ),
    "all words, in title or body": (
        Filters(text="SIC  电池"),
        {"title": "固态电池", "body": "SiC 器件排查。"},
        {"title": "专利分析", "body": "SiC 器件排查。"},
    ),
    "viewer": (
        Filters(viewer=ANONYMOUS),
        {"placement": Placement((Visibility.PUBLIC,))},
        {"placement": Placement((Visibility.PLATFORM,))},
    ),
    "excluded group": (
        Filters(exclude_ids=frozenset({"pv-x"})),
        {"group_id": "pv-y"},
        {"group_id": "pv-x"},
    ),
    "only ids": (Filters(only_ids=frozenset({"a", "none"})), {}, {}),
}


@pytest.mark.parametrize(("filters", "passing", "failing"), PAIRS.values(), ids=PAIRS)
def test_one_filter_tells_two_documents_apart(
    filters: Filters, passing: dict[str, Any], failing: dict[str, Any], embedder: Embedder
) -> None:
    view = make_kind_view([make_document("a", **passing), make_document("b", **failing)], embedder)
    assert _passed(view, filters) == ["a"]


def test_expired_credential_does_not_count(embedder: Embedder) -> None:
    def holder(key: str, valid_to: str | None) -> Document:
        held = (Credential(CredentialType.ISO, valid_to=valid_to),)
        return make_document(key, profile=Profile(key, credentials=held))

    view = make_kind_view(
        [holder("expired", "2026-11-24"), holder("last day", ISO_TODAY), holder("open", None)],
        embedder,
    )
    assert _passed(view, Filters(credentials=(CredentialType.ISO,))) == ["last day", "open"]


def test_all_wanted_credentials_must_be_held(embedder: Embedder) -> None:
    held = (Credential(CredentialType.ISO),)
    view = make_kind_view([make_document("a", profile=Profile("甲", credentials=held))], embedder)
    assert _passed(view, Filters(credentials=(CredentialType.ISO, CredentialType.SECRECY))) == []


def test_removed_document_never_passes(embedder: Embedder) -> None:
    view = make_kind_view([make_document("a"), make_document("b")], embedder).without({"a"})
    assert _passed(view, Filters(only_ids=frozenset({"a", "b"}))) == ["b"]
    assert _passed(view, Filters(exclude_ids=frozenset({"b"}))) == []


def test_offer_that_has_ended_is_not_looked_at() -> None:
    documents = [
        make_document("cp-1", valid_until="2020-01-01"),
        make_document("cp-2", valid_until=ISO_TODAY),
        make_document("cp-3"),
    ]
    view = make_kind_view(documents, make_embedder())
    found = allowed_rows(view, Filters(), REGIONS, ISO_TODAY)
    assert [view.documents[row].id for row in found] == ["cp-2", "cp-3"]
