"""One JSON line an event: what happened, never what was in it.

Whatever module or library logs, its line goes through the same steps; the last one covers
personal data and secrets, should any have got that far. Only types and places are written of
errors, not their messages: those of databases and parsers repeat what came in.
"""

import logging
import re
import sys
import threading
from collections.abc import Mapping
from enum import StrEnum
from itertools import islice
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final, TextIO

import structlog
from structlog.types import EventDict, ExcInfo, Processor, WrappedLogger

from indexer.personal import cover_personal
from models.errors import NavmatchError
from models.occasion import current_occasion

MAX_CHARS: Final = 2_000
MAX_FRAMES: Final = 12

_SECRETS: Final = (
    re.compile(r"(?<![A-Za-z0-9])[a-z]{2,6}_[a-z]{2,20}_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{16,}"),
    re.compile(r"(?i)(?<=bearer )\S{8,}|(?<=basic )\S{8,}"),
    re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"),
    re.compile(r"(?<=://)[^\s/:@]+:[^\s/@]+(?=@)"),
    re.compile(r"(?i)(?<=password=)\S+|(?<=token=)\S+|(?<=secret=)\S+|(?<=key=)\S{8,}"),
)
_SECRET_NAMES: Final = re.compile(r"(?i)password|passwd|secret|token|authorization|cookie|api_?key")
_HIDDEN: Final = "[hidden]"
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_FOREIGN: Final = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")


class LogFormat(StrEnum):
    """How lines are written."""

    AUTO = "auto"
    JSON = "json"
    CONSOLE = "console"


class StandardError(logging.StreamHandler[TextIO]):
    """Writes to what standard error is at that moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        """The stream of the moment."""
        return sys.stderr

    @stream.setter
    def stream(self, value: TextIO) -> None:
        """Keep none."""


def set_up_logs(form: LogFormat, level: str) -> None:
    """Write everything anybody logs in this process to standard error; again changes nothing.

    Args:
        form: How; `auto` writes for people to a terminal, else JSON.
        level: Least level of our own loggers; others say warnings and worse.
    """
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, StandardError):
            root.removeHandler(handler)
    handler = StandardError()
    handler.setFormatter(formatter(form))
    root.addHandler(handler)
    logging.getLogger("navmatch").setLevel(level)
    for name in _FOREIGN:  # uvicorn sets up handlers of its own
        logging.getLogger(name).handlers.clear()
    access = logging.getLogger("uvicorn.access")  # the line of a request is ours
    access.addHandler(logging.NullHandler())
    access.propagate = False


def log_thread_errors() -> None:
    """Log what ends a thread like everything else: Python itself would write its message."""

    def log(ended: threading.ExceptHookArgs) -> None:
        name = ended.thread.name if ended.thread else "unknown"
        told = ended.exc_value or ended.exc_type()
        logging.getLogger("navmatch").error("thread %s ended by an error", name, exc_info=told)

    threading.excepthook = log


def formatter(form: LogFormat) -> logging.Formatter:
    """Return what turns records into lines."""
    is_console = form is LogFormat.CONSOLE or (form is LogFormat.AUTO and sys.stderr.isatty())
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=False, sort_keys=False)
        if is_console
        else structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _add_request_id,
            _describe_error,
            _shorten,
            cover,
            renderer,
        ],
    )


def cover(logger: WrappedLogger, method: str, values: EventDict) -> EventDict:
    """Cover personal data, secrets and control characters in everything a line holds."""
    return {str(_covered(name)): _named(str(name), value) for name, value in values.items()}


def _named(name: str, value: Any) -> Any:  # noqa: ANN401 - anything may be logged
    return _HIDDEN if _SECRET_NAMES.search(name) else _covered(value)


def _covered(value: Any) -> Any:  # noqa: ANN401 - anything may be logged
    if value is None or isinstance(value, bool | int | float):
        return _covered(str(value)) if isinstance(value, int) and abs(value) >= 10**10 else value
    if isinstance(value, Mapping):
        return {str(_covered(k)): _named(str(k), v) for k, v in islice(value.items(), 50)}
    if isinstance(value, list | tuple | set | frozenset):
        return [_covered(item) for item in islice(value, 50)]
    return cover_text(str(value))


def cover_text(text: str) -> str:
    """Return a text as it may stand in a line."""
    short = text[:MAX_CHARS]
    for pattern in _SECRETS:
        short = pattern.sub(_HIDDEN, short)
    return _CONTROLS.sub("\ufffd", cover_personal(short))


def _add_request_id(logger: WrappedLogger, method: str, values: EventDict) -> EventDict:
    request_id = current_occasion().request_id
    if request_id is not None:
        values.setdefault("request_id", request_id)
    return values


def _describe_error(logger: WrappedLogger, method: str, values: EventDict) -> EventDict:
    """Replace an exception by its types and the places it went through."""
    info: ExcInfo | bool | BaseException | None = values.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        values["error"] = describe_error(error)
    values.pop("stack_info", None)
    return values


def describe_error(error: BaseException) -> list[dict[str, Any]]:
    """Return the types of an error and of what caused it, and where; no message of theirs."""
    told: list[dict[str, Any]] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen and len(told) < 5:
        seen.add(id(current))
        frames = [
            f"{_place(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in extract_tb(current.__traceback__)
        ]
        about: dict[str, Any] = {"type": type(current).__qualname__, "at": frames[-MAX_FRAMES:]}
        if isinstance(current, NavmatchError):
            about["code"] = current.code
        if isinstance(current, OSError):
            about["errno"] = current.errno
        told.append(about)
        current = current.__cause__ or current.__context__
    return told


def _place(path: str) -> str:
    return "/".join(Path(path).parts[-2:])


def _shorten(logger: WrappedLogger, method: str, values: EventDict) -> EventDict:
    """Keep the first line of what libraries log: asyncio repeats errors further down."""
    for name in ("message", "asctime"):  # left in the record by other handlers
        values.pop(name, None)
    name = str(values.get("logger", ""))
    if not name.startswith("navmatch"):
        values["event"] = str(values.get("event", "")).partition("\n")[0]
    return values
