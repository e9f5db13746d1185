"""The OpenAPI document is complete, in Chinese, and its examples work as they stand."""

import asyncio
import re
import secrets
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.openapi import DOCUMENT_PATH, serve_document
from api.schemas import examples
from tests.api.conftest import Running

NEEDS_MORE = frozenset(
    {"sign_in", "change_password", "set_authenticator", "invite", "sign_out", "read_contact"}
    | {"erase", "read_local_metrics"}
    | {"begin_interaction", "read_interaction", "act_in_interaction", "set_mailbox"}
    | {"explain_fit", "compare_providers"}
    | {"add_scenario", "change_scenario", "import_taxonomy", "read_retagging"}
    | {"read_match_run", "replay_match_run"}
    | {"read_import", "list_import_problems", "read_import_sheet"}
    | {"read_mailbox", "list_deliveries", "list_found", "read_subscription_feed"}
)
"""Operations that need more than a key and a row: somebody signed in, two organisations, a row
to be erased, this machine, a taxonomy of one's own; tested on their own."""

METHODS = ("get", "post", "put", "patch", "delete")
WRITES_A_BODY = {"post", "put", "patch"}


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def is_chinese(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text))


def test_every_operation_is_described_in_chinese(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        assert is_chinese(operation["summary"]), (method, path)
        assert is_chinese(operation["description"]), (method, path)
        assert all(is_chinese(tag) for tag in operation["tags"]), (method, path)
        for parameter in operation.get("parameters", []):
            assert is_chinese(parameter["description"]), (method, path, parameter["name"])


def test_operation_ids_are_unique(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(ids)) == len(ids)


def test_every_field_of_every_schema_is_described_in_chinese(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        for field, properties in schema.get("properties", {}).items():
            assert is_chinese(properties.get("description", "")), (name, field)


def test_every_error_is_declared_as_a_problem(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        if not path.startswith("/v1"):
            continue
        responses = operation["responses"]
        takes_something = "requestBody" in operation or operation.get("parameters")
        expected = ({"422"} if takes_something else set()) | ({"404"} if "{id}" in path else set())
        if "requestBody" in operation:
            expected |= {"400", "413", "415"}
        assert expected <= set(responses), (method, path)
        for status in expected & set(responses):
            assert list(responses[status]["content"]) == ["application/problem+json"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_body_has_a_named_example(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        if "application/json" not in operation.get("requestBody", {}).get("content", {}):
            continue
        examples = operation["requestBody"]["content"]["application/json"]["examples"]
        assert all(is_chinese(example["summary"]) for example in examples.values()), (method, path)


def test_every_example_body_works(running: Running, document: dict[str, Any]) -> None:
    tried = 0
    for path, method, operation in operations(document):
        body = {} if operation["operationId"] in NEEDS_MORE else operation.get("requestBody", {})
        shown = body.get("content", {}).get("application/json", {}).get("examples", {})
        for example in shown.values():
            place = path.replace("{id}", _fresh_id(running, path, tried))
            value = _renamed(example["value"], tried)
            reply = running.client.request(method, place, json=value)
            assert reply.status_code in (200, 201, 204), (method, path, reply.text)
            answer = reply.json() if reply.content else {}
            assert {a["status"] for a in answer.get("responses", {}).values()} <= {200}
            tried += 1
    assert tried >= 17


def test_every_read_works_on_stored_rows(running: Running, document: dict[str, Any]) -> None:
    running.demand()
    for number, (path, method, operation) in enumerate(operations(document)):
        if method != "get" or operation["operationId"] in NEEDS_MORE:
            continue
        place = path.replace("{id}", _fresh_id(running, path, number))
        params = {
            p["name"]: p["schema"]["examples"][0] if "examples" in p["schema"] else p["examples"][0]
            for p in operation.get("parameters", [])
            if p["in"] == "query" and ("examples" in p or "examples" in p["schema"])
        }
        assert running.client.get(place, params=params).status_code == 200, (path, params)


def _fresh_id(running: Running, path: str, number: int) -> str:
    """The key of a row made for one call, of the noun the path begins with."""
    noun = path.split("/")[2] if path.startswith("/v1/") else ""
    if "{id}" not in path:
        return ""
    if noun in ("demands", "contacts"):
        return str(running.demand()["id"])
    if noun == "keys":
        # keys of operators outlive a file, and a name may have two
        body = {"name": f"密钥{secrets.token_hex(4)}", "role": "operator"}
        return str(running.post("/v1/keys", body)["about"]["id"])
    if noun == "widget-tokens":
        return str(running.post("/v1/widget-tokens", examples.WIDGET_TOKEN)["id"])
    if noun == "cases":
        return str(running.case()["id"])
    name = f"第{number}家示例公司"
    if noun == "bases":
        base = {"name": name, "org_type": "park", "level": "national"}
        return str(running.post("/v1/bases", base)["id"])
    if noun == "organisations":
        organisation = {**examples.ORGANISATION, "name": name}
        return str(running.post("/v1/organisations", organisation)["id"])
    provider = running.provider(name=name)
    if noun == "providers":
        running.index()
        return str(provider["id"])
    owned = running.client.get(f"/v1/providers/{provider['id']}/capabilities").json()
    return str(owned[0]["id"])


def _renamed(value: dict[str, Any], number: int) -> dict[str, Any]:
    """An organisation registers once, so each example gets a name of its own."""
    return {**value, "name": f"{value['name']}（{number}）"} if "name" in value else value


def test_document_is_written_once_however_many_ask_at_once() -> None:
    written: list[None] = []

    class Slow(FastAPI):
        def openapi(self) -> dict[str, Any]:
            time.sleep(0.05)  # so that all have asked before it is there
            written.append(None)
            return {"openapi": "3.1.0"}

    app = Slow(openapi_url=None)
    serve_document(app)

    async def ask() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await asyncio.gather(*(client.get(DOCUMENT_PATH) for _ in range(8)))

    replies = asyncio.run(ask())

    assert [reply.json() for reply in replies] == [{"openapi": "3.1.0"}] * 8
    assert len(written) == 1
