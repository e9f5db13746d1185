"""Requests and typed answers: the one place that knows httpx2."""

import ssl
import warnings
from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Final, TypeVar, cast
from urllib.parse import quote, urlsplit

import httpx2
from pydantic import BaseModel, TypeAdapter, ValidationError

from api.client.errors import (
    AnswerUnreadableError,
    OpenToAllWarning,
    ServiceUnreachableError,
    error_of,
)
from api.client.retrying import Retries, may_retry, seconds_of
from api.schemas.problem import Problem

AnswerT = TypeVar("AnswerT")
Value = str | int | bool | None
Query = Mapping[str, Value | Sequence[str]]

VERSION_HEADER: Final = "X-Navmatch-Version"
MIN_VERSION_HEADER: Final = "X-Navmatch-Min-Version"
ONCE_HEADER: Final = "Idempotency-Key"
_JSON: Final = "application/json"
_FILE: Final = "application/octet-stream"
_FAILED: Final = 300
"""Status from which nothing was done: no redirection is followed, the key is for one service."""

OPEN_TO_ALL: Final = (
    "服务的地址是 http:// 开头的，又不在本机：密钥和内容在网上不加密，途经的人都读得到。"
    "请改用 https://。"
)

_DOTS: Final = frozenset({"", ".", ".."})
"""Keys by which a path would become another one."""


class Transport:
    """Sends requests, again where that helps, and reads the answers.

    Attributes:
        version: Newest state written through it; asked for by questions that follow.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        timeout_s: float = 30.0,
        retries: Retries | None = None,
        ca_file: Path | None = None,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"服务的地址应以 http:// 或 https:// 开头：{url}")
        self._url = url
        if key:
            self.warn_if_open()
        self.version: str | None = None
        self._retries = retries if retries is not None else Retries()
        self._http = httpx2.Client(
            base_url=url.rstrip("/"),
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx2.Timeout(timeout_s, connect=min(5.0, timeout_s)),
            verify=ssl.create_default_context(cafile=str(ca_file)) if ca_file else True,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def warn_if_open(self) -> None:
        """Warn that a secret is sent where others on the way can read it."""
        if is_open_to_all(self._url):
            warnings.warn(OPEN_TO_ALL, OpenToAllWarning, stacklevel=4)

    def fetch(self, path: str) -> bytes:
        """Return a file."""
        return self._send("GET", path, None, None, {}).content

    def ask(
        self,
        answer: type[AnswerT],
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: BaseModel | None = None,
        min_version: str | None = None,
    ) -> AnswerT:
        """Return the answer to what changes nothing.

        Args:
            answer: As what it is read.
            method: Method of the request.
            path: Where, below the address of the service.
            query: Words of the query; None leaves one out.
            body: Body.
            min_version: State of the index to be answered from at least; what was written
                through this client when None.
        """
        version = min_version or self.version
        headers = {MIN_VERSION_HEADER: version} if version else {}
        return _read(answer, self._send(method, path, query, body, headers))

    def write(
        self,
        answer: type[AnswerT],
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: BaseModel | bytes | None = None,
        idempotency_key: str | None = None,
    ) -> AnswerT:
        """Return the answer to a change that is done once, however often it is sent.

        Args:
            answer: As what it is read.
            method: Method of the request.
            path: Where, below the address of the service.
            query: Words of the query; None leaves one out.
            body: Body; bytes are a file.
            idempotency_key: What it is sent under; a new one when None.
        """
        headers = {ONCE_HEADER: idempotency_key or token_urlsafe(18)}
        reply = self._send(method, path, query, body, headers)
        self.version = reply.headers.get(VERSION_HEADER, self.version)
        return _read(answer, reply)

    def _send(
        self,
        method: str,
        path: str,
        query: Query | None,
        body: BaseModel | bytes | None,
        headers: Mapping[str, str],
    ) -> httpx2.Response:
        content, described = _content(body)
        request = self._http.build_request(
            method,
            path,
            params=_params(query or {}),
            content=content,
            headers={**headers, **described},
        )
        n_before = 0
        while True:
            told_s = None
            try:
                reply = self._http.send(request)
                told_s = seconds_of(reply.headers.get("Retry-After"))
                if not may_retry(reply.status_code, told_s):
                    return self._checked(reply)
            except httpx2.TransportError as error:
                reply, lost = None, error
            wait_s = self._retries.wait_s(n_before, told_s)
            if wait_s is None:
                if reply is not None:
                    return self._checked(reply)
                raise ServiceUnreachableError(
                    type(lost).__name__, headers.get(ONCE_HEADER)
                ) from lost
            self._retries.sleep(wait_s)
            n_before += 1

    def _checked(self, reply: httpx2.Response) -> httpx2.Response:
        """Return an answer that is none of refusal."""
        if reply.status_code < _FAILED:
            return reply
        problem = _problem_of(reply)
        if problem.code == "version_unknown":  # another database, or one restored
            self.version = None
        raise error_of(problem, seconds_of(reply.headers.get("Retry-After")))


def is_open_to_all(url: str) -> bool:
    """Return whether what is sent to an address can be read by others on the way."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme != "http" or host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return True


def place(*parts: str) -> str:
    """Return a path; a key that is none cannot lead anywhere else.

    Raises:
        ValueError: a key is empty or consists of dots.
    """
    if not _DOTS.isdisjoint(parts):
        raise ValueError("编号不能是空的，也不能只是点。")
    return "/".join([parts[0], *(quote(part, safe="") for part in parts[1:])])


def _content(body: BaseModel | bytes | None) -> tuple[bytes | None, dict[str, str]]:
    """Return what is sent, and the header that says what it is."""
    if body is None:
        return None, {}
    if isinstance(body, bytes):
        return body, {"Content-Type": _FILE}
    return body.model_dump_json(exclude_unset=True).encode(), {"Content-Type": _JSON}


def _params(query: Query) -> dict[str, Any]:
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in query.items()
        if value is not None
    }


@cache
def _adapter(answer: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, answer))


def _read(answer: type[AnswerT], reply: httpx2.Response) -> AnswerT:
    """Return an answer as a type; fields a newer service adds are passed over."""
    try:
        read: AnswerT = _adapter(cast(Hashable, answer)).validate_json(
            reply.content or b"null", extra="ignore"
        )
    except ValidationError as error:
        wrong = "、".join(
            sorted({".".join(map(str, e["loc"])) or "正文" for e in error.errors()})[:5]
        )
        raise AnswerUnreadableError(
            f"答复的形式与客户端不合（{wrong}），请核对地址，或改用与服务同版本的客户端。"
        ) from None
    return read


def _problem_of(reply: httpx2.Response) -> Problem:
    """Return the problem of a refusal; one made up where something in between answered."""
    try:
        problem: Problem = _adapter(Problem).validate_json(reply.content, extra="ignore")
    except ValidationError:
        return Problem(
            type="about:blank",
            title="请求没有成功",
            status=reply.status_code,
            detail=f"答复的状态码是 {reply.status_code}，不是这个服务的说明。",
            code="unexplained",
        )
    return problem
