"""Vectors leave by no operation: short texts can be read back from them (vec2text)."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from api.schemas import examples
from tests.api.conftest import Running

MOST_NUMBERS: Final = 16
"""More numbers in a row than any reply lists; the shortest vector has 64."""


def lists(value: Any) -> Iterator[list[Any]]:
    """Yield every list in a JSON value."""
    if isinstance(value, list):
        yield value
        for item in value:
            yield from lists(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from lists(item)


@pytest.mark.parametrize("word", ["vector", "embedding"])
def test_no_field_of_any_reply_is_a_vector(running: Running, word: str) -> None:
    app: Any = running.client.app
    schemas = app.openapi()["components"]["schemas"]
    named = [f"{n}.{f}" for n, s in schemas.items() for f in s.get("properties", {}) if word in f]
    assert named == []


def test_answers_hold_no_row_of_numbers(running: Running) -> None:
    demand, provider = running.demand()["id"], running.provider()["id"]
    running.case()
    running.index()
    query = {"direction": "d2p", "text": examples.TEXT}
    replies = [
        running.post("/v1/match", {"queries": {"q": query}}, 200),
        running.post("/v1/preview", examples.PREVIEW, 200),
        running.post("/v1/tags", examples.TEXT, 200),
        running.get(f"/v1/demands/{demand}"),
        running.get(f"/v1/demands/{demand}/matches"),
        running.get(f"/v1/providers/{provider}/matches"),
        running.get("/v1/algorithms"),
    ]
    numbers = [row for row in lists(replies) if any(isinstance(item, float) for item in row)]
    assert [len(row) for row in numbers if len(row) > MOST_NUMBERS] == []
