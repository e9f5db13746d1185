"""A credential is what a demand names when its level or name says so."""

import pytest

from indexer.types import Credential
from matcher.levels import reaches


@pytest.mark.parametrize(
    ("kind", "asked", "level", "enough"),
    [
        ("star_grade", "须为五星级机构", "三星", False),
        ("star_grade", "须为五星级机构", "五星级", True),
        ("star_grade", "须为四星级机构", "5A", True),
        ("star_grade", "须为AAAAA级机构", "AAAA", False),
        ("star_grade", "须为五星级机构", None, None),
        ("star_grade", "须为星级机构", "三星", True),
        ("credit_grade", "要求A+级信用", "A", None),
        ("credit_grade", "要求信用A级", "A+", True),
        ("credit_grade", "要求有信用等级", None, True),
        ("iso", "通过ISO 27001认证", "9001", None),
        ("iso", "通过ISO 27001认证", "ISO27001", True),
        ("iso", "须有贯标认证证书", None, True),
        ("other", "须有律师资格", "专利分析师", None),
        ("other", "须有律师资格", "律", None),
        ("other", "须有律师资格", None, None),
        ("other", "须有律师资格", "律师资格", True),
        ("agency_licence", "须有专利代理资质", None, True),
    ],
)
def test_level_or_name_is_compared_where_the_demand_names_one(
    kind: str, asked: str, level: str | None, enough: bool | None
) -> None:
    assert reaches(Credential(kind, level), asked) is enough
