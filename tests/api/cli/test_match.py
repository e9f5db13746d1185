import json
from pathlib import Path

import pytest

from api.cli.app import run
from api.cli.installation import Installation
from api.settings import Settings
from indexer.encoder import HashEncoder
from tests.api.exchange.conftest import CAPABILITY, DEMAND, PROVIDER, lines


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with two providers, two demands and a case."""
    folder = tmp_path_factory.mktemp("stocked")
    made = Installation(Settings(data_dir=folder / "data"), lambda _: HashEncoder())
    other = {
        **CAPABILITY,
        "title": "[/b]区域产业规划导航 :smile:",
        "description": "为开发区编制产业规划。" * 4,
    }
    providers = lines(
        folder / "p.jsonl",
        {**PROVIDER, "source_ref": "p-1", "capabilities": [CAPABILITY]},
        {**PROVIDER, "name": "另一家咨询公司", "capabilities": [other]},
    )
    stored = {**DEMAND, "source_ref": "d-1", "scenario_tags": ["ENT.RISK"], "publish": True}
    named = {**DEMAND, "title": "办公楼保洁服务采购", "source_ref": "d-2"}
    foreign = {**named, "scenario_tags": ["OTH"], "publish": True}
    demands = lines(folder / "d.jsonl", stored, foreign)
    assert run(["import", str(providers), "--kind", "providers", "--commit"], made) == 0
    assert run(["import", str(demands), "--kind", "demands", "--commit"], made) == 0
    return made


def test_match_demand_prints_ranked_table(
    stocked: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["match", "--demand", "d-1"], stocked) == 0
    page = capsys.readouterr().out
    assert page.index(PROVIDER["name"][:6]) < page.index("另一家咨询公司")
    assert "主要理由" in page
    assert ":smile:" in page.replace("\n", "")


def test_match_demand_out_of_scope_says_so(
    stocked: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["match", "--demand", "d-2"], stocked) == 0
    assert "不属于专利导航" in capsys.readouterr().err


def test_match_text_writes_whole_answer(stocked: Installation, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    words = ["match", "--text", DEMAND["description"], "--title", DEMAND["title"], "--k", "1"]
    assert run([*words, "--json", str(target)], stocked) == 0
    answer = json.loads(target.read_text("utf-8"))
    (found,) = answer["matches"]
    assert found["organisation"]["name"] == PROVIDER["name"]
    assert sum(part["contribution"] for part in found["parts"]) == pytest.approx(found["score"])


@pytest.mark.parametrize("direction", ["d2d", "d2c", "p2d", "p2c"])
def test_match_other_directions_answer(stocked: Installation, direction: str) -> None:
    who = ["--demand", "d-1"] if direction.startswith("d") else ["--provider", "p-1"]
    assert run(["match", *who, "--direction", direction], stocked) == 0


def test_match_all_answers_every_demand_and_reports(
    stocked: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out.jsonl"
    assert run(["match", "--all", "--json", str(target)], stocked) == 0
    answers = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    page = capsys.readouterr().out
    assert [answer["is_navigation"] for answer in answers] == [True, False]
    assert [len(answer["matches"]) for answer in answers] == [2, 0]
    assert [answer["no_good_match"] for answer in answers] == [None, "out_of_scope"]
    assert "1 条，占 50.0%" in page
    assert "MiB" in page


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "恰好选一个"),
        (["--all", "--text", "x"], "恰好选一个"),
        (["--all", "--direction", "p2d"], "方向只能是"),
        (["--demand", "d-9"], "没有编号为 d-9 的需求"),
        (["--provider", "p-9", "--direction", "p2d"], "没有编号为 p-9 的服务机构"),
        (["--text", "x"], "text"),
        (["--demand", "d-1", "--k", "51"], "k"),
    ],
)
def test_match_impossible_question_is_refused_with_words(
    stocked: Installation, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["match", *words], stocked) == 1
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert "Traceback" not in captured.err


def test_reindex_says_what_the_index_holds(
    stocked: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["reindex"], stocked) == 0
    assert "服务能力 2 条，需求 1 条，案例 0 条" in capsys.readouterr().err
