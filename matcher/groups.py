"""The candidates of one query as groups: scored, checked, each standing by its best document."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from indexer.types import Document
from matcher.check import worst_must
from matcher.duplicates import is_copy
from matcher.integrity import cautions_of
from matcher.rank import Entry, group_rows, group_score, second_part
from matcher.score import Scores
from matcher.types import Candidates, Caution, Part, Query, RuleResult
from models.stages import Stage, timed

Check = Callable[[Document], tuple[RuleResult, ...]]
"""The rules that apply between the document that asks and another one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A group and what is needed to present it.

    Attributes:
        entry: The group on its way into the ranking.
        query: Who asked for it.
        scores: Scores of all candidates of that query.
        candidate: Place of its best document among them.
        second: Contribution of its second best document.
    """

    entry: Entry
    query: Query
    scores: Scores
    candidate: int
    second: Part


@timed(Stage.CHECK)
def groups(
    query: Query,
    candidates: Candidates,
    scores: Scores,
    check: Check,
    echoes: Mapping[str, Caution],
) -> list[Found]:
    """Return one checked entry a group.

    Args:
        query: Who asks.
        candidates: What is ranked.
        scores: What the features say of it.
        check: The rules that apply.
        echoes: What is known of documents that repeat older ones, by key.
    """
    documents, totals = candidates.documents, scores.totals.tolist()
    cautions = [cautions_of(d, echoes.get(d.id)) for d in documents]
    doubted = {n for n, cautions_there in enumerate(cautions) if cautions_there}
    found: list[Found] = []
    for members in group_rows(documents, totals, doubted).values():
        first, counted = members[0], _counted(members, candidates, doubted)
        rules = check(documents[first])
        entry = Entry(
            row=int(candidates.rows[first]),
            document=documents[first],
            score=group_score(totals, counted),
            coverage=float(scores.coverage[first]),
            others=tuple(documents[m].id for m in members[1:]),
            rules=rules,
            outcome=worst_must(rules),
            cautions=cautions[first],
        )
        found.append(Found(entry, query, scores, first, second_part(totals, counted)))
    return found


def _counted(members: Sequence[int], candidates: Candidates, doubted: Set[int]) -> list[int]:
    """Return the best document of a group and the next that says something else, if any.

    A capability entered twice is one capability, and one that is not taken at its word is none.
    """
    first, documents = members[0], candidates.documents
    for member in members[1:]:
        if member in doubted:
            break
        fulls = [candidates.view.embedding(int(candidates.rows[n])).full for n in (first, member)]
        if not is_copy(documents[first], documents[member], float(fulls[0] @ fulls[1])):
            return [first, member]
    return [first]
