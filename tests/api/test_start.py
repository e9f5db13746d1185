"""What a process that answers requests loads: the less, the sooner another takes its place."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from api.settings import DATABASE_FILE
from models.database import Database

ROOT: Final = Path(__file__).resolve().parents[2]
LATER: Final = {
    "alembic": "tables that are to be changed",
    "api.cli.commands": "other commands than serve",
    "api.client.transport": "commands that ask another service",
    "docx": "a report as a Word file",
    "jieba": "the tests",
    "lxml": "a report as a Word file",
    "mako": "a new migration",
    "onnxruntime": "the process of the encoder",
    "psycopg": "PostgreSQL",
    "scipy": "training",
    "sklearn": "training",
    "tokenizers": "the process of the encoder",
    "torch": "training",
    "xlsxwriter": "a sheet that is written",
}
"""Modules, and what first needs them."""

START: Final = """
import json, sys
from starlette.testclient import TestClient
from api.cli.app import app_for
from api.app import create_app
from api.cli.installation import Installation, read_settings
from indexer.encoder import HashEncoder
assert app_for(["serve"])
installation = Installation(read_settings(), lambda _: HashEncoder())
with installation.service() as service:
    app = create_app(installation.settings, lambda _: service)
    with TestClient(app, base_url="http://127.0.0.1") as asking:
        assert asking.get("/readyz").status_code == 200
        print(json.dumps(sorted(sys.modules)))
"""


def test_start_loads_nothing_it_can_do_without(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / DATABASE_FILE}")
    database.migrate()
    database.close()

    environment = {**os.environ, "NAVMATCH_DATA_DIR": str(tmp_path)}
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", START], cwd=ROOT, env=environment, capture_output=True, check=False
    )

    assert ended.returncode == 0, ended.stderr.decode()
    loaded = set(json.loads(ended.stdout))
    assert "api.routes.matches" in loaded
    assert loaded & LATER.keys() == set()
