"""What a request names besides the row it is about: in bodies, filters and cursors."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest

from api.schemas import examples
from models.case import Case
from models.demand import Demand
from models.vocabulary.access import Role
from models.vocabulary.demand import DemandState
from models.vocabulary.organisation import CaseState
from tests.tenancy.call import Call, NoCellError
from tests.tenancy.caller import Caller
from tests.tenancy.targets import base, case, demand, provider
from tests.tenancy.tenants import HIDDEN, OTHER
from tests.tenancy.test_matrix import Asking, asking  # noqa: F401 - the fixture
from tests.tenancy.world import World, absent

TARGETS: Final = ("own", "visible", "hidden", "deleted", "absent")

Body = Callable[[World, Caller, str], Any]


@dataclass(frozen=True)
class Reference:
    """A field that names a row.

    Attributes:
        path: Where it is sent.
        who: Letters of those who may send it at all.
        body: What is sent, with the row it names.
        answers: Status by target for members; for an operator every row there is, is their own.
        ok: Status of success.
    """

    path: str
    who: frozenset[str]
    body: Body
    answers: Mapping[str, int]
    ok: int = 201


def _fields(ok: int, visible: int) -> dict[str, int]:
    """What is hidden is as unknown as what is not there."""
    return {"own": ok, "visible": visible, "hidden": 422, "deleted": 422, "absent": 422}


def _posted(world: World, caller: Caller, target: str) -> Any:
    return {
        **examples.DEMAND,
        "scenario_tags": ["ENT.RISK"],
        "visibility": "private",
        "base_id": base(world, caller, target),
    }


def _case_of_provider(world: World, caller: Caller, target: str) -> Any:
    if caller.provider is None:
        raise NoCellError
    key = provider(world, caller, target)
    return {**examples.CASE, "provider_id": key, "visibility": "private"}


def _case_of_base(world: World, caller: Caller, target: str) -> Any:
    if caller.base is None:
        raise NoCellError
    return {**examples.CASE, "base_id": base(world, caller, target), "visibility": "private"}


def _question(direction: str, row: Callable[[World, Caller, str], str]) -> Body:
    return lambda world, caller, target: {
        "queries": {"q": {"direction": direction, "id": row(world, caller, target)}}
    }


def _demand_row(world: World, caller: Caller, target: str) -> str:
    return demand(world, caller, target, DemandState.PUBLISHED)


def _account(body: Mapping[str, Any]) -> Body:
    def make(world: World, caller: Caller, target: str) -> Any:
        if target == "deleted":
            raise NoCellError
        is_provider = caller.letter in "Pp"
        tenants = world.providers if is_provider else world.bases
        own = (caller.provider if is_provider else caller.base) or 0
        number = {"own": own, "visible": OTHER, "hidden": HIDDEN}.get(target)
        key = absent("og") if number is None else tenants[number].organisation_id
        fresh = {"login": absent("us")[3:]} if "login" in body else {"name": absent("ak")[3:]}
        roles = {"role": "provider_staff" if is_provider else "base_staff"}
        return {**body, **fresh, **(roles if "role" in body else {}), "organisation_id": key}

    return make


_NOT_THERE: Final = {"own": 201, "visible": 404, "hidden": 404, "absent": 404}
_ASKED: Final = {"own": 200, "visible": 403, "hidden": 404, "deleted": 404, "absent": 404}

REFERENCES: Final[Mapping[str, Reference]] = {
    "base of a demand": Reference("/v1/demands", frozenset("BbGO"), _posted, _fields(201, 403)),
    "provider of a case": Reference(
        "/v1/cases", frozenset("PpGO"), _case_of_provider, _fields(201, 403)
    ),
    "base of a case": Reference("/v1/cases", frozenset("BbGO"), _case_of_base, _fields(201, 403)),
    "demand that asks": Reference(
        "/v1/match", frozenset("BbGO"), _question("d2p", _demand_row), _ASKED, 200
    ),
    "provider that asks": Reference(
        "/v1/match", frozenset("PpGO"), _question("p2d", provider), _ASKED, 200
    ),
    "organisation of a person": Reference(
        "/v1/people",
        frozenset("PBGO"),
        _account({"login": "", "name": "示例人员", "role": ""}),
        _NOT_THERE,
    ),
    "organisation of a key": Reference(
        "/v1/keys", frozenset("PBGO"), _account({"role": ""}), _NOT_THERE
    ),
    "organisation of a token": Reference(
        "/v1/widget-tokens",
        frozenset("PBGO"),
        _account({"origins": ["https://www.example.org"]}),
        _NOT_THERE,
    ),
}


def cells(world: World, reference: Reference) -> Iterator[tuple[Caller, str, Call]]:
    for caller in world.callers:
        if caller.letter not in reference.who or caller.credential != "good":
            continue
        for target in TARGETS:
            try:
                body = reference.body(world, caller, target)
            except NoCellError:
                continue
            yield caller, target, Call("POST", reference.path, body)


def wanted(reference: Reference, caller: Caller, target: str) -> int:
    if caller.letter == "O" and target in ("visible", "hidden"):
        return reference.ok
    return reference.answers[target]


@pytest.mark.parametrize("name", REFERENCES)
def test_reference_is_answered_as_declared(
    world: World,
    asking: Asking,  # noqa: F811 - the fixture
    name: str,
) -> None:
    reference = REFERENCES[name]
    wrong = []
    for caller, target, call in cells(world, reference):
        reply = asking.ask(caller, call)
        status = reply.status_code
        if reference.path == "/v1/match" and status == 200:
            status = reply.json()["responses"]["q"]["status"]
        if status != wanted(reference, caller, target):
            wrong.append((caller.name, target, wanted(reference, caller, target), reply.text[:200]))
    assert wrong == []


@pytest.mark.parametrize("path", ["/v1/demands", "/v1/cases", "/v1/providers", "/v1/bases"])
def test_cursor_of_a_hidden_row_opens_nothing(
    world: World,
    asking: Asking,  # noqa: F811
    path: str,
) -> None:
    hidden = {
        "/v1/demands": world.fresh(Demand, HIDDEN, state=DemandState.PUBLISHED),
        "/v1/cases": world.fresh(Case, HIDDEN, state=CaseState.PUBLISHED),
        "/v1/providers": world.providers[HIDDEN].id,
        "/v1/bases": world.bases[HIDDEN].id,
    }[path]
    for caller in world.callers:
        if caller.letter == "O" or caller.credential in ("expired", "revoked"):
            continue
        reply = asking.ask(caller, Call("GET", path, None, {"cursor": hidden, "limit": 50}))
        assert reply.status_code == 200
        assert hidden not in {item["id"] for item in reply.json()["items"]}


def test_case_of_another_backs_no_capability(
    world: World,
    asking: Asking,  # noqa: F811
) -> None:
    caller = next(c for c in world.callers if c.letter == "P")
    foreign = case(world, caller, "visible", CaseState.PUBLISHED)
    own = case(world, caller, "own", CaseState.PUBLISHED)
    path = f"/v1/providers/{world.providers[0].id}/capabilities"
    for key, status in ((foreign, 422), (own, 201)):
        body = {**examples.CAPABILITY, "case_ids": [key]}
        assert asking.ask(caller, Call("POST", path, body)).status_code == status


def test_role_above_ones_own_is_never_given(
    world: World,
    asking: Asking,  # noqa: F811
) -> None:
    for caller in world.callers:
        if caller.letter not in "PBG" or caller.credential != "good":
            continue
        for role in (Role.OPERATOR, Role.REGIONAL_OPERATOR, Role.SYSTEM, Role.ANONYMOUS):
            body = {"login": absent("us")[3:], "name": "示例", "role": role.value}
            if role is Role.REGIONAL_OPERATOR:
                body["region_code"] = "440000"
            reply = asking.ask(caller, Call("POST", "/v1/people", body))
            assert reply.status_code == 403, (caller.name, role)
