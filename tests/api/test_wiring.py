"""The service is put together once, opens with its tables and index, and closes cleanly."""

import json
import sqlite3
from datetime import date
from pathlib import Path
from threading import Event

import pytest

from api.schemas import examples
from api.schemas.demand import DemandCreate
from api.schemas.provider import ProviderCreate
from api.settings import DATABASE_FILE, Settings
from api.wiring import Service, domain_words, today_in_china
from indexer.encoder import HashEncoder
from indexer.snapshot import KEPT_GENERATIONS
from indexer.view import IndexView
from matcher.calibrate import Calibrator, PairSample
from matcher.kept_bands import FILE
from models.checksums import sealed, unsealed
from models.vocabulary.matching import Direction
from models.vocabulary.row import Entity

TODAY = date(2026, 11, 25)
D2P = Direction.DEMAND_TO_PROVIDER


def open_service(folder: Path, *, follow: bool = False) -> Service:
    service = Service(Settings(data_dir=folder), HashEncoder(), lambda: TODAY)
    service.open(follow=follow)
    return service


def test_reopened_service_knows_what_was_stored(tmp_path: Path) -> None:
    first = open_service(tmp_path)
    first.intake.demands.create(
        DemandCreate.model_validate({**examples.DEMAND, "scenario_tags": ["ENT.RISK"]})
    )
    first.intake.providers.create(ProviderCreate.model_validate(examples.PROVIDER))
    version = first.synchroniser.catch_up().version
    first.close()
    second = open_service(tmp_path)
    view = second.synchroniser.view
    assert view.version == version
    assert (view.of(Entity.DEMAND).n_alive, view.of(Entity.CAPABILITY).n_alive) == (1, 1)
    second.close()


def test_open_twice_and_close_stop_the_threads(tmp_path: Path) -> None:
    service = open_service(tmp_path, follow=True)
    service.open()
    assert service.follower.is_running
    service.close()
    assert not service.follower.is_running


def test_the_bands_of_last_time_hold_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_service(tmp_path, follow=True)
    path = first.settings.index_dir / first.synchroniser.view.generation / FILE
    first.close()
    kept = json.loads(unsealed(path.read_bytes()))
    kept["bands"][D2P]["strong"] = 0.77
    path.write_bytes(sealed(json.dumps(kept).encode()))

    gate, sample = Event(), Calibrator._sample

    def wait(calibrator: Calibrator, view: IndexView, direction: Direction) -> PairSample:
        assert gate.wait(30)
        return sample(calibrator, view, direction)

    monkeypatch.setattr(Calibrator, "_sample", wait)
    second = open_service(tmp_path, follow=True)
    assert second.matcher.thresholds(second.synchroniser.view, D2P).strong == 0.77
    gate.set()
    second.close()


def test_from_settings_makes_the_data_directory(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    service = Service.from_settings(Settings(data_dir=folder), HashEncoder())
    assert folder.is_dir()
    service.close()


def test_domain_words_are_sorted_and_distinct(tmp_path: Path) -> None:
    service = Service(Settings(data_dir=tmp_path), HashEncoder())
    words = domain_words(service.vocabularies)
    assert words == sorted(set(words))
    assert {"对标城市", "2.5d封装"} <= set(words)
    service.close()


def test_day_is_reckoned_in_china() -> None:
    assert abs((today_in_china() - date.today()).days) <= 1  # noqa: DTZ011 - any zone will do


def test_daily_round_removes_old_changes_no_generation_needs(tmp_path: Path) -> None:
    first = open_service(tmp_path)
    for _ in range(3):
        first.intake.demands.create(DemandCreate.model_validate(examples.DEMAND))
    first.close()
    with sqlite3.connect(tmp_path / DATABASE_FILE) as connection:
        connection.execute("UPDATE change_log SET at = '2020-01-01 00:00:00.000000'")
    second = open_service(tmp_path)
    for _ in range(KEPT_GENERATIONS):
        second.synchroniser.rebuild()
    second.close()
    third = open_service(tmp_path)
    third.close()
    kept = connection.execute("SELECT seq FROM change_log").fetchall()
    connection.close()
    assert kept == [(third.synchroniser.view.seq,)]
    assert third.synchroniser.view.version == second.synchroniser.view.version
