"""S9: what is handed out is entered in the audit chain first, or it is not handed out."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from api.policy import POLICY
from api.schemas import examples
from models.failpoints import armed
from tests.api.conftest import Running

CANARY: Final = "鸬鹚"
CONTACT: Final = {"name": f"{CANARY}联系人", "phone": "0512-00000000"}

READS: Final[Mapping[str, str]] = {
    "read_contact": "/v1/contacts/{demand}",
    "export_demands": "/v1/demands/export?format=csv",
    "export_providers": "/v1/providers/export?format=csv",
    "export_cases": "/v1/cases/export?format=csv",
    "export_capabilities": "/v1/providers/{provider}/capabilities/export?format=csv",
    "export_interactions": "/v1/interactions/export?format=csv",
    "export_matches": "/v1/demands/{demand}/matches/export?format=csv&include_weak=true",
    "report_demand": "/v1/demands/{demand}/report?include_weak=true",
    "list_audit": "/v1/audit?limit=50",
}
"""Every operation that changes nothing and is entered, and where it is asked."""

OTHERS: Final = frozenset({"export_taxonomy"})
"""Files that tell of nobody."""


@pytest.fixture
def keys(running: Running) -> dict[str, str]:
    """Rows with the word in them, by kind."""
    demand = running.demand(title=f"{CANARY}器件侵权风险排查")["id"]
    capability = {**examples.CAPABILITY, "title": f"{CANARY}侵权风险排查"}
    provider = running.provider(name=f"苏州{CANARY}咨询公司", capabilities=[capability])["id"]
    running.case(title=f"{CANARY}器件出口前排查案例")
    assert running.client.put(f"/v1/contacts/{demand}", json=CONTACT).status_code == 204
    running.post(
        "/v1/interactions",
        {**examples.INVITE, "demand_id": demand, "provider_id": provider},
    )
    running.index()
    return {"demand": demand, "provider": provider}


def test_every_read_that_is_entered_is_tried() -> None:
    handed_out = {name for name in POLICY if name.startswith(("export_", "report_"))}
    assert handed_out - OTHERS | {"read_contact", "list_audit"} == READS.keys()


def test_nothing_is_handed_out_that_could_not_be_entered(
    running: Running, keys: dict[str, str]
) -> None:
    app: Any = running.client.app
    client = TestClient(app, headers=dict(running.client.headers), raise_server_exceptions=False)
    for operation, path in READS.items():
        secret = keys["demand"] if operation == "list_audit" else CANARY
        with armed("before_audit:eio:1+"):
            refused = client.get(path.format_map(keys))
        assert refused.status_code >= 500, operation
        assert secret not in refused.text, operation
        told = client.get(path.format_map(keys))
        assert told.status_code == 200, (operation, told.text)
        assert secret in told.text, f"{operation} shows nothing that could be kept back"
