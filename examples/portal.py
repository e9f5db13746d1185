"""一个门户网站：用自定义元素和 iframe 两种写法显示本服务里公开的内容。

先签发令牌，来源写 http://127.0.0.1:8080（见 docs/how-to/embed-the-widget.md），再运行：

    .venv/bin/python examples/portal.py --service http://127.0.0.1:8000 --token dmw_…
"""

import argparse
import hashlib
from base64 import b64encode
from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import urlencode
from urllib.request import urlopen

VERSION: Final = "v1.0.0"
POLICY: Final = (
    "default-src 'none'; style-src 'sha256-{style}'; script-src {service}; connect-src {service}; "
    "frame-src {service}; require-trusted-types-for 'script'; trusted-types 'none'"
)
STYLE: Final = """
body { max-width: 1080px; margin: 0 auto; padding: 0 16px 24px; font-family: sans-serif; }
header { margin: 0 -16px 16px; padding: 14px 16px; color: #fff; background: #a61b1b; }
h1 { margin: 0; font-size: 22px; }
main { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
section { flex: 1 1 320px; border-top: 3px solid #a61b1b; }
navmatch-matches { --navmatch-radius: 0; }
@media (prefers-color-scheme: dark) {
  body { color: #e6eaf0; background: #0d1117; }
}
"""
PAGE: Final = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>示例园区门户</title>
<style>{style}</style>
{widget}
{autosize}
</head>
<body>
<header><h1>示例园区门户</h1></header>
<main>
<section aria-label="最新需求">
  <navmatch-matches kind="latest" token="{token}"></navmatch-matches>
</section>
<section aria-label="推荐机构">
  <navmatch-matches heading="谁能做：海外侵权风险排查" text="{text}" token="{token}">
  </navmatch-matches>
</section>
<section aria-label="导航案例">
  <iframe data-navmatch src="{frame}" title="导航案例" width="100%" height="300" frameborder="0"
    sandbox="allow-scripts allow-same-origin allow-popups"></iframe>
</section>
</main>
</body>
</html>
"""
TEXT: Final = "碳化硅功率模块出口欧洲前，排查专利侵权风险，提出规避设计建议"

Fetch = Callable[[str], bytes]


def fetch(address: str) -> bytes:
    """Return what stands at an address."""
    with urlopen(address, timeout=10) as reply:  # noqa: S310 - the address somebody typed
        content: bytes = reply.read()
    return content


def script_tag(service: str, name: str, fetch: Fetch) -> str:
    """Return the tag of a script with its hash, taken once, when the portal starts."""
    address = f"{service}/widget/{VERSION}/{name}"
    digest = b64encode(hashlib.sha384(fetch(address)).digest()).decode()
    return (
        f'<script src="{escape(address)}" integrity="sha384-{digest}" '
        'crossorigin="anonymous" defer></script>'
    )


def make_page(service: str, token: str, fetch: Fetch = fetch) -> tuple[str, str]:
    """Return the page and its policy."""
    asked = urlencode({"kind": "cases", "token": token})
    page = PAGE.format(
        style=STYLE,
        widget=script_tag(service, "navmatch-widget.js", fetch),
        autosize=script_tag(service, "navmatch-autosize.js", fetch),
        token=escape(token),
        text=TEXT,
        frame=escape(f"{service}/v1/widget/frame?{asked}"),
    )
    style = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return page, POLICY.format(style=style, service=service)


def make_server(page: str, policy: str, port: int) -> ThreadingHTTPServer:
    """Return a server that shows the page."""

    class Portal(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(page.encode())

    return ThreadingHTTPServer(("127.0.0.1", port), Portal)


def main() -> None:
    """Show the page until somebody stops it."""
    parser = argparse.ArgumentParser(description="示例门户")
    parser.add_argument("--service", default="http://127.0.0.1:8000", help="服务的地址")
    parser.add_argument("--token", required=True, help="嵌入令牌")
    parser.add_argument("--port", type=int, default=8080)
    given = parser.parse_args()
    page, policy = make_page(given.service.rstrip("/"), given.token)
    server = make_server(page, policy, given.port)
    print(f"门户在 http://127.0.0.1:{given.port} ，按 Ctrl+C 停止。")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
