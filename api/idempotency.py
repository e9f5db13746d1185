"""Requests that carry an `Idempotency-Key` are done once; sent again, they get the same answer.

The answer is stored in the transaction of the effect, so that either both are there or none:
whoever did not hear the answer asks again with the same key.
"""

import asyncio
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar, Final

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.bodies import given, nothing, read_body
from api.errors import problem_of, problem_of_http, reply
from models.acting import telling_system
from models.database import Connection, Database
from models.errors import InvalidInputError, NavmatchError, StateError
from models.failpoints import Failpoint, hit
from models.reply import AnsweredElsewhereError, Claim, KeptReply, find_reply, keep_reply
from models.repository import newest_position
from models.unit import Unit, active
from models.viewer import acting_as, current_viewer, system
from models.written import note

HEADER: Final = b"idempotency-key"
WRITING_METHODS: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
MAX_KEY_CHARS: Final = 255
WAIT_S: Final = 10.0
"""How long a request waits for one with the same key that is under way in this process."""

KEPT_HEADERS: Final = frozenset({b"content-type", b"location", b"etag"})
MAX_KEPT_BYTES: Final = 1 << 20
API_PATHS: Final = "/v1/"
SIGN_IN_PATHS: Final = "/v1/session"
_PART: Final = "idempotency"


class KeyInvalidError(InvalidInputError):
    """The key is no key."""

    code: ClassVar[str] = "idempotency_key_invalid"


class MismatchError(InvalidInputError):
    """The key was used for another request."""

    code: ClassVar[str] = "idempotency_mismatch"


