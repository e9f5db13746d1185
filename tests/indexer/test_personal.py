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
    ("电话02583212345转8", PersonalKind.LANDLINE, "02583212345"),
    ("电话025-8321 2345", PersonalKind.LANDLINE, "025-8321 2345"),
    ("电话0512.6288.1234", PersonalKind.LANDLINE, "0512.6288.1234"),
    ("电话+86-25-83212345", PersonalKind.LANDLINE, "+86-25-83212345"),
    ("电话138 12345678", PersonalKind.MOBILE, "138 12345678"),
    ("电话1381234 5678", PersonalKind.MOBILE, "1381234 5678"),
    ("电话138.1234.5678", PersonalKind.MOBILE, "138.1234.5678"),
    ("电话138\u20141234\u20145678", PersonalKind.MOBILE, "138\u20141234\u20145678"),
    ("电话138\u20131234\u20135678", PersonalKind.MOBILE, "138\u20131234\u20135678"),
    ("电话8613812345678", PersonalKind.MOBILE, "8613812345678"),
    ("13812345678元旦后打", PersonalKind.MOBILE, "13812345678"),
    ("13812345678元器件采购", PersonalKind.MOBILE, "13812345678"),
    ("发到zhang@163。com，谢谢", PersonalKind.EMAIL, "zhang@163。com"),
    ("邮箱：张三@example.cn", PersonalKind.EMAIL, "张三@example.cn"),
    ("邮箱：li@示例.公司 li@shili.公司", PersonalKind.EMAIL, "li@shili.公司"),
]
OTHERS = [
    "申请号202310123456.7的专利",
    "专利号ZL201910123456789012",
    "统一社会信用代码91350100M000100Y43",
    "预算30000000元，约4万件专利，18位编号123456789012345678",
    "总投资1500000000元，另有138000万元、130000000000元",
    "投资 1.38亿元，比例0.13812345678，误差0.02583212345",
    "GB/T 39551.1-2020、GB/T 39551.7-2020 和 GB/T 42748-2023",
    "统一社会信用代码913205941234567890，91320594MA1MYXXX5T",
    "专利号ZL 2023 1 0123456.7、CN115123456A、CN 1151234567 B",
    "2019-2023年、1998—2020年、2022.03.12 至 2025.12.31",
    "国知办发运字〔2022〕58号，项目编号2023-0512-0086",
    "面积1380平方米，1500 2000 3000三档，电压1200V、电流138A",
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
