"""What the OpenAPI document says about who may call which operation."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI

from api.authentication import COOKIE
from api.errors import MEDIA_TYPE
from api.policy import POLICY, Rule
from models.vocabulary import Role

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


def describe_access(app: FastAPI) -> None:
    """Make the document of an application say by what and as what one gets in."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(plain)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _described(plain: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    document = plain()
    document["components"]["securitySchemes"] = _SCHEMES
    for methods in document["paths"].values():
        for operation in methods.values():
            rule = POLICY.get(operation["operationId"])
            if rule is not None:
                _describe(operation, rule)
    return document


def _describe(operation: dict[str, Any], rule: Rule) -> None:
    ways: list[dict[str, list[str]]] = [{"key": []}, {"session": []}]
    if Role.ANONYMOUS in rule.roles:
        ways.append({})
    operation["security"] = ways
    if rule.before_recognition:
        return
    for status, meaning in _REFUSALS.items():
        answer = {
            "description": meaning,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        operation["responses"].setdefault(status, answer)
    operation["responses"] = dict(sorted(operation["responses"].items()))
