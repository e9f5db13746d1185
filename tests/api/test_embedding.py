"""Scripts pages elsewhere include: unchanged for ever, named with their hash, framed by few."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from api.embedding import AUTOSIZE, FRAME_SCRIPT, SCRIPT, Embedding
from tests.api.conftest import Running
from tests.api.pages import LISTED, UNLISTED, new_token, without_key

HOSTILE = '"><script>window.broken=1</script>'
FRAME = "/v1/widget/frame"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(html)
    return parser.found


def snippet(running: Running, **asked: str | int) -> dict[str, str]:
    new_token(running)
    (token,) = running.client.get("/v1/widget-tokens").json()["items"]
    found = running.client.get(f"/v1/widget-tokens/{token['id']}/snippet", params=asked)
    assert found.status_code == 200, found.text
    return {**found.json(), "token": token["token"]}


def ancestors(running: Running, url: str) -> str:
    with without_key(running):
        reply = running.client.get(url)
    assert reply.status_code == 200
    found = re.search(r"frame-ancestors ([^;]*)", reply.headers["content-security-policy"])
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize("name", [SCRIPT, FRAME_SCRIPT, AUTOSIZE])
def test_script_may_be_kept_for_ever_by_anybody(running: Running, name: str) -> None:
    version = Embedding.load().version
    reply = running.client.get(f"/widget/{version}/{name}", headers={"Origin": UNLISTED})
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize(
    "path",
    [
        "/widget/v9.9.9/navmatch-widget.js",
        "/widget/v1.0.0/other.js",
        "/widget/v1.0.0/..%2fv1.0.0%2fnavmatch-widget.js",
        "/widget/v1.0.0/sources.sha256",
        "/widget/..%2f..%2fapp.py/x",
    ],
)
def test_nothing_else_is_served_as_a_script(running: Running, path: str) -> None:
    assert running.client.get(path).status_code in (404, 422)


def test_snippet_names_the_hash_of_what_is_served(running: Running) -> None:
    found = snippet(running, kind="latest", limit=3, theme="dark", lang="en")
    served = running.client.get(found["script"]).content
    digest = base64.b64encode(hashlib.sha384(served).digest()).decode()
    assert found["integrity"] == f"sha384-{digest}"
    (script, element) = tags(found["html"])
    assert script == (
        "script",
        {
            "src": found["script"],
            "integrity": found["integrity"],
            "crossorigin": "anonymous",
            "defer": None,
        },
    )
    assert element[1] == {
        "kind": "latest",
        "limit": "3",
        "lang": "en",
        "theme": "dark",
        "token": found["token"],
    }


def test_snippet_frames_what_the_element_would_show(running: Running) -> None:
    found = snippet(running, kind="providers", text="功率模块出口风险")
    ((tag, frame),) = tags(found["frame_html"])
    assert tag == "iframe"
    assert frame["sandbox"] == "allow-scripts allow-same-origin allow-popups"
    assert frame["src"] is not None
    assert ancestors(running, frame["src"]) == f"'self' {LISTED}"
    assert "style" not in frame
    ((_, autosize),) = tags(found["autosize_html"])
    assert running.client.get(str(autosize["src"])).status_code == 200


def test_hostile_text_stays_inside_its_attribute(running: Running) -> None:
    found = snippet(running, kind="providers", text=HOSTILE)
    assert [tag for tag, _ in tags(found["html"])] == ["script", "navmatch-matches"]
    assert tags(found["html"])[1][1]["text"] == HOSTILE
    assert [tag for tag, _ in tags(found["frame_html"])] == ["iframe"]


def test_only_sites_of_the_token_may_frame(running: Running) -> None:
    token = new_token(running, origins=[LISTED, "https://b.example.org:8443"])
    assert ancestors(running, f"{FRAME}?token={token}") == (
        f"'self' https://b.example.org:8443 {LISTED}"
    )
    assert ancestors(running, FRAME) == "'self'"
    assert ancestors(running, f"{FRAME}?token=dmw_none") == "'self'"


def test_framed_page_holds_nothing_of_its_address(running: Running) -> None:
    token = new_token(running)
    with without_key(running):
        plain = running.client.get(f"{FRAME}?token={token}")
        hostile = running.client.get(FRAME, params={"token": token, "kind": HOSTILE, "x": HOSTILE})
    assert hostile.text == plain.text
    policy = plain.headers["content-security-policy"]
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy
    assert "unsafe" not in policy
    assert plain.headers["cache-control"] == "no-store"


def test_newest_version_is_told_by_number_and_older_ones_stay(tmp_path: Path) -> None:
    for version in ("v1.9.0", "v1.10.0", "v1.2.3"):
        (tmp_path / version).mkdir()
        (tmp_path / version / SCRIPT).write_text(version, encoding="utf-8")
    loaded = Embedding.load(tmp_path)
    assert loaded.version == "v1.10.0"
    assert loaded.files["v1.2.3", SCRIPT] == b"v1.2.3"
