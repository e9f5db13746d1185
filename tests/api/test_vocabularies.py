"""Codes of every vocabulary have Chinese names and versions."""

import pytest

from api.vocabularies import Vocabularies
from models.vocabulary.taxonomy import Scheme


@pytest.fixture(scope="module")
def vocabularies() -> Vocabularies:
    return Vocabularies.load()


@pytest.mark.parametrize(
    ("scheme", "code", "name"),
    [
        (Scheme.SCENARIO, "ENT.RISK", "专利风险预警与海外风险"),
        (Scheme.SCENARIO, "OTH", "非导航类知识产权事务"),
        (Scheme.SEI, "1.2", "电子核心产业"),
        (Scheme.GB4754, "C3973", "集成电路制造"),
        (Scheme.REGION, "320500", "江苏省苏州市"),
        (Scheme.REGION, "M:YRD", "长三角"),
        (Scheme.IPC, "H01L", "H01L"),
        (Scheme.SEI, "99", "99"),
    ],
)
def test_name_of_a_code(vocabularies: Vocabularies, scheme: Scheme, code: str, name: str) -> None:
    assert name in vocabularies.name(scheme, code)


@pytest.mark.parametrize("scheme", [Scheme.SCENARIO, Scheme.SEI, Scheme.GB4754, Scheme.REGION])
def test_carried_vocabularies_have_a_version(vocabularies: Vocabularies, scheme: Scheme) -> None:
    assert vocabularies.version(scheme)


def test_vocabulary_not_carried_has_no_version(vocabularies: Vocabularies) -> None:
    assert vocabularies.version(Scheme.IPC) == ""


@pytest.mark.parametrize(
    ("code", "division"),
    [("32", "320000"), ("3205", "320500"), ("110100", "110000"), ("M:YRD", None), ("99", None)],
)
def test_division_completes_codes_and_leaves_out_macro_regions(
    vocabularies: Vocabularies, code: str, division: str | None
) -> None:
    assert vocabularies.division(code) == division


def test_region_without_code_has_no_name(vocabularies: Vocabularies) -> None:
    assert vocabularies.region_name(None) is None
