"""From errors to replies: one table of statuses, one shape of body, no input repeated."""

import errno
import logging
import random
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, ClassVar, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.intake.problems import FieldProblem, FieldsRejectedError
from api.logs import cover_text
from api.metrics import count_refusal
from api.rates import RateExceededError
from api.schemas.problem import FieldProblemRead, Problem
from indexer.errors import IndexDamagedError
from models.errors import (
    ConflictError,
    DiskFullError,
    ForbiddenError,
    InvalidInputError,
    NavmatchError,
    NotFoundError,
    SetupError,
    StateError,
    UnavailableError,
    UnknownCallerError,
)

MEDIA_TYPE: Final = "application/problem+json"
PROBLEMS_FILE: Final = "problems.toml"
MAX_NAME_CHARS: Final = 32  # of a name a sender made up; tokens are longer
MAX_PROBLEMS: Final = 20
"""Field problems in one reply: an error body stays small whatever was sent."""

_OWN_MESSAGE: Final = ("text_", "budget_", "days_", "not_empty", "query_")
"""Beginnings of error types whose sentence is ours and safe to show."""


class BusyError(UnavailableError):
    """As many searches are under way as may be."""

    code: ClassVar[str] = "busy"


IN_PROGRESS: Final = "idempotency_in_progress"
"""Code of a conflict that goes away by itself."""

STATUSES: Final[tuple[tuple[type[NavmatchError], int], ...]] = (
    (InvalidInputError, 422),
    (UnknownCallerError, 401),
    (ForbiddenError, 403),
    (NotFoundError, 404),
    (ConflictError, 409),
    (StateError, 409),
    (DiskFullError, 507),
    (RateExceededError, 429),
    (UnavailableError, 503),
    (SetupError, 503),
    (IndexDamagedError, 503),
    (NavmatchError, 500),
)
"""Status of each domain error; the first class that fits decides."""

_ALTERNATIVE: Final = re.compile(r"(constrained-)?(int|str|float|bool)|[a-z-]+\[.*\]")
"""How pydantic names an alternative of a union in the place of an error."""

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the operating system says when nothing more can be written."""

_log = logging.getLogger("navmatch.api")

_CODES: Final = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    422: "invalid_input",
    503: "unavailable",
}
_DETAILS: Final = {
    "bad_request": "请求无法读取，请检查后重试。",
    "not_found": "没有这个地址，请对照接口文档 /docs。",
    "method_not_allowed": "这个地址不支持这种请求方法，请对照接口文档 /docs。",
    "body_too_large": "请求正文超过上限，请减少内容或分批提交。",
    "unsupported_media_type": "请求正文应为 UTF-8 编码的 JSON（Content-Type: application/json）。",
    "invalid_input": "请求内容不符合要求，请按 errors 中的说明逐项修改。",
    "host_refused": "不许可用这个主机名访问；确要使用时请设置 NAVMATCH_ALLOWED_HOSTS。",
    "origin_refused": "不接受其他网站的页面发来的改动请求。",
    "internal": "服务内部出错，未能完成请求。请把请求编号告诉管理员。",
    "unavailable": "暂时无法服务，请稍后重试。",
    "disk_full": "磁盘空间不足，没有写入。请管理员清理磁盘后重试；检索不受影响。",
}


class BodyRejectedError(HTTPException):
    """The body cannot be read as the JSON we accept."""

    def __init__(self, code: str, detail: str, status: int = 400) -> None:
        super().__init__(status_code=status, detail=detail)
        self.code = code


def status_of(error: NavmatchError) -> int:
    """Return the HTTP status of a domain error."""
    return next(status for kind, status in STATUSES if isinstance(error, kind))


def problem_of(error: NavmatchError, request_id: str | None = None) -> Problem:
    """Return the body that describes a domain error."""
    problems = error.problems if isinstance(error, FieldsRejectedError) else ()
    return _problem(error.code, status_of(error), error.message, problems, request_id)


def add_handlers(app: FastAPI) -> None:
    """Make an application answer every error with a problem body."""
    app.add_exception_handler(NavmatchError, _on_domain_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(OSError, _on_system_error)


def internal_problem(request_id: str | None) -> Problem:
    """Return the body for an error nobody foresaw: its number, nothing else."""
    return _problem("internal", 500, _DETAILS["internal"], (), request_id)


def forbidden_problem(code: str, request_id: str | None) -> Problem:
    """Return the body for a request that comes from where it must not."""
    return _problem(code, 403, _DETAILS[code], (), request_id)


def body_too_large() -> BodyRejectedError:
    """Return the error of a body with more bytes than allowed."""
    return BodyRejectedError("body_too_large", _DETAILS["body_too_large"], status=413)


def problem_of_http(error: HTTPException, request_id: str | None) -> Problem:
    """Return the body that describes an error of the protocol."""
    code = getattr(error, "code", None) or _CODES.get(error.status_code, "bad_request")
    detail = error.detail if isinstance(error, BodyRejectedError) else _DETAILS[code]
    return _problem(code, error.status_code, detail, (), request_id)


def reply(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the response that carries a problem."""
    more = dict(headers or {})
    if problem.status == 503 or problem.code == IN_PROGRESS:
        more.setdefault("Retry-After", str(random.randint(1, 3)))  # noqa: S311 - spreads retries
    if problem.status == 401:
        more.setdefault("WWW-Authenticate", "Bearer")
    return JSONResponse(
        problem.model_dump(exclude_none=True), problem.status, more, media_type=MEDIA_TYPE
    )


