"""An application that has ended leaves nothing of itself in the process."""

import gc
from pathlib import Path
from weakref import ref

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.wiring import Service
from indexer.encoder import HashEncoder


def test_ended_application_is_gone(tmp_path: Path) -> None:
    ended = _used_and_ended(Settings(data_dir=tmp_path, allowed_hosts="testserver"))
    gc.collect()
    assert ended() is None


def _used_and_ended(settings: Settings) -> "ref[FastAPI]":
    app = create_app(settings, lambda chosen: Service(chosen, HashEncoder()))
    with TestClient(app) as client:
        for path in ("/docs", "/docs/try", "/openapi.json", "/v1/taxonomy"):
            assert client.get(path).status_code == 200, path
    return ref(app)
