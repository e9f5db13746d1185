"""An organisation that is renamed or moves: what is its own follows it."""

from typing import Any

import pytest
from sqlalchemy import select

from api.schemas import examples
from models.import_job import ImportJob
from models.interaction import Interaction
from models.invitation import Invitation
from models.match_run import MatchRun
from models.subscription import Subscription
from models.verification import row_faults
from models.vocabulary.access import Role
from models.vocabulary.notification import SubscriptionKind
from models.vocabulary.row import Entity
from tests.api.conftest import Running
from tests.api.parties import Parties, Party, gather, party

PATH = "/v1/organisations"
CODE, OTHER_CODE = "91320200MA2DEM0X0D", "91320500MA2DEM0X10"
NAME = "苏州Patent知识产权咨询有限公司"
ALIKE = "苏州Pаtent知识产权咨询有限公司"
"""The same to look at: one letter is Cyrillic."""


@pytest.fixture
def parties(running: Running) -> Parties:
    return gather(running)


def stored(parties: Parties, organisation_id: str | None) -> dict[str, Any]:
    items = parties.operator.get(PATH, limit=50)["items"]
    found: dict[str, Any] = next(item for item in items if item["id"] == organisation_id)
    return found


def test_what_belongs_to_an_organisation_follows_its_new_name(parties: Parties) -> None:
    before = stored(parties, parties.base.organisation_id)
    change = {"version": before["version"], "name": "更名后的服务基地", "region_code": "440300"}

    renamed = parties.operator.send("PATCH", f"{PATH}/{before['id']}", change).json()

    assert (renamed["name"], renamed["region_name"]) == ("更名后的服务基地", "广东省深圳市")
    assert renamed["version"] == before["version"] + 1
    assert renamed["org_type"] == before["org_type"]
    bases = parties.provider.get("/v1/bases", text="更名后的")["items"]
    assert [base["organisation_id"] for base in bases] == [before["id"]]
    stale = parties.operator.send("PATCH", f"{PATH}/{before['id']}", change)
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")


def test_dealings_follow_an_organisation_to_another_region(
    running: Running, parties: Parties
) -> None:
    seen = parties.begin(parties.base, "invite")
    kept = keep_what_it_had(running, parties)
    before, after = (
        party(running, Role.REGIONAL_OPERATOR, None, region_code=area)
        for area in ("320000", "440000")
    )
    paths = [f"/v1/interactions/{seen['id']}", f"/v1/match-runs/{kept.id}"]
    assert [before.send("GET", path).status_code for path in paths] == [200, 200]
    assert [after.send("GET", path).status_code for path in paths] == [404, 404]

    change = {"version": 1, "region_code": "440300"}
    moved = parties.operator.send("PATCH", f"{PATH}/{parties.base.organisation_id}", change)

    assert moved.status_code == 200, moved.text
    assert [before.send("GET", path).status_code for path in paths] == [404, 404]
    told = after.get(paths[0])
    assert (told["my_side"], [event["act"] for event in told["events"]]) == ("platform", ["invite"])
    assert after.get(paths[1])["id"] == kept.id
    assert parties.provider.get(paths[0])["my_side"] == "provider"
    assert regions_of(running, parties.base.organisation_id) == {"440300"}


def keep_what_it_had(running: Running, parties: Parties) -> MatchRun:
    """A subscription, a sheet and an invitation of the base; returns a ranking it was shown."""
    owner = {"owner_id": parties.base.organisation_id, "owner_region": "320500"}
    running.index()
    answer = parties.base.get(f"/v1/demands/{parties.demand_id}/matches")
    running.service.runs.flush()
    with running.service.database.write() as session:
        session.add(ImportJob(role=Role.BASE_ADMIN, kind="demand", name="需求.xlsx", **owner))
        session.add(
            Subscription(
                organisation_id=owner["owner_id"],
                region_code=owner["owner_region"],
                role=Role.BASE_ADMIN,
                name="同省的需求",
                kind=SubscriptionKind.SAVED_SEARCH,
                entity=Entity.DEMAND,
                feed_hash="0" * 64,
            )
        )
        return session.get_one(MatchRun, answer["run_id"])


