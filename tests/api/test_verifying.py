"""`navmatch verify` on both databases: what no checksum shows is found by comparing."""

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from api.cli.app import run
from api.cli.installation import Installation
from api.settings import Settings
from api.wiring import Service
from indexer.comparison import Difference
from indexer.encoder import HashEncoder
from indexer.view import IndexView
from tests.api.cli.conftest import FixedInstallation
from tests.api.exchange.conftest import DEMAND, lines
from tests.conftest import DATABASES
from tests.indexer.harming import HARMS, Harm


@pytest.fixture(scope="module", params=DATABASES)
def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Two published demands and their index; nothing here changes them."""
    folder = tmp_path_factory.mktemp("verifying")
    if request.param == "sqlite":
        copyfile(request.getfixturevalue("empty_database_file"), folder / "test.db")
        url = f"sqlite:///{folder / 'test.db'}"
    else:
        template = request.getfixturevalue("postgres_template")
        url = request.getfixturevalue("postgres").new_database(template)
    settings = Settings(data_dir=folder / "data", database_url=url, encoder="hash")
    service = Service(settings, HashEncoder())
    made = FixedInstallation(service)
    other = {**DEMAND, "title": "固态电池的专利导航", "publish": True}
    demands = lines(folder / "d.jsonl", {**DEMAND, "publish": True}, other)
    assert run(["import", str(demands), "--kind", "demands", "--commit"], made) == 0
    assert run(["reindex"], made) == 0
    yield made
    service.close()


def verify(installation: Installation, path: Path, code: int) -> dict[str, Any]:
    assert run(["verify", "--json", str(path)], installation) == code
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))["index"]
    return found


def test_index_that_is_the_database_is_whole(installation: Installation, tmp_path: Path) -> None:
    found = verify(installation, tmp_path / "verdict.json", 0)
    assert (found["n_documents"], found["n_waiting"], found["differences"]) == (2, 0, [])
    assert found["index_digest"] == found["database_digest"] != ""


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_harm_to_the_index_is_found(
    installation: Installation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    harm: Harm,
) -> None:
    expected: list[Difference] = []

    def harmed(*facts: Any) -> IndexView:
        view, difference = harm(IndexView(*facts))
        expected.append(difference)
        return view

    monkeypatch.setattr("api.verifying.IndexView", harmed)
    found = verify(installation, tmp_path / "verdict.json", 1)
    (difference,) = expected
    assert [(d["id"], d["kind"]) for d in found["differences"]] == [
        (difference.id, difference.kind)
    ]
    assert difference.id in capsys.readouterr().err


def test_digests_alone_tell_that_the_index_is_another(
    installation: Installation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("api.verifying.differences", lambda *told: iter(()))
    monkeypatch.setattr("api.verifying.documents_of", lambda view: [])
    assert verify(installation, tmp_path / "verdict.json", 1)["differences"] == []
    assert "内容摘要不同" in capsys.readouterr().err
