"""The documentation page works with no request to any other host."""

import re

import pytest
from fastapi.testclient import TestClient

from api.app import DOCS

_PLACES = re.compile(r"""(?:src|href)\s*=\s*["']([^"']+)["']|url\(\s*["']?([^"')]+)""")


@pytest.mark.parametrize("file", ["index.html", "swagger-ui.css"])
def test_page_and_style_refer_to_this_host_only(file: str) -> None:
    text = (DOCS / file).read_text("utf-8")
    places = {a or b for a, b in _PLACES.findall(text)}
    assert {p for p in places if not p.startswith(("/docs/assets/", "data:"))} == set()


def test_page_loads_what_it_names(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    for place in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        assert client.get(place).status_code == 200, place


def test_page_holds_no_inline_script() -> None:
    text = (DOCS / "index.html").read_text("utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []
    assert not re.search(r"\son\w+=", text)


def test_start_script_names_the_local_document_and_no_validator() -> None:
    text = (DOCS / "init.js").read_text("utf-8")
    assert 'url: "/openapi.json"' in text
    assert "validatorUrl: null" in text
    assert "http" not in text


def test_bundle_ships_with_its_licence() -> None:
    assert "Apache License" in (DOCS / "LICENSE").read_text("utf-8")
    assert (DOCS / "swagger-ui-bundle.js").stat().st_size > 1_000_000
