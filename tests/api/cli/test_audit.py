import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from api.cli.app import EXIT_FAILED, run
from api.cli.installation import Installation
from api.wiring import Service
from models.audit import AuditEvent
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
