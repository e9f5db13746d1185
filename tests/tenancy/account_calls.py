"""Calls about accounts, keys, tokens, and what an organisation is told."""

from collections.abc import Callable, Mapping
from typing import Any

from models.vocabulary.access import Role
from tests.tenancy.call import Call, Make, NoCellError
from tests.tenancy.caller import Caller
from tests.tenancy.targets import organisation, told
from tests.tenancy.world import World, absent


def _role(caller: Caller, organisation_id: str | None, target: str) -> Role:
    """Of an account or key: one the caller may give, or one they may not."""
    if organisation_id is None:
        return Role.OPERATOR
    of_providers = caller.letter in "Pp"
    if target != "beyond":
        return Role.PROVIDER_STAFF if of_providers else Role.BASE_STAFF
    if caller.letter in "GO":  # they may give every role an organisation has
        raise NoCellError
    return Role.BASE_ADMIN if of_providers else Role.PROVIDER_ADMIN


def people(path: str) -> Make:
    def make(world: World, caller: Caller, target: str) -> Call:
        if target == "absent":
            return Call("POST", path.format(absent("us")))
        organisation_id = organisation(world, caller, target)
        role = _role(caller, organisation_id, target)
        return Call("POST", path.format(world.person(organisation_id, role)))

    return make


def keys(method: str, path: str, body: Any = None) -> Make:
    def make(world: World, caller: Caller, target: str) -> Call:
        if target == "absent":
            return Call(method, path.format(absent("ak")), body)
        organisation_id = organisation(world, caller, target)
        role = _role(caller, organisation_id, target)
        return Call(method, path.format(world.key(organisation_id, role)), body)

    return make


def tokens(method: str, path: str) -> Make:
    def make(world: World, caller: Caller, target: str) -> Call:
        gone = target == "absent"
        key = absent("wt") if gone else world.token(organisation(world, caller, target))
        return Call(method, path.format(key))

    return make


def grant(path: str, body: Mapping[str, Any]) -> Make:
    """Something given for one's own organisation."""

    def make(world: World, caller: Caller, target: str) -> Call:
        role = {"P": "provider_staff", "O": "operator"}.get(caller.letter, "base_staff")
        organisation_id = world.bases[0].organisation_id if caller.letter == "G" else None
        more = {"login": absent("us")[3:]} if "login" in body else {"name": absent("ak")[3:]}
        roles = {"role": role} if "role" in body else {}
        return Call("POST", path, {**body, **more, **roles, "organisation_id": organisation_id})

    return make


def sign_out(world: World, caller: Caller, target: str) -> Call:
    """Somebody signed in ends a stay of its own: the others go on asking with theirs."""
    headers = world.signed_in(caller.person_id) if caller.person_id else {}
    return Call("DELETE", "/v1/session", headers=headers)


def of_organisation(
    method: str, path: str, prefix: str, make: Callable[[World, str | None], str]
) -> Make:
    """Something that is told an organisation, or the operators."""

    def call(world: World, caller: Caller, target: str) -> Call:
        if target == "absent":
            return Call(method, path.format(absent(prefix)))
        return Call(method, path.format(make(world, told(world, caller, target))))

    return call
