"""The region vocabulary is complete, consistent, and tells near from far."""

import csv
from importlib.resources import files

import pytest

from models.regions import RegionLevel, RegionRelation, RegionTable


@pytest.fixture(scope="module")
def table() -> RegionTable:
    return RegionTable.load()


def test_provinces_are_the_34_and_the_corps(table: RegionTable) -> None:
    codes = {region.code[:2] for region in table.at_level(RegionLevel.PROVINCE)}
    standard = (
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 "
        "61 62 63 64 65 71 81 82"
    )
    assert codes == {*standard.split(), "66"}


def test_every_parent_is_in_the_table_and_wider(table: RegionTable) -> None:
    order = list(RegionLevel)
    for region in table:
        if region.parent is None:
            assert region.level in (RegionLevel.PROVINCE, RegionLevel.MACRO)
        else:
            parent = table.resolve(region.parent)
            assert parent is not None
            assert order.index(parent.level) < order.index(region.level)


def test_every_member_of_a_macro_region_is_in_the_table(table: RegionTable) -> None:
    for macro in table.at_level(RegionLevel.MACRO):
        assert macro.members
        assert all(table.resolve(member) for member in macro.members), macro


def test_codes_fit_the_column(table: RegionTable) -> None:
    assert max(len(region.code) for region in table) == 6


def test_aliases_lead_to_regions_and_are_unique(table: RegionTable) -> None:
    text = (files("models") / "data" / "region_aliases.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len({row["alias"] for row in rows}) == len(rows)
    for row in rows:
        codes = row["codes"].split()
        assert bool(codes) == (row["use"] != "never"), row
        assert all(table.resolve(code) for code in codes), row


@pytest.mark.parametrize(
    ("code", "name"),
    [
        pytest.param("32", "江苏省", id="two-digits"),
        pytest.param("3205", "苏州市", id="four-digits"),
        pytest.param("320500", "苏州市", id="six-digits"),
        pytest.param("110100", "北京市", id="placeholder-of-a-municipality"),
        pytest.param("500200", "重庆市", id="counties-of-chongqing"),
        pytest.param("310115", "浦东新区", id="district"),
        pytest.param("429004", "仙桃市", id="county-under-its-province"),
        pytest.param("660000", "新疆生产建设兵团", id="corps"),
        pytest.param("M:YRD", "长三角", id="macro"),
    ],
)
def test_resolve_known_code_gives_region(table: RegionTable, code: str, name: str) -> None:
    region = table.resolve(code)
    assert region is not None
    assert region.name == name


@pytest.mark.parametrize("code", [None, "", "99", "320599", "苏州", "M:XXX", "3205000"])
def test_resolve_unknown_code_gives_none(table: RegionTable, code: str | None) -> None:
    assert table.resolve(code) is None


def test_ancestors_come_nearest_first(table: RegionTable) -> None:
    assert [region.name for region in table.ancestors("320506")] == ["苏州市", "江苏省"]


def test_ancestors_of_unknown_code_are_empty(table: RegionTable) -> None:
    assert table.ancestors("000000") == ()


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        pytest.param("320506", "320583", RegionRelation.SAME_CITY, id="two-districts"),
        pytest.param("320500", "320506", RegionRelation.SAME_CITY, id="city-and-district"),
        pytest.param("110101", "110108", RegionRelation.SAME_CITY, id="municipality"),
        pytest.param("310000", "310115", RegionRelation.SAME_CITY, id="municipality-itself"),
        pytest.param("429004", "429004", RegionRelation.SAME_CITY, id="direct-county-itself"),
        pytest.param("320500", "320100", RegionRelation.SAME_PROVINCE, id="two-cities"),
        pytest.param("320000", "320500", RegionRelation.SAME_PROVINCE, id="province-and-city"),
        pytest.param("320000", "320000", RegionRelation.SAME_PROVINCE, id="one-province"),
        pytest.param("429004", "420100", RegionRelation.SAME_PROVINCE, id="direct-county"),
        pytest.param("320500", "310115", RegionRelation.SAME_MACRO, id="yangtze-delta"),
        pytest.param("110000", "130100", RegionRelation.SAME_MACRO, id="capital-region"),
        pytest.param("440300", "810000", RegionRelation.SAME_MACRO, id="bay-area-cities"),
        pytest.param("440000", "820000", RegionRelation.SAME_MACRO, id="bay-area-province"),
        pytest.param("510100", "500112", RegionRelation.SAME_MACRO, id="chengyu"),
        pytest.param("420100", "360100", RegionRelation.SAME_MACRO, id="middle-yangtze"),
        pytest.param("210200", "230100", RegionRelation.SAME_MACRO, id="north-east"),
        pytest.param("320500", "M:YRD", RegionRelation.SAME_MACRO, id="city-in-macro"),
        pytest.param("M:NW", "610100", RegionRelation.SAME_MACRO, id="named-macro-holds-city"),
        pytest.param("M:YRD", "M:YRD", RegionRelation.SAME_MACRO, id="one-macro"),
        pytest.param("441200", "440100", RegionRelation.SAME_PROVINCE, id="province-before-macro"),
        pytest.param("440500", "810000", RegionRelation.DIFFERENT, id="outside-bay-area"),
        pytest.param("610000", "650000", RegionRelation.DIFFERENT, id="wide-area-is-not-near"),
        pytest.param("320500", "510100", RegionRelation.DIFFERENT, id="far"),
        pytest.param("M:YRD", "M:NE", RegionRelation.DIFFERENT, id="two-macros"),
        pytest.param(None, "320500", RegionRelation.UNKNOWN, id="missing"),
        pytest.param("320500", "abc", RegionRelation.UNKNOWN, id="not-a-code"),
    ],
)
def test_relation_is_symmetric_and_right(
    table: RegionTable, a: str | None, b: str | None, relation: RegionRelation
) -> None:
    assert table.relation(a, b) is relation
    assert table.relation(b, a) is relation


@pytest.mark.parametrize(
    ("code", "outer", "inside"),
    [
        ("320506", "320000", True),
        ("320506", "320506", True),
        ("320506", "M:YRD", True),
        ("320000", "320506", False),
        ("320506", "510000", False),
        ("M:PRD", "440000", True),
        ("M:YRD", "320000", False),
        ("M:YRD", "M:YZE", True),
        ("nowhere", "320000", False),
    ],
)
def test_is_within_follows_ancestors_and_members(
    table: RegionTable, code: str, outer: str, inside: bool
) -> None:
    assert table.is_within(code, outer) is inside
