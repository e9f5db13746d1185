"""F1 in short: every attack on a small set with an encoder of hashes; the real one at night."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bench.quality.compare import open_set
from bench.quality.sets import LabelledSet
from bench.quality.systems import Opened
from bench.quality.vectors import RememberingEncoder
from indexer.encoder import HashEncoder
from tests.factories import SUBJECTS, WORKS
from tests.fairness.attacks import ATTACKS
from tests.fairness.poison import Outcome, false_flags, poison

ASKS: str = (
    "我们想做{subject}，希望找一家机构{work}。要求三个月内完成，预算二十万元以内，"
    "提交报告和清单，董事会据此决定是否立项，请推荐有经验的团队。"
)
OFFERS: str = (
    "面向{subject}，{work}。由{n}人团队承担，逐件核对权利要求，附依据清单，按约定日期交付。"
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    folder = tmp_path_factory.mktemp("set")
    pairs = [(subject, work) for subject in SUBJECTS for _, work in WORKS]
    documents, queries, grades = [], [], []
    for n, (subject, work) in enumerate(pairs):
        offer = OFFERS.format(subject=subject, work=work, n=n + 3)
        title = f"{subject}专利服务"
        documents.append({"id": f"cp-{n:03}", "title": title, "text": offer, "group": f"g{n:03}"})
        if n % 2 == 0:
            asked = ASKS.format(subject=subject, work=work)
            queries.append({"id": f"dm-{n:03}", "title": f"{subject}专利需求", "text": asked})
            right = [m for m, (other, _) in enumerate(pairs) if other == subject]
            grades += [f"dm-{n:03} 0 g{m:03} 3\n" for m in right]
    for name, rows in (("documents", documents), ("queries.dev", queries)):
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text("".join(lines), "utf-8")
    (folder / "qrels.dev.trec").write_text("".join(grades), "utf-8")
    encoder = RememberingEncoder(HashEncoder(), tmp_path_factory.mktemp("vectors"))
    yield open_set(LabelledSet("small", folder, "dev", None, ()), "dev", encoder)
    encoder.close()


@pytest.fixture(scope="module")
def outcomes(opened: Opened) -> dict[str, Outcome]:
    wanted = ("honest", "stuffing_x5", "echo_of_each", "sybils_20", "own_copies", "repeated")
    return {o.attack: o for o in poison(opened, 0, {name: ATTACKS[name] for name in wanted})}


def test_no_attacker_stands_twice_among_the_first_five(outcomes: dict[str, Outcome]) -> None:
    assert {name: o.most_in_top_5 for name, o in outcomes.items() if o.most_in_top_5 > 1} == {}


def test_no_attack_takes_first_places(outcomes: dict[str, Outcome]) -> None:
    assert {name: o.top_1 for name, o in outcomes.items() if o.top_1 > 0.02} == {}


def test_attacks_are_seen_through_and_honest_texts_are_not(
    opened: Opened, outcomes: dict[str, Outcome]
) -> None:
    assert {o.flagged for name, o in outcomes.items() if name != "honest"} == {1.0}
    assert outcomes["honest"].flagged == 0
    assert false_flags(opened) == 0


def test_missed_goal_is_said(outcomes: dict[str, Outcome]) -> None:
    bad = replace(outcomes["stuffing_x5"], top_1=0.5, flagged=0.1, most_in_top_5=3, lost=0.2)
    assert len(bad.misses()) == 4
    assert outcomes["honest"].misses() == []


def test_ranker_without_defences_is_found_out(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matcher.groups.cautions_of", lambda *_, **__: ())
    (echo,) = poison(opened, 0, {"echo_of_each": ATTACKS["echo_of_each"]})
    assert echo.top_1 > 0.5
    assert echo.misses()
