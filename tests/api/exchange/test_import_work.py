"""Working through a sheet aside, one worker at a time."""

import pytest

from api.exchange import importing
from api.exchange.columns import ImportKind
from api.exchange.import_work import ImportWork
from api.exchange.uploading import Upload, Uploads
from api.wiring import Service
from models.base import now_utc
from models.viewer import Viewer, acting_as
from models.vocabulary import ImportState, Role
from tests.api.exchange.conftest import DEMAND

STAFF = Viewer(Role.BASE_STAFF, "us_1", "og_01JZX3V8Q4W6T2N9K7M5R1C0BD", "320500")
ROWS = ("甲", "乙", "丙")


def sheet() -> bytes:
    rows = (f"{name}{DEMAND['title']},{DEMAND['description']}" for name in ROWS)
    return "\n".join(["标题,需求描述", *rows]).encode()


def test_who_leads_no_more_leaves_the_rest(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK_ROWS", 1)
    uploads = Uploads(service.database, lambda: None, now_utc)
    with acting_as(STAFF):
        key = uploads.take(Upload(ImportKind.DEMANDS, "表", None, sheet())).id
    ImportWork(service, lambda: True, now_utc).look()
    with acting_as(STAFF):
        uploads.run(key)

    leads = iter([True, True, False, False])
    ImportWork(service, lambda: next(leads), now_utc).look()
    with acting_as(STAFF):
        job = uploads.find(key)
        assert (job.state, job.n_done, job.after_row) == (ImportState.RUNNING, 2, 3)

    ImportWork(service, lambda: True, now_utc).look()
    with acting_as(STAFF):
        job = uploads.find(key)
        assert (job.state, job.n_created, job.n_refused) == (ImportState.DONE, len(ROWS), 0)
