"""Where values can be put: every place of every operation, read from the OpenAPI document."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

METHODS: Final = ("get", "post", "put", "patch", "delete")
MAX_DEPTH: Final = 9
MAP_KEYS: Final = ("q1", "scenario")
"""Keys put into an object whose keys the sender chooses."""

UNKNOWN_PARAMETER: Final = "不认识的参数"

SENT_HEADERS: Final = (
    *("accept", "accept-language", "accept-encoding", "content-type", "user-agent"),
    *("x-request-id", "host", "origin", "referer", "cookie", "range", "if-none-match", "if-match"),
    *("authorization", "idempotency-key", "x-forwarded-for", "forwarded", "sec-fetch-site"),
    *("transfer-encoding", "content-encoding", "expect", "upgrade", "x-http-method-override"),
)
"""Headers somebody reads, whether a route declares them or not."""

Document = Mapping[str, Any]
Step = str | int


class Where(StrEnum):
    """Part of a request."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    BODY = "body"
    KEY = "key"


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One operation of the document.

    Attributes:
        method: Upper-case method.
        template: Its path, with the names of parameters in braces.
        description: Its entry in the document.
        document: The document.
    """

    method: str
    template: str
    description: Mapping[str, Any]
    document: Document

    @property
    def key(self) -> str:
        """Method and path, as runs name it."""
        return f"{self.method} {self.template}"

    @property
    def body_schema(self) -> Mapping[str, Any] | None:
        """Schema of its JSON body; None when it takes none."""
        content = self.description.get("requestBody", {}).get("content", {})
        schema: Mapping[str, Any] | None = content.get("application/json", {}).get("schema")
        return schema

    @property
    def takes_file(self) -> bool:
        """Whether its body is a file."""
        return "text/csv" in self.description.get("requestBody", {}).get("content", {})

    @property
    def body_examples(self) -> list[Any]:
        """Bodies the document shows, the largest first."""
        content = self.description.get("requestBody", {}).get("content", {})
        shown = content.get("application/json", {}).get("examples", {}).values()
        return sorted((s["value"] for s in shown), key=lambda v: -len(str(v)))

    @property
    def statuses(self) -> frozenset[int]:
        """Statuses it is declared to answer with."""
        return frozenset(int(s) for s in self.description["responses"] if s.isdigit())

    def parameters(self, where: Where) -> list[Mapping[str, Any]]:
        """Return its parameters in one part of the request."""
        return [p for p in self.description.get("parameters", ()) if p["in"] == where]

    def reply_schema(self, status: int) -> str:
        """Return the name of the schema of a JSON reply; empty when it has none."""
        reply = self.description["responses"].get(str(status), {})
        schema = reply.get("content", {}).get("application/json", {}).get("schema", {})
        return str(schema.get("$ref", ""))


@dataclass(frozen=True, slots=True)
class Site:
    """A place a value can be put.

    Attributes:
        operation: The operation.
        where: Part of the request.
        steps: Names and positions leading there; the name alone outside a body.
    """

    operation: Operation
    where: Where
    steps: tuple[Step, ...]

    @property
    def key(self) -> str:
        """Name by which a run can be repeated."""
        return f"{self.operation.key} {self.where}:{'.'.join(map(str, self.steps))}"


def operations(document: Document) -> list[Operation]:
    """Return the operations of a document, in its order."""
    return [
        Operation(method.upper(), template, methods[method], document)
        for template, methods in document["paths"].items()
        for method in METHODS
        if method in methods
    ]


def sites(document: Document) -> list[Site]:
    """Return every place; what no route declares is tried where a method first occurs."""
    found: list[Site] = []
    met: set[str] = set()
    for operation in operations(document):
        for where in (Where.PATH, Where.QUERY, Where.HEADER):
            found += [Site(operation, where, (p["name"],)) for p in operation.parameters(where)]
        if operation.method not in met:
            met.add(operation.method)
            found.append(Site(operation, Where.QUERY, (UNKNOWN_PARAMETER,)))
            if operation.method in ("GET", "POST"):
                found += [Site(operation, Where.HEADER, (name,)) for name in SENT_HEADERS]
        if operation.body_schema is not None:
            found += _body_sites(operation)
    return list({site.key: site for site in found}.values())


def _body_sites(operation: Operation) -> Iterator[Site]:
    schema = operation.body_schema or {}
    yield Site(operation, Where.BODY, ())
    for steps, is_object in _places(operation.document, schema, ()):
        if steps:
            yield Site(operation, Where.BODY, steps)
        if is_object:
            yield Site(operation, Where.KEY, steps)


def _places(
    document: Document, schema: Mapping[str, Any], steps: tuple[Step, ...]
) -> Iterator[tuple[tuple[Step, ...], bool]]:
    """Yield each place below a schema, and whether it holds an object."""
    alternatives = [resolve(document, s) for s in alternatives_of(document, schema)]
    objects = [s for s in alternatives if is_object_schema(s)]
    yield steps, bool(objects)
    if len(steps) >= MAX_DEPTH:
        return
    for alternative in alternatives:
        for name, inner in alternative.get("properties", {}).items():
            yield from _places(document, inner, (*steps, name))
        inner = map_values(alternative)
        if inner is not None:
            yield from _places(document, inner, (*steps, map_key(alternative)))
        if isinstance(alternative.get("items"), Mapping):
            yield from _places(document, alternative["items"], (*steps, 0))


def resolve(document: Document, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema with what it refers to put in its place."""
    if "$ref" not in schema:
        return schema
    target: Any = document
    for step in schema["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    beside = {k: v for k, v in schema.items() if k != "$ref"}
    return {**resolve(document, target), **beside}


def alternatives_of(document: Document, schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the alternatives of a schema that are not null; itself when it has none."""
    resolved = resolve(document, schema)
    options = resolved.get("anyOf") or resolved.get("oneOf")
    if not options:
        return [resolved]
    found = [inner for option in options for inner in alternatives_of(document, option)]
    return [option for option in found if option.get("type") != "null"]


def is_object_schema(schema: Mapping[str, Any]) -> bool:
    """Return whether a schema describes objects."""
    return schema.get("type") == "object" or "properties" in schema


def map_values(schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the schema of values under keys the sender chooses; None when there are none."""
    for inner in schema.get("patternProperties", {}).values():
        return dict(inner)
    more = schema.get("additionalProperties")
    return more if isinstance(more, Mapping) else None


def map_key(schema: Mapping[str, Any]) -> str:
    """Return a key an example uses, else one of ours that fits."""
    for example in schema.get("examples", ()):
        if isinstance(example, Mapping) and example:
            return str(next(iter(example)))
    patterns = list(schema.get("patternProperties", {}))
    fitting = [key for key in MAP_KEYS if all(re.search(p, key) for p in patterns)]
    return fitting[0] if fitting else MAP_KEYS[0]
