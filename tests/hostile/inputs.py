"""What requests are read into: every value of every input, as pydantic checks it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from api.schemas.texts import Sanitised

_PLAIN: Final = frozenset({"str", "int", "float", "list", "dict"})
_NOT_BELOW: Final = frozenset({"metadata", "serialization", "definitions", "function", "ref"})


@dataclass(frozen=True)
class Leaf:
    """A value a request can carry.

    Attributes:
        path: Route, parameter and fields that lead there.
        kind: `str`, `int`, `float`, `list` or `dict`.
        schema: How pydantic checks it.
        is_sanitised: Whether the sanitiser runs over it.
    """

    path: str
    kind: str
    schema: Mapping[str, Any]
    is_sanitised: bool

    @property
    def field(self) -> str:
        """Name of the innermost field."""
        return self.path.rpartition(".")[2]


def leaves(app: FastAPI) -> list[Leaf]:
    """Return every value of every input of an application, once a path and kind."""
    found: dict[tuple[str, str, str], Leaf] = {}
    for name, kind in inputs(app).items():
        schema = TypeAdapter(kind).core_schema
        walk = _Walk({d["ref"]: d for d in schema.get("definitions", ()) if "ref" in d})
        for leaf in walk.below(schema, name, is_sanitised=False, met=()):
            found.setdefault((leaf.path, leaf.kind, repr(leaf.schema)), leaf)
    return list(found.values())


def inputs(app: FastAPI) -> dict[str, Any]:
    """Return the types of all parameters and bodies, by route and name."""
    found: dict[str, Any] = {}
    for route in _routes(app.routes):
        for dependant in _dependants(route.dependant):
            for part in (
                *(*dependant.path_params, *dependant.query_params),
                *(*dependant.header_params, *dependant.cookie_params, *dependant.body_params),
            ):
                kind: Any = part.field_info.annotation
                for constraint in part.field_info.metadata:
                    kind = Annotated[kind, constraint]
                found[f"{route.name}.{part.alias}"] = kind
    return found


def body_types(app: FastAPI) -> dict[str, Any]:
    """Return the types of bodies, by method and path."""
    return {
        f"{method} {route.path_format}": route.body_field.field_info.annotation
        for route in _routes(app.routes)
        if route.body_field is not None
        for method in route.methods or ()
    }


def _routes(listed: Any) -> Iterator[APIRoute]:
    for route in listed:
        if isinstance(route, APIRoute):
            yield route
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _routes(inner.routes)


def _dependants(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for inner in dependant.dependencies:
        yield from _dependants(inner)


@dataclass(frozen=True)
class _Walk:
    """Goes through a core schema.

    Attributes:
        definitions: Schemas referred to, by name.
    """

    definitions: Mapping[str, Any]

    def below(
        self, schema: Any, path: str, *, is_sanitised: bool, met: tuple[str, ...]
    ) -> Iterator[Leaf]:
        """Yield the values inside a schema, itself included."""
        if isinstance(schema, list | tuple):
            for inner in schema:
                yield from self.below(inner, path, is_sanitised=is_sanitised, met=met)
        elif isinstance(schema, dict) and schema.get("type") == "definition-ref":
            ref = schema["schema_ref"]
            if ref not in met:
                target = self.definitions[ref]
                yield from self.below(target, path, is_sanitised=is_sanitised, met=(*met, ref))
        elif isinstance(schema, dict):
            if schema.get("type") in _PLAIN:
                yield Leaf(path, schema["type"], _constraints(schema), is_sanitised)
            inside = is_sanitised or _runs_sanitiser(schema)
            for name, inner in _inner(schema):
                deeper = f"{path}.{name}" if name else path
                yield from self.below(inner, deeper, is_sanitised=inside, met=met)


def _inner(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the schemas inside one, fields with their names."""
    for key, inner in schema.items():
        if key == "fields" and isinstance(inner, dict):
            yield from inner.items()
        elif key not in _NOT_BELOW:
            yield "", inner


def _runs_sanitiser(schema: Mapping[str, Any]) -> bool:
    function = schema.get("function")
    return isinstance(function, dict) and isinstance(function.get("function"), Sanitised)


def _constraints(schema: Mapping[str, Any]) -> dict[str, Any]:
    names = ("min_length", "max_length", "pattern", "ge", "gt", "le", "lt", "allow_inf_nan")
    return {name: schema[name] for name in names if name in schema}
