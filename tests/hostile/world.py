"""Rows to ask for and requests that are accepted, found out from the OpenAPI document."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from tests.hostile.samples import fresh, sample
from tests.hostile.surface import Operation, Where, operations
from tests.hostile.target import Target
from tests.hostile.wire import Got, Sent, exchange, json_headers

_UNKNOWN_ID: Final = "dm_01JZX3V8Q4W6T2N9K7M5R1C0BD"
_ROW_ID: Final = re.compile(r"([a-z]{2})_[0-9A-HJKMNP-TV-Z]{26}")


class World:
    """Rows to ask for, made as they are needed, and requests that are accepted.

    Attributes:
        target: The application.
        operations: Its operations, by key.
        n_sent: Requests sent.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self.operations = {operation.key: operation for operation in operations(target.document)}
        self.n_sent = 0
        self._rows: dict[str, Mapping[str, Any]] = {}
        self._homes: dict[str, str] = {}
        """Collection of rows by the beginning of their keys."""
        self._guests: dict[str, str] = {}
        """Collections that go by the keys of another one's rows, with those keys' beginning."""
        self._bodies: dict[str, Any] = {}
        self._queries: dict[str, str] = {}
        self._n_made = 0
        self._signed_in: Mapping[str, bytes] | None = None
        self._for_people: set[str] = set()

    async def send(self, sent: Sent) -> Got:
        """Send one request."""
        self.n_sent += 1
        return await exchange(self.target.app, sent)

    async def request(
        self, operation: Operation, body: Any = None, path: Mapping[str, str] | None = None
    ) -> Sent:
        """Return an accepted request of an operation, with another body or path if given.

        Args:
            operation: The operation.
            body: The body; None for the usual one.
            path: Percent-encoded values of path parameters.
        """
        target = operation.template
        for parameter in operation.parameters(Where.PATH):
            name = parameter["name"]
            given = (path or {}).get(name)
            value = given if given is not None else await self._id(operation, parameter)
            target = target.replace(f"{{{name}}}", value)
        content = None
        if operation.body_schema is not None:
            made = await self.body(operation) if body is None else body
            content = json.dumps(made).encode()
        query = await self._with_ids(self._queries.get(operation.key, ""))
        headers = json_headers(self._credentials(operation))
        if operation.takes_file:
            content, headers = _FILE, tuple({**dict(headers), "content-type": b"text/csv"}.items())
        return Sent(operation.method, target, query, headers, content)

    async def body(self, operation: Operation) -> Any:
        """Return a body the operation accepts now."""
        if operation.key not in self._bodies:
            schema = operation.body_schema or {}
            shown = operation.body_examples
            self._bodies[operation.key] = shown[0] if shown else sample(operation.document, schema)
        self._n_made += 1
        written = await self._with_ids(json.dumps(self._bodies[operation.key]))
        body = json.loads(written)
        if not operation.template.endswith(_SAME_AGAIN):
            body = fresh(body, self._n_made)
        row = self._rows.get(_collection(operation.template) or "")
        if isinstance(body, dict) and "version" in body and row is not None:
            body["version"] = row.get("version", 1)
        return body

    async def learn(self) -> dict[str, int]:
        """Find out how each operation is asked, and return the status its usual request gets.

        An operation whose usual request is refused is only scratched by hostile ones.
        """
        for operation in self.operations.values():
            if operation.method == "POST" and "{" not in operation.template:
                await self._row(operation.template)
        self._signed_in = self.target.sign_in()
        found = {key: await self._learn(operation) for key, operation in self.operations.items()}
        for key, status in found.items():
            if status in (404, 422):  # maybe for want of what a later one stores
                found[key] = await self._learn(self.operations[key])
        return found

    def note(self, operation: Operation, got: Got) -> None:
        """Take notice of a reply: a row it changed has a new version, or is no more to be used."""
        if not 200 <= got.status < 300:
            return
        if isinstance(seen := got.json(), dict) and isinstance(seen.get("run_id"), str):
            self._rows[_RUNS] = {"id": seen["run_id"]}
        if operation.method == "GET":
            return
        if operation.key in self._for_people and operation.method in ("DELETE", "PUT"):
            self._signed_in = None
        if operation.template.endswith("/erasures"):
            self._rows.clear()
        collection = _collection(operation.template)
        shown = got.json()
        if collection is None:
            return
        if operation.method in ("PATCH", "PUT") and isinstance(shown, dict):
            self._rows[collection] = {**self._rows.get(collection, {}), **_key_of(shown)}
        elif operation.method == "DELETE" or operation.template.endswith(_STEPS):
            self._rows.pop(collection, None)

    async def put_back(self, operation: Operation, got: Got) -> None:
        """Undo an accepted change of a table that everything else is checked against."""
        if (
            operation.template.startswith(_TABLES)
            and operation.method != "GET"
            and got.status < 300
        ):
            await self._try(self.operations[_PUTS_BACK])

    async def _learn(self, operation: Operation) -> int:
        best = 0
        for query in _queries(operation):
            self._queries[operation.key] = query
            got = await self._try(operation)
            if got.status == 403 and operation.key not in self._for_people:
                self._for_people.add(operation.key)
                got = await self._try(operation)
            if got.status in (404, 422):
                got = await self._try_guests(operation, got)
            best = got.status if best in (0, 422) else best
            if 200 <= got.status < 300:
                return got.status
        return best

    async def _try(self, operation: Operation) -> Got:
        got = await self.send(await self.request(operation))
        self.note(operation, got)
        if operation.key != _PUTS_BACK:
            await self.put_back(operation, got)
        return got

    async def _try_guests(self, operation: Operation, got: Got) -> Got:
        """Try the keys of other rows where an operation knows none by its own."""
        collection = _collection(operation.template)
        if collection is None or collection in {*self._homes.values(), *self._guests}:
            return got
        for beginning in self._homes:
            self._guests[collection] = beginning
            tried = await self._try(operation)
            if tried.status not in (404, 422):
                return tried
            del self._guests[collection]
        return got

    def _credentials(self, operation: Operation) -> Mapping[str, bytes]:
        if operation.key not in self._for_people:
            return self.target.credentials
        if self._signed_in is None:
            self.n_sent += 1  # it writes like a request
            self._signed_in = self.target.sign_in()
        return self._signed_in

    async def _with_ids(self, written: str) -> str:
        """Return a text with keys of the examples replaced by those of rows there are."""
        for beginning in {match[1] for match in _ROW_ID.finditer(written)} & set(self._homes):
            row = await self._row(self._homes[beginning])
            pattern = re.compile(rf"{beginning}_[0-9A-HJKMNP-TV-Z]{{26}}")
            written = pattern.sub(str(row.get("id", _UNKNOWN_ID)), written)
        return written

    async def _id(self, operation: Operation, parameter: Mapping[str, Any]) -> str:
        collection = _collection(operation.template) or ""
        guest = self._guests.get(collection)
        row = await self._row(self._homes[guest] if guest else collection)
        if (made := row.get(parameter["name"])) is not None:
            return str(made)
        return str(parameter["schema"].get("examples", [_UNKNOWN_ID])[0])

    async def _row(self, collection: str) -> Mapping[str, Any]:
        if collection not in self._rows:
            made = await self._make(collection)
            if not made:
                return {}
            self._rows[collection] = made
        return self._rows[collection]

    async def _make(self, collection: str) -> Mapping[str, Any]:
        """Make a row of a collection by the operation that answers with one."""
        shown = self.operations.get(f"GET {collection}/{{id}}")
        wanted = shown.reply_schema(200) if shown else ""
        makers = [o for o in self.operations.values() if o.method == "POST"]
        found = [o for o in makers if o.template == collection]
        found += [o for o in makers if wanted and o.reply_schema(201) == wanted]
        for maker in found:
            got = await self.send(await self.request(maker))
            if got.status == 409:  # it is made already of the rows it names; name others
                self._rows.clear()
                got = await self.send(await self.request(maker))
            made = got.json()
            if got.status in (201, 202) and isinstance(made, dict) and _key_of(made):
                self._homes[str(_key_of(made)["id"])[:2]] = collection
                return _key_of(made)
        return {}


