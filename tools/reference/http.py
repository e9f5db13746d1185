"""The page of the HTTP interface, from the OpenAPI document."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from api.app import create_app
from api.settings import Settings
from models.labels import Labels
from tools.reference.markdown import code, plain, table

Node = Mapping[str, Any]

METHODS: Final = ("post", "get", "put", "patch", "delete")
_TYPES: Final = {
    "string": "文本",
    "integer": "整数",
    "number": "数字",
    "boolean": "真或假",
    "object": "对象",
    "null": "空",
}
_FORMATS: Final = {"date": "日期", "date-time": "时间"}


def render() -> str:
    """Return every operation by group, then the shapes, then the choices."""
    document = create_app(Settings()).openapi()
    schemas: Node = document["components"]["schemas"]
    choices = {name: schema for name, schema in schemas.items() if "enum" in schema}
    shapes = {name: schema for name, schema in schemas.items() if "enum" not in schema}
    parts = [*_operations(document["paths"])]
    parts += ["## 数据结构", *(_shape(name, schema) for name, schema in shapes.items())]
    labels = Labels.load().tables
    parts += ["## 取值", *(_choice(name, schema, labels) for name, schema in choices.items())]
    return "\n\n".join(parts)


def operations(paths: Node) -> Iterator[tuple[str, str, Node]]:
    """Yield method, path and description of each operation."""
    for path, methods in paths.items():
        for method in METHODS:
            if method in methods:
                yield method.upper(), path, methods[method]


def _operations(paths: Node) -> Iterator[str]:
    groups: dict[str, list[tuple[str, str, Node]]] = {}
    for method, path, operation in operations(paths):
        groups.setdefault(operation["tags"][-1], []).append((method, path, operation))
    for group, members in groups.items():
        yield f"## {group}"
        for method, path, operation in members:
            yield _operation(method, path, operation)


def _operation(method: str, path: str, operation: Node) -> str:
    lines = [f"### {method} {path}", f"{operation['summary']}。{operation.get('description', '')}"]
    asked = [p for p in operation.get("parameters", ()) if p["in"] == "query"]
    if asked:
        rows = (
            (code(p["name"]), _type(p["schema"]), _default(p), plain(p.get("description", "")))
            for p in asked
        )
        lines.append(table(("参数", "类型", "默认", "说明"), rows))
    lines.append("\n".join(f"- {line}" for line in _exchange(operation)))
    lines += _example(operation)
    return "\n\n".join(lines)


def _exchange(operation: Node) -> Iterator[str]:
    """Yield what is sent, what comes back, and which errors there are."""
    body = _json(operation.get("requestBody", {}))
    if body:
        yield f"正文：{_type(body)}"
    good = {s: r for s, r in operation["responses"].items() if s < "300"}
    for status, reply in good.items():
        shape = _json(reply)
        yield f"答复：{status} {_type(shape)}" if shape else f"答复：{status}，无正文"
    others = sorted(set(operation["responses"]) - set(good))
    if others:
        yield f"其他状态：{'、'.join(others)}"


def _json(node: Node) -> Node:
    schema: Node = node.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _example(operation: Node) -> Iterator[str]:
    """Yield the first body the service shows of an operation, which can be sent as it stands."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    for example in islice(content.get("examples", {}).values(), 1):
        body = json.dumps(example["value"], ensure_ascii=False, indent=2)
        yield f"正文示例（{example['summary']}）："
        yield f"```json\n{body}\n```"


def _shape(name: str, schema: Node) -> str:
    required = set(schema.get("required", ()))
    rows = (
        (
            code(field),
            _type(entry),
            "是" if field in required else "",
            plain(entry.get("description", "")),
        )
        for field, entry in schema.get("properties", {}).items()
    )
    return f"### {name}\n\n{table(('字段', '类型', '必填', '说明'), rows)}"


def _choice(name: str, schema: Node, labels: Mapping[str, Mapping[str, str]]) -> str:
    names = labels.get(name, {})
    values = (f"`{value}` {names.get(value, '')}".strip() for value in schema["enum"])
    return f"### {name}\n\n{'；'.join(values)}。"


def _type(schema: Node) -> str:
    """Return a type in words, with links to shapes."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return _either(schema["anyOf"])
    if schema.get("type") == "array":
        return f"{_type(schema['items'])}的列表{_count(schema)}"
    if schema.get("type") == "object" and (values := _values(schema)):
        return f"键到{_type(values)}的对象"
    word = _FORMATS.get(schema.get("format", "")) or _TYPES.get(str(schema.get("type")), "任意")
    return word + _bounds(schema)


def _values(schema: Node) -> Node:
    """Return the type of what the keys of an object lead to; nothing where its fields are named."""
    for values in schema.get("patternProperties", {}).values():
        return values  # type: ignore[no-any-return]
    values = schema.get("additionalProperties")
    return values if isinstance(values, dict) else {}


def _either(options: Iterable[Node]) -> str:
    kept = [o for o in options if o.get("type") != "null"]
    return " 或 ".join(_type(option) for option in kept)


def _bounds(schema: Node) -> str:
    low = schema.get("minimum", schema.get("minLength"))
    high = schema.get("maximum", schema.get("maxLength"))
    if low is None and high is None:
        return ""
    unit = " 字" if "maxLength" in schema or "minLength" in schema else ""
    if low is None or low == 0:
        return f"，至多 {high:g}{unit}" if high is not None else f"，不小于 {low:g}"
    return f"，{low:g} 至 {high:g}{unit}" if high is not None else f"，不小于 {low:g}{unit}"


def _count(schema: Node) -> str:
    return f"，至多 {schema['maxItems']} 项" if "maxItems" in schema else ""


def _default(parameter: Node) -> str:
    default = parameter["schema"].get("default")
    return "" if default in (None, [], "") else code(str(default).lower())
