"""Every field a request can fill is bounded, and every text of it passes the sanitiser."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import StringConstraints, TypeAdapter, ValidationError

from api.app import create_app
from api.settings import Settings
from tests.hostile.cases import UNSANITISED
from tests.hostile.inputs import Leaf, body_types, leaves
from tests.hostile.samples import put, sample
from tests.hostile.surface import Document, Step, alternatives_of, map_key, map_values, operations

SLIPPED_IN: Final = "\0\x1b\x9b\ud800\udfff\ufdd0\ufffe\U0010ffff\x7f\u200b\u202e\n"
ASCII: Final = st.characters(codec="ascii")
APP: Final = create_app(Settings())
DOCUMENT: Final[Document] = APP.openapi()
LEAVES: Final = leaves(APP)
FORMED: Final[Mapping[str, str]] = {"origins": "an origin is scheme, host and port"}
"""Fields whose texts have a form no bound alone can give, each with the reason."""

PATTERNS: Final = sorted(
    {
        str(leaf.schema["pattern"])
        for leaf in LEAVES
        if "pattern" in leaf.schema and not leaf.is_sanitised and leaf.field not in UNSANITISED
    }
)


def of_kind(*kinds: str) -> list[Leaf]:
    return [leaf for leaf in LEAVES if leaf.kind in kinds]


def test_walk_meets_the_fields_there_are() -> None:
    paths = {leaf.path for leaf in LEAVES}
    assert {"create_demand.body.title", "match.body.queries.text.text"} <= paths
    assert {"list_demands.text", "read_demand.id", "create_provider.body.team.total"} <= paths
    assert any(path.endswith(".capabilities.description") for path in paths)
    assert len(paths) > 150


def test_every_text_passes_the_sanitiser_or_a_closed_pattern() -> None:
    loose = {
        leaf.path
        for leaf in of_kind("str")
        if not leaf.is_sanitised and "pattern" not in leaf.schema and leaf.field not in UNSANITISED
    }
    assert loose == set()


def test_every_text_is_bounded() -> None:
    assert {leaf.path for leaf in of_kind("str") if not is_bounded(leaf)} == set()


def is_bounded(leaf: Leaf) -> bool:
    if "max_length" in leaf.schema:
        return True
    pattern = str(leaf.schema.get("pattern", "*"))
    return re.search(r"(?<!\\)[*+]|\{\d+,\}", pattern) is None


def test_every_number_is_bounded_and_finite() -> None:
    loose = {
        leaf.path
        for leaf in of_kind("int", "float")
        if not {"ge", "gt"} & set(leaf.schema) or not {"le", "lt"} & set(leaf.schema)
    }
    assert loose == set()


def test_every_list_and_map_is_bounded() -> None:
    assert {
        leaf.path for leaf in of_kind("list", "dict") if "max_length" not in leaf.schema
    } == set()


@settings(max_examples=5)
@given(data=st.data())
@pytest.mark.parametrize("pattern", PATTERNS)
def test_pattern_lets_nothing_slip_in(pattern: str, data: st.DataObject) -> None:
    kind: Any = Annotated[str, StringConstraints(pattern=pattern)]
    fitting = data.draw(st.from_regex(pattern, fullmatch=True, alphabet=ASCII)).removesuffix("\n")
    assert accepts(kind, fitting)
    for character in SLIPPED_IN:
        for place in range(len(fitting) + 1):
            assert not accepts(kind, fitting[:place] + character + fitting[place:])


def accepts(kind: Any, value: object) -> bool:
    try:
        _adapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@dataclass(frozen=True)
class Bound:
    """A bound of a field of a body, with a value at it and one past it."""

    operation: str
    steps: tuple[Step, ...]
    name: str
    at: object
    past: object

    def __str__(self) -> str:
        return f"{self.operation} {'.'.join(map(str, self.steps))} {self.name}"


def bounds() -> Iterator[Bound]:
    for operation in operations(DOCUMENT):
        if operation.body_schema is not None:
            for steps, schema in fields(operation.body_schema, ()):
                if FORMED.keys() & set(steps) and schema.get("type") == "string":
                    continue
                for name, at, past in edges(schema):
                    yield Bound(operation.key, steps, name, at, past)


def fields(
    schema: Mapping[str, Any], steps: tuple[Step, ...]
) -> Iterator[tuple[tuple[Step, ...], Mapping[str, Any]]]:
    """Yield every field below a schema, with the schema of each of its alternatives."""
    for option in alternatives_of(DOCUMENT, schema):
        if steps:
            yield steps, option
        for name, inner in option.get("properties", {}).items():
            yield from fields(inner, (*steps, name))
        mapped = map_values(option)
        if mapped is not None:
            yield from fields(mapped, (*steps, map_key(option)))
        if isinstance(option.get("items"), Mapping):
            yield from fields(option["items"], (*steps, 0))


def edges(schema: Mapping[str, Any]) -> Iterator[tuple[str, object, object]]:
    kind = schema.get("type")
    if kind == "string" and "pattern" not in schema and "format" not in schema:
        longest, shortest = schema.get("maxLength"), schema.get("minLength")
        if longest is not None:
            yield "maxLength", "专" * longest, "专" * (longest + 1)
        if shortest:
            yield "minLength", "专" * shortest, "专" * (shortest - 1)
    if kind in ("integer", "number"):
        step = 1 if kind == "integer" else 0.001
        for name, sign in (("maximum", 1), ("minimum", -1)):
            if name in schema:
                edge = int(schema[name]) if kind == "integer" else float(schema[name])
                yield name, edge, edge + sign * step
    if kind == "array" and "maxItems" in schema:
        shown = [item for example in schema.get("examples", ()) for item in example or ()]
        item = shown[0] if shown else sample(DOCUMENT, schema["items"])
        n_most = schema["maxItems"]
        yield "maxItems", [item] * n_most, [item] * (n_most + 1)


BOUNDS: Final = list(bounds())
BODY_TYPES: Final = body_types(APP)


def refused_at(bound: Bound, value: object) -> bool:
    """Whether the body is refused because of the value itself, not of what it clashes with."""
    operation = next(o for o in operations(DOCUMENT) if o.key == bound.operation)
    schema = operation.body_schema or {}
    shown = operation.body_examples
    body = shown[0] if shown else sample(DOCUMENT, schema)
    try:
        _adapter(BODY_TYPES[bound.operation]).validate_python(
            put(DOCUMENT, schema, body, bound.steps, value)
        )
    except ValidationError as error:
        wanted = [str(step) for step in bound.steps]
        return any(_is_within(wanted, [str(s) for s in e["loc"]]) for e in error.errors())
    return False


def _is_within(wanted: list[str], place: list[str]) -> bool:
    """Whether an error stands at a place, names of alternatives in between left out."""
    rest = iter(place)
    return len(place) >= len(wanted) and all(step in rest for step in wanted)


def test_there_are_bounds_to_try() -> None:
    assert len(BOUNDS) > 200


@pytest.mark.parametrize("operation", sorted({bound.operation for bound in BOUNDS}))
def test_field_accepts_what_stands_at_its_bound_and_no_more(operation: str) -> None:
    mine = [bound for bound in BOUNDS if bound.operation == operation]
    assert [str(bound) for bound in mine if refused_at(bound, bound.at)] == []
    assert [str(bound) for bound in mine if not refused_at(bound, bound.past)] == []
