"""Personal data in texts is pointed out, kind by kind, without repeating it."""

import pytest

from api.intake.advice import personal_data_advice


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("电话13912345678联系", "手机号"),
        ("电话 +86 13912345678", "手机号"),
        ("１３９１２３４５６７８", "手机号"),
        ("座机0512-62881234", "固定电话"),
        ("身份证110101199003077777", "身份证号"),
        ("身份证11010119900307777x。", "身份证号"),
        ("发到 zhang.san@example.com.cn", "电子邮箱"),
    ],
)
def test_personal_data_is_found(text: str, kind: str) -> None:
    (advice,) = personal_data_advice({"description": text})
    assert advice["field"] == "description"
    assert kind in advice["message"]
    assert text not in advice["message"]


@pytest.mark.parametrize(
    "text",
    [
        "申请号202310123456.7的专利",
        "专利号ZL201910123456789012",
        "统一社会信用代码91350100M000100Y43",
        "预算30000000元，约4万件专利，18位编号123456789012345678",
        "@某人 a@b",
        None,
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str | None) -> None:
    assert personal_data_advice({"description": text}) == []


def test_kinds_of_one_field_stand_in_one_hint() -> None:
    text = "王工13912345678，邮箱wang@example.com"
    (advice,) = personal_data_advice({"title": "没有", "background": text})
    assert advice["field"] == "background"
    assert "手机号、电子邮箱" in advice["message"]


def test_long_text_is_read_in_linear_time() -> None:
    assert personal_data_advice({"description": "1" * 40_000 + "a@" * 20_000}) == []
