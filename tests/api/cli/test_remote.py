"""`navmatch match --server`: a running service answers, the data of this machine stay closed."""

from pathlib import Path

import pytest

from api.cli.app import run
from api.cli.installation import Installation
from api.settings import Settings
from indexer.encoder import HashEncoder
from tests.api.client.scripted import Answer, Scripted, answering, problem

DEMAND_ID = "dm_01JZX3V8Q4W6T2N9K7M5R1C0BD"
NONE_GOOD = {
    "version": "gen-1.1",
    "degraded": False,
    "direction": "d2p",
    "query": {
        **{"id": DEMAND_ID, "kind": "demand", "title": "出口侵权风险排查", "body": ""},
        **{"tags": [], "region_code": None},
    },
    "matches": [],
    "has_good_match": False,
    "no_good_match": {"reason": "all_weak", "message": "没有达到“一般”的。", "advice": ["改标签"]},
    "n_candidates": 3,
    "n_excluded": 0,
    "weights": {},
    "run_id": None,
}
ANSWERED = Answer(
    200,
    {
        "version": "gen-1.1",
        "responses": {"one": {"status": 200, "answer": NONE_GOOD, "problem": None}},
    },
)


def _match(script: Scripted, folder: Path, *words: str, key: str = "dm_x_y") -> int:
    key_file = folder / "key.txt"
    key_file.write_text(f"{key}\n", "utf-8")
    here = Installation(Settings(data_dir=folder / "never"), lambda _: HashEncoder())
    where = ["--server", script.url, "--key-file", str(key_file)]
    code = run(["match", *words, *where], here)
    assert not (folder / "never").exists()
    return code


def test_text_is_answered_by_the_service(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with answering(ANSWERED) as script:
        assert _match(script, tmp_path, "--text", "出口前排查专利侵权风险") == 0
    assert "改标签" in "".join(capsys.readouterr())
    ((method, path, headers),) = script.asked
    assert (method, path, headers["authorization"]) == ("POST", "/v1/match", "Bearer dm_x_y")


def test_demand_is_found_by_key(tmp_path: Path) -> None:
    with answering(ANSWERED) as script:
        assert _match(script, tmp_path, "--demand", DEMAND_ID) == 0


def test_refused_key_is_a_matter_of_the_setup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with answering(problem(401, "key_ended")) as script:
        assert _match(script, tmp_path, "--demand", DEMAND_ID) == 3
    told = "".join(capsys.readouterr())
    assert "等等。" in told
    assert "dm_x_y" not in told


@pytest.mark.parametrize("words", [["--all"], ["--demand", DEMAND_ID]], ids=["all", "no key"])
def test_what_no_server_can_answer_is_refused(tmp_path: Path, words: list[str]) -> None:
    key = "dm_x_y" if words == ["--all"] else "two words"
    with answering() as script:
        assert _match(script, tmp_path, *words, key=key) == 1
    assert script.asked == []
