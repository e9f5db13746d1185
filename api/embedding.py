"""Scripts and texts by which pages of other sites show results: files, hashes, snippets."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlencode

from api.schemas.widget import WidgetLook, WidgetSnippet, WidgetSort

FOLDER: Final = Path(__file__).parent / "embed"
SCRIPT: Final = "navmatch-widget.js"
FRAME_SCRIPT: Final = "navmatch-frame.js"
AUTOSIZE: Final = "navmatch-autosize.js"

FRAME_PATH: Final = "v1/widget/frame"
FRAME_POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; "
    "frame-ancestors {ancestors}"
)
FRAME_PAGE: Final = """<!doctype html>
<html lang="zh-CN" data-origins="{origins}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>专利导航匹配结果</title>
<script src="../../widget/{version}/navmatch-widget.js" defer></script>
<script src="../../widget/{version}/navmatch-frame.js" defer></script>
</head>
<body></body>
</html>
"""
_TITLES: Final = {
    WidgetSort.PROVIDERS: "推荐的服务机构",
    WidgetSort.DEMANDS: "推荐的需求",
    WidgetSort.LATEST: "最新需求",
    WidgetSort.CASES: "导航案例",
}


@dataclass(frozen=True)
class Embedding:
    """The scripts of all versions that were ever published, by version and name.

    Attributes:
        files: Their bytes; what stands under a version never changes.
        version: The newest version, such as `v1.0.0`.
    """

    files: Mapping[tuple[str, str], bytes]
    version: str

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Self:
        """Return the scripts in a folder, those shipped with the package unless it is named."""
        found = {
            (path.parent.name, path.name): path.read_bytes()
            for path in sorted(folder.glob("v*/*.js"))
        }
        return cls(found, max((version for version, _ in found), key=_number))

    def integrity(self, name: str) -> str:
        """Return what a page says of a script of the newest version, so that no other runs."""
        return integrity_of(self.files[self.version, name])

    def frame(self, origins: frozenset[str]) -> tuple[str, str]:
        """Return the framed page and its policy: only pages of these origins may frame it."""
        named = " ".join(sorted(origins))
        page = FRAME_PAGE.format(origins=escape(named), version=self.version)
        return page, FRAME_POLICY.format(ancestors=f"'self' {named}".strip())

    def snippet(self, base: str, token: str, look: WidgetLook) -> WidgetSnippet:
        """Return what somebody copies into a page.

        Args:
            base: Address of the service, with a slash at its end.
            token: Token of the page.
            look: What is shown, and how.
        """
        asked = {**look.model_dump(mode="json", exclude_none=True), "token": token}
        attributes = "".join(f' {name}="{escape(str(value))}"' for name, value in asked.items())
        frame = f"{base}{FRAME_PATH}?{urlencode(asked)}"
        origin = "/".join(base.split("/")[:3])
        return WidgetSnippet(
            version=self.version,
            script=self._address(base, SCRIPT),
            integrity=self.integrity(SCRIPT),
            html=f"{self._tag(base, SCRIPT)}\n<navmatch-matches{attributes}></navmatch-matches>",
            policy=[f"script-src {origin}", f"connect-src {origin}"],
            frame_html=f'<iframe data-navmatch src="{escape(frame)}" title="{_TITLES[look.kind]}" '
            'width="100%" height="480" frameborder="0" loading="lazy" '
            'sandbox="allow-scripts allow-same-origin allow-popups"></iframe>',
            frame_policy=[f"frame-src {origin}"],
            autosize_html=self._tag(base, AUTOSIZE),
        )

    def _address(self, base: str, name: str) -> str:
        return f"{base}widget/{self.version}/{name}"

    def _tag(self, base: str, name: str) -> str:
        return (
            f'<script src="{escape(self._address(base, name))}" '
            f'integrity="{self.integrity(name)}" crossorigin="anonymous" defer></script>'
        )


def integrity_of(content: bytes) -> str:
    """Return the hash of a script as a page states it (W3C Subresource Integrity)."""
    return f"sha384-{b64encode(hashlib.sha384(content).digest()).decode()}"


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.removeprefix("v").split("."))
