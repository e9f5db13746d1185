"""What intake refuses, field by field."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from models.errors import InvalidInputError, StateError


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field.

    Attributes:
        field: Path of the field, for example `budget.min_fen`.
        code: Stable code of the problem.
        message: Chinese sentence; never the text that was sent.
    """

    field: str
    code: str
    message: str


class FieldsRejectedError(InvalidInputError):
    """Values of named fields break a rule.

    Attributes:
        problems: One entry a field.
    """

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__("；".join(p.message.rstrip("。") for p in problems[:3]) + "。")
        self.problems = tuple(problems)


class NotNavigationError(StateError):
    """A demand that is no patent-navigation demand cannot be published."""

    code: ClassVar[str] = "not_navigation"
