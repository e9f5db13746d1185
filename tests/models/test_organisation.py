import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.organisation import USCC_CHARS, Base, Organisation, uscc_is_valid

PUBLISHED = ("914403001922038216", "9144030071526726XG", "91330100799655058B", "91440300708461136T")
"""Codes of well-known companies, as their registers show them."""


@pytest.mark.parametrize("code", PUBLISHED)
def test_uscc_of_real_companies_is_valid(code: str) -> None:
    assert uscc_is_valid(code)


@pytest.mark.parametrize("code", PUBLISHED)
def test_uscc_with_one_character_changed_is_invalid(code: str) -> None:
    for place in range(18):
        for char in USCC_CHARS:
            if char != code[place]:
                assert not uscc_is_valid(code[:place] + char + code[place + 1 :])


@pytest.mark.parametrize(
    "code",
    [
        "",
        "91440300192203821",
        "9144030019220382166",
        "9144030071526726xg",
        "91330100799655058 ",
        "I1440300192203821X",
        "９１４４０３００１９２２０３８２１６",
    ],
)
def test_uscc_of_another_form_is_invalid(code: str) -> None:
    assert not uscc_is_valid(code)


@given(st.text(USCC_CHARS, min_size=17, max_size=17))
def test_uscc_has_exactly_one_check_character(body: str) -> None:
    assert sum(uscc_is_valid(body + char) for char in USCC_CHARS) == 1


def test_organisations_are_not_indexed_but_their_name_is_followed() -> None:
    assert list(Organisation(name="甲公司").searchable_texts()) == ["甲公司"]
    assert list(Base().searchable_texts()) == []
