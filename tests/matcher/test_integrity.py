import pytest

from matcher.integrity import cautions_of
from matcher.types import Caution
from tests.factories import make_demand, make_document

HONEST = (
    "面向出口企业排查碳化硅器件的有效专利，按国别列出风险等级和依据，给出规避设计建议，"
    "交付分析报告和高风险专利名单，团队六人，常驻无锡。"
)
TERMS = "、".join(f"词语{n}" for n in range(40))
DEMAND = (
    "我们在无锡做芯粒互连和2.5D封装,明年春天向美国客户供货。想请机构排查混合键合、硅中介层方面的"
    "美国有效专利,判断侵权风险高低,给出规避设计建议,提交风险分析报告。预算30万元以内。"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HONEST, ()),
        (f"{HONEST}服务领域:{TERMS}。", (Caution.LISTS_TERMS,)),
        (HONEST + "碳化硅固态电池人形机器人多肽药物" * 6, (Caution.LISTS_TERMS,)),
        (HONEST * 4, (Caution.REPEATS_ITSELF,)),
        (DEMAND, (Caution.ASKS,)),
        ("碳化硅" * 10, ()),
    ],
    ids=["honest", "list", "run together", "repeated", "asks", "too short"],
)
def test_caution_says_what_is_wrong_with_a_text(text: str, expected: tuple[Caution, ...]) -> None:
    assert cautions_of(make_document("cp-1", text)) == expected


def test_verified_capability_and_demand_are_never_doubted() -> None:
    assert cautions_of(make_document("cp-1", HONEST * 4, verified=True)) == ()
    assert cautions_of(make_demand(body=DEMAND)) == ()
