"""What a preview says about facts that are not there yet."""

from typing import Any

from api.schemas import examples
from tests.api.conftest import Running

BARE = {"description": "排查功率半导体出口欧洲的专利侵权风险，给出规避设计建议。"}


def effects_of(running: Running, body: dict[str, Any]) -> dict[str, int]:
    preview = running.post("/v1/preview", body, 200)
    assert preview["matches"]
    return {effect["name"]: effect["n_providers"] for effect in preview["effects"]}


def test_preview_counts_who_could_be_checked_once_a_fact_is_added(running: Running) -> None:
    running.provider(region_code="320500", preferences={"budget_min_fen": 10_000_000})
    running.index()

    effects = effects_of(running, BARE)

    assert (effects["budget"], effects["region"]) == (1, 1)


def test_preview_does_not_count_who_never_said_the_like(running: Running) -> None:
    running.provider(region_code="320500", preferences={"period_min_days": 10})
    running.index()

    effects = effects_of(running, BARE)

    assert "budget" not in effects
    assert effects["region"] == 1


def test_preview_counts_nobody_for_a_fact_that_is_there(running: Running) -> None:
    running.provider(preferences={"budget_min_fen": 10_000_000})
    running.index()

    assert "budget" not in effects_of(running, examples.PREVIEW)


def test_preview_without_matches_has_no_effects(running: Running) -> None:
    assert running.post("/v1/preview", {**BARE, "k": 0}, 200)["effects"] == []
