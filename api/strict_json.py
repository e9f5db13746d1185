"""Reading JSON bodies strictly: what two parsers could read differently is refused."""

import json
import math
from collections.abc import Callable, Coroutine
from typing import Any, Final, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute

from api.errors import BodyRejectedError

MAX_DEPTH: Final = 16
MAX_KEYS: Final = 64
MAX_ITEMS: Final = 1_000
MAX_DIGITS: Final = 20
"""Digits of an integer: enough for every field, few enough to be parsed in no time."""


class StrictRequest(Request):
    """A request whose JSON body is read by `parse`."""

    async def json(self) -> Any:  # noqa: ANN401 - Starlette's signature
        """Return the parsed body."""
        if not hasattr(self, "_json"):
            self._json = parse(await self.body())
        return self._json


class StrictRoute(APIRoute):
    """A route that takes JSON in UTF-8 and nothing else."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler that reads the body strictly."""
        original = super().get_route_handler()

        async def handle(request: Request) -> Response:
            if self.body_field is not None and not _is_json(request):
                raise BodyRejectedError(
                    "unsupported_media_type",
                    "请求正文应为 UTF-8 编码的 JSON（Content-Type: application/json）。",
                    status=415,
                )
            return await original(StrictRequest(request.scope, request.receive))

        return handle


def parse(body: bytes) -> Any:  # noqa: ANN401 - JSON can be anything
    """Return the value a JSON text stands for.

    Raises:
        BodyRejectedError: not UTF-8, not JSON, keys repeated, nested more than 16 deep, too
            many keys or items, or numbers that are infinite, NaN or absurdly long.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_number,
        )
    except UnicodeDecodeError:
        raise BodyRejectedError("json_invalid", "请求正文不是 UTF-8 编码。") from None
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        raise BodyRejectedError(
            "json_invalid", f"请求正文不是合法的 JSON：第 {error.pos + 1} 个字符处有误。"
        ) from None
    _check_shape(value)
    return value


def _is_json(request: Request) -> bool:
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    name = parameters.strip().lower().replace('"', "")
    return kind.strip().lower() == "application/json" and name in ("", "charset=utf-8")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_KEYS:
        raise _too_large()
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BodyRejectedError(
            "json_duplicate_key", "同一个对象里有重复的键，含义不明，请删去多余的。"
        )
    return found


def _check_shape(value: Any) -> None:  # noqa: ANN401 - JSON can be anything
    """Walk without recursion: depth and length of lists."""
    waiting = [(value, 1)]
    while waiting:
        current, depth = waiting.pop()
        if isinstance(current, dict):
            inner = list(current.values())
        elif isinstance(current, list):
            inner = current
        else:
            continue
        if depth > MAX_DEPTH:
            raise _too_deep()
        if len(inner) > MAX_ITEMS:
            raise _too_large()
        waiting.extend((item, depth + 1) for item in inner)


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise BodyRejectedError("json_number", f"整数过长，最多 {MAX_DIGITS} 位。")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise BodyRejectedError("json_number", "数字超出可表示的范围。")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise BodyRejectedError("json_number", "JSON 中不能有 NaN 或 Infinity。")


def _too_deep() -> BodyRejectedError:
    return BodyRejectedError("json_too_deep", f"JSON 嵌套过深，最多 {MAX_DEPTH} 层。")


def _too_large() -> BodyRejectedError:
    return BodyRejectedError(
        "json_too_large", f"JSON 过大：一个对象最多 {MAX_KEYS} 个键，一个列表最多 {MAX_ITEMS} 项。"
    )
