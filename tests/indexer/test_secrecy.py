import pytest
from pydantic import TypeAdapter, ValidationError

from api.schemas.texts import Description
from indexer.secrecy import has_secrecy_mark

MARKED = [
    "机密★10年",
    "绝密 ★ 长期",
    "秘密★",
    "密级:机密",
    "本项目属于国家秘密，密级为机密",
    "涉及国家秘密的核心部件",
    "机密级文件",
]
OTHERS = [
    "不涉及国家秘密",
    "本需求不属于国家秘密，可公开",
    "商业秘密保护与专利布局",
    "签订保密协议，不得泄露技术秘密",
    "密级评定软件的专利导航",
    "国家秘密载体销毁装置专利分析",
]


@pytest.mark.parametrize("text", MARKED)
def test_mark_of_a_state_secret_is_refused_wherever_it_stands(text: str) -> None:
    assert has_secrecy_mark(text)
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Description).validate_python(f"需要排查专利侵权风险并给出报告。{text}。" * 3)
    (problem,) = caught.value.errors()
    assert problem["type"] == "text_classified"
    assert text not in problem["msg"]


@pytest.mark.parametrize("text", OTHERS)
def test_other_secrets_are_no_state_secrets(text: str) -> None:
    assert not has_secrecy_mark(text)
