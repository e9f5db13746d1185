"""JSON that two parsers could read differently is refused before anything sees it."""

import pytest

from api.errors import BodyRejectedError
from api.strict_json import MAX_DEPTH, MAX_DIGITS, MAX_ITEMS, MAX_KEYS, parse


def nested(depth: int) -> bytes:
    return b"[" * depth + b"1" + b"]" * depth


def test_parse_gives_the_value() -> None:
    assert parse('{"名": [1, 2.5, null, true, "文"]}'.encode()) == {
        "名": [1, 2.5, None, True, "文"]
    }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "json_invalid"),
        (b"{", "json_invalid"),
        (b"'a'", "json_invalid"),
        (b"\xff\xfe{\x00}\x00", "json_invalid"),
        (b"\xef\xbb\xbf{}", "json_invalid"),
        ("标题".encode("gb18030"), "json_invalid"),
        (b'{"a": 1, "a": 2}', "json_duplicate_key"),
        (b'[{"b": {"a": 1, "a": 1}}]', "json_duplicate_key"),
        (b"NaN", "json_number"),
        (b'{"a": Infinity}', "json_number"),
        (b"[-Infinity]", "json_number"),
        (b"1e999", "json_number"),
        (b"[-1e999]", "json_number"),
        (b"1" * (MAX_DIGITS + 1), "json_number"),
        (b"1" * 100_000, "json_number"),
        (nested(MAX_DEPTH + 1), "json_too_deep"),
        (nested(5_000), "json_too_deep"),
        (b"[" * 100_000, "json_too_deep"),
        (b'{"a":' * 100_000, "json_too_deep"),
        (str(list(range(MAX_ITEMS + 1))).encode(), "json_too_large"),
        (
            ("{" + ",".join(f'"{n}":1' for n in range(MAX_KEYS + 1)) + "}").encode(),
            "json_too_large",
        ),
    ],
    ids=lambda value: str(value)[:24],
)
def test_parse_refuses(body: bytes, code: str) -> None:
    with pytest.raises(BodyRejectedError) as refused:
        parse(body)
    assert (refused.value.code, refused.value.status_code) == (code, 400)


@pytest.mark.parametrize(
    "body",
    [
        nested(MAX_DEPTH),
        b"1" * MAX_DIGITS,
        str(list(range(MAX_ITEMS))).encode(),
        ("{" + ",".join(f'"{n}":1' for n in range(MAX_KEYS)) + "}").encode(),
    ],
    ids=["depth", "digits", "items", "keys"],
)
def test_parse_takes_what_is_at_the_limit(body: bytes) -> None:
    parse(body)
