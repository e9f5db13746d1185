"""The documentation page works with no request to any other host."""

import re
from html import escape

import pytest
from fastapi.testclient import TestClient

from api.app import DOCS
from api.docs_page import write_docs

_PLACES = re.compile(r"""(?:src|href)\s*=\s*["']([^"']+)["']|url\(\s*["']?([^"')]+)""")


@pytest.mark.parametrize("file", ["index.html", "swagger-ui.css"])
def test_page_and_style_refer_to_this_host_only(file: str) -> None:
    text = (DOCS / file).read_text("utf-8")
    places = {a or b for a, b in _PLACES.findall(text)}
    assert {p for p in places if not p.startswith(("/docs/assets/", "data:"))} == set()


def test_page_loads_what_it_names(client: TestClient) -> None:
    page = client.get("/docs/try")
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


def test_page_tells_of_every_operation_in_chinese(client: TestClient) -> None:
    page = client.get("/docs")
    document = client.get("/openapi.json").json()
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page.text, path
            assert escape(operation["summary"]) in page.text
    for name in document["components"]["schemas"]:
        assert f'id="shape-{name}"' in page.text
    assert "需求描述，30 至 5000 字。" in page.text
    assert "请求正文" in page.text
    assert "<code>publish</code> 为真时" in page.text


def test_page_holds_no_script_and_its_links_lead_somewhere(client: TestClient) -> None:
    page = client.get("/docs")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "<script" not in page.text
    assert " style=" not in page.text
    places = set(re.findall(r'href="#([^"]+)"', page.text))
    assert places <= set(re.findall(r'id="([^"]+)"', page.text))
    for place in set(re.findall(r'href="(/[^"]*)"', page.text)):
        assert client.get(place).status_code == 200, place


def test_texts_of_the_document_are_text_in_the_page() -> None:
    hostile = "<script>alert(1)</script>"
    operation = {"summary": hostile, "description": hostile, "responses": {}, "operationId": "x"}
    document = {
        "info": {"title": hostile, "version": "1", "description": hostile},
        "paths": {"/x": {"get": operation}},
        "components": {"schemas": {"X": {"enum": [hostile]}}},
    }
    page = write_docs(document)
    assert "<script" not in page
    assert page.count(escape(hostile)) == 6
