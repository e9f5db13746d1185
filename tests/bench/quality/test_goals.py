"""The table of goals says what was reached and what was not, and names what was left out."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.quality import __main__ as command
from bench.quality.goals import Goal, Goals, goals_table, verdicts
from bench.quality.measured import Ratio, SetResult, SystemResult
from indexer.encoder import HashEncoder


def _set(right: int, of: int, baseline: int) -> SetResult:
    """A set on which navmatch has some right, and the baseline fewer."""
    systems = [
        SystemResult(name, {"正确率": Ratio.mean_of([n < hits for n in range(of)])}, ms)
        for name, hits, ms in (("navmatch", right, 9.0), ("rrf", baseline, 2.0), ("bm25", 0, 1.0))
    ]
    keys = tuple(str(n) for n in range(of))
    return SetResult("集", "个查询", "不含编码", ("正确率",), keys, tuple(systems))


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        (Goal("集", "正确率", at_least=0.85), "达到"),
        (Goal("集", "正确率", at_least=0.90), "达到；区间下端低于目标"),
        (Goal("集", "正确率", at_least=0.91), "没有达到，差 0.010"),
        (Goal("集", "正确率", above_baseline=0.25), "达到"),
        (Goal("集", "正确率", above_baseline=0.31), "没有达到，差 0.010"),
    ],
)
def test_goal_is_met_or_not(goal: Goal, words: str) -> None:
    goals = Goals("某处", (goal,))
    (verdict,) = verdicts(goals, [_set(900, 1_000, 600)])
    assert verdict.words == words
    table = "\n".join(goals_table(goals, [verdict]))
    assert f"| {words} | 9.0（+7.0），不含编码 |" in table
    assert "| 0.900（0.881 至 0.918） | rrf 0.600 | +0.300" in table


def test_goal_that_was_not_measured_is_named() -> None:
    goals = Goals("某处", (Goal("别处", "mrr", at_least=0.5), Goal("集", "正确率", "另一个")))
    judged = verdicts(goals, [_set(9, 10, 6)])
    assert judged == []
    assert "没有测的目标：别处 的 mrr（navmatch）、集 的 正确率（另一个）" in "\n".join(
        goals_table(goals, judged)
    )


def test_distance_from_no_baseline_is_not_judged() -> None:
    goals = Goals("某处", (Goal("集", "正确率", above_baseline=0.1),))
    alone = _set(9, 10, 6)
    assert verdicts(goals, [replace(alone, systems=alone.systems[:1])]) == []
    assert len(verdicts(goals, [alone])) == 1


def test_goals_of_the_project_are_of_sets_and_systems_there_are() -> None:
    for goal in Goals.load().goals:
        assert goal.set in command.COLLECTIONS
        assert goal.system in command.EVERY_SYSTEM
        assert (goal.at_least is None) == (goal.above_baseline > 0)


def test_set_without_data_is_named_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenarios = tmp_path / "scenarios" / "scenario_dev.jsonl"
    scenarios.parent.mkdir()
    row = {"title": "甲", "text": "想知道谁有专利", "primary": "OTH", "scenarios": ["OTH"]}
    lines = [json.dumps({"id": str(n), **row}, ensure_ascii=False) for n in range(3)]
    scenarios.write_text("\n".join(lines), "utf-8")
    monkeypatch.setenv("NAVMATCH_SHARED_DATA", str(tmp_path))
    monkeypatch.setattr(command, "open_encoder", lambda *_: HashEncoder())
    monkeypatch.setattr(command, "CACHE", tmp_path / "cache")
    asked = ["--collections", "scenarios,products,patents", "--systems", "navmatch,trigger-words"]
    command.main([*asked, "--out", str(tmp_path)])
    page = (tmp_path / "part.md").read_text("utf-8")
    assert "- products：没有这个集的数据" in page
    assert "- patents：没有这个集的数据" in page
    assert "## scenarios（3 段文本）" in page
    assert "| trigger-words |" in page
    assert "products 的 前 1 名含正确" in page
    assert json.loads((tmp_path / "part.json").read_text("utf-8"))["sets"].keys() == {"scenarios"}


def test_unknown_set_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["--collections", "scenarios,elsewhere"])
    assert "没有 elsewhere" in capsys.readouterr().err
