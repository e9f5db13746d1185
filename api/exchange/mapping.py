"""Mappings: which column of somebody else's file means which field."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from api.exchange.columns import ColumnTable, normal_heading
from models.errors import InvalidInputError

IGNORE: Final = ""
"""Field of columns that are passed over without remark."""


class MappingRefusedError(InvalidInputError):
    """A mapping that cannot be read, or that names an unknown field."""

    code = "mapping_refused"


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What a person says about the columns of a file.

    Attributes:
        columns: Path of the field by normal heading, `IGNORE` for columns to pass over.
        defaults: Values by path, for rows that do not fill them.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)


def read_mappings(words: Sequence[str], table: ColumnTable) -> ColumnMapping:
    """Return the mapping that some words describe, later ones going first.

    Args:
        words: Each the name of a shipped mapping, the path of a TOML file, or
            `heading=field`.
        table: The columns there are.

    Raises:
        MappingRefusedError: a word is none of the three, or a field does not exist.
    """
    columns: dict[str, str] = {}
    defaults: dict[str, Any] = {}
    for word in words:
        content = _content(word)
        columns.update(
            {normal_heading(h): str(path) for h, path in content.get("columns", {}).items()}
        )
        defaults.update(content.get("defaults", {}))
    for path in (*columns.values(), *defaults):
        if path != IGNORE and path not in table.by_path:
            known = "、".join(table.by_path)
            raise MappingRefusedError(f"映射中的字段“{path[:40]}”不存在。可用的字段：{known}。")
    return ColumnMapping(columns, defaults)


def shipped_mappings() -> tuple[str, ...]:
    """Return the names of the mappings in the package."""
    folder = files("api.exchange") / "data" / "mappings"
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def _content(word: str) -> Mapping[str, Any]:
    if word in shipped_mappings():
        resource = files("api.exchange") / "data" / "mappings" / f"{word}.toml"
        return tomllib.loads(resource.read_text("utf-8"))
    heading, equals, path = word.partition("=")
    if equals and heading:
        return {"columns": {heading: path.strip()}}
    try:
        return tomllib.loads(Path(word).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingRefusedError(
            f"映射“{word[:80]}”无法读取。请写 列名=字段，或 TOML 文件的路径，"
            f"或内置映射的名称（{'、'.join(shipped_mappings())}）。"
        ) from error
