"""The industry vocabularies are complete, consistent and navigable."""

import pytest

from models.industries import Industry, IndustryTable
from models.vocabulary.taxonomy import Scheme


@pytest.fixture(scope="module")
def table() -> IndustryTable:
    return IndustryTable.load()


@pytest.mark.parametrize(
    ("scheme", "level", "count"),
    [
        pytest.param(Scheme.SEI, 1, 9, id="sei-fields"),
        pytest.param(Scheme.SEI, 2, 40, id="sei-second-level"),
        pytest.param(Scheme.GB4754, 1, 20, id="gb-sections"),
        pytest.param(Scheme.GB4754, 2, 97, id="gb-divisions"),
        pytest.param(Scheme.GB4754, 3, 473, id="gb-groups"),
        pytest.param(Scheme.GB4754, 4, 1382, id="gb-classes"),
    ],
)
def test_at_level_counts_match_standard(
    table: IndustryTable, scheme: Scheme, level: int, count: int
) -> None:
    assert len(table.at_level(scheme, level)) == count


def test_codes_are_unique_per_scheme(table: IndustryTable) -> None:
    keys = [(industry.scheme, industry.code) for industry in table]
    assert len(keys) == len(set(keys))


def test_every_parent_is_one_level_up(table: IndustryTable) -> None:
    for industry in table:
        if industry.parent is None:
            assert industry.level == 1
        else:
            parent = table.get(industry.scheme, industry.parent)
            assert parent is not None
            assert parent.level == industry.level - 1


def test_names_carry_no_stray_characters(table: IndustryTable) -> None:
    for industry in table:
        assert industry.name == industry.name.strip()
        assert not set(industry.name) & set(" ()\u00a0"), industry


def test_get_known_class_gives_official_name(table: IndustryTable) -> None:
    assert table.get(Scheme.GB4754, "C3973") == Industry(
        scheme=Scheme.GB4754,
        version="2017-1",
        code="C3973",
        level=4,
        name="集成电路制造",
        parent="C397",
    )


def test_get_unknown_code_gives_none(table: IndustryTable) -> None:
    assert table.get(Scheme.SEI, "C3973") is None
    assert table.get(Scheme.GB4754, "1.2") is None


def test_ancestors_run_from_nearest_to_section(table: IndustryTable) -> None:
    codes = [industry.code for industry in table.ancestors(Scheme.GB4754, "C3973")]
    assert codes == ["C397", "C39", "C"]


def test_ancestors_of_unknown_code_are_empty(table: IndustryTable) -> None:
    assert table.ancestors(Scheme.SEI, "99.9") == ()


def test_children_of_field_are_its_second_level(table: IndustryTable) -> None:
    codes = [industry.code for industry in table.children(Scheme.SEI, "6")]
    assert codes == ["6.1", "6.2", "6.3", "6.4", "6.5"]


def test_children_of_none_are_the_top(table: IndustryTable) -> None:
    assert table.children(Scheme.SEI, None) == table.at_level(Scheme.SEI, 1)


def test_children_of_leaf_are_empty(table: IndustryTable) -> None:
    assert table.children(Scheme.GB4754, "C3973") == ()
