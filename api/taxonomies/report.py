"""The report of the demands that fit no code, read from the database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.taxonomies.unfit import UnfitGroup, UnfitText, group
from indexer.annotate.scenario import SURE
from indexer.documents import REJECT_CODE, demand_document
from indexer.types import Document
from indexer.words import Segmenter
from models import repository
from models.database import Database
from models.demand import Demand
from models.tag import TagAssignment
from models.vocabulary.taxonomy import Scheme, TagSource

MAX_DEMANDS: Final = 5_000
"""Newest demands that are looked at."""

PAGE_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class UnfitReport:
    """What fits no code.

    Attributes:
        n_demands: Demands looked at.
        n_rejected: Those read as something else than patent navigation.
        n_unsure: Those whose code nobody has confirmed and the program is not sure of.
        groups: Both kinds, by the words they share.
        alone: Those that share no telling word with another, the newest first.
    """

    n_demands: int
    n_rejected: int
    n_unsure: int
    groups: tuple[UnfitGroup, ...]
    alone: tuple[UnfitText, ...]


def report_unfit(database: Database, segmenter: Segmenter) -> UnfitReport:
    """Return the report over the newest demands, by the tags that count now."""
    among: Counter[str] = Counter()
    unfit: list[UnfitText] = []
    n_demands, n_rejected, after = 0, 0, None
    while n_demands < MAX_DEMANDS:
        with database.read() as session:
            rows = repository.page(session, Demand, after=after, limit=PAGE_ROWS, newest_first=True)
            tags = repository.tags_of(session, Demand.entity, [row.id for row in rows])
        for row in rows:
            document = demand_document(row, ())
            words = frozenset(segmenter.search_terms(f"{document.title}\n{document.body}"))
            among.update(words)
            scenarios = [t for t in tags.get(row.id, ()) if t.scheme == Scheme.SCENARIO]
            if _fits_no_code(scenarios):
                unfit.append(_unfit(document, words, scenarios))
                n_rejected += any(tag.code == REJECT_CODE for tag in scenarios)
        n_demands += len(rows)
        if len(rows) < PAGE_ROWS:
            break
        after = rows[-1].id
    groups, alone = group(unfit, among, n_demands)
    return UnfitReport(n_demands, n_rejected, len(unfit) - n_rejected, tuple(groups), tuple(alone))


def _unfit(
    document: Document, words: frozenset[str], scenarios: Sequence[TagAssignment]
) -> UnfitText:
    surest = max(scenarios, key=lambda tag: tag.confidence, default=None)
    if surest is None:
        return UnfitText(document.id, document.title, words)
    return UnfitText(document.id, document.title, words, surest.code, surest.confidence)


def _fits_no_code(scenarios: list[TagAssignment]) -> bool:
    """Whether no scenario applies, or only one the program itself is not sure of."""
    if not scenarios or any(tag.code == REJECT_CODE for tag in scenarios):
        return True
    surest = max(scenarios, key=lambda tag: tag.confidence)
    return surest.source == TagSource.AUTO and surest.confidence < SURE
