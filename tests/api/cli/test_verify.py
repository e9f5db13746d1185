import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from api.cli.app import run
from api.cli.installation import Installation
from api.settings import Settings
from api.wiring import Service
from indexer.encoder import HashEncoder
from models.database import Database
from tests.api.cli.conftest import FixedInstallation
from tests.api.exchange.conftest import CAPABILITY, DEMAND, PROVIDER, lines
from tests.ipc_rows import keep_table


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, Path]]:
    """An installation with a provider, a published demand and an index, and a copy of it.

    Made once: putting a service together takes longer than most tests.
    """
    folder = tmp_path_factory.mktemp("verify")
    service = Service(Settings(data_dir=folder / "data", encoder="hash"), HashEncoder())
    service.prepare_database()
    made = FixedInstallation(service)
    providers = lines(folder / "p.jsonl", {**PROVIDER, "capabilities": [CAPABILITY]})
    demands = lines(folder / "d.jsonl", {**DEMAND, "publish": True})
    for path, kind in ((providers, "providers"), (demands, "demands")):
        assert run(["import", str(path), "--kind", kind, "--commit"], made) == 0
    assert run(["reindex"], made) == 0
    service.database.engine.dispose()
    copytree(folder / "data", folder / "copy")
    yield made, folder / "copy"
    service.close()


@pytest.fixture
def installation(stocked: tuple[Installation, Path]) -> Installation:
    """The installation as it was made."""
    made, copy = stocked
    made.settings.data_dir.rename(made.settings.data_dir.with_name("before"))
    rmtree(made.settings.data_dir.with_name("before"))
    copytree(copy, made.settings.data_dir)
    return made


@contextmanager
def connected(installation: Installation) -> Iterator[Connection]:
    """A transaction past the sessions; no connection is open afterwards."""
    database = Database(installation.settings.resolved_database_url)
    with database.engine.begin() as connection:
        yield connection
    database.close()


Look = Callable[..., dict[str, Any]]


@pytest.fixture
def look(installation: Installation, tmp_path: Path) -> Look:
    """Runs the command and returns what it wrote for programs."""

    def verify(*options: str, code: int = 0) -> dict[str, Any]:
        path = tmp_path / "verdict.json"
        assert run(["verify", "--json", str(path), *options], installation) == code
        with installation.store() as service:
            service.database.engine.dispose()
        verdict: dict[str, Any] = json.loads(path.read_text("utf-8"))
        assert verdict["is_whole"] == (code == 0)
        return verdict

    return verify


def test_whole_installation_is_found_whole(look: Look, capsys: pytest.CaptureFixture[str]) -> None:
    verdict = look()
    assert verdict["n_rows"] > 10
    assert verdict["index"]["n_documents"] == 2
    assert verdict["index"]["index_digest"] == verdict["index"]["database_digest"]
    assert "全部核对无误" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "table", "kind"),
    [
        ("UPDATE demand SET title = title || '改'", "demand", "changed"),
        ("UPDATE demand SET state = 'nonsense'", "demand", "unreadable"),
        ("UPDATE demand SET requirements = '[' ", "demand", "unreadable"),
        ("UPDATE demand SET created_at = 'once'", "demand", "unreadable"),
        ("UPDATE demand SET title = CAST(x'ff' AS TEXT)", "demand", "unreadable"),
        ("UPDATE demand SET row_hash = NULL", "demand", "unsealed"),
        ("UPDATE change_log SET entity_id = 'x' WHERE seq = 1", "change_log", "changed"),
        ("UPDATE organisation SET name = name || '改'", "organisation", "changed"),
        ("UPDATE tag_assignment SET confidence = 0.123 WHERE key = 1", "tag_assignment", "changed"),
    ],
)
def test_changed_rows_are_found(
    installation: Installation, look: Look, change: str, table: str, kind: str
) -> None:
    with connected(installation) as connection:
        connection.exec_driver_sql(change)
    verdict = look("--rows-only", code=1)
    assert [(f["table"], f["kind"]) for f in verdict["row_faults"]] == [(table, kind)]
    assert verdict["index"] is None


def test_changed_row_that_a_person_has_looked_at_is_accepted(
    installation: Installation, look: Look
) -> None:
    with connected(installation) as connection:
        connection.exec_driver_sql("UPDATE demand SET budget_raw = '三十万元'")
    look("--rows-only", code=1)
    assert look("--rows-only", "--accept")["row_faults"] == []


