"""What became of the rows of a file."""

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from api.intake.problems import FieldProblem, FieldsRejectedError
from indexer.errors import EncoderError
from models.base import Row
from models.errors import ConflictError, NavmatchError, UnavailableError

_log = logging.getLogger("navmatch.import")

OF_ALL_ROWS: Final = (UnavailableError, EncoderError, OSError, MemoryError)
"""What no other row would fare better with: it ends the import."""


class RowStatus(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowResult:
    """The answer to one row.

    Attributes:
        number: Its number in the file.
        id: Key of the stored row; None when there is none.
        status: What became of it.
        errors: Why it was refused, by field.
    """

    number: int
    id: str | None
    status: RowStatus
    errors: tuple[FieldProblem, ...] = ()


def created(number: int, outcome: Row | Exception) -> RowResult:
    """Return the answer for a row that was to be stored."""
    if isinstance(outcome, Exception):
        return refused(number, outcome)
    return RowResult(number, outcome.id, RowStatus.CREATED)


def foreseen(number: int, refusal: NavmatchError | None) -> RowResult:
    """Return the answer for a new row in a dry run."""
    if refusal is not None:
        return refused(number, refusal)
    return RowResult(number, None, RowStatus.CREATED)


def refused(number: int, error: Exception, row_id: str | None = None) -> RowResult:
    """Return the answer for a refused row; what concerns all rows ends the import instead."""
    if isinstance(error, OF_ALL_ROWS):
        raise error
    if not isinstance(error, NavmatchError):
        _log.error("row %d of an import failed", number, exc_info=error)
        error = NavmatchError("处理这一行时程序内部出错，这一行没有导入；原因已记入日志。")
    if isinstance(error, FieldsRejectedError):
        return RowResult(number, row_id, RowStatus.REFUSED, error.problems)
    field = "source_ref" if isinstance(error, ConflictError) else "row"
    problem = FieldProblem(field, error.code, error.message)
    return RowResult(number, row_id, RowStatus.REFUSED, (problem,))
