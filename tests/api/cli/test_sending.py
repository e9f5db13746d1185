"""`navmatch import --server`: a running service does the work."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from api.cli import remote
from api.cli.app import run
from api.cli.installation import Installation
from api.client import imports
from api.client.client import Client
from api.exchange.marking import ERROR_HEADING
from api.settings import Settings
from api.wiring import Service
from indexer.encoder import HashEncoder
from models.demand import Demand
from tests.api.conftest import Running
from tests.api.exchange.conftest import DEMAND

GOOD = f"{DEMAND['title']},{DEMAND['description']}"
Send = Callable[..., int]


class Here(Client):
    """A client of the application in this process."""

    def __init__(self, running: Running, url: str, **options: Any) -> None:
        super().__init__(url, **options)
        super().close()
        self._transport._http = running.client

    def close(self) -> None:
        """Leave the connection to the other tests."""


@pytest.fixture
def send(running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Send:
    """Run the command against the application."""
    monkeypatch.setattr(imports, "ASK_EVERY_S", 0.02)
    monkeypatch.setattr(remote, "Client", partial(Here, running))
    key_file = tmp_path / "key.txt"
    key_file.write_text("dm_x_y", "utf-8")
    here = Installation(Settings(data_dir=tmp_path / "never"), lambda _: HashEncoder())

    def run_command(file: Path, *words: str, at: str = "http://localhost") -> int:
        where = ["--server", at, "--key-file", str(key_file)]
        code = run(["import", str(file), "--kind", "demands", *where, *words], here)
        assert not (tmp_path / "never").exists()
        return code

    return run_command


def _sheet(folder: Path, *rows: str) -> Path:
    path = folder / "需求.csv"
    path.write_text("\n".join(["标题,需求描述", *rows]), "utf-8")
    return path


def _n_demands(service: Service) -> int:
    with service.database.read() as session:
        return session.query(Demand).count()


def test_dry_run_saves_the_sheet_with_errors_and_stores_nothing(
    send: Send,
    running: Running,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    n_before = _n_demands(running.service)
    report = tmp_path / "结果.jsonl"
    (tmp_path / "需求-标注.csv").write_text("改到一半", "utf-8")
    assert send(_sheet(tmp_path, GOOD, "短,太短"), "--report", str(report)) == 1
    told = "".join(capsys.readouterr())
    assert "共 2 行：新增 1，更新 0，未变 0，拒绝 1。" in told
    assert "A3" in told
    assert "这是试运行" in told
    assert "检查期间按 Ctrl+C 离开，什么都不会写入" in told
    assert "开始写入" not in told
    back = (tmp_path / "需求-标注2.csv").read_text("utf-8-sig").splitlines()
    assert back[0] == f"标题,需求描述,{ERROR_HEADING}"
    assert (tmp_path / "需求-标注.csv").read_text("utf-8") == "改到一半"
    (line,) = report.read_text("utf-8").splitlines()
    assert {error["cell"] for error in json.loads(line)["errors"]} == {"A3", "B3"}
    assert _n_demands(running.service) == n_before


def test_good_rows_are_stored_once(
    send: Send,
    running: Running,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    n_before = _n_demands(running.service)
    sheet = _sheet(tmp_path, GOOD)
    assert [send(sheet, "--commit"), send(sheet, "--commit")] == [0, 0]
    told = "".join(capsys.readouterr())
    assert "新增 1，更新 0，未变 0，拒绝 0" in told
    assert "新增 0，更新 0，未变 1，拒绝 0" in told
    assert "没有要写入的行" in told
    assert told.count("开始写入。按 Ctrl+C 离开，服务上的写入照常进行。") == 1
    assert _n_demands(running.service) == n_before + 1
    assert [path.name for path in tmp_path.glob("*标注*")] == []


def test_sheet_that_cannot_be_read_is_told(
    send: Send, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "需求.csv"
    path.write_text("标题,标题\n一,二\n", "utf-8")
    assert send(path, "--commit") == 1
    assert "没有完成：" in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("name", "words"), [("a.jsonl", []), ("a.csv", ["--mapping", "诉求=description"])]
)
def test_what_a_service_does_not_take_is_said_before_it_is_sent(
    send: Send, tmp_path: Path, name: str, words: list[str]
) -> None:
    assert send(tmp_path / name, *words) == 1


def test_key_that_would_go_in_clear_is_warned_of(
    send: Send, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert send(_sheet(tmp_path, GOOD), at="http://navmatch.example.cn") == 0
    assert "密钥和内容在网上不加密" in "".join(capsys.readouterr())
