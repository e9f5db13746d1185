"""The documentation page: every operation in Chinese, written from the OpenAPI document.

No script and nothing to load, so that it works on any machine and under the strictest policy.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from html import escape
from typing import Any, Final

STYLE: Final = """
:root { color-scheme: light dark; --line: #c5cbd3; --soft: #f3f5f8; --ink: #1b2430; }
:root { --link: #0b57a4; --paper: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --line: #48525f; --soft: #1c232c; --ink: #e6eaf0; --link: #8cc2ff; --paper: #0d1117; } }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper); overflow-wrap: anywhere;
  font: 15px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
a { color: var(--link); }
header, main, nav { max-width: 1000px; margin: 0 auto; padding: 12px 16px; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0; padding: 0; list-style: none; }
h1 { margin: 8px 0; font-size: 26px; }
h2 { margin: 32px 0 8px; border-bottom: 2px solid var(--line); font-size: 20px; }
h3 { margin: 20px 0 4px; font-size: 16px; }
h4 { margin: 14px 0 4px; font-size: 15px; }
details { margin: 6px 0; border: 1px solid var(--line); border-radius: 6px; }
summary { padding: 8px 12px; cursor: pointer; background: var(--soft); }
summary b { display: inline-block; min-width: 64px; }
.body { padding: 4px 12px 12px; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 4px 8px; border: 1px solid var(--line); text-align: left; vertical-align: top; }
th { background: var(--soft); }
code, pre { font-family: Consolas, "Noto Sans Mono", monospace; font-size: 13px; }
pre { overflow-x: auto; padding: 8px 12px; background: var(--soft); white-space: pre-wrap; }
"""
_STYLE_HASH: Final = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; img-src data:; style-src 'sha256-{_STYLE_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_PLACES: Final = {"query": "查询参数", "path": "路径", "header": "请求头", "cookie": "cookie"}
_TYPES: Final = {
    "string": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "真或假",
    "null": "空",
    "object": "对象",
}
_CODE: Final = re.compile(r"`([^`]+)`")
_REF: Final = "#/components/schemas/"

Json = Mapping[str, Any]


def write_docs(document: Json) -> str:
    """Return the page of an OpenAPI document; every text is text in it."""
    groups: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["其他"])[0]
            groups.setdefault(tag, []).append(_operation(method, path, operation))
    places = {tag: f"group-{number}" for number, tag in enumerate(groups)}
    links = "".join(f'<li><a href="#{place}">{_t(tag)}</a></li>' for tag, place in places.items())
    content = "".join(
        f'<section><h2 id="{places[tag]}">{_t(tag)}</h2>{"".join(written)}</section>'
        for tag, written in groups.items()
    )
    about = document["info"]
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>接口文档 · {_t(about['title'])}</title>"
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body>'
        f"<header><h1>接口文档</h1><p>{_t(about['title'])} {_t(about['version'])}。"
        f"{_t(about['description'])}</p>"
        '<p><a href="/docs/try">在线试用（英文界面）</a> · <a href="/openapi.json">OpenAPI 原文</a>'
        f' · <a href="/">回到控制台</a></p></header><nav aria-label="接口分组"><ul>{links}'
        f'<li><a href="#shapes">数据形状</a></li></ul></nav><main>{content}'
        f'<section><h2 id="shapes">数据形状</h2>{"".join(_shapes(document))}</section>'
        "</main></body></html>"
    )


def _operation(method: str, path: str, operation: Json) -> str:
    title = f"<b>{method.upper()}</b> <code>{_t(path)}</code> {_t(operation.get('summary', ''))}"
    told = _CODE.sub(r"<code>\1</code>", _t(operation.get("description", "")))
    parts = [
        f"<p>{told}</p>",
        _parameters(operation.get("parameters", [])),
        _body(operation.get("requestBody")),
        _answers(operation["responses"]),
    ]
    name = _t(operation.get("operationId", ""))
    return (
        f'<details id="{name}"><summary>{title}</summary>'
        f'<div class="body">{"".join(parts)}</div></details>'
    )


def _parameters(parameters: list[Json]) -> str:
    if not parameters:
        return ""
    rows = (
        (
            f"<code>{_t(one['name'])}</code>",
            f"{_PLACES[one['in']]}{'，必填' if one.get('required') else ''}",
            _kind(one.get("schema", {})),
            _t(one.get("description", "")),
        )
        for one in parameters
    )
    return f"<h4>参数</h4>{_table(('名称', '位置', '类型', '说明'), rows)}"


def _body(body: Json | None) -> str:
    if body is None:
        return ""
    written = []
    for kind, content in body.get("content", {}).items():
        written.append(f"<h4>请求正文</h4><p><code>{_t(kind)}</code> ")
        written.append(f"{_kind(content.get('schema', {}))}</p>")
        for example in content.get("examples", {}).values():
            shown = json.dumps(example.get("value"), ensure_ascii=False, indent=1)
            written.append(f"<p>例：{_t(example.get('summary', ''))}</p><pre>{_t(shown)}</pre>")
    return "".join(written)


def _answers(answers: Json) -> str:
    rows = []
    for status, answer in answers.items():
        kinds = answer.get("content", {}).values()
        shapes = {_kind(content.get("schema", {})) for content in kinds}
        rows.append((_t(status), _t(answer.get("description", "")), "、".join(sorted(shapes))))
    return f"<h4>答复</h4>{_table(('状态', '意思', '形状'), rows)}"


def _shapes(document: Json) -> Iterator[str]:
    for name, shape in sorted(document["components"]["schemas"].items()):
        needed = set(shape.get("required", ()))
        rows = [
            (
                f"<code>{_t(field)}</code>{'（必填）' if field in needed else ''}",
                _kind(content),
                _t(content.get("description", "")),
            )
            for field, content in shape.get("properties", {}).items()
        ]
        values = "、".join(_t(str(value)) for value in shape.get("enum", ()))
        told = f"<p>取值：{values}</p>" if values else ""
        table = _table(("字段", "类型", "说明"), rows) if rows else ""
        # Not folded: a link does not unfold what it leads to.
        yield f'<h3 id="shape-{_t(name)}"><code>{_called(name)}</code></h3>{told}{table}'


def _kind(schema: Json) -> str:
    """Return what a value is, in words, with links to the shapes it is made of."""
    if "$ref" in schema:
        name = _t(str(schema["$ref"]).removeprefix(_REF))
        return f'<a href="#shape-{name}">{_called(name)}</a>'
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return "或".join(dict.fromkeys(_kind(one) for one in schema[several]))
    if "enum" in schema:
        return "、".join(_t(str(value)) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"若干：{_kind(schema.get('items', {}))}"
    kind = str(schema.get("type", ""))
    return _TYPES.get(kind, _t(kind) or "任意") + _bounds(schema)


def _called(name: str) -> str:
    """Return what a shape is called; of two of the same name, also what it is about."""
    *about, plain = name.split("__")
    return f"{_t(plain)}（{_t(about[-1])}）" if about else _t(plain)


def _bounds(schema: Json) -> str:
    low = schema.get("minimum", schema.get("minLength"))
    high = schema.get("maximum", schema.get("maxLength"))
    if low is None and high is None:
        return ""
    unit = " 字" if "maxLength" in schema or "minLength" in schema else ""
    if high is None:
        return f"（至少 {low}{unit}）"
    return f"（{low} 至 {high}{unit}）" if low is not None else f"（至多 {high}{unit}）"


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    top = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _t(text: str) -> str:
    return escape(text)
