"""Calls about the taxonomy."""

from string import ascii_uppercase
from typing import Final

from api.schemas import examples
from models.taxonomy import Scenario
from models.viewer import acting_as, system
from tests.tenancy.call import Call
from tests.tenancy.caller import Caller
from tests.tenancy.world import World

_NAMES: Final = [f"X{a}{b}" for a in ascii_uppercase for b in ascii_uppercase]
WORDING: Final = {name: v for name, v in examples.SCENARIO.items() if name != "code"}


def _free_code(world: World) -> str:
    """A scenario code nobody has added yet."""
    taken = world.service.vocabularies.scenarios
    return next(code for code in map("ENT.{}".format, _NAMES) if taken.get(code) is None)


def add_scenario(world: World, caller: Caller, target: str) -> Call:
    body = {**examples.SCENARIO, "code": _free_code(world)}
    return Call("POST", "/v1/taxonomy/scenarios", body)


def retire_scenario(world: World, caller: Caller, target: str) -> Call:
    code = _free_code(world)
    with acting_as(system("test")):
        world.service.taxonomies.add(Scenario(code, "新场景", "", "定义", "ENT"))
    return Call("POST", f"/v1/taxonomy/scenarios/{code}/retire")


def import_taxonomy(world: World, caller: Caller, target: str) -> Call:
    content = world.service.vocabularies.scenarios.to_json()
    return Call("POST", "/v1/taxonomy/import", {"content": content})


def read_retagging(world: World, caller: Caller, target: str) -> Call:
    with acting_as(system("test")):
        world.service.retagger.begin()
    return Call("GET", "/v1/taxonomy/retagging")
