"""What does not fit a schema, told in our words: path, code and a Chinese sentence."""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from api.intake.problems import FieldProblem
from api.logs import cover_text

PROBLEMS_FILE: Final = "problems.toml"
MAX_NAME_CHARS: Final = 32  # of a name a sender made up; tokens are longer
MAX_PROBLEMS: Final = 20
"""Field problems in one reply: an error body stays small whatever was sent."""

_OWN_MESSAGE: Final = ("text_", "budget_", "days_", "not_empty", "query_")
"""Beginnings of error types whose sentence is ours and safe to show."""

_ALTERNATIVE: Final = re.compile(r"(constrained-)?(int|str|float|bool)|[a-z-]+\[.*\]")
"""How pydantic names an alternative of a union in the place of an error."""

_WRONG_KEY: Final = "[key]"
"""How it marks that the name before is what does not fit."""


def field_problems(errors: Iterable[Mapping[str, Any]]) -> list[FieldProblem]:
    """Return pydantic's errors as ours: path, type and a Chinese sentence, never the input."""
    found: list[FieldProblem] = []
    place_of: dict[tuple[str | int, ...], int] = {}
    listed = list(errors)
    places = (tuple(error["loc"]) for error in listed)
    wrong_keys = {loc[:-1] for loc in places if loc[-1:] == (_WRONG_KEY,)}
    for error in listed:
        kind = str(error["type"])
        loc = _without_names(tuple(error["loc"]), wrong_keys)
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


@lru_cache(maxsize=1)
def texts() -> dict[str, dict[str, str]]:
    """Return titles and sentences by code."""
    return tomllib.loads((files("api") / PROBLEMS_FILE).read_text("utf-8"))


def _path(loc: Sequence[str | int], kind: str) -> str:
    """Return where the error stands, without names the sender made up."""
    parts = list(loc[1:]) if loc and loc[0] in ("body", "query", "path", "header") else list(loc)
    if kind == "extra_forbidden" and parts:
        parts = parts[:-1]
    if parts and parts[-1] == _WRONG_KEY:
        parts = parts[:-1]
    return ".".join(p if _is_plain(p) else "?" for p in map(str, parts))


def _without_names(
    loc: tuple[str | int, ...], wrong_keys: Collection[tuple[str | int, ...]]
) -> tuple[str | int, ...]:
    """Return a place without the names that are themselves what is wrong."""
    return tuple("?" if loc[: n + 1] in wrong_keys else step for n, step in enumerate(loc))


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
    sentences = texts()["validation"]
    limits = {
        name: str(value).replace(" or ", "、").replace(", ", "、")
        for name, value in (error.get("ctx") or {}).items()
        if name in ("min_length", "max_length", "ge", "gt", "le", "lt", "expected")
    }
    try:
        return sentences.get(kind, sentences["other"]).format(**limits)
    except KeyError:
        return sentences["other"]