class WithheldError(StateError):
    """The request was done, but its answer held something that is shown once."""

    code: ClassVar[str] = "idempotency_withheld"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request as it is compared: who asked under which key, and for what."""

    key_hash: str
    request_hash: str
    actor: str | None


@dataclass
class _Answer:
    """An answer that is not sent yet."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    parts: list[bytes] = field(default_factory=list)

    async def take(self, message: Message) -> None:
        """Take part of the answer, in the place of sending it."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [(name.lower(), value) for name, value in message.get("headers", [])]
        elif message["type"] == "http.response.body":
            self.parts.append(message.get("body", b""))

    async def send(self, send: Send) -> None:
        """Send it."""
        start = {"type": "http.response.start", "status": self.status, "headers": self.headers}
        await send(start)
        await send({"type": "http.response.body", "body": b"".join(self.parts)})

    def kept(self, request_hash: str) -> KeptReply:
        """Return it as it is stored: without a body that is shown only once."""
        headers = {n.decode(): v.decode("latin-1") for n, v in self.headers if n in KEPT_HEADERS}
        return KeptReply(request_hash, self.status, json.dumps(headers), self._kept_body())

    def _kept_body(self) -> str | None:
        told = dict(self.headers)
        body = b"".join(self.parts)
        is_secret = b"set-cookie" in told or b"no-store" in told.get(b"cache-control", b"")
        if is_secret or len(body) > MAX_KEPT_BYTES:
            return None
        try:
            return body.decode()
        except UnicodeDecodeError:
            return None


class Idempotency:
    """ASGI middleware inside of what recognises callers and refuses too many of them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._under_way: dict[str, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        keys = [] if not _counts(scope) else [v for n, v in scope["headers"] if n == HEADER]
        if not keys:
            await self._app(scope, receive, send)
            return
        request_id = scope.get("state", {}).get("request_id")
        try:
            key, body = _key(keys), await read_body(receive)
            answer = await self._once(scope, body, _asked(scope, body, key))
        except HTTPException as error:
            await reply(problem_of_http(error, request_id))(scope, receive, send)
        except NavmatchError as error:
            await reply(problem_of(error, request_id))(scope, receive, send)
        else:
            await answer.send(send)

    async def _once(self, scope: Scope, body: bytes, asked: _Asked) -> _Answer:
        """Answer, one request with the same key after the other."""
        while (other := self._under_way.get(asked.key_hash)) is not None:
            try:
                await asyncio.wait_for(other.wait(), WAIT_S)
            except TimeoutError:
                raise AnsweredElsewhereError("同一请求正在处理，请稍后重试。") from None
        done = self._under_way[asked.key_hash] = asyncio.Event()
        try:
            database: Database = scope["app"].state.parts.service.database
            kept = await to_thread.run_sync(_find, database, asked.key_hash)
            if kept is None:
                return await self._answer(scope, body, asked, database)
            return _again(kept, asked)
        finally:
            del self._under_way[asked.key_hash]
            done.set()

    async def _answer(
        self, scope: Scope, body: bytes, asked: _Asked, database: Database
    ) -> _Answer:
        """Have it done, and store the answer with what was done."""
        claim = Claim(asked.key_hash, asked.request_hash, asked.actor)
        unit = database.unit(partial(_claim, claim))
        answer = _Answer()
        try:
            with active(unit):
                await self._app(scope, given(body, after=nothing), answer.take)
            if unit.n_kept and answer.status < 500 and not claim.is_lost:
                kept = answer.kept(asked.request_hash)

                await to_thread.run_sync(_commit, database, unit, asked.key_hash, kept)
                return answer
        finally:
            await to_thread.run_sync(unit.rollback)
        if not claim.is_lost:
            return answer
        kept_elsewhere = await to_thread.run_sync(_find, database, asked.key_hash)
        if kept_elsewhere is None:
            raise AnsweredElsewhereError("同一请求正在另一进程处理，请稍后重试。")
        return _again(kept_elsewhere, asked)


def _counts(scope: Scope) -> bool:
    """Return whether a request may change something that is worth an answer again.

    Not signing in: its body is a password, of which no quick hash may be kept.
    """
    path: str = scope.get("path", "")
    return (
        scope["type"] == "http"
        and scope["method"] in WRITING_METHODS
        and path.startswith(API_PATHS)
        and not path.startswith(SIGN_IN_PATHS)
    )


def _key(keys: list[bytes]) -> bytes:
    key = keys[0]
    is_visible = all(0x21 <= byte <= 0x7E for byte in key)
    if len(keys) > 1 or not 1 <= len(key) <= MAX_KEY_CHARS or not is_visible:
        raise KeyInvalidError(
            f"Idempotency-Key 应为一个 1 至 {MAX_KEY_CHARS} 个可见 ASCII 字符的标识。"
        )
    return key


def _asked(scope: Scope, body: bytes, key: bytes) -> _Asked:
    viewer = current_viewer()
    who = (viewer.role.value, viewer.actor or "", viewer.organisation_id or "")
    kind = dict(scope["headers"]).get(b"content-type", b"")
    what = (scope["method"].encode(), scope["raw_path"], scope["query_string"], kind, body)
    return _Asked(_digest([*(part.encode() for part in who), key]), _digest(what), viewer.actor)


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _find(database: Database, key_hash: str) -> KeptReply | None:
    """Return the kept reply; notes that what it tells of is in the newest state."""
    with acting_as(system(_PART)), database.read() as session:
        kept = find_reply(session, key_hash)
        if kept is not None:
            note(newest_position(session))
        return kept


def _claim(claim: Claim, connection: Connection) -> None:
    with telling_system(connection, _PART):
        claim(connection)


def _commit(database: Database, unit: Unit, key_hash: str, kept: KeptReply) -> None:
    def store(connection: Connection) -> None:
        with telling_system(connection, _PART):
            keep_reply(connection, key_hash, kept)
        hit(Failpoint.IDEMPOTENCY_SAVED)

    database.commit(unit, store)
    hit(Failpoint.AFTER_EFFECT_BEFORE_REPLY)


def _again(kept: KeptReply, asked: _Asked) -> _Answer:
    """Return the answer once more.

    Raises:
        MismatchError: the key was used for another request.
        WithheldError: the answer was not kept.
    """
    if kept.request_hash != asked.request_hash:
        raise MismatchError("这个 Idempotency-Key 已用于另一个请求，请换一个新的。")
    if kept.body is None:
        raise WithheldError(
            "这个请求已经完成，但答复中有只显示一次的内容，没有保存。请查询结果或换新的密钥。",
            status=kept.status,
        )
    headers = [(n.encode(), v.encode("latin-1")) for n, v in json.loads(kept.headers).items()]
    body = kept.body.encode()
    headers += [
        (b"content-length", str(len(body)).encode()),
        (b"idempotency-replayed", b"true"),
    ]
    return _Answer(kept.status, headers, [body])
