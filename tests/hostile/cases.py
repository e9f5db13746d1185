"""Hostile requests: one value in one place of an accepted request."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from tests.hostile.corpus import CORPUS, RAW_BODIES, TEXTS, Hostile, RawBody, Token
from tests.hostile.samples import put
from tests.hostile.surface import Document, Operation, Site, Where, operations, sites
from tests.hostile.verdict import CANARY, Asked
from tests.hostile.wire import Sent
from tests.hostile.world import World

MAX_ADDRESS_BYTES: Final = 60_000
"""Servers refuse longer addresses themselves (h11: 64 KiB)."""

UNSANITISED: Final[Mapping[str, str]] = {
    "password": "kept as a hash only, and any character may be part of one",
    "old_password": "compared with a hash only",
    "new_password": "kept as a hash only",
    "origins": "read by a parser that gives back scheme, host and port",
    "token": "looked up among the tokens there are, never kept",
    "min_version": "read as a version or refused, never kept",
    "X-Navmatch-Min-Version": "read as a version or refused, never kept",
    "if-none-match": "compared with our own mark, never kept",
}
"""Fields whose texts need no sanitiser, each with the reason."""

_HOLE: Final = "\ue123hole\ue124"
_KEYED: Final = "stands under a hostile key"


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile request.

    Attributes:
        site: Where the value goes; None for a whole body.
        operation: The operation.
        entry: The value, or the body.
        is_marked: Whether the canary stands beside it.
    """

    operation: Operation
    site: Site | None
    entry: Hostile | RawBody
    is_marked: bool = False

    @property
    def key(self) -> str:
        """Name by which a run can be repeated."""
        mark = " marked" if self.is_marked else ""
        if self.site is None:
            return f"{self.operation.key} whole:{self.entry.name}"
        name = self.entry.key if isinstance(self.entry, Hostile) else self.entry.name
        return f"{self.site.key} <- {name}{mark}"


def all_cases(document: Document, only: str = "") -> list[Case]:
    """Return every value in every place, in a fixed order; every second text is marked.

    Args:
        document: The OpenAPI document.
        only: Part of the keys of the cases wanted: a method, a path, a place, a group.
    """
    found: list[Case] = []
    for site in sites(document):
        entries: Sequence[Hostile] = CORPUS if site.where is Where.BODY else TEXTS
        for number, entry in enumerate(entries):
            is_marked = isinstance(entry.value, str) and number % 2 == len(site.steps) % 2
            found.append(Case(site.operation, site, entry, is_marked))
    for operation in operations(document):
        if operation.body_schema is not None:
            found += [Case(operation, None, body) for body in RAW_BODIES]
    return [case for case in found if only in case.key]


def drawn(cases: Sequence[Case], n_wanted: int | None, seed: int) -> Iterator[Case]:
    """Yield the cases in a random order that the seed repeats, all or as many as wanted."""
    order = list(cases)
    random.Random(seed).shuffle(order)  # noqa: S311 - a repeatable order
    return iter(order[:n_wanted])


async def built(world: World, case: Case, limit_s: float | None) -> tuple[Sent, Asked] | None:
    """Return the request of a case and what its reply is judged by; None if none can be sent."""
    if isinstance(case.entry, RawBody) or case.site is None:
        return await _whole(world, case, limit_s)
    where = case.site.where
    text = _text(case)
    asked = Asked(
        operation=case.operation,
        value=text if not case.is_marked else "",
        must_refuse=case.entry.is_refused and not _is_free(case.site),
        limit_s=limit_s,
        is_routed=where is not Where.PATH,
    )
    if where in (Where.BODY, Where.KEY):
        return await _in_body(world, case, case.site), asked
    name = str(case.site.steps[0])
    encoded = quote(text.encode("utf-8", "surrogatepass"), safe="")
    if len(encoded) > MAX_ADDRESS_BYTES:
        return None
    if where is Where.PATH:
        return await world.request(case.operation, path={name: encoded or "%20"}), asked
    base = await world.request(case.operation)
    if where is Where.HEADER:
        return _with_header(base, name, text), asked
    if not _is_utf8(text):  # arrives as replacement characters, which are harmless
        asked = Asked(case.operation, limit_s=limit_s)
    rest = [part for part in base.query.split("&") if part and not part.startswith(f"{name}=")]
    query = "&".join([*rest, f"{quote(name)}={encoded}"])
    is_declared = any(p["name"] == name for p in case.operation.parameters(Where.QUERY))
    if not is_declared:
        asked = Asked(case.operation, asked.value, limit_s=limit_s)
    return Sent(base.method, base.target, query, base.headers, base.body), asked


async def _whole(world: World, case: Case, limit_s: float | None) -> tuple[Sent, Asked]:
    base = await world.request(case.operation)
    body = case.entry
    assert isinstance(body, RawBody)
    headers = {name: value.encode("latin-1") for name, value in body.headers}
    if body.content_type is not None:
        headers["content-type"] = body.content_type.encode("latin-1")
    headers = {**world.target.credentials, **headers}
    sent = Sent(base.method, base.target, base.query, tuple(headers.items()), body.content)
    return sent, Asked(case.operation, limit_s=limit_s)


async def _in_body(world: World, case: Case, site: Site) -> Sent:
    operation, entry = case.operation, case.entry
    assert isinstance(entry, Hostile)
    schema = operation.body_schema or {}
    whole = await world.body(operation)
    if site.where is Where.KEY:
        inner = (*site.steps, _text(case))
        whole = put(operation.document, schema, whole, inner, _KEYED)
        base = await world.request(operation, body={})
        return _with_body(base, json.dumps(whole).encode())
    written = entry.value.written if isinstance(entry.value, Token) else None
    value: Any = _text(case) if isinstance(entry.value, str) else entry.value
    placed = put(
        operation.document, schema, whole, site.steps, _HOLE if written is not None else value
    )
    content = json.dumps(placed).encode()
    if written is not None:
        content = content.replace(json.dumps(_HOLE).encode(), written)
    base = await world.request(operation, body={})
    return _with_body(base, content)


def _with_body(base: Sent, content: bytes) -> Sent:
    return Sent(base.method, base.target, base.query, base.headers, content)


def _with_header(base: Sent, name: str, text: str) -> Sent:
    """Return a request with a header as a server lets it through: no line ends, no NUL."""
    value = text.encode("utf-8", "surrogatepass")[:16_000]
    value = value.translate(None, b"\r\n\0")
    return Sent(
        base.method,
        base.target,
        base.query,
        tuple({**dict(base.headers), name: value}.items()),
        base.body,
    )


def _text(case: Case) -> str:
    assert isinstance(case.entry, Hostile)
    if not isinstance(case.entry.value, str):
        return ""
    return case.entry.value + CANARY if case.is_marked else case.entry.value


def _is_free(site: Site) -> bool:
    """Return whether a place may hold what no text may: our own kind of place, or a header."""
    return site.where is Where.HEADER or (bool(site.steps) and site.steps[-1] in UNSANITISED)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
