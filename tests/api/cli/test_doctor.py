import socket
import stat
from pathlib import Path

import pytest

from api.adapters import kept_adapters
from api.cli.app import run
from api.cli.checks import check_all, check_data_dir, check_port
from api.cli.installation import Installation
from api.kept_versions import HISTORY_FILE
from api.settings import Settings
from indexer.encoder import HashEncoder
from models.database import Database
from models.secret_file import read_secret
from tests.api.exchange.conftest import CAPABILITY, PROVIDER, lines
from tests.ipc_rows import keep_table
from tests.postgres import PostgresServer, database_name


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.fixture
def installation(tmp_path: Path, free_port: int) -> Installation:
    settings = Settings(data_dir=tmp_path / "data", encoder="hash", port=free_port)
    return Installation(settings, lambda _: HashEncoder())


def problems(installation: Installation) -> dict[str, str]:
    return {check.name: check.mend for check in check_all(installation) if not check.is_ok}


def test_doctor_empty_directory_is_healthy_and_stays_empty(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["doctor"], installation) == 0
    page = capsys.readouterr()
    for name in ("Python", "数据目录", "磁盘空间", "数据库", "编码器", "索引", "端口"):
        assert name in page.out
    assert "一切正常" in page.err
    assert not installation.settings.data_dir.exists()


def test_doctor_used_installation_compares_index_and_database(
    installation: Installation, tmp_path: Path
) -> None:
    path = lines(tmp_path / "p.jsonl", {**PROVIDER, "capabilities": [CAPABILITY]})
    run(["import", str(path), "--kind", "providers", "--commit"], installation)
    run(["reindex"], installation)
    details = {check.name: check.detail for check in check_all(installation)}
    assert problems(installation) == {}
    assert "服务能力 1/1" in details["索引"]


def test_doctor_says_who_reads_what_is_newer_than_the_index(
    installation: Installation, tmp_path: Path
) -> None:
    run(["reindex"], installation)
    path = lines(tmp_path / "p.jsonl", {**PROVIDER, "capabilities": [CAPABILITY]})
    run(["import", str(path), "--kind", "providers", "--commit"], installation)
    (index,) = [check for check in check_all(installation) if check.name == "索引"]
    assert index.is_ok
    assert index.detail.endswith("条变更；运行中的服务自己跟进，没有运行的启动时补上")


def test_doctor_damaged_index_names_the_mending_command(installation: Installation) -> None:
    run(["reindex"], installation)
    (generation,) = installation.settings.index_dir.glob("gen-*")
    (generation / "capability.documents.jsonl").write_bytes(b"{")
    assert problems(installation) == {"索引": "navmatch reindex"}


def test_doctor_index_of_another_database_names_the_mending_command(
    installation: Installation, tmp_path: Path
) -> None:
    path = lines(tmp_path / "p.jsonl", {**PROVIDER, "capabilities": [CAPABILITY]})
    run(["import", str(path), "--kind", "providers", "--commit"], installation)
    run(["reindex"], installation)
    database = Database(installation.settings.resolved_database_url)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE change_log SET entity_id = 'from a backup'")
    database.close()
    assert problems(installation) == {"索引": "navmatch reindex"}


def test_doctor_old_tables_name_the_mending_command(installation: Installation) -> None:
    installation.settings.data_dir.mkdir()
    database = Database(installation.settings.resolved_database_url)
    database.engine.connect().close()
    database.close()
    assert "reindex" in problems(installation)["数据表"]
    assert run(["reindex"], installation) == 0
    assert problems(installation) == {}


@pytest.mark.parametrize("how", ["missing", "damaged", "another"])
def test_doctor_lost_audit_key_names_the_way_on(installation: Installation, how: str) -> None:
    assert run(["reindex"], installation) == 0
    key_file = installation.settings.resolved_audit_key_file
    assert "审计密钥" not in problems(installation)
    key_file.unlink()
    if how == "another":
        read_secret(key_file)
    elif how == "damaged":
        key_file.write_text("00")
        key_file.chmod(0o600)
    assert "navmatch audit new-key" in problems(installation)["审计密钥"]
    assert key_file.exists() is (how != "missing")


