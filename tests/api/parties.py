"""A base, a provider and a recipient, each with a key of its own, around one demand."""

from dataclasses import dataclass
from typing import Any

from httpx2 import Response

from api.schemas import examples
from models.vocabulary.access import Role
from tests.api.conftest import Running
from tests.credentials import bearer, make_key


@dataclass(frozen=True)
class Party:
    """Somebody who asks and acts."""

    running: Running
    headers: dict[str, str]
    organisation_id: str | None = None

    def send(self, method: str, path: str, body: Any = None, **query: Any) -> Response:
        """The reply to a request of theirs."""
        return self.running.client.request(
            method, path, json=body, params=query, headers=self.headers
        )

    def get(self, path: str, status: int = 200, /, **query: Any) -> Any:
        """What they are answered."""
        reply = self.send("GET", path, **query)
        assert reply.status_code == status, reply.text
        return reply.json()

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        """What they are answered."""
        reply = self.send("POST", path, body)
        assert reply.status_code == status, reply.text
        return reply.json()

    def texts(self) -> list[str]:
        """What they were told, the newest first."""
        return [item["text"] for item in self.get("/v1/notifications")["items"]]


@dataclass(frozen=True)
class Parties:
    """Everybody around a demand."""

    base: Party
    provider: Party
    other: Party
    recipient: Party
    operator: Party
    demand_id: str
    provider_id: str
    other_id: str

    def begin(self, party: Party, act: str, status: int = 201, **more: Any) -> Any:
        """One act of a party on the demand and the provider."""
        body = {"demand_id": self.demand_id, "provider_id": self.provider_id, "act": act, **more}
        return party.post("/v1/interactions", body, status)

    def act(self, party: Party, seen: Any, act: str, status: int = 200, **more: Any) -> Any:
        """One further act in an interaction as somebody saw it."""
        body = {"act": act, "version": seen["version"], **more}
        return party.post(f"/v1/interactions/{seen['id']}/acts", body, status)


def gather(running: Running, **demand: Any) -> Parties:
    """Everybody, with rows of their own; the demand is published."""
    base = running.post("/v1/bases", examples.BASE)
    provider = running.provider()
    other = running.provider(name="无锡另一家咨询有限公司")
    recipient = running.post("/v1/organisations", examples.ORGANISATION)
    made = running.demand(base_id=base["id"], recipient_id=recipient["id"], **demand)
    return Parties(
        base=party(running, Role.BASE_ADMIN, base["organisation_id"]),
        provider=party(running, Role.PROVIDER_ADMIN, provider["organisation_id"]),
        other=party(running, Role.PROVIDER_ADMIN, other["organisation_id"]),
        recipient=party(running, Role.RECIPIENT, recipient["id"]),
        operator=Party(running, dict(running.client.headers)),
        demand_id=made["id"],
        provider_id=provider["id"],
        other_id=other["id"],
    )


def party(running: Running, role: Role, organisation_id: str | None, **columns: Any) -> Party:
    """Somebody with a fresh key."""
    key = make_key(running.service.database, role, organisation_id, **columns)
    return Party(running, bearer(key), organisation_id)
