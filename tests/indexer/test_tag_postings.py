import numpy as np
import pytest

from indexer.tag_postings import TAG_PARTS, build_tag_postings
from indexer.types import Document
from tests.factories import make_document

DOCUMENTS = [
    make_document("a", scenarios=(("ENT.RISK", 0.8), ("ENT.IPO", 0.4))),
    make_document("b"),
    make_document("c", scenarios=(("IND.PATH", 1.0),), industries=(("1.2", 0.5),)),
]


def nearness(asked: str, offered: str) -> float:
    if asked == offered:
        return 1.0
    return 0.5 if asked.split(".")[0] == offered.split(".")[0] else 0.0


def test_agreement_is_the_best_offer_for_each_code_asked() -> None:
    postings = build_tag_postings(DOCUMENTS, "scenarios")
    met = postings.agreement({"ENT.RISK": 1.0, "IND.PATH": 3.0}, nearness)
    assert met[[0, 2]] == pytest.approx([0.8 / 4, 3.0 / 4])
    assert np.isnan(met[1])


def test_agreement_counts_near_codes_in_part() -> None:
    postings = build_tag_postings(DOCUMENTS, "scenarios")
    assert postings.agreement({"ENT.OTHER": 2.0}, nearness)[0] == pytest.approx(0.4)


def test_agreement_of_all_parts_is_that_of_the_documents() -> None:
    def of_document(document: Document, part: str, asked: dict[str, float]) -> float:
        offered = getattr(document, part)
        if not offered:
            return float("nan")
        met = sum(w * max(nearness(a, o) * c for o, c in offered) for a, w in asked.items())
        return float(met / sum(asked.values()))

    asked = {"ENT.IPO": 0.7, "1.2": 0.2, "IND.PATH": 0.1}
    for part in TAG_PARTS:
        met = build_tag_postings(DOCUMENTS, part).agreement(asked, nearness)
        expected = [of_document(document, part, asked) for document in DOCUMENTS]
        assert met == pytest.approx(expected, nan_ok=True)


def test_postings_without_documents_are_empty() -> None:
    postings = build_tag_postings([], "classes")
    assert postings.by_code == {}
    assert postings.agreement({"A": 1.0}, nearness).tolist() == []
