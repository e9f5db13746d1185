"""Loading the demonstration data, as any other data comes in: through the intake.

Tags are read from the texts. The `facts` beside them are the answers the texts were written
to, for measuring; they are not looked at here.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from api.exchange.cells import CellReader
from api.exchange.columns import ImportKind
from api.exchange.importing import Importer
from api.exchange.records import TABLES
from api.exchange.results import RowResult
from api.exchange.rows import RowReader
from api.exchange.types import FileFormat, RawRow, RowFile
from api.intake.problems import FieldsRejectedError
from api.schemas.service_base import BaseCreate
from api.wiring import Service
from indexer.types import NATION
from models import repository
from models.base import DEMO_SOURCE, Row
from models.case import Case
from models.demand import Demand
from models.errors import NavmatchError
from models.organisation import Base, Organisation
from models.provider import Provider
from models.vocabulary.demand import BudgetKind

HALVES: Final = ("a", "b")

Told = Callable[[int, int], None]

_KEPT: Final = (Organisation, Base, Provider, Case, Demand)

_NOT_FIELDS: Final = frozenset(
    {"key", "facts", "base", "provider", "requirements_text", "period", "state"}
)


class DemoDataError(NavmatchError):
    """The demonstration data that came with the package cannot be loaded."""

    code = "demo_data"


def load_demo(service: Service, told: Told) -> int:
    """Store the demonstration rows that are not there yet and return how many they were.

    Rows that are there stay as they are, also when somebody has changed or deleted them.

    Args:
        service: An installation with its encoder and up-to-date tables.
        told: Told how many rows of how many are done.

    Raises:
        DemoDataError: a row is refused, which a whole package never does.
    """
    bases = _missing(service, Base, _rows("bases"))
    providers = _missing(service, TABLES[ImportKind.PROVIDERS], _rows("providers"))
    cases = _missing(service, TABLES[ImportKind.CASES], _rows("cases"))
    demands = _missing(service, TABLES[ImportKind.DEMANDS], _rows("demands"))
    total = sum(map(len, (bases, providers, cases, demands)))
    n_done = 0
    for kind, rows in (
        (None, bases),
        (ImportKind.PROVIDERS, [_provider(row) for row in providers]),
        (ImportKind.CASES, [_case(row) for row in cases]),
        (ImportKind.DEMANDS, [_demand(row) for row in demands]),
    ):
        stored = _store_bases(service, rows) if kind is None else _import(service, kind, rows)
        for _ in stored:
            n_done += 1
            told(n_done, total)
    return total


def is_in_use(service: Service) -> bool:
    """Return whether an installation holds something and none of the demonstration data.

    Then it is somebody's own, and what is invented would stand among what is real for good.
    """
    with service.database.read() as session:
        first = source_ref(_rows("bases")[0]["key"])
        if repository.find_by_source(session, Base, first) is not None:
            return False
        kept = any(repository.count(session, table) for table in _KEPT)
    return kept or service.identity.people.has_operator()


def _store_bases(service: Service, rows: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    bodies = [
        BaseCreate(**_plain(row, without={"key_industries"}), source_ref=source_ref(row["key"]))
        for row in rows
    ]
    for outcome in service.intake.bases.create_many(bodies):
        if isinstance(outcome, NavmatchError):
            raise DemoDataError(f"演示数据中的服务基地无法存入：{outcome.message}")
        yield outcome


def _import(service: Service, kind: ImportKind, rows: list[dict[str, Any]]) -> Iterator[RowResult]:
    reader = RowReader(kind, CellReader(service.vocabularies))
    raw = (RawRow(number, row) for number, row in enumerate(rows, start=1))
    file = RowFile(Path(f"{kind}.jsonl"), FileFormat.JSONL, len(rows), raw)
    for result in Importer(service, reader, commit=True).run(file):
        if result.errors:
            row = rows[result.number - 1]
            reason = FieldsRejectedError(result.errors).message
            raise DemoDataError(f"演示数据 {row['source_ref']} 无法存入：{reason}")
        yield result


def _provider(row: Mapping[str, Any]) -> dict[str, Any]:
    capabilities = [
        {**_plain(capability), "source_ref": source_ref(capability["key"])}
        for capability in row["capabilities"]
    ]
    wishes = dict(row.get("preferences") or {})
    wishes["regions"] = [code for code in wishes.get("regions") or () if code != NATION]
    return {
        **_plain(row),
        "source_ref": source_ref(row["key"]),
        "preferences": wishes,
        "capabilities": capabilities,
    }


def _case(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_plain(row),
        "source_ref": source_ref(row["key"]),
        "provider_id": source_ref(row["provider"]),
        "base_id": source_ref(row["base"]),
        "publish": True,
    }


def _demand(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a demand with its requirements as part of the text, where they are read from."""
    wishes = row.get("requirements_text")
    description = f"{row['description']}\n{wishes}" if wishes else row["description"]
    values = {
        **_plain(row),
        "description": description,
        "source_ref": source_ref(row["key"]),
        "base_id": source_ref(row["base"]),
        "period_days": (row.get("period") or {}).get("days"),
        "budget": _budget(row.get("budget")),
        "publish": row["state"] == "published",
    }
    return {name: value for name, value in values.items() if value is not None}


def _budget(budget: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a budget whose sums are left out where nothing is paid or agreed."""
    if budget is None:
        return None
    if budget["kind"] in (BudgetKind.FREE, BudgetKind.NEGOTIABLE):
        return {"kind": budget["kind"], "raw": budget.get("raw")}
    return dict(budget)


def source_ref(key: str) -> str:
    """Return the source key of a demonstration row."""
    return f"{DEMO_SOURCE}{key}"


def _plain(row: Mapping[str, Any], without: Iterable[str] = ()) -> dict[str, Any]:
    """Return the fields that are named as in the schemas; what is null was never said."""
    left_out = _NOT_FIELDS | set(without)
    return {n: v for n, v in row.items() if n not in left_out and v is not None}


def _missing(
    service: Service, table: type[Row], rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    with service.database.read() as session:
        return [
            row
            for row in rows
            if repository.find_by_source(session, table, source_ref(row["key"])) is None
        ]


def _rows(name: str) -> list[dict[str, Any]]:
    texts = [(files("api.demo") / f"{name}_{half}.jsonl").read_text("utf-8") for half in HALVES]
    return [json.loads(line) for text in texts for line in text.splitlines() if line.strip()]
