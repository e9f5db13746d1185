"""Whole bodies that are no JSON we accept, each with the content type it claims."""

import gzip
import json
import zlib
from dataclasses import dataclass
from typing import Final

JSON: Final = "application/json"
_DEMAND: Final = {"title": "车规级功率模块侵权风险排查", "description": "专利导航" * 20}
_TEXT: Final = json.dumps(_DEMAND, ensure_ascii=False)
_FORM: Final = (
    b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n%s\r\n'
    b'--x\r\nContent-Disposition: form-data; name="f"; filename="../../a.xlsx"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\nPK\x03\x04\r\n--x--\r\n"
) % "专利导航".encode()
_MULTIPART: Final = "multipart/form-data; boundary=x"


@dataclass(frozen=True, slots=True)
class RawBody:
    """A body as it goes over the wire.

    Attributes:
        name: What is wrong with it.
        content: Its bytes.
        content_type: What it claims to be; None to claim nothing.
        headers: Further headers.
    """

    name: str
    content: bytes
    content_type: str | None = JSON
    headers: tuple[tuple[str, str], ...] = ()


def _encoded(name: str, encoding: str, mark: bytes = b"") -> RawBody:
    return RawBody(name, mark + _TEXT.encode(encoding))


RAW_BODIES: Final[tuple[RawBody, ...]] = (
    RawBody("nothing", b""),
    RawBody("blanks", b" \r\n\t "),
    RawBody("a byte-order mark alone", b"\xef\xbb\xbf"),
    _encoded("utf-8 with mark", "utf-8", b"\xef\xbb\xbf"),
    _encoded("utf-16", "utf-16"),
    _encoded("utf-16 without mark", "utf-16-le"),
    _encoded("utf-16 big-endian", "utf-16-be"),
    _encoded("utf-32", "utf-32"),
    _encoded("utf-32 without mark", "utf-32-be"),
    _encoded("gb18030", "gb18030"),
    RawBody("big5", "專利導航".encode("big5")),
    RawBody("shift-jis", '{"title": "特許調査"}'.encode("shift_jis")),
    RawBody("utf-7", b'{"title": "+TghSKQ-"}'),
    RawBody("latin-1", '{"title": "caf\xe9"}'.encode("latin-1")),
    RawBody("all bytes", bytes(range(256))),
    RawBody("zeros", b"\0" * 1_000),
    RawBody("random", bytes((n * 167 + 13) % 256 for n in range(4_096))),
    RawBody("two values", b"{} {}"),
    RawBody("something after", _TEXT.encode() + b"x"),
    RawBody("json lines", b'{"a": 1}\n{"b": 2}\n'),
    RawBody("a list", b"[]"),
    RawBody("a number", b"1"),
    RawBody("a text", b'"x"'),
    RawBody("null", b"null"),
    RawBody("true", b"true"),
    RawBody("NaN", b"NaN"),
    RawBody("open bracket", b"{"),
    RawBody("brackets", b"[" * 500_000),
    RawBody("objects", b'{"a":' * 150_000),
    RawBody("closing brackets", b"]" * 100_000),
    RawBody("nothing but quotes", b'"' * 100_000),
    RawBody("backslashes", b'"' + b"\\" * 100_001),
    RawBody("duplicate keys", b'{"title": "a", "title": "b"}'),
    RawBody("duplicate keys deeper", b'{"queries": {"a": {}, "a": {}}}'),
    RawBody("single quotes", b"{'title': 'a'}"),
    RawBody("javascript", b"{title: 'a', // b\n}"),
    RawBody("guarded", b")]}',\n" + _TEXT.encode()),
    RawBody("xml", b'<?xml version="1.0"?><title>a</title>'),
    RawBody("xml bomb", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    RawBody("yaml", "title: 专利导航\n".encode()),
    RawBody("html", b"<html><script>1</script></html>"),
    RawBody("html as html", b"<html></html>", "text/html"),
    RawBody("json as text", _TEXT.encode(), "text/plain"),
    RawBody("json as nothing", _TEXT.encode(), None),
    RawBody("json as empty type", _TEXT.encode(), ""),
    RawBody("json as xml", _TEXT.encode(), "application/xml"),
    RawBody("json as merge patch", _TEXT.encode(), "application/merge-patch+json"),
    RawBody("json as problem", _TEXT.encode(), "application/problem+json"),
    RawBody("json in gbk by name", _TEXT.encode("gbk"), "application/json; charset=gbk"),
    RawBody("json in utf-16 by name", _TEXT.encode("utf-16"), "application/json; charset=utf-16"),
    RawBody("two types", _TEXT.encode(), "application/json, text/html"),
    RawBody("long type", _TEXT.encode(), "application/" + "x" * 4_000),
    RawBody("type with controls", _TEXT.encode(), "application/json\x01"),
    RawBody("type in chinese", _TEXT.encode(), "应用/文本".encode().decode("latin-1")),
    RawBody("form", b"title=a&description=b", "application/x-www-form-urlencoded"),
    RawBody("huge form", b"a=b&" * 50_000, "application/x-www-form-urlencoded"),
    RawBody("multipart", _FORM, _MULTIPART),
    RawBody("multipart as json", _FORM),
    RawBody("multipart without boundary", _FORM, "multipart/form-data"),
    RawBody("multipart with empty boundary", _FORM, "multipart/form-data; boundary="),
    RawBody("multipart with long boundary", _FORM, "multipart/form-data; boundary=" + "x" * 4_000),
    RawBody("multipart never closed", _FORM[:60], _MULTIPART),
    RawBody("multipart of nothing", b"--x--\r\n", _MULTIPART),
    RawBody("multipart of many parts", b"--x\r\n\r\n\r\n" * 20_000 + b"--x--", _MULTIPART),
    RawBody(
        "multipart with hostile header",
        b'--x\r\nContent-Disposition: form-data; name="a\xff\x00"\r\n\r\n1\r\n--x--\r\n',
        _MULTIPART,
    ),
    RawBody("gzip", gzip.compress(_TEXT.encode(), mtime=0), JSON, (("content-encoding", "gzip"),)),
    RawBody(
        "gzip bomb",
        gzip.compress(b" " * 8_000_000, mtime=0),
        JSON,
        (("content-encoding", "gzip"),),
    ),
    RawBody("deflate", zlib.compress(_TEXT.encode()), JSON, (("content-encoding", "deflate"),)),
    RawBody("unknown encoding", _TEXT.encode(), JSON, (("content-encoding", "br, x"),)),
    RawBody("a megabyte and one", b'"' + b"a" * 1_048_575 + b'"'),
    RawBody("three megabytes", b"[" + b"1," * 1_500_000 + b"1]"),
    RawBody("wrong length said", _TEXT.encode(), JSON, (("content-length", "7"),)),
    RawBody("negative length", _TEXT.encode(), JSON, (("content-length", "-1"),)),
    RawBody("huge length", _TEXT.encode(), JSON, (("content-length", "9" * 30),)),
    RawBody("length in full width", _TEXT.encode(), JSON, (("content-length", "\xb2"),)),
)
