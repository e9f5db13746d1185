import time
from itertools import pairwise

import pytest

from indexer.personal import PersonalKind, cover_personal, find_personal

FOUND = [
    ("电话13912345678联系", PersonalKind.MOBILE, "13912345678"),
    ("电话 +86 13912345678", PersonalKind.MOBILE, "+86 13912345678"),
    ("电话139-1234-5678", PersonalKind.MOBILE, "139-1234-5678"),
    ("座机0512-62881234", PersonalKind.LANDLINE, "0512-62881234"),
    ("座机(010)62881234转8", PersonalKind.LANDLINE, "(010)62881234"),
    ("身份证110101199003077777", PersonalKind.ID_NUMBER, "110101199003077777"),
    ("身份证110101 19900307 777x。", PersonalKind.ID_NUMBER, "110101 19900307 777x"),
    ("发到 zhang.san@mail.example.com.cn", PersonalKind.EMAIL, "zhang.san@mail.example.com.cn"),
    ("王工wang_1@example.com", PersonalKind.EMAIL, "wang_1@example.com"),
]
OTHERS = [
    "申请号202310123456.7的专利",
    "专利号ZL201910123456789012",
    "统一社会信用代码91350100M000100Y43",
    "预算30000000元，约4万件专利，18位编号123456789012345678",
    "总投资15000000000元，另有13800000000万元",
    "@某人 a@b",
    "US20190123456A1",
    "GB/T 39551.4-2020",
]


@pytest.mark.parametrize(("text", "kind", "stretch"), FOUND)
def test_personal_data_is_found_and_covered(text: str, kind: PersonalKind, stretch: str) -> None:
    (found,) = find_personal(text)
    assert (found.kind, text[found.start : found.end]) == (kind, stretch)
    assert cover_personal(text) == text.replace(stretch, "*" * len(stretch))


@pytest.mark.parametrize("text", OTHERS)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert list(find_personal(text)) == []
    assert cover_personal(text) == text


def test_cover_keeps_every_place() -> None:
    text = "，".join(text for text, _, _ in FOUND) + "。碳化硅"
    covered = cover_personal(text)
    assert len(covered) == len(text)
    assert covered.index("碳化硅") == text.index("碳化硅")
    assert list(find_personal(covered)) == []


@pytest.mark.parametrize("unit", ["1", "a", "a.", "1391", "a@", "0512-", "11010119900307"])
def test_time_grows_with_length_only(unit: str) -> None:
    seconds = []
    for n in (20_000, 40_000, 80_000):
        text = unit * (n // len(unit))
        began = time.process_time()
        cover_personal(text)
        seconds.append(time.process_time() - began)
    assert all(later < 3.5 * earlier + 0.05 for earlier, later in pairwise(seconds))
