import asyncio

from models.occasion import NO_OCCASION, Occasion, current_occasion, during, name_act


def test_occasion_is_known_inside_only() -> None:
    with during(Occasion("match", "r-1", "203.0.113.0")):
        assert current_occasion().request_id == "r-1"
    assert current_occasion() == NO_OCCASION


def test_act_named_in_another_task_is_heard_outside() -> None:
    async def route() -> None:
        name_act("create_demand")

    async def serve() -> Occasion:
        with during(Occasion("unrouted", "r-1")):
            await asyncio.create_task(route())
            return current_occasion()

    assert asyncio.run(serve()) == Occasion("create_demand", "r-1")


def test_inner_occasion_hides_the_outer_one() -> None:
    with during(Occasion("outer")):
        with during(Occasion("inner")):
            name_act("named")
            assert current_occasion().act == "named"
        assert current_occasion().act == "outer"


def test_naming_outside_an_occasion_changes_nothing() -> None:
    name_act("anything")
    assert current_occasion() == NO_OCCASION
