"""A few whole explanations, word for word, of demonstration texts, as an official reads them.

After a change of wording that is meant, look at the new text, then write it with
`python -m tests.matcher.test_golden`.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from api.demo import load as demo
from api.vocabularies import Vocabularies
from indexer.text import canonicalise
from indexer.types import Document, Profile
from matcher.pipeline import Matcher, MatchRequest
from matcher.types import Explanation, Filters
from models.viewer import system
from models.vocabulary.matching import Direction
from models.vocabulary.row import Entity
from tests.factories import SEGMENTER, TODAY, make_document, make_embedder, make_index

GOLDEN = Path(__file__).parent / "golden" / "explanations.txt"
DEMO = Path(demo.__file__).parent
DEMANDS = 4
PROVIDERS = 12


def _rows(name: str, number: int) -> list[dict[str, object]]:
    lines = (DEMO / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines[:number]]


def _documents() -> Iterator[Document]:
    for row in _rows("providers_a.jsonl", PROVIDERS):
        profile = Profile(str(row["name"]), region_code=str(row["region_code"]), open_slots=1)
        for item in row["capabilities"]:  # type: ignore[attr-defined]
            yield make_document(
                item["key"],
                canonicalise(item["description"]),
                title=canonicalise(item["title"]),
                group_id=row["key"],
                scenarios=tuple((code, 0.9) for code in item["facts"]["scenarios"]),
                region_code=profile.region_code,
                profile=profile,
            )


def _told(explanation: Explanation) -> Iterator[str]:
    yield explanation.summary
    for mark, statements in (
        ("+", explanation.reasons_for),
        ("-", explanation.reasons_against),
        ("?", explanation.unknowns),
    ):
        yield from (f"  {mark} {statement.text}" for statement in statements)


def _page() -> str:
    embedder = make_embedder()
    view = make_index(list(_documents()), embedder)
    matcher = Matcher(embedder, SEGMENTER, Vocabularies.load().match_names(), lambda: TODAY)
    lines: list[str] = []
    for row in _rows("demands_a.jsonl", DEMANDS):
        demand = make_document(
            str(row["key"]),
            canonicalise(str(row["description"])),
            kind=Entity.DEMAND,
            title=canonicalise(str(row["title"])),
            group_id=row["key"],
            scenarios=tuple((code, 0.9) for code in row["facts"]["scenarios"]),  # type: ignore[index]
        )
        filters = Filters(viewer=system("golden"))
        request = MatchRequest(Direction.DEMAND_TO_PROVIDER, k=1, filters=filters)
        for match in matcher.match(demand, view, request).matches:
            assert match.explanation is not None
            lines += [f"{demand.title} → {match.document.title}", *_told(match.explanation), ""]
    return "\n".join(lines)


def test_explanations_read_as_they_did() -> None:
    assert _page() == GOLDEN.read_text("utf-8")


if __name__ == "__main__":
    GOLDEN.write_text(_page(), "utf-8")
