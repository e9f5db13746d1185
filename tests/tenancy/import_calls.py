"""Calls about uploaded sheets."""

from models.vocabulary.access import Role
from tests.tenancy.call import Call, Make
from tests.tenancy.caller import Caller
from tests.tenancy.targets import ACTS_AS, told
from tests.tenancy.world import World, absent


def start_import(world: World, caller: Caller, target: str) -> Call:
    world.end_imports()
    return Call("POST", "/v1/imports", query={"kind": "cases"}, content=b"a\n")


def sheet(method: str, suffix: str = "") -> Make:
    """A sheet somebody of an organisation has uploaded."""

    def call(world: World, caller: Caller, target: str) -> Call:
        if target == "absent":
            return Call(method, f"/v1/imports/{absent('im')}{suffix}")
        role = ACTS_AS.get(caller.letter, Role.OPERATOR)
        key = world.upload(told(world, caller, target), role)
        return Call(method, f"/v1/imports/{key}{suffix}")

    return call
