"""Whatever stands in whatever field: no crash, no server error, no long reply, no echo."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from api.schemas import examples
from tests.api.conftest import Running

MARK = "QxZ7回声标记"

BODIES: dict[str, dict[str, Any]] = {
    "/v1/demands": {**examples.DEMAND_FULL, "source_ref": "甲", "background": "背景说明"},
    "/v1/providers": examples.PROVIDER,
    "/v1/cases": examples.CASE,
    "/v1/bases": examples.BASE,
    "/v1/match": examples.MATCH_TWO,
    "/v1/preview": {**examples.PREVIEW, "background": "背景", "decision_question": "决定什么"},
    "/v1/tags": examples.TEXT,
}
HOSTILE: dict[str, object] = {
    "nul": f"{MARK}\0{MARK}",
    "surrogate": f"{MARK}\ud800{MARK}",
    "escape": f"{MARK}\x1b[31m{MARK}",
    "noncharacter": f"{MARK}\ufffe{MARK}",
    "growing": "\ufdfa" * 200 + MARK,
    "combining": MARK + "\u0301" * 500,
    "bidi": f"\u202e{MARK}\u2066\u200b" * 4,
    "invisible": "\u200b" * 40,
    "blank": " " * 40,
    "long": MARK * 12_000,
    "markup": f"<script>{MARK}</script>\"'--" * 4,
    "formula": f"=cmd|'{MARK}'!A1" * 3,
    "path": f"../../{MARK}/%00%s%n" * 3,
    "run": "专" * 2_000,
    "negative": -1,
    "beyond 32 bits": 2**31,
    "beyond 64 bits": 2**63,
    "huge": 10**19,
    "fraction": 1e308,
    "true": True,
    "null": None,
    "list": [MARK, [MARK]],
    "object": {"a": MARK},
}
QUERIES = {
    "/v1/demands": ("state", "region", "scenario", "industry", "text", "cursor", "limit"),
    "/v1/providers": ("state", "region", "text", "cursor", "limit"),
    "/v1/cases": ("state", "region", "scenario", "industry", "text", "cursor", "limit"),
    "/v1/bases": ("region", "text", "cursor", "limit"),
    "/v1/widget/matches": ("demand", "provider", "text", "limit"),
    "/v1/taxonomy/regions": ("parent",),
    "/v1/taxonomy/industries": ("parent", "scheme"),
}


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The places of every single value in a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in inner:
        if isinstance(child, dict | list) and child:
            yield from leaves(child, (*path, key))
        yield (*path, key)


def with_value(body: dict[str, Any], path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """A copy of a body in which one place holds another value."""
    copied: dict[str, Any] = json.loads(json.dumps(body))
    place: Any = copied
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copied


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("path", BODIES)
def test_hostile_value_in_any_field(running: Running, path: str, value: object) -> None:
    for place in leaves(BODIES[path]):
        content = json.dumps(with_value(BODIES[path], place, value)).encode()
        reply = running.client.post(
            path, content=content, headers={"content-type": "application/json"}
        )
        assert reply.status_code in (200, 201, 400, 409, 422), (place, reply.text[:300])
        if reply.status_code >= 400:
            assert reply.headers["content-type"] == "application/problem+json"
            assert len(reply.content) <= 4_096
            assert MARK not in reply.text


@pytest.mark.parametrize(
    "value",
    [
        "\0",
        "%00",
        "\x1b[31m" + MARK,
        MARK * 50,
        "-1",
        str(2**63),
        "1e308",
        "NaN",
        "' OR 1=1 --",
        "\u202e" + MARK,
        "\ufdfa" * 30,
    ],
    ids=ascii,
)
@pytest.mark.parametrize("path", QUERIES)
def test_hostile_value_in_any_parameter(running: Running, path: str, value: str) -> None:
    for name in QUERIES[path]:
        reply = running.client.get(path, params={name: value})
        assert reply.status_code in (200, 404, 422), (name, reply.text[:300])
        assert MARK not in reply.text
        assert len(reply.content) <= 4_096 or reply.status_code == 200


@pytest.mark.parametrize(
    "key",
    ["%00", "dm_" + "0" * 26 + "%0A", "..%2F..%2Fetc", "dm_" + "A" * 300, "%ED%A0%80", "%FF"],
)
@pytest.mark.parametrize("noun", ["demands", "providers", "capabilities", "cases", "bases"])
def test_hostile_key_in_any_path(running: Running, noun: str, key: str) -> None:
    reply = running.client.get(f"/v1/{noun}/{key}")
    assert reply.status_code in (404, 422)
    assert reply.headers["content-type"] == "application/problem+json"
