from pathlib import Path

import pytest

from bench.quality import sets
from matcher.evaluate import _rows

ASKED = {"scenarios": ["ENT.RISK"], "topic": "氮化镓"}
RELATED = {"氮化镓": {"碳化硅"}}


@pytest.mark.parametrize(
    ("scenarios", "topics", "is_open", "grade"),
    [
        (["ENT.RISK"], ["氮化镓"], False, 3),
        (["ENT.RISK"], ["碳化硅"], False, 2),
        (["ENT.RISK"], [], True, 2),
        (["ENT.PORT"], ["氮化镓"], False, 2),
        (["IND.PATH"], ["氮化镓"], False, 1),
        (["ENT.RISK"], ["育种"], False, 0),
        (["IND.PATH"], ["碳化硅"], True, 0),
    ],
)
def test_grade_follows_from_purpose_and_topic(
    scenarios: list[str], topics: list[str], is_open: bool, grade: int
) -> None:
    offered = {"scenarios": scenarios, "topics": topics, "any_industry": is_open}
    assert sets.grade_of(ASKED, offered, RELATED) == grade


def test_demonstration_data_is_a_collection(tmp_path: Path) -> None:
    sets.write_demo(tmp_path)
    documents = {row["group"] for row in _rows(tmp_path / "documents.jsonl")}
    queries = {row["id"] for row in _rows(tmp_path / "queries.dev.jsonl")}
    judged = [line.split() for line in (tmp_path / "qrels.dev.trec").read_text().splitlines()]
    assert len(queries) > 100
    assert {row[0] for row in judged} <= queries
    assert {row[2] for row in judged} <= documents
    assert {row[3] for row in judged} == {"1", "2", "3"}


def test_set_whose_data_is_not_there_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAVMATCH_SHARED_DATA", str(tmp_path))
    assert sets.prepare("bdci2019") is None
