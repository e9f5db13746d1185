"""The settings page."""

from api.settings import Settings
from tools.reference.markdown import code, plain, table


def render() -> str:
    """Return the table of settings, from the fields of `Settings`."""
    prefix = Settings.model_config["env_prefix"]
    rows = []
    for name, field in Settings.model_fields.items():
        limits = {
            kind: getattr(bound, kind)
            for bound in field.metadata
            for kind in ("ge", "gt", "le", "lt", "pattern")
            if getattr(bound, kind, None) is not None
        }
        default = "" if field.default in (None, "") else code(str(field.default))
        rows.append(
            (
                code(f"{prefix}{name.upper()}"),
                default,
                _range(limits),
                plain(field.description or ""),
            )
        )
    return table(("变量", "默认", "范围", "说明"), rows)


def _range(limits: dict[str, object]) -> str:
    if "pattern" in limits:
        return "、".join(code(word) for word in str(limits["pattern"]).strip("^()$").split("|"))
    low = f"≥ {limits['ge']}" if "ge" in limits else f"> {limits['gt']}" if "gt" in limits else ""
    high = f"≤ {limits['le']}" if "le" in limits else f"< {limits['lt']}" if "lt" in limits else ""
    return "，".join(filter(None, (low, high)))
