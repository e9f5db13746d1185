import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.exchange import importing
from api.exchange.cells import CellReader
from api.exchange.columns import ImportKind, columns_of
from api.exchange.importing import Importer
from api.exchange.mapping import read_mappings
from api.exchange.read import open_rows
from api.exchange.results import RowResult
from api.exchange.rows import RowReader
from api.settings import Settings
from api.wiring import Service
from indexer.encoder import HashEncoder
from models.acting import tell
from models.base import Table
from models.database import Database
from models.viewer import acting_as, system

TODAY = date(2026, 3, 2)

DEMAND = {
    "title": "车规级碳化硅功率模块出口侵权风险排查",
    "description": "我公司计划明年向欧洲出口车规级碳化硅功率模块，需要对封装互连和栅极驱动方面的"
    "专利做侵权风险排查，给出规避设计建议，并提交分析报告和风险专利名单。",
}
CAPABILITY = {
    "title": "功率半导体出口侵权风险排查",
    "description": "面向碳化硅、氮化镓功率器件企业，逐项比对封装互连和栅极驱动方面的专利权利要求，"
    "出具侵权风险排查报告。",
}
PROVIDER = {"name": "苏州示例知识产权咨询有限公司", "org_type": "consultancy"}


@pytest.fixture(scope="session")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that is put together once: that takes longer than most tests."""
    folder = tmp_path_factory.mktemp("data")
    made = Service(Settings(data_dir=folder), HashEncoder(), lambda: TODAY)
    made.database.migrate()
    yield made
    made.close()


@pytest.fixture
def service(wired: Service) -> Service:
    """The same service with an empty database."""
    with wired.database.engine.begin() as connection:
        tell(connection, system("test"))
        for table in reversed(Table.metadata.sorted_tables):
            if not table.name.startswith("audit_"):  # the chain refuses to be emptied
                connection.execute(table.delete())
    return wired


@pytest.fixture
def run_import(service: Service) -> Callable[..., list[RowResult]]:
    def run(
        path: Path,
        kind: str = "demands",
        *,
        commit: bool = True,
        mapping: tuple[str, ...] = (),
        sheet: str | None = None,
    ) -> list[RowResult]:
        of_kind = ImportKind(kind)
        columns = read_mappings(mapping, columns_of(of_kind))
        reader = RowReader(of_kind, CellReader(service.vocabularies), columns)
        return list(Importer(service, reader, commit=commit).run(open_rows(path, sheet)))

    return run


def problems_of(result: RowResult) -> set[tuple[str, str]]:
    return {(problem.field, problem.code) for problem in result.errors}


def lines(path: Path, *values: Any) -> Path:
    path.write_text("".join(json.dumps(v, ensure_ascii=False) + "\n" for v in values), "utf-8")
    return path


@contextmanager
def others_writing(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Have somebody else write until a write of an import was refused, which sets the event."""
    monkeypatch.setattr("models.sqlite.TURN_PATIENCE_S", 0.01)
    refused, holds = threading.Event(), threading.Event()
    monkeypatch.setattr(importing, "BUSY_PAUSES_S", _pauses(refused))
    other = Database(service.database.url)

    def write() -> None:
        with acting_as(system("test")), other.write() as session:
            session.connection()
            holds.set()
            refused.wait(60)

    writer = threading.Thread(target=write)
    writer.start()
    holds.wait(60)
    yield refused
    writer.join()
    other.close()


def _pauses(refused: threading.Event) -> Iterator[float]:
    """Pauses between attempts; the first says that there was a refusal."""
    yield 0.0
    refused.set()
    yield from (0.05,) * 1_000
