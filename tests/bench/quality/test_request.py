"""What a request costs is told part by part, with what no stage counts."""

import json
from pathlib import Path

import numpy as np

from bench.quality.goals import Goals
from bench.quality.report import Report, write_report
from bench.quality.request import NAMES, RequestCost
from models.stages import Stage


def test_parts_and_whole_are_in_the_report(tmp_path: Path) -> None:
    stages = {stage: np.full(3, 1.0) for stage in Stage}
    stages[Stage.ENCODE] = np.array([20.0, 30.0, 80.0])
    rest = np.array([4.0, 5.0, 6.0])
    total = np.sum(list(stages.values()), axis=0) + rest
    cost = RequestCost(n_texts=7, chars=158, stages=stages, rest=rest, total=total)
    write_report(Report("编码器：散列。", [], cost), Goals("", ()), tmp_path, "quality")
    page = (tmp_path / "quality.md").read_text("utf-8")
    assert "索引里 7 条文本）的 3 条需求" in page
    assert "| 编码 | 30.0 | 75.0 |" in page
    assert "| 收发、鉴权、净化、组织答复 | 5.0 | 5.9 |" in page
    assert "| 合计 | 40.0 | 85.9 |" in page
    kept = json.loads((tmp_path / "quality.json").read_text("utf-8"))["request"]
    assert kept["ms"]["encode"] == [20, 30, 80]


def test_every_stage_has_a_name() -> None:
    assert set(NAMES) == set(Stage)
