import json
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from api.logs import (
    LogFormat,
    StandardError,
    cover_text,
    describe_error,
    log_thread_errors,
    set_up_logs,
)
from models.errors import NotFoundError
from models.occasion import Occasion, during

PHONE = "13912345678"
KEY = "dm_operator_a1B2c3D4_Zx9yW8vU7tS6rQ5pO4nM3lK2_9f3a"


class Written:
    """What reached standard error."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture
        self._text = ""

    @property
    def text(self) -> str:
        self._text += self._capture.readouterr().err
        return self._text

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[Written]:
    """What is written while logs are set up as JSON."""
    set_up_logs(LogFormat.JSON, "INFO")
    yield Written(capsys)
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, StandardError)]:
        root.removeHandler(handler)


def test_event_is_one_json_line_with_its_request(written: Written) -> None:
    with during(Occasion("match", request_id="r-12345678")):
        logging.getLogger("navmatch.indexer").info("published", extra={"generation": "gen-1"})
    (line,) = written.lines
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "published",
        "level": "info",
        "logger": "navmatch.indexer",
        "generation": "gen-1",
        "request_id": "r-12345678",
    }


@pytest.mark.parametrize(
    "secret",
    [
        PHONE,
        "110101199003077777",
        "zhang.san@example.com",
        "0512-62881234",
        KEY,
        "Bearer abcdefgh12345678",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "postgresql://navmatch:hunter2@db/navmatch",
        "password=hunter2",
    ],
)
@pytest.mark.parametrize("place", ["event", "argument", "field", "nested", "name"])
def test_secrets_are_covered_wherever_they_stand(written: Written, secret: str, place: str) -> None:
    log = logging.getLogger("navmatch.api")
    match place:
        case "event":
            log.warning(f"said {secret} aloud")
        case "argument":
            log.warning("said %s aloud", secret)
        case "field":
            log.warning("said", extra={"value": f"x {secret}"})
        case "nested":
            log.warning("said", extra={"values": [{"deep": (secret,)}]})
        case "name":
            log.warning("said", extra={"values": {secret: 1}})
    hidden = {"Bearer abcdefgh12345678": "abcdefgh", "password=hunter2": "hunter2"}
    for part in (hidden.get(secret, secret), "hunter2"):
        assert part not in written.text
    assert len(written.lines) == 1


@pytest.mark.parametrize("name", ["password", "api_key", "Authorization", "cookie", "totp_secret"])
def test_fields_that_name_a_secret_are_hidden(written: Written, name: str) -> None:
    logging.getLogger("navmatch.api").warning("said", extra={name: "plain words"})
    assert written.lines[0][name] == "[hidden]"


def test_number_that_is_a_phone_is_covered(written: Written) -> None:
    logging.getLogger("navmatch.api").warning("said", extra={"value": int(PHONE), "n": 42})
    (line,) = written.lines
    assert (line["value"], line["n"]) == ("*" * 11, 42)


def test_error_is_told_without_its_message(written: Written) -> None:
    try:
        try:
            raise ValueError("the text of a customer")
        except ValueError as error:
            raise NotFoundError("没有“某客户”") from error
    except NotFoundError:
        logging.getLogger("navmatch.api").exception("failed")
    assert "customer" not in written.text
    assert "客户" not in written.text
    outer, inner = written.lines[0]["error"]
    assert (outer["type"], outer["code"], inner["type"]) == (
        "NotFoundError",
        "not_found",
        "ValueError",
    )
    assert outer["at"][-1].endswith("test_error_is_told_without_its_message")


@pytest.mark.parametrize("form", [LogFormat.JSON, LogFormat.CONSOLE])
def test_nobody_can_forge_a_line(form: LogFormat, written: Written) -> None:
    set_up_logs(form, "INFO")
    forged = 'x\n{"event": "forged"}\r\u2028\x1b[2K'
    logging.getLogger("navmatch.api").warning(forged, extra={"value": forged, forged: 1})
    text = written.text
    assert len(text.splitlines()) == 1
    assert "\x1b" not in text


def test_uvicorn_speaks_through_us(written: Written) -> None:
    for name in ("uvicorn.error", "uvicorn.access", "asyncio"):
        logger = logging.getLogger(name)
        if name.startswith("uvicorn"):
            logger.addHandler(logging.StreamHandler())
    set_up_logs(LogFormat.JSON, "INFO")
    logging.getLogger("uvicorn.access").warning('"GET /?q=text HTTP/1.1" 200')
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    logging.getLogger("asyncio").error("Task failed\nfuture: <ValueError('text')>")
    assert [(line["logger"], line["event"]) for line in written.lines] == [
        ("uvicorn.error", "Invalid HTTP request received."),
        ("asyncio", "Task failed"),
    ]


def test_error_that_ends_a_thread_is_told_without_its_message(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ValueError("the text of a customer")

    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    log_thread_errors()
    thread = threading.Thread(target=fail, name="worker-7")
    thread.start()
    thread.join()
    (line,) = written.lines
    assert line["event"] == "thread worker-7 ended by an error"
    assert line["error"][0]["type"] == "ValueError"
    assert "customer" not in written.text


def test_setting_up_again_writes_each_line_once(written: Written) -> None:
    set_up_logs(LogFormat.JSON, "INFO")
    logging.getLogger("navmatch.api").info("said")
    assert len(written.lines) == 1


def test_long_values_are_cut() -> None:
    assert len(cover_text("字" * 100_000)) == 2_000


def test_circle_of_causes_ends() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert [e["type"] for e in describe_error(first)] == ["ValueError", "KeyError"]
