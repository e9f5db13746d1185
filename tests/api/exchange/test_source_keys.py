"""Every organisation numbers its own rows: their keys do not meet."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.exchange.cells import CellReader
from api.exchange.columns import ImportKind
from api.exchange.exporting import Exporter
from api.exchange.importing import Importer
from api.exchange.read import open_rows
from api.exchange.results import RowResult, RowStatus
from api.exchange.rows import RowReader
from api.exchange.source_keys import MAX_OWN_KEY_CHARS
from api.exchange.types import FileFormat
from api.schemas.demand import DemandCreate
from api.wiring import Service
from models import repository
from models.demand import Demand
from models.errors import ConflictError
from models.organisation import Base, Organisation
from models.viewer import Viewer, acting_as
from models.vocabulary.access import Role
from models.vocabulary.organisation import BaseLevel, OrganisationType
from tests.api.exchange.conftest import DEMAND, lines

Send = Callable[..., RowResult]


@pytest.fixture
def bases(service: Service) -> list[Viewer]:
    """Two bases, each as one of its staff."""
    found = []
    with service.database.write() as session:
        for name in ("甲基地", "乙基地"):
            of = Organisation(name=name, org_type=OrganisationType.PARK, region_code="320500")
            session.add(Base(organisation=of, level=BaseLevel.NATIONAL))
            session.flush()
            found.append(Viewer(Role.BASE_STAFF, "us_1", of.id, "320500"))
    return found


@pytest.fixture
def send(service: Service, tmp_path: Path) -> Send:
    def import_one(viewer: Viewer, **changes: str) -> RowResult:
        path = lines(tmp_path / "a.jsonl", {**DEMAND, **changes})
        reader = RowReader(ImportKind.DEMANDS, CellReader(service.vocabularies))
        owner_id = viewer.organisation_id
        with acting_as(viewer):
            importer = Importer(service, reader, commit=True, owner_id=owner_id)
            (result,) = importer.run(open_rows(path))
        return result

    return import_one


def test_same_key_and_text_of_two_organisations_are_two_rows(
    bases: list[Viewer], send: Send
) -> None:
    for changes in ({"source_ref": "1"}, {}):
        results = [send(viewer, **changes) for viewer in bases]
        assert [r.status for r in results] == [RowStatus.CREATED] * 2
        assert len({r.id for r in results}) == 2
        assert [send(viewer, **changes).status for viewer in bases] == [RowStatus.UNCHANGED] * 2


def test_row_that_is_theirs_under_the_bare_key_is_found(
    service: Service, bases: list[Viewer], send: Send
) -> None:
    first = send(bases[0], source_ref="1")
    assert first.id is not None
    with service.database.write() as session:
        repository.get(session, Demand, first.id).source_ref = "A-1"
    assert send(bases[0], source_ref="A-1").id == first.id
    assert send(bases[1], source_ref="A-1").status is RowStatus.CREATED


def test_export_shows_the_key_as_it_was_written(
    service: Service, bases: list[Viewer], send: Send, tmp_path: Path
) -> None:
    stored = send(bases[0], source_ref="XQ-1")
    path = tmp_path / "out.jsonl"
    with acting_as(bases[0]):
        Exporter(service, ImportKind.DEMANDS).write(path, FileFormat.JSONL)
    assert '"source_ref": "XQ-1"' in path.read_text("utf-8")
    assert send(bases[0], source_ref="XQ-1").id == stored.id


def test_key_may_be_as_long_as_it_can_be_kept_and_no_longer(
    bases: list[Viewer], send: Send
) -> None:
    assert send(bases[0], source_ref="x" * MAX_OWN_KEY_CHARS).status is RowStatus.CREATED
    refused = send(bases[0], source_ref="x" * (MAX_OWN_KEY_CHARS + 1))
    assert [(p.field, p.code) for p in refused.errors] == [("source_ref", "string_too_long")]


def test_nobody_takes_a_key_another_would_import_under(
    service: Service, bases: list[Viewer], send: Send
) -> None:
    taken = f"{bases[1].organisation_id}/1"
    body = DemandCreate.model_validate({**DEMAND, "source_ref": taken})
    with acting_as(bases[0]), pytest.raises(ConflictError, match="另一单位"):
        service.intake.demands.create(body)
    assert send(bases[0], source_ref=taken).status is RowStatus.CREATED
    with acting_as(bases[1]):
        stored = service.intake.demands.create(body)
    assert send(bases[1], source_ref="1").id == stored.id