def regions_of(running: Running, organisation_id: str | None) -> set[str | None]:
    """Where the dealings of an organisation say it is; there are some of every kind, all sealed."""
    found: set[str | None] = set()
    with running.service.database.read() as session:
        for table in (Interaction, Invitation, MatchRun, ImportJob):
            wanted = select(table.owner_region).where(table.owner_id == organisation_id)
            regions = session.scalars(wanted).all()
            assert regions, table
            found.update(regions)
        wanted = select(Subscription.region_code).where(
            Subscription.organisation_id == organisation_id
        )
        found.add(session.scalars(wanted).one())
        assert list(row_faults(session)) == []
    return found


def test_name_or_code_of_another_organisation_is_refused(parties: Parties) -> None:
    recipient = stored(parties, parties.recipient.organisation_id)
    base = stored(parties, parties.base.organisation_id)
    path = f"{PATH}/{recipient['id']}"

    taken = parties.operator.send("PATCH", path, {"version": 1, "name": base["name"]})
    wrong = parties.operator.send("PATCH", path, {"version": 1, "uscc": "91320200MA2DEM0X00"})
    empty = parties.operator.send("PATCH", path, {"version": 1, "name": None})
    same = parties.operator.send("PATCH", path, {"version": 1, "name": recipient["name"]})

    assert [reply.status_code for reply in (taken, wrong, empty, same)] == [409, 422, 422, 200]
    assert [error["field"] for error in wrong.json()["errors"]] == ["uscc"]


def test_name_or_code_of_an_organisation_one_does_not_see_is_refused(
    running: Running, parties: Parties
) -> None:
    official = party(running, Role.REGIONAL_OPERATOR, None, region_code="440000")
    name = examples.ORGANISATION["name"]
    hidden = running.post(PATH, {"name": NAME, "org_type": "enterprise", "uscc": CODE})
    seen = [item["name"] for item in official.get(PATH, limit=50)["items"]]
    assert not {name, NAME} & set(seen)
    body = {"name": "深圳示例企业", "org_type": "enterprise", "region_code": "440300"}
    made = official.post(PATH, body)

    change = f"{PATH}/{made['id']}"
    answers = [
        official.send("POST", PATH, {**body, "name": name}),
        official.send("PATCH", change, {"version": 1, "name": name}),
        official.send("POST", PATH, {**body, "name": ALIKE}),
        official.send("PATCH", change, {"version": 1, "name": ALIKE}),
        official.send("PATCH", change, {"version": 1, "uscc": CODE}),
        official.send(
            "POST", "/v1/providers", {**examples.PROVIDER, "region_code": "440300", "name": name}
        ),
    ]

    assert [answer.status_code for answer in answers] == [409] * 6
    assert hidden["id"] not in "".join(answer.text for answer in answers)
    found = parties.base.get("/v1/recipients", name=name)["items"]
    assert [item["id"] for item in found] == [parties.recipient.organisation_id]


def test_taking_away_the_code_that_tells_two_names_apart_is_refused(parties: Parties) -> None:
    operator = parties.operator
    body = {"name": NAME, "org_type": "enterprise", "uscc": CODE}
    operator.post(PATH, body)
    twin = operator.post(PATH, {**body, "name": "无锡示例材料有限公司", "uscc": OTHER_CODE})
    path = f"{PATH}/{twin['id']}"

    both = operator.send("PATCH", path, {"version": 1, "name": ALIKE, "uscc": None})
    renamed = operator.send("PATCH", path, {"version": 1, "name": ALIKE})
    bare = operator.send("PATCH", path, {"version": 2, "uscc": None})
    back = operator.send("PATCH", path, {"version": 2, "name": body["name"] + "无锡分公司"})
    freed = operator.send("PATCH", path, {"version": 3, "uscc": None})

    answers = (both, renamed, bare, back, freed)
    assert [answer.status_code for answer in answers] == [409, 200, 409, 200, 200]
    assert "几乎相同" in bare.json()["detail"]


def test_organisation_elsewhere_is_not_there_for_a_regional_operator(
    running: Running, parties: Parties
) -> None:
    official = party(running, Role.REGIONAL_OPERATOR, None, region_code="440000")
    path = f"{PATH}/{parties.recipient.organisation_id}"

    answers = [
        who.send("PATCH", path, examples.ORGANISATION_CHANGE)
        for who in (official, *members(parties))
    ]

    assert [answer.status_code for answer in answers] == [404, 403, 403, 403]


def members(parties: Parties) -> tuple[Party, ...]:
    return parties.base, parties.provider, parties.recipient
