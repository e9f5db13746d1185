"""The page of limits."""

from api.limits import LIMITS, Limit, LimitGroup
from tools.reference.markdown import plain, table

_LEAST = {
    limit.name.removesuffix(".min") + ".max": limit.value for limit in LIMITS if limit.is_minimum
}
_POWERS = ((1024 * 1024, "MiB"), (1024, "KiB"))


def render() -> str:
    """Return one table a group of limits."""
    parts = []
    for group in LimitGroup:
        shown = [limit for limit in LIMITS if limit.group is group and not limit.is_minimum]
        rows = [(plain(limit.title), figure(limit), plain(limit.why)) for limit in shown]
        parts.append(f"### {group}\n\n{table(('项', '限度', '说明'), rows)}")
    return "\n\n".join(parts)


def figure(limit: Limit) -> str:
    """Return the figure of a limit as people write it."""
    if limit.unit == "字节":
        for power, name in _POWERS:
            if limit.value % power == 0:
                return f"{limit.value // power:,} {name}"
    least = _LEAST.get(limit.name)
    figures = f"{limit.value:,}" if least is None else f"{least:,} 至 {limit.value:,}"
    return f"{figures} {limit.unit}".strip()
