"""Lists of rows: conditions from the filters a caller sends, and pages."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from api.intake.codes import region_problems, tag_problems
from api.intake.problems import FieldProblem, FieldsRejectedError
from api.schemas.base import Page, Schema, Total
from api.schemas.match import FiltersIn
from api.vocabularies import Vocabularies
from models import repository
from models.accounts import Slice
from models.base import Row
from models.case import Case
from models.conditions import (
    Condition,
    equals,
    has_tag,
    in_regions,
    in_text,
    of_organisation,
)
from models.database import Database, Session
from models.demand import Demand
from models.organisation import Base, Organisation
from models.provider import Provider
from models.searched import Searched
from models.sight import own_id
from models.viewer import current_viewer
from models.vocabulary.demand import DemandState
from models.vocabulary.organisation import CaseState, ProviderState
from models.vocabulary.taxonomy import Scheme

RowT = TypeVar("RowT", bound=Row)
SchemaT = TypeVar("SchemaT", bound=Schema)


class Conditions:
    """Gathers conditions; codes no vocabulary knows are refused by name of their filter."""

    def __init__(self, vocabularies: Vocabularies) -> None:
        self._vocabularies = vocabularies
        self.found: list[Condition] = []

    def tags(self, table: type[Row], scenario: str | None, industry: str | None) -> None:
        """Keep rows with a scenario (or one of a field) and an industry (or one below it)."""
        if scenario is not None:
            if self._vocabularies.scenarios.field(scenario) is None:
                self._check_tag("scenario", Scheme.SCENARIO, scenario)
            self.found.append(has_tag(table, Scheme.SCENARIO, scenario))
        if industry is not None:
            self._check_tag("industry", Scheme.SEI, industry)
            self.found.append(has_tag(table, Scheme.SEI, industry))

    def region(self, table: type[Demand | Case | Provider | Base], code: str | None) -> None:
        """Keep rows that lie in a region."""
        if code is None:
            return
        region = self._vocabularies.regions.resolve(code)
        if region is None:
            raise FieldsRejectedError(list(region_problems(self._vocabularies, "region", [code])))
        inside = sorted(map(_prefix, region.members or {region.code}))
        if issubclass(table, Provider | Base):
            lies_there = in_regions(Organisation.region_code, inside)
            self.found.append(of_organisation(table, lies_there))
        else:
            self.found.append(in_regions(table.region_code, inside))

    def own(self, table: type[Row], *, only_own: bool) -> None:
        """Keep rows of the organisation whoever asks works for; operators have those of none."""
        if only_own:
            self.found.append(equals(table.owner_id, own_id(current_viewer())))

    def state(
        self,
        table: type[Demand | Case | Provider],
        state: DemandState | CaseState | ProviderState | None,
    ) -> None:
        """Keep rows in a state."""
        if state is not None:
            self.found.append(equals(table.state, state))

    def text(self, table: type[Row], text: str | None) -> None:
        """Keep rows in whose texts all words stand."""
        if not text:
            return
        if issubclass(table, Provider | Base):
            self.found.append(of_organisation(table, in_text(Organisation, text)))
        elif issubclass(table, Searched):
            self.found.append(in_text(table, text))

    def _check_tag(self, field: str, scheme: Scheme, code: str) -> None:
        problems = list(tag_problems(self._vocabularies, field, scheme, [code]))
        if problems:
            raise FieldsRejectedError(problems)


def filter_problems(vocabularies: Vocabularies, filters: FiltersIn) -> Iterable[FieldProblem]:
    """Yield a problem for each code of a match filter that nothing can have."""
    for name, codes in (("regions", filters.regions), ("serves", filters.serves)):
        unknown = [c for c in codes if vocabularies.regions.resolve(c) is None]
        yield from region_problems(vocabularies, f"filters.{name}", unknown)
    scenarios = [c for c in filters.scenarios if vocabularies.scenarios.field(c) is None]
    yield from tag_problems(vocabularies, "filters.scenarios", Scheme.SCENARIO, scenarios)
    reject = vocabularies.scenarios.reject.code
    if reject in scenarios:
        yield FieldProblem("filters.scenarios", "reject_unmatched", f"{reject} 不参加匹配。")
    yield from tag_problems(vocabularies, "filters.industries", Scheme.SEI, filters.industries)


def list_rows(
    database: Database,
    table: type[RowT],
    where: Sequence[Condition],
    page: tuple[str | None, int],
    show: Callable[[Session, list[RowT]], list[SchemaT]],
) -> Page[SchemaT]:
    """Return a page of rows, newest first.

    Args:
        database: Where they are.
        table: What they are.
        where: Conditions that all hold.
        page: Key after which the page begins, and its length.
        show: Turns rows into what goes out.
    """
    after, limit = page
    with database.read() as session:
        rows = repository.page(
            session, table, after=after, limit=limit + 1, where=where, newest_first=True
        )
        shown = show(session, rows[:limit])
        total = repository.count(session, table, where)
    more = len(rows) > limit
    return Page(
        items=shown,
        next_cursor=rows[limit - 1].id if more else None,
        total=Total(value=total),
    )


def page_of_slice(part: Slice[Any], items: list[SchemaT]) -> Page[SchemaT]:
    """Return a page of what is no row of the index, as it goes out."""
    return Page(items=items, next_cursor=part.next_cursor, total=Total(value=part.n))


def _prefix(code: str) -> str:
    """The leading digits all divisions inside a division share."""
    for length in (2, 4):
        if code[length:] == "0" * (6 - length):
            return code[:length]
    return code
