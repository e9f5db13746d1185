"""A person's decision on the tags of a row."""

from typing import Final, TypeVar

from api.intake.base import IntakeParts, check_version
from api.intake.codes import tag_problems
from api.intake.problems import FieldsRejectedError
from api.intake.scope import scope_of, settle
from api.intake.tagging import chosen_tags
from api.schemas.tags import TagsUpdate
from models import repository
from models.base import Row, now_utc
from models.demand import Demand
from models.tag import NONE
from models.vocabulary.taxonomy import Scheme, TagSource

RowT = TypeVar("RowT", bound=Row)

_SCHEMES: Final = {
    "scenarios": Scheme.SCENARIO,
    "industries": Scheme.SEI,
    "classes": Scheme.GB4754,
}


class TagIntake:
    """Takes a person's tags in; they count in the place of automatic ones."""

    def __init__(self, parts: IntakeParts) -> None:
        self._parts = parts

    def decide(
        self,
        table: type[RowT],
        row_id: str,
        body: TagsUpdate,
        source: TagSource = TagSource.HUMAN,
        by: str | None = None,
    ) -> RowT:
        """Put a person's codes in force, per vocabulary sent.

        An empty list says that none applies, None gives back to automatic tagging.

        Raises:
            NotFoundError: there is no such row.
            ConflictError: it was changed since it was read.
            FieldsRejectedError: a vocabulary does not know a code.
        """
        changes = body.changes()
        problems = [
            problem
            for field, codes in changes.items()
            for problem in tag_problems(self._parts.vocabularies, field, _SCHEMES[field], codes)
        ]
        if problems:
            raise FieldsRejectedError(problems)
        with self._parts.database.write() as session, session.no_autoflush:
            row = repository.get_to_change(session, table, row_id)
            check_version(row, body.version)
            chosen = {
                _SCHEMES[field]: [NONE] if codes == [] else codes
                for field, codes in changes.items()
            }
            tags = chosen_tags(row, chosen, self._parts.vocabularies, source, by)
            repository.replace_tags(session, row, source, chosen, tags)
            if isinstance(row, Demand) and Scheme.SCENARIO in chosen:
                kept = repository.assignments_of(session, row.entity, [row.id])
                settle(row, scope_of([*kept, *tags]))
            row.updated_at = now_utc()
        self._parts.committed()
        return row
