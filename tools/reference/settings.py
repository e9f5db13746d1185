"""The settings page."""

import re
from collections.abc import Sequence
from typing import Final

from api.settings import Settings
from tools.reference.markdown import code, plain, table

_WORDS: Final = re.compile(r"\^\((\w+(?:\|\w+)*)\)\$")
"""A pattern that is a choice of words; any other is told by an example."""


def render() -> str:
    """Return the table of settings, from the fields of `Settings`."""
    prefix = Settings.model_config["env_prefix"]
    rows = []
    for name, field in Settings.model_fields.items():
        limits = {
            kind: getattr(bound, kind)
            for bound in field.metadata
            for kind in ("ge", "gt", "le", "lt", "pattern", "max_length")
            if getattr(bound, kind, None) is not None
        }
        default = "" if field.default in (None, "") else code(str(field.default))
        rows.append(
            (
                code(f"{prefix}{name.upper()}"),
                default,
                _range(limits, field.examples or ()),
                plain(field.description or ""),
            )
        )
    return table(("变量", "默认", "范围", "说明"), rows)


def _range(limits: dict[str, object], examples: Sequence[object]) -> str:
    words = _WORDS.fullmatch(str(limits.get("pattern", "")))
    if words:
        return "、".join(code(word) for word in words[1].split("|"))
    low = f"≥ {limits['ge']}" if "ge" in limits else f"> {limits['gt']}" if "gt" in limits else ""
    high = f"≤ {limits['le']}" if "le" in limits else f"< {limits['lt']}" if "lt" in limits else ""
    long = f"至多 {limits['max_length']} 字" if "max_length" in limits else ""
    like = [f"如 {code(str(example))}" for example in examples]
    return "，".join(filter(None, (low, high, *like, long)))
