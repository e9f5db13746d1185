"""Checks of codes and dates against the vocabularies and the calendar."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from api.intake.problems import FieldProblem
from api.vocabularies import Vocabularies
from indexer.types import NATION
from models.vocabulary.taxonomy import Scheme

DEFAULT_VALIDITY = timedelta(days=90)
MAX_VALIDITY = timedelta(days=365)


def region_problems(
    vocabularies: Vocabularies, field: str, codes: Iterable[str | None]
) -> Iterable[FieldProblem]:
    """Yield a problem for each code that no division has."""
    for code in codes:
        if code is not None and code != NATION and vocabularies.division(code) is None:
            yield FieldProblem(field, "unknown_region", "没有这个行政区划代码（GB/T 2260）。")


def tag_problems(
    vocabularies: Vocabularies, field: str, scheme: Scheme, codes: Sequence[str] | None
) -> Iterable[FieldProblem]:
    """Yield a problem for each code its vocabulary does not know, or offers no more."""
    for code in codes or ():
        if scheme == Scheme.SCENARIO:
            scenario = vocabularies.scenarios.get(code)
            known = scenario is not None and not scenario.retired
        else:
            known = vocabularies.industries.get(scheme, code) is not None
        if not known:
            label = vocabularies.labels.of(scheme)
            yield FieldProblem(field, "unknown_code", f"“{label}”词表中没有这个代码，或已停用。")
    reject = vocabularies.scenarios.reject.code
    if scheme == Scheme.SCENARIO and reject in (codes or ()) and len(codes or ()) > 1:
        yield FieldProblem(field, "reject_alone", f"{reject} 不能与其他场景并列。")


def validity_problems(
    today: date, respond_by: date | None, valid_until: date
) -> Iterable[FieldProblem]:
    """Yield a problem for dates that lie in the past, too far ahead or in the wrong order."""
    if valid_until < today:
        yield FieldProblem("valid_until", "date_past", "有效期不能早于今天。")
    if valid_until > today + MAX_VALIDITY:
        yield FieldProblem("valid_until", "date_too_late", "有效期最长一年。")
    if respond_by is not None and respond_by > valid_until:
        yield FieldProblem("respond_by", "date_order", "响应截止日期不能晚于有效期。")
