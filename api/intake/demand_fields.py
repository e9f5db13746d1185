"""From the fields of a demand to its columns, and from what was read to its fields."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from api.intake.advice import quality_of
from api.intake.base import plain
from api.intake.tagging import TAG_FIELDS
from api.vocabularies import Vocabularies
from indexer.annotate.types import Annotations
from models.demand import Demand

READ_FIELDS: Final = (
    "audience",
    "region_code",
    "deliverables",
    "application_form",
    "budget",
    "period_days",
    "requirements",
)
"""Fields that are read from the text unless a person fills them."""

REGION_CONFIDENCE: Final = 0.5
"""How sure the reading of a region must be to fill the field."""

MAX_DAYS: Final = 1_095

_TEXTS: Final = ("description", "decision_question", "background")
_NOT_COLUMNS: Final = frozenset({"budget", "publish", *TAG_FIELDS})
_LISTS: Final = frozenset({"deliverables", "requirements", "application_form"})
_DATES: Final = frozenset({"valid_until", "respond_by"})


def columns_of(values: Mapping[str, Any], vocabularies: Vocabularies) -> dict[str, Any]:
    """Return the columns for the fields that were sent, dates that are null left out.

    Args:
        values: Values by field, as `model_dump` gives them.
        vocabularies: Where region codes are completed.
    """
    columns = {
        name: value
        for name, value in values.items()
        if name not in _NOT_COLUMNS and not (name in _DATES and value is None)
    }
    for name in _LISTS & set(columns):
        columns[name] = plain(columns[name] or [])
    if columns.get("region_code"):
        columns["region_code"] = vocabularies.division(columns["region_code"])
    if "period_days" in columns:
        columns["period_raw"] = None
    if "budget" in values:
        columns.update(_budget_columns(values["budget"]))
    return columns


def apply_reading(
    demand: Demand, found: Annotations, vocabularies: Vocabularies, today: date
) -> None:
    """Fill from the text what no person has filled, and renew the advice."""
    columns = read_columns(found, vocabularies, today)
    for field in READ_FIELDS:
        if field not in demand.human_fields:
            for column, value in columns[field].items():
                setattr(demand, column, value)
    demand.clarity = found.clarity
    texts = {name: getattr(demand, name) for name in ("title", *_TEXTS)}
    demand.quality = quality_of(found, texts)


def read_columns(
    found: Annotations, vocabularies: Vocabularies, today: date
) -> dict[str, dict[str, Any]]:
    """Return the columns a reading fills, by the field they belong to."""
    budget = found.budget
    return {
        "audience": {"audience": found.audience.audience if found.audience else None},
        "region_code": {"region_code": _surest_division(found, vocabularies)},
        "deliverables": {
            "deliverables": list(dict.fromkeys(d.deliverable.value for d in found.deliverables))
        },
        "application_form": {
            "application_form": list(dict.fromkeys(a.application.value for a in found.applications))
        },
        "budget": {
            "budget_kind": budget.kind if budget else None,
            "budget_min_fen": budget.min_fen if budget else None,
            "budget_max_fen": budget.max_fen if budget else None,
            "budget_raw": budget.evidence.text[:200] if budget else None,
        },
        "period_days": _period(found, today),
        "requirements": {
            "requirements": [
                {
                    "kind": r.kind.value,
                    "strength": r.strength.value,
                    "value": r.value,
                    "text": r.text[:200],
                }
                for r in found.requirements[:20]
            ]
        },
    }


def _period(found: Annotations, today: date) -> dict[str, Any]:
    """The longest duration named; else the days left until the day named."""
    if found.period is not None:
        raw = found.period.evidence.text[:200]
        return {"period_days": found.period.max_days, "period_raw": raw}
    if found.deadline is not None:
        days = (found.deadline.due - today).days
        if 1 <= days <= MAX_DAYS:
            raw = found.deadline.evidence.text[:200]
            return {"period_days": days, "period_raw": raw}
    return {"period_days": None, "period_raw": None}


def _surest_division(found: Annotations, vocabularies: Vocabularies) -> str | None:
    for tag in found.regions:
        division = vocabularies.division(tag.code)
        if division is not None and tag.confidence >= REGION_CONFIDENCE:
            return division
    return None


def _budget_columns(budget: Any) -> dict[str, Any]:  # noqa: ANN401 - a schema or its dump
    values = budget if isinstance(budget, dict) else (budget.model_dump() if budget else {})
    return {
        "budget_kind": values.get("kind"),
        "budget_min_fen": values.get("min_fen"),
        "budget_max_fen": values.get("max_fen"),
        "budget_raw": values.get("raw"),
    }
