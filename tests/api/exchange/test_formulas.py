import pytest

from api.exchange.formulas import make_plain, restore

DANGEROUS = [
    "=1+1",
    "+SUM(A1)",
    "-2+3",
    "@cmd",
    "\tx",
    "\rx",
    "＝1＋1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\u200b=1",
    "'=1",
    "''-x",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_make_plain_dangerous_text_begins_with_apostrophe(text: str) -> None:
    assert make_plain(text) == f"'{text}"


@pytest.mark.parametrize("text", [*DANGEROUS, "", "'quoted'", "碳化硅", "3-5天", "'碳化硅"])
def test_restore_after_make_plain_gives_text_back(text: str) -> None:
    assert restore(make_plain(text)) == text


@pytest.mark.parametrize("text", ["碳化硅=SiC", "3-5天", "a@b", "'引号'"])
def test_make_plain_harmless_text_stays(text: str) -> None:
    assert make_plain(text) == text
