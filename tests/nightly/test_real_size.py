"""Real input at real size: every row is answered and every demand is matched."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.nightly.conftest import ROOT, Command

pytestmark = pytest.mark.nightly

EXAMPLES = ROOT / "examples"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def import_all(navmatch: Command, kind: str, file: Path) -> Counter[str]:
    """Import a file and return how many rows had each outcome."""
    report = file.with_suffix(".report.jsonl")
    navmatch("import", file, "--kind", kind, "--commit", "--report", report)
    answers = lines(report)
    assert len(answers) == len(lines(file))
    refused = [answer for answer in answers if answer["status"] == "refused"]
    assert all(answer["errors"] for answer in refused)
    return Counter(answer["status"] for answer in answers)


def test_real_rows_are_answered_and_demands_matched(
    shared_data: Path, tmp_path: Path, run: Command, navmatch: Command
) -> None:
    providers, demands = tmp_path / "providers.jsonl", tmp_path / "demands.jsonl"
    run(EXAMPLES / "import_companies.py", shared_data / "companies", providers)
    run(EXAMPLES / "import_procurement.py", shared_data / "procurement", demands)
    print("providers", dict(import_all(navmatch, "providers", providers)))
    outcome = import_all(navmatch, "demands", demands)
    print("demands", dict(outcome))
    answers = tmp_path / "answers.jsonl"
    print(navmatch("match", "--all", "--json", answers).stdout)
    assert len(lines(answers)) == outcome["created"] > 0
