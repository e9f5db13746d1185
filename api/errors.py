"""From errors to replies: one table of statuses, one shape of body, no input repeated."""

import errno
import logging
import random
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.field_problems import MAX_PROBLEMS, field_problems, texts
from api.intake.problems import FieldProblem, FieldsRejectedError
from api.metrics import count_refusal
from api.rates import RateExceededError
from api.schemas.problem import FieldProblemRead, Problem
from indexer.errors import IndexDamagedError
from models.durable import NO_SPACE
from models.errors import (
    ConflictError,
    DiskFullError,
    FileDamagedError,
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


class BusyError(UnavailableError):
    """As many searches are under way as may be."""

    code: ClassVar[str] = "busy"


PROBLEM: Final = "problem"
"""Where among the state of a request stands the code it was refused with."""

IN_PROGRESS: Final = "idempotency_in_progress"
"""Code of a conflict that goes away by itself."""

STATUSES: Final[tuple[tuple[type[NavmatchError], int], ...]] = (
    (FileDamagedError, 503),
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
    "invalid_input": "请求内容不符合要求，请按逐项的说明（errors）修改。",
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


def last_problem(error: Exception, request_id: str | None) -> Problem:
    """Return the body for an error no part of the service has answered.

    What the operating system refuses for want of space, or because a device fails, may go
    well later; anything else nobody foresaw.
    """
    number = error.errno if isinstance(error, OSError) else None
    if number not in (*NO_SPACE, errno.EIO):
        return internal_problem(request_id)
    code, status = ("disk_full", 507) if number in NO_SPACE else ("unavailable", 503)
    return _problem(code, status, _DETAILS[code], (), request_id)


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
        title=texts()["titles"].get(code, texts()["titles"]["internal"]),
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
    setattr(request.state, PROBLEM, error.code)
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
    problem = last_problem(error, request_id_of(request))
    if problem.status == 500:
        raise error
    _log.error("request %s: %s", request_id_of(request), error)
    return reply(problem)


def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_methods_of(request))
    return reply(problem_of_http(error, request_id_of(request)), headers)


def _methods_of(request: Request) -> list[str]:
    """Return the methods of a place; routing names only those of the first route it meets."""
    paths: dict[str, Mapping[str, Any]] = request.app.openapi()["paths"]
    if request.url.path in paths:
        paths = {request.url.path: paths[request.url.path]}
    found: set[str] = set()
    for template, operations in paths.items():
        pattern = re.sub(r"\\\{[a-z_]+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, request.url.path):
            found.update(method.upper() for method in operations)
    return sorted(found | ({"HEAD"} if "GET" in found else set()) or {"GET", "HEAD"})
