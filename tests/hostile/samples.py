"""Requests that are accepted as they stand, so that one hostile value is all that is wrong."""

import re
from collections.abc import Mapping
from typing import Any, Final

from tests.hostile.surface import (
    Document,
    Step,
    alternatives_of,
    is_object_schema,
    map_key,
    map_values,
    resolve,
)

_BY_KIND: Final[dict[str, Any]] = {
    "integer": 1,
    "number": 0.5,
    "boolean": True,
    "array": [],
    "string": "专利导航侵权风险排查",
}
_PATTERNED: Final = (
    *("32", "ENT.RISK", "1.2", "C3973", "H01L", "zh", "scenario", "q1", "nation", "CN"),
    *("dm_01JZX3V8Q4W6T2N9K7M5R1C0BD", "91320500MA1X00000X", "https://example.com", "somebody"),
    *("somebody@example.com", "13800138000", "2026-12-31", "123456", "/x"),
)
"""Words of which one fits each pattern in use."""

_UNIQUE: Final = ("name", "source_ref", "login", "email")
"""Fields two rows may not share."""


def sample(document: Document, schema: Mapping[str, Any]) -> Any:
    """Return a value that fits a schema: its example, its default, or one made of its parts."""
    for option in alternatives_of(document, schema):
        for example in (*schema.get("examples", ()), *option.get("examples", ())):
            if example is not None:
                return example
        if is_object_schema(option) and option.get("properties"):
            required = option.get("required", ())
            return {
                name: sample(document, inner)
                for name, inner in option["properties"].items()
                if name in required
            }
        if is_object_schema(option):
            inner = map_values(option)
            return {map_key(option): sample(document, inner)} if inner is not None else {}
        if "enum" in option:
            return option["enum"][0]
        if "const" in option:
            return option["const"]
        if option.get("type") == "string":
            return _text(option)
        if option.get("type") == "array" and option.get("minItems"):
            return [sample(document, option["items"])]
        return option.get("minimum") or _BY_KIND.get(str(option.get("type")))
    return None


def _text(schema: Mapping[str, Any]) -> str:
    if "pattern" in schema:
        fitting = [word for word in _PATTERNED if re.search(schema["pattern"], word)]
        return fitting[0] if fitting else ""
    if schema.get("format") == "date":
        return "2026-12-31"
    made: str = _BY_KIND["string"]
    n_wanted = int(schema.get("minLength", 0))
    made = made * (n_wanted // len(made) + 1)
    return made[: int(schema.get("maxLength", len(made)))]


def put(
    document: Document,
    schema: Mapping[str, Any],
    body: Any,
    steps: tuple[Step, ...],
    value: object,
) -> Any:
    """Return a copy of a body with a value in one place, what leads there made if missing."""
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    inner = _inner(document, schema, step)
    if isinstance(step, int):
        items = list(body) if isinstance(body, list) else []
        present = items[step] if step < len(items) else _empty(document, inner, rest)
        return [*items[:step], put(document, inner, present, rest, value), *items[step + 1 :]]
    fields = dict(body) if isinstance(body, Mapping) else {}
    present = fields.get(step)
    if present is None and rest:
        present = _empty(document, inner, rest)
    return {**fields, step: put(document, inner, present, rest, value)}


def fresh(body: Any, number: int) -> Any:
    """Return a body that shares nothing unique with those made before."""
    if not isinstance(body, Mapping):
        return body
    return {
        name: f"{value}{number}" if name in _UNIQUE and isinstance(value, str) else value
        for name, value in body.items()
    }


def _empty(document: Document, schema: Mapping[str, Any], rest: tuple[Step, ...]) -> Any:
    """Return what a missing container is filled with around the value put inside."""
    return sample(document, schema) if rest else None


def _inner(document: Document, schema: Mapping[str, Any], step: Step) -> Mapping[str, Any]:
    """Return the schema one step further inside."""
    for option in alternatives_of(document, schema):
        if isinstance(step, int) and isinstance(option.get("items"), Mapping):
            return resolve(document, option["items"])
        if isinstance(step, str):
            named = option.get("properties", {}).get(step)
            if named is not None:
                return resolve(document, named)
            mapped = map_values(option)
            if mapped is not None:
                return resolve(document, mapped)
    return {}
