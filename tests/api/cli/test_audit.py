import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from api.cli.app import EXIT_FAILED, EXIT_SETUP, run
from api.cli.installation import Installation
from api.wiring import Service
from models.audit import AuditEvent
from models.base import now_utc
from tests.api.cli.conftest import Run
from tests.api.exchange.conftest import DEMAND, service, wired  # noqa: F401 - fixtures


@pytest.fixture
def written(fresh: Installation) -> Installation:
    """An installation whose chain has entries."""
    assert run(["audit", "list"], fresh) == 0
    assert run(["audit", "list"], fresh) == 0
    return fresh


def test_whole_chain_is_verified(written: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "verify"], written) == 0
    assert "审计链完好：2 条" in capsys.readouterr().err


def test_entries_are_listed_with_the_command(
    written: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["audit", "list", "--limit", "1"], written) == 0
    assert "navmatch audit" in capsys.readouterr().out


def test_export_holds_every_entry(written: Installation, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    assert run(["audit", "export", str(path)], written) == 0
    numbers = [json.loads(line)["number"] for line in path.read_text().splitlines()]
    assert numbers == [1, 2, 3]


def test_changed_and_cut_chain_is_reported(
    written: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(written.settings.data_dir / "navmatch.db") as other:
        other.execute("DROP TRIGGER audit_event_unchanged")
        other.execute("DROP TRIGGER audit_event_kept")
        other.execute("UPDATE audit_event SET actor = 'nobody' WHERE number = 1")
        other.execute("DELETE FROM audit_event WHERE number = 2")
    other.close()
    assert run(["audit", "verify"], written) == EXIT_FAILED
    shown = capsys.readouterr().out
    assert "链 platform：第 1 条被改动" in shown
    assert "链 platform：第 2 条被截去" in shown


def test_lost_key_is_replaced_only_when_somebody_says_so(
    written: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key_file = written.settings.resolved_audit_key_file
    assert run(["audit", "new-key"], written) == EXIT_FAILED
    assert "没有丢失" in capsys.readouterr().err
    key_file.unlink()
    monkeypatch.setattr("typer.confirm", lambda text: False)
    assert run(["audit", "new-key"], written) == EXIT_FAILED
    said = capsys.readouterr().err
    assert "再也不能核对" in said
    assert "没有改动任何内容" in said
    assert not key_file.exists()
    monkeypatch.setattr("typer.confirm", lambda text: True)
    assert run(["audit", "new-key"], written) == 0
    assert "此前的 2 条审计记录不能再核对" in capsys.readouterr().err.replace("\n", "")


def test_what_a_lost_key_wrote_is_neither_called_sound_nor_damaged(
    written: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    written.settings.resolved_audit_key_file.unlink()
    assert run(["audit", "list"], written) == EXIT_SETUP
    assert "navmatch audit new-key" in capsys.readouterr().err.replace("\n", "")
    assert run(["audit", "new-key", "--yes"], written) == 0
    assert "原来的文件改名留着" in capsys.readouterr().err
    assert run(["audit", "list"], written) == 0
    assert "new_key" in capsys.readouterr().out
    assert run(["audit", "verify"], written) == 0
    shown = capsys.readouterr()
    assert f"第 1 至 2 条写于密钥丢失以前，不能核对（{now_utc():%Y-%m-%d} 换用新密钥）" in shown.out
    assert "密钥丢失以后的 2 条全部核对无误；以前的 2 条不能核对" in shown.err
    assert "审计链完好" not in shown.err


def test_mark_is_named_where_nothing_is_left_before_it(
    written: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    written.settings.resolved_audit_key_file.unlink()
    assert run(["audit", "new-key", "--yes"], written) == 0
    with sqlite3.connect(written.settings.data_dir / "navmatch.db") as other:
        other.execute(
            "INSERT INTO audit_checkpoint (chain, number, mac, at, signature)"
            " SELECT chain, number, mac, at, mac FROM audit_event WHERE number = 2"
        )
        other.execute("DELETE FROM audit_event WHERE number <= 2")
    other.close()
    assert run(["audit", "verify"], written) == EXIT_FAILED
    shown = capsys.readouterr().out
    assert "第 1 至 2 条写于密钥丢失以前，不能核对，现在一条也不在" in shown
    assert "链 platform：第 1 至 2 条缺失" in shown
    assert "链 platform：第 2 条处的清理标记没有有效签名" in shown


def test_forged_mark_is_named(written: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(written.settings.data_dir / "navmatch.db") as other:
        other.execute(
            "INSERT INTO audit_checkpoint (chain, number, mac, at, signature)"
            " SELECT 'lost:' || chain, number, mac, at, mac FROM audit_event WHERE number = 1"
        )
    other.close()
    assert run(["audit", "verify"], written) == EXIT_FAILED
    assert "链 platform：第 1 条处的密钥丢失标记没有有效签名" in capsys.readouterr().out


def test_import_and_export_are_entries(run_on: Run, service: Service, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "demands.jsonl"
    path.write_text(json.dumps(DEMAND, ensure_ascii=False) + "\n", "utf-8")
    assert run_on("import", str(path), "--kind", "demands") == 0
    assert run_on("import", str(path), "--kind", "demands", "--commit") == 0
    assert run_on("export", str(tmp_path / "out.csv"), "--kind", "demands") == 0
    with service.database.read() as session:
        found = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(3)).all()
    acts = [(e.act, e.action.value, e.entity) for e in reversed(found)]
    assert acts == [
        ("navmatch import", "import", "demands"),
        ("navmatch import", "create", "demand"),
        ("navmatch export", "export", "demands"),
    ]
