"""Which pages have a generated part, and how it is put into them."""

from collections.abc import Callable, Mapping
from typing import Final

from tools.reference import commands, errors, http, limits, policy, ranking, settings

BEGIN: Final = "<!-- 以下由 python -m tools.reference 生成，请勿手改 -->"
END: Final = "<!-- 生成的部分到此为止 -->"

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "api.md": http.render,
    "cli.md": commands.render,
    "errors.md": errors.render,
    "features.md": ranking.render,
    "limits.md": limits.render,
    "policy.md": policy.render,
    "settings.md": settings.render,
}
"""The generated part by page of docs/reference."""


def renewed(page: str, generated: str) -> str:
    """Return a page with its generated part replaced.

    Raises:
        ValueError: the page has no marks.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        msg = f"the page needs the marks {BEGIN} and {END}"
        raise ValueError(msg)
    return f"{before}{BEGIN}\n\n{generated.strip()}\n\n{END}{after}"
