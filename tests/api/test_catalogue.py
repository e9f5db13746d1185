import pytest

from api.catalogue import MAX_FOUND, Catalogue
from api.vocabularies import Vocabularies
from models.vocabulary.taxonomy import Scheme


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue(Vocabularies.load())


def test_region_is_found_by_part_of_its_name(catalogue: Catalogue) -> None:
    found = catalogue.find_regions("苏州")

    assert (found[0].code, found[0].full_name) == ("320500", "江苏省苏州市")
    assert "江苏省苏州市吴中区" in [region.full_name for region in found]


def test_region_search_gives_no_macro_region(catalogue: Catalogue) -> None:
    assert catalogue.find_regions("长三角") == []


def test_region_search_is_bounded(catalogue: Catalogue) -> None:
    assert len(catalogue.find_regions("市")) == MAX_FOUND


def test_class_is_found_by_name_widest_first(catalogue: Catalogue) -> None:
    found = catalogue.find_industries(Scheme.GB4754, "半导体")

    assert "半导体分立器件制造" in [industry.name for industry in found]
    assert [industry.level for industry in found] == sorted(i.level for i in found)


def test_class_is_found_by_code(catalogue: Catalogue) -> None:
    found = catalogue.find_industries(Scheme.GB4754, "C3973")

    assert [industry.code for industry in found] == ["C3973"]