def _queries(operation: Operation) -> list[str]:
    """Return queries worth trying: the least there can be, then with one parameter each."""
    parameters = operation.parameters(Where.QUERY)
    written = {p["name"]: _written(operation, p) for p in parameters}
    least = [written[p["name"]] for p in parameters if p.get("required")]
    return ["&".join(least), *("&".join([*least, w]) for w in written.values() if w not in least)]


def _written(operation: Operation, parameter: Mapping[str, Any]) -> str:
    example = parameter.get("example") or sample(operation.document, parameter["schema"])
    example = example[0] if isinstance(example, list) and example else example
    return f"{parameter['name']}={quote(str(example), safe='')}"


_FILE: Final = "标题,需求描述\n短,短\n".encode()
_TABLES: Final = ("/v1/taxonomy/",)
_RUNS: Final = "/v1/match-runs"
"""Nobody makes these: whoever asks for matches is told of one."""

_PUTS_BACK: Final = "POST /v1/taxonomy/import"
"""Changes what codes there are; and how those of the examples come back."""

_SAME_AGAIN: Final = ("/session",)
"""Ends of operations whose bodies name what is there, not something new."""

_STEPS: Final = (
    *("/withdraw", "/close", "/revoke", "/cancel", "/decline", "/accept", "/pause", "/rotate"),
    "/erasures",
)
"""Ends of operations after which a row is of no more use to others."""


def _collection(template: str) -> str | None:
    """Return the part of a path before its first parameter."""
    head, brace, _ = template.partition("/{")
    return head if brace else None


def _key_of(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return key and version of what was made, which may stand beside a secret shown once."""
    if "id" not in shown:
        inner = [value for value in shown.values() if isinstance(value, dict) and "id" in value]
        return _key_of(inner[0]) if inner else {}
    return {name: shown[name] for name in ("id", "version") if name in shown}
