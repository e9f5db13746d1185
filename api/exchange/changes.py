"""What an import would change in a row that is there already."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from api.exchange.records import Record
from api.intake.tagging import TAG_FIELDS
from api.schemas.base import Schema
from api.vocabularies import Vocabularies
from models.base import Row
from models.vocabulary.demand import DemandState
from models.vocabulary.organisation import CaseState

_APART: Final = frozenset({"source_ref", "publish", "capabilities", *TAG_FIELDS})
"""Fields that are not simply set: the key, the state, rows of their own, tags."""

_DECIDED_AS: Final = {
    "scenario_tags": "scenarios",
    "industry_tags": "industries",
    "class_tags": "classes",
}
"""Fields of a decision on tags, by the field of a new row."""

_DRAFTS: Final = frozenset({DemandState.DRAFT, CaseState.DRAFT})


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """The difference between a row and what a file says of it.

    Attributes:
        row: The row as it is stored.
        values: Fields to set, with the values of the file.
        tags: Codes to put in force, by vocabulary.
        publish: Whether a draft is to be published.
    """

    row: Row
    values: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, list[str]] = field(default_factory=dict)
    publish: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.values or self.tags or self.publish)


def plan_change(row: Row, body: Schema, record: Record, vocabularies: Vocabularies) -> ChangePlan:
    """Return what is different; fields the file does not speak of stay as they are.

    Args:
        row: The row as it is stored.
        body: The checked input.
        record: The row in the form of the input.
        vocabularies: Where region codes are completed.
    """
    sent = body.model_fields_set - _APART
    incoming = body.model_dump(mode="json", include=set(sent))
    values = {
        name: getattr(body, name)
        for name in sorted(sent)
        if _comparable(name, incoming[name], vocabularies)
        != _comparable(name, record.values.get(name), vocabularies)
    }
    tags = {
        tag_name: list(getattr(body, name))
        for name, tag_name in _DECIDED_AS.items()
        if getattr(body, name, None) and getattr(body, name) != record.values.get(name)
    }
    is_draft = getattr(row, "state", None) in _DRAFTS
    return ChangePlan(row, values, tags, bool(getattr(body, "publish", False)) and is_draft)


def _comparable(name: str, value: Any, vocabularies: Vocabularies) -> Any:  # noqa: ANN401
    """Return a value without what makes no difference: gaps, short codes, wording of money."""
    if name == "region_code" and isinstance(value, str):
        return vocabularies.division(value)
    if name == "budget" and isinstance(value, dict):
        return _without_gaps({key: v for key, v in value.items() if key != "raw"})
    return _without_gaps(value)


def _without_gaps(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        kept = {k: _without_gaps(v) for k, v in value.items() if v is not None and v != []}
        return kept or None
    if isinstance(value, list):
        return [_without_gaps(item) for item in value] or None
    return value