def test_damaged_vectors_and_missing_seals_are_mended(
    installation: Installation, look: Look
) -> None:
    with connected(installation) as connection:
        connection.execute(text("UPDATE vector_cache SET vector = zeroblob(256) WHERE rowid = 1"))
        connection.exec_driver_sql("UPDATE demand SET row_hash = NULL")
    assert len(look(code=1)["row_faults"]) == 2
    assert look("--repair")["row_faults"] == []


def test_index_that_differs_from_the_database_is_found_and_rebuilt(
    installation: Installation, look: Look
) -> None:
    with connected(installation) as connection:
        connection.exec_driver_sql("UPDATE demand SET state = 'paused'")
        connection.exec_driver_sql("UPDATE capability SET title = '换了'")
    verdict = look("--accept", code=1)
    differences = {d["entity"]: d["kind"] for d in verdict["index"]["differences"]}
    assert differences == {"demand": "extra", "capability": "changed"}
    assert verdict["index"]["index_digest"] != verdict["index"]["database_digest"]
    assert look("--repair")["index"]["differences"] == []


def test_row_the_index_misses_is_found(installation: Installation, look: Look) -> None:
    with connected(installation) as connection:
        connection.exec_driver_sql("UPDATE demand SET state = 'paused'")
    look("--accept", "--repair")
    with connected(installation) as connection:
        connection.exec_driver_sql("UPDATE demand SET state = 'published'")
    verdict = look("--accept", code=1)
    assert [d["kind"] for d in verdict["index"]["differences"]] == ["missing"]


def test_damaged_generations_are_named_and_replaced(
    installation: Installation, look: Look, capsys: pytest.CaptureFixture[str]
) -> None:
    (generation,) = installation.settings.index_dir.glob("gen-*")
    (generation / "demand.titles.faiss").write_bytes(b"")
    verdict = look(code=1)
    assert "demand.titles.faiss" in verdict["index"]["damage"][generation.name]
    assert verdict["index"]["version"] is None
    assert "没有一代可用" in capsys.readouterr().out
    assert look("--repair")["index"]["version"] is not None


def test_changes_after_the_generation_are_taken_up_before_comparing(
    installation: Installation, look: Look, tmp_path: Path
) -> None:
    more = lines(tmp_path / "m.jsonl", {**DEMAND, "title": "功率模块出口风险", "publish": True})
    assert run(["import", str(more), "--kind", "demands", "--commit"], installation) == 0
    verdict = look()
    assert verdict["index"]["n_documents"] == 3
    assert verdict["index"]["n_waiting"] == 0


def test_texts_the_encoder_failed_at_are_counted(
    installation: Installation,
    look: Look,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    encode = HashEncoder.encode_documents

    def fail(self: HashEncoder, texts: Sequence[str], *told: Any) -> NDArray[np.float32]:
        vectors = encode(self, texts, *told)
        vectors[["鸬鹚" in text for text in texts]] = 0
        return vectors

    monkeypatch.setattr(HashEncoder, "encode_documents", fail)
    more = lines(tmp_path / "m.jsonl", {**DEMAND, "title": "鸬鹚羽绒的风险", "publish": True})
    assert run(["import", str(more), "--kind", "demands", "--commit"], installation) == 0
    assert run(["reindex"], installation) == 0
    verdict = look()
    assert (verdict["is_whole"], verdict["index"]["n_unencoded"]) == (True, 1)
    assert "1 条的文字没能编码" in capsys.readouterr().err


def test_installation_without_an_index_is_whole(
    installation: Installation, look: Look, capsys: pytest.CaptureFixture[str]
) -> None:
    (generation,) = installation.settings.index_dir.glob("gen-*")
    generation.rename(installation.settings.data_dir / "elsewhere")
    assert look()["index"]["damage"] == {}
    assert "尚未建立" in capsys.readouterr().out


def test_damaged_file_in_use_is_named_and_left_as_it_is(
    installation: Installation, look: Look, capsys: pytest.CaptureFixture[str]
) -> None:
    path = installation.settings.ipc_file
    keep_table(path, HashEncoder())
    assert look()["damage"] == {}
    path.write_bytes(content := path.read_bytes()[:-1])
    verdict = look("--repair", code=1)
    assert list(verdict["damage"]) == ["ipc_table_unusable"]
    assert verdict["index"]["is_whole"]
    assert path.read_bytes() == content
    said = capsys.readouterr().err
    assert "ipc_table_unusable：导入的 IPC 名称表已损坏，请重新导入。" in said
    assert "数据库和索引核对无误" in said
