"""A demand that leaves the industry open says so."""

import pytest

from indexer.annotate.scope import find_any_industry


@pytest.mark.parametrize(
    "text",
    [
        "不限行业",
        "行业不限",
        "领域不限,均可报名",
        "各行业均可",
        "所有行业都可以",
        "不限具体领域",
        "技术领域不限",
        "不分行业",
        "全行业通用",
        "通用培训",
        "专业不限",
    ],
)
def test_open_industry_is_found(text: str) -> None:
    evidence = find_any_industry(text)
    assert evidence is not None
    assert text[evidence.start : evidence.end] == evidence.text


@pytest.mark.parametrize(
    "text", ["包括但不限于氢能", "行业不限于氢能", "氢能行业", "限本行业", "通用航空产业", ""]
)
def test_named_industry_is_not_open(text: str) -> None:
    assert find_any_industry(text) is None
