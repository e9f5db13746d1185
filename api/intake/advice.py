"""Advice on a text: what is missing, what is vague, what should not be in it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from indexer.annotate.types import Annotations
from indexer.documents import REJECT_CODE
from indexer.personal import PersonalKind, find_personal
from indexer.text import canonicalise

_PERSONAL: Final = {
    PersonalKind.MOBILE: "手机号",
    PersonalKind.LANDLINE: "固定电话",
    PersonalKind.ID_NUMBER: "身份证号",
    PersonalKind.EMAIL: "电子邮箱",
}

ROUTING_HINT: Final = (
    "这段内容看起来不是专利导航需求，而是专利代理、年费、商标、诉讼等其他知识产权事务，"
    "建议改投相应的代理或法律服务渠道；如确属专利导航，请人工指定应用场景后再发布。"
)

SURELY_OUT: Final = 0.8
"""Confidence from which the reject class decides without a person."""

CONFIRM_CODE: Final = "confirm_scope"
CONFIRM_ADVICE: Final = {
    "code": CONFIRM_CODE,
    "field": "scenario_tags",
    "message": "这是专利导航需求吗？程序没有把握：是的话请选定应用场景后再发布，不是请选 OTH。",
}


def personal_data_advice(texts: Mapping[str, str | None]) -> list[dict[str, str]]:
    """Return a hint for every field in which personal data seems to stand.

    Args:
        texts: Texts by name of their field.
    """
    return [
        {
            "code": "personal_data",
            "field": field,
            "message": f"文本中疑似含有{'、'.join(kinds)}，检索时会遮去，"
            "但看得到原文的人仍能看到；请删去，对接后再交换。",
        }
        for field, text in texts.items()
        if text and (kinds := list(_personal_kinds(canonicalise(text))))
    ]


def quality_of(annotations: Annotations, texts: Mapping[str, str | None]) -> dict[str, Any]:
    """Return the advice on a demand, in the form it is stored."""
    completeness = annotations.completeness
    confidence = reject_confidence(annotations)
    is_unsure = 0 < confidence < SURELY_OUT
    advice = personal_data_advice(texts)
    return {
        "score": completeness.score,
        "grade": completeness.grade,
        "missing": [asdict(fact) for fact in completeness.missing],
        "vague_terms": [asdict(term) for term in completeness.vague_terms],
        "advice": [*advice, CONFIRM_ADVICE] if is_unsure else advice,
        "needs_confirmation": is_unsure or annotations.needs_confirmation,
        "routing_hint": ROUTING_HINT if confidence >= SURELY_OUT else None,
    }


def reject_confidence(annotations: Annotations) -> float:
    """Return how surely the text reads as something else than patent navigation, 0 if not."""
    found = [tag.confidence for tag in annotations.scenarios if tag.code == REJECT_CODE]
    return max(found, default=0.0)


def _personal_kinds(text: str) -> list[str]:
    found = {personal.kind for personal in find_personal(text)}
    return [name for kind, name in _PERSONAL.items() if kind in found]