def test_doctor_key_that_was_replaced_asks_for_the_new_file(installation: Installation) -> None:
    assert run(["reindex"], installation) == 0
    key_file = installation.settings.resolved_audit_key_file
    first = key_file.read_bytes()
    key_file.unlink()
    assert run(["audit", "new-key", "--yes"], installation) == 0
    key_file.write_bytes(first)
    assert problems(installation)["审计密钥"] == "把新的密钥文件拷到这台机器"


def test_doctor_damaged_database_is_found(installation: Installation) -> None:
    installation.settings.data_dir.mkdir()
    (installation.settings.data_dir / "navmatch.db").write_bytes(b"no database" * 100)
    assert "数据库" in problems(installation)


@pytest.mark.parametrize(
    ("role", "found"), [("navmatch", []), ("postgres", ["数据库服务器"])], ids=["bound", "unbound"]
)
def test_doctor_role_that_row_security_does_not_bind_is_found(
    installation: Installation,
    postgres: PostgresServer,
    postgres_template: str,
    role: str,
    found: list[str],
) -> None:
    url = postgres.new_database(postgres_template)
    settings = installation.settings.model_copy(
        update={"database_url": postgres.url(database_name(url), role)}
    )
    mends = problems(Installation(settings, installation.make_encoder))
    assert list(mends) == found
    assert all("NOSUPERUSER NOBYPASSRLS" in mend for mend in mends.values())
    postgres.drop_database(url)


def test_doctor_advises_to_shut_a_data_directory_open_to_others(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = installation.settings.data_dir
    with installation.store():
        pass
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert run(["doctor"], installation) == 0
    assert "chmod 700" not in capsys.readouterr().out
    folder.chmod(0o755)
    assert run(["doctor"], installation) == 0
    page = capsys.readouterr()
    assert "注意" in page.out
    assert "1 项建议处理" in page.err
    (advice,) = [check.mend for check in check_all(installation) if check.is_advised]
    assert advice == f"chmod 700 {folder}"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_doctor_changed_encoder_file_is_found(installation: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "encoders" / "multilingual-e5-small-q4"
    folder.mkdir(parents=True)
    (folder / "navmatch.json").write_text('{"origin": {}, "files": {"x": "0"}}')
    settings = installation.settings.model_copy(update={"encoder": None})
    assert "编码器" in problems(Installation(settings, installation.make_encoder))


@pytest.mark.parametrize("damage", ["file", "record"])
def test_doctor_damaged_version_in_use_names_another_version_as_the_cure(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    monkeypatch.setattr("api.cli.checks._is_whole", lambda folder: True)
    settings = installation.settings.model_copy(update={"encoder": None})
    (settings.data_dir / "encoders" / "multilingual-e5-small-q4").mkdir(parents=True)
    kept = kept_adapters(settings)
    kept.install("20261126-001", b"content")
    if damage == "file":
        kept.path("20261126-001").with_name("20261126-001.npz.sha256").unlink()
    else:
        (kept.folder / HISTORY_FILE).write_bytes(b"{}")
    mend = problems(Installation(settings))["编码器"]
    assert "navmatch train encoder --use" in mend
    assert ("先删除这份记录" in mend) == (damage == "record")


def test_check_port_taken_names_another_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        check = check_port("127.0.0.1", port)
    assert not check.is_ok
    assert "--port" in check.mend


def test_check_data_dir_that_is_a_file_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_text("x")
    assert not check_data_dir(path).is_ok


def test_doctor_damaged_table_names_the_code_and_the_mending_command(
    installation: Installation,
) -> None:
    path = installation.settings.ipc_file
    keep_table(path, HashEncoder())
    assert problems(installation) == {}
    path.write_bytes(path.read_bytes()[:-1])
    assert problems(installation) == {"IPC 名称表": "navmatch ipc import 名称表"}
    (found,) = [check for check in check_all(installation) if check.name == "IPC 名称表"]
    assert found.detail.startswith("ipc_table_unusable：")
