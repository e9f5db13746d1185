"""Lists that are asked for one's own rows hold no others'."""

import pytest

from models.demand import Demand
from models.provider import Provider
from models.vocabulary.access import Visibility
from models.vocabulary.demand import DemandState
from tests.tenancy.call import Call
from tests.tenancy.test_matrix import Asking, asking  # noqa: F401 - the fixture
from tests.tenancy.world import World

KINDS = {"demands": (Demand, "base admin"), "providers": (Provider, "provider admin")}


@pytest.mark.parametrize("kind", KINDS)
def test_own_rows_are_those_of_the_callers_organisation(
    world: World,
    asking: Asking,  # noqa: F811 - the fixture
    kind: str,
) -> None:
    table, name = KINDS[kind]
    (caller,) = (caller for caller in world.callers if caller.name == name)
    for owner in (0, 1):
        world.fresh(Demand, owner, visibility=Visibility.PLATFORM, state=DemandState.PUBLISHED)
    query = {"limit": "50"}

    everything = asking.ask(caller, Call("GET", f"/v1/{kind}", query=query)).json()
    own = asking.ask(caller, Call("GET", f"/v1/{kind}", query={**query, "own": "true"})).json()

    owners = {}
    with world.writing() as session:
        for row in everything["items"]:
            found = session.get(table, row["id"])
            assert found is not None
            owners[row["id"]] = found.owner_id
    organisations = {
        "demands": world.bases[0].organisation_id,
        "providers": world.providers[0].organisation_id,
    }
    wanted = {key for key, owner in owners.items() if owner == organisations[kind]}
    assert {row["id"] for row in own["items"]} == wanted
    assert 0 < len(wanted) < len(owners)