def field_problems(errors: Iterable[Mapping[str, Any]]) -> list[FieldProblem]:
    """Return pydantic's errors as ours: path, type and a Chinese sentence, never the input."""
    found: list[FieldProblem] = []
    place_of: dict[tuple[str | int, ...], int] = {}
    for error in errors:
        kind = str(error["type"])
        loc = tuple(error["loc"])
        field = _path(_outside_union(loc), kind)
        problem = FieldProblem(field, kind, _sentence(error, kind))
        if loc != _outside_union(loc):
            known = place_of.setdefault(_outside_union(loc), len(found))
            if known < len(found):
                found[known] = _either(found[known], problem)
                continue
        if len(found) == MAX_PROBLEMS:
            break
        found.append(problem)
    return found


def request_id_of(request: Request) -> str | None:
    """Return the number of a request."""
    return getattr(request.state, "request_id", None)


def _problem(
    code: str,
    status: int,
    detail: str,
    problems: Sequence[FieldProblem],
    request_id: str | None,
) -> Problem:
    return Problem(
        type=f"urn:navmatch:problem:{code}",
        title=_texts()["titles"].get(code, _texts()["titles"]["internal"]),
        status=status,
        detail=detail,
        code=code,
        request_id=request_id,
        errors=[
            FieldProblemRead(field=p.field, code=p.code, message=p.message)
            for p in problems[:MAX_PROBLEMS]
        ],
    )


def _on_domain_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, NavmatchError):
        raise error
    if isinstance(error, UnavailableError):
        count_refusal(request.app.state, error)
    return reply(problem_of(error, request_id_of(request)))


def _on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    problems = field_problems(error.errors())
    request_id = request_id_of(request)
    return reply(_problem("invalid_input", 422, _DETAILS["invalid_input"], problems, request_id))


def _on_system_error(request: Request, error: Exception) -> JSONResponse:
    """Answer what the operating system refused: no space, or a device that fails."""
    number = error.errno if isinstance(error, OSError) else None
    if number not in (*_FULL, errno.EIO):
        raise error
    code, status = ("disk_full", 507) if number in _FULL else ("unavailable", 503)
    _log.error("request %s: %s", request_id_of(request), error)
    return reply(_problem(code, status, _DETAILS[code], (), request_id_of(request)))


def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_methods_of(request))
    return reply(problem_of_http(error, request_id_of(request)), headers)


def _methods_of(request: Request) -> list[str]:
    """Return the methods of a place; routing names only those of the first route it meets."""
    found: set[str] = set()
    for template, operations in request.app.openapi()["paths"].items():
        pattern = re.sub(r"\\\{[a-z_]+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, request.url.path):
            found.update(method.upper() for method in operations)
    return sorted(found | ({"HEAD"} if "GET" in found else set()) or {"GET", "HEAD"})


def _path(loc: Sequence[str | int], kind: str) -> str:
    """Return where the error stands, without names the sender made up."""
    parts = list(loc[1:]) if loc and loc[0] in ("body", "query", "path", "header") else list(loc)
    if kind == "extra_forbidden" and parts:
        parts = parts[:-1]
    return ".".join(p if _is_plain(p) else "?" for p in map(str, parts))


def _outside_union(loc: Sequence[str | int]) -> tuple[str | int, ...]:
    """Return a place without the name of the alternative of a union that was tried there."""
    is_inside = bool(loc) and _ALTERNATIVE.fullmatch(str(loc[-1])) is not None
    return tuple(loc[:-1]) if is_inside else tuple(loc)


def _either(first: FieldProblem, other: FieldProblem) -> FieldProblem:
    """Return one problem for a value that fits none of several alternatives."""
    if other.message in first.message:
        return first
    return FieldProblem(first.field, first.code, f"{first.message.rstrip('。')}，或{other.message}")


def _is_plain(part: str) -> bool:
    """Return whether a name may be repeated: no text, and neither a secret nor personal data."""
    is_name = part.isascii() and part.replace("_", "").replace("-", "").isalnum()
    return is_name and len(part) <= MAX_NAME_CHARS and cover_text(part) == part


def _sentence(error: Mapping[str, Any], kind: str) -> str:
    if kind.startswith(_OWN_MESSAGE):
        return str(error["msg"])
    sentences = _texts()["validation"]
    limits = {
        name: str(value).replace(" or ", "、").replace(", ", "、")
        for name, value in (error.get("ctx") or {}).items()
        if name in ("min_length", "max_length", "ge", "gt", "le", "lt", "expected")
    }
    try:
        return sentences.get(kind, sentences["other"]).format(**limits)
    except KeyError:
        return sentences["other"]


@lru_cache(maxsize=1)
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("api") / PROBLEMS_FILE).read_text("utf-8"))
