"""What the OpenAPI document says of all operations: who may call them, how often, how once."""

import asyncio
import json
from collections.abc import Callable
from threading import Lock
from typing import Any, Final

from anyio import to_thread
from fastapi import FastAPI, Request, Response

from api.authentication import COOKIE
from api.errors import MEDIA_TYPE
from api.origins import SAFE_METHODS
from api.policy import POLICY, Rule
from models.vocabulary.access import Role

API_PATHS: Final = "/v1/"
DOCUMENT_PATH: Final = "/openapi.json"
_SCHEMES: Final = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "API 密钥，放在 Authorization 头中；不接受放在地址里的密钥。",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "登录后设置的会话 cookie；本机不经 https 时名为 navmatch。",
    },
}
_REFUSALS: Final = {
    "401": "没有登录，或登录、密钥已失效",
    "403": "不许可：角色、用途或记录不属于本单位",
}
_TOO_OFTEN: Final = "请求过于频繁，Retry-After 头给出多少秒后重试"
_ONCE: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "自选的标识（1 至 255 个可见 ASCII 字符）。答复丢失时带同一标识重发，"
    "改动只做一次，答复与第一次相同；至少保留 24 小时。",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def describe_access(app: FastAPI) -> None:
    """Make the document of an application say by what and as what one gets in."""
    plain = app.openapi
    made: list[dict[str, Any]] = []
    making = Lock()

    def described() -> dict[str, Any]:
        with making:
            if not made:
                made.append(_described(plain))
        return made[0]

    app.openapi = described  # type: ignore[method-assign]


def serve_document(app: FastAPI) -> None:
    """Serve the document, written once: anew for each caller it would cost 10 ms each time.

    It is written in a thread: for half a second nobody else would be answered. Who asks
    meanwhile waits for it; each writing one of their own, a hundred took the machine for seconds.
    """
    written: list[bytes] = []
    writing = asyncio.Lock()

    def write() -> None:
        written.append(json.dumps(app.openapi(), ensure_ascii=False).encode())

    async def read_document(request: Request) -> Response:
        async with writing:
            if not written:
                await to_thread.run_sync(write)
        return Response(written[0], media_type="application/json")

    app.add_route(DOCUMENT_PATH, read_document, include_in_schema=False)


def _described(plain: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    document = plain()
    document["components"]["securitySchemes"] = _SCHEMES
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            rule = POLICY.get(operation["operationId"])
            if rule is not None:
                _describe(operation, rule)
            if path.startswith(API_PATHS):
                _add_answer(operation, "429", _TOO_OFTEN)
                if method.upper() not in SAFE_METHODS:
                    operation.setdefault("parameters", []).append(_ONCE)
    return document


def _describe(operation: dict[str, Any], rule: Rule) -> None:
    ways: list[dict[str, list[str]]] = [{"key": []}, {"session": []}]
    if Role.ANONYMOUS in rule.roles:
        ways.append({})
    operation["security"] = ways
    if rule.before_recognition:
        return
    for status, meaning in _REFUSALS.items():
        _add_answer(operation, status, meaning)


def _add_answer(operation: dict[str, Any], status: str, meaning: str) -> None:
    answer = {
        "description": meaning,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    operation["responses"].setdefault(status, answer)
    operation["responses"] = dict(sorted(operation["responses"].items()))
