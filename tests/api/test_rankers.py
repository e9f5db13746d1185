"""Rankers are kept, taken into use and given back; what is broken is said in Chinese."""

import asyncio
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from api.cli.labelled import chosen_scoring
from api.damage import Damage
from api.kept_versions import HISTORY_FILE, SHIPPED
from api.rankers import Rankers
from api.readiness import Lack, Readiness
from api.settings import Settings
from api.wiring import Service
from indexer.encoder import HashEncoder
from matcher.features import FEATURES
from matcher.ranker import SHIPPED_SCORING, Certainty, Ranker
from models.checksums import SUFFIX
from models.errors import FileDamagedError, InvalidInputError, NotFoundError, SetupError
from models.failpoints import armed

DAY = date(2026, 11, 25)


@pytest.fixture
def rankers(tmp_path: Path) -> Rankers:
    return Rankers(tmp_path / "rankers")


def _ranker(version: str, feature: str = "region") -> Ranker:
    return Ranker(version, {feature: 1.0})


def test_without_rankers_the_shipped_weights_are_in_use(rankers: Rankers) -> None:
    assert rankers.kept.in_use == SHIPPED
    assert rankers.scoring().features == FEATURES
    assert rankers.kept.names() == []
    assert not rankers.folder.exists()


def test_installed_ranker_is_in_use(rankers: Rankers) -> None:
    rankers.install(_ranker("20261125-001"))
    assert rankers.kept.in_use == "20261125-001"
    assert {f.name: f.weight for f in rankers.scoring().features}["region"] == 1.0


def test_ranker_brings_its_own_curve_along(rankers: Rankers) -> None:
    assert rankers.scoring() == SHIPPED_SCORING
    own = Certainty(slope=9.0, offset=-3.0)
    rankers.install(replace(_ranker("20261125-001"), certainty=own))
    rankers.install(_ranker("20261125-002"))
    assert rankers.scoring("20261125-001").certainty == own
    assert rankers.scoring("20261125-002").certainty is None
    assert rankers.scoring(SHIPPED) == SHIPPED_SCORING


def test_back_goes_through_all_that_were_in_use(rankers: Rankers) -> None:
    for number in (1, 2):
        rankers.install(_ranker(f"20261125-00{number}"))
    rankers.use(SHIPPED)
    assert rankers.scoring().features == FEATURES
    assert [rankers.kept.back() for _ in range(3)] == ["20261125-002", "20261125-001", SHIPPED]
    with pytest.raises(NotFoundError, match="没有更早"):
        rankers.kept.back()
    assert rankers.kept.names() == ["20261125-001", "20261125-002"]


def test_next_version_is_not_taken(rankers: Rankers) -> None:
    assert rankers.kept.next_version(DAY) == "20261125-001"
    rankers.install(_ranker("20261125-001"))
    assert rankers.kept.next_version(DAY) == "20261125-002"


@pytest.mark.parametrize("version", ["none", "../navmatch", "history", ""])
def test_unknown_version_is_refused(version: str, rankers: Rankers) -> None:
    rankers.install(_ranker("20261125-001"))
    with pytest.raises(NotFoundError):
        rankers.use(version)
    assert rankers.kept.in_use == "20261125-001"


def test_ranker_of_another_program_version_is_not_taken_into_use(rankers: Rankers) -> None:
    rankers.install(_ranker("old", "gone"))
    rankers.install(_ranker("20261125-001"))
    with pytest.raises(InvalidInputError, match="重新训练"):
        rankers.use("old")
    assert rankers.kept.in_use == "20261125-001"


@pytest.mark.parametrize("content", ["{", "3", ""])
def test_broken_history_is_said(content: str, rankers: Rankers) -> None:
    rankers.install(_ranker("20261125-001"))
    (rankers.folder / HISTORY_FILE).write_text(content, "utf-8")
    with pytest.raises(FileDamagedError, match="已损坏"):
        _ = rankers.kept.in_use
    assert rankers.usable_version()[0] == SHIPPED


@pytest.mark.parametrize("name", ["20261125-001.json", f"20261125-001.json{SUFFIX}"])
def test_damaged_ranker_is_refused_and_not_taken_into_use_again(
    name: str, rankers: Rankers
) -> None:
    rankers.install(_ranker("20261125-001"))
    content = (rankers.folder / name).read_bytes()
    (rankers.folder / name).write_bytes(content.replace(b"1", b"2", 1))
    with pytest.raises(FileDamagedError, match="校验值"):
        rankers.scoring()
    rankers.kept.use(SHIPPED)
    with pytest.raises(FileDamagedError):
        rankers.use("20261125-001")
    assert rankers.kept.in_use == SHIPPED


def test_ranker_nobody_sealed_is_refused(rankers: Rankers) -> None:
    rankers.install(_ranker("20261125-001"))
    (rankers.folder / f"20261125-001.json{SUFFIX}").unlink()
    with pytest.raises(FileDamagedError, match="缺失"):
        rankers.scoring()


def test_ranker_that_is_gone_is_passed_over(rankers: Rankers) -> None:
    rankers.install(_ranker("20261125-001"))
    (rankers.folder / "20261125-001.json").unlink()
    version, damage = rankers.usable_version()
    assert version == SHIPPED
    assert isinstance(damage, NotFoundError)
    assert chosen_scoring(rankers, None) == (SHIPPED, SHIPPED_SCORING)


def test_service_ranks_by_the_shipped_weights_when_its_ranker_is_damaged(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, encoder="hash")
    rankers = Rankers(settings.rankers_dir)
    rankers.install(_ranker("20261125-001"))
    path = rankers.folder / "20261125-001.json"
    path.write_text(path.read_text("utf-8").replace("1.0", "1.1"), "utf-8")
    service = Service(settings, HashEncoder())
    service.prepare_database()
    assert service.ranker_version == service.basis("", "").ranker == SHIPPED
    assert service.file_watch.found[Damage.RANKER].code == "file_damaged"
    assert service.matcher.features() == FEATURES
    rankers.use(SHIPPED)  # the process goes on without the one it had to do without
    service._sampler.sample()
    assert b"navmatch_ranker_damaged 1.0" in service.metrics.exposition()
    readiness = Readiness(service)
    assert Lack.RANKER in asyncio.run(readiness.state()).lacks
    readiness.close()
    service.close()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[]", b'{"format": 0}'])
def test_service_can_start_without_a_ranker_this_program_cannot_use(
    content: bytes, rankers: Rankers
) -> None:
    rankers.kept.install("20261125-001", content)
    version, damage = rankers.usable_version()
    assert version == SHIPPED
    assert isinstance(damage, InvalidInputError)


def test_ranker_that_weighs_a_feature_removed_since_is_passed_over(rankers: Rankers) -> None:
    rankers.install(_ranker("20261125-001", "gone"))
    version, damage = rankers.usable_version()
    assert version == SHIPPED
    assert isinstance(damage, InvalidInputError)


def test_record_without_checksums_is_believed_once_and_sealed(rankers: Rankers) -> None:
    for number in (1, 2):
        rankers.install(_ranker(f"20261125-00{number}"))
    history = rankers.folder / HISTORY_FILE
    history.write_text('["20261125-001", "20261125-002"]', "utf-8")
    beside = [path for path in rankers.folder.iterdir() if path.name.endswith(SUFFIX)]
    for path in beside:
        path.unlink()
    assert rankers.usable_version() == ("20261125-002", None)
    assert len(beside) == 2
    assert all(path.exists() for path in beside)
    assert json.loads(history.read_text("utf-8"))["versions"][-1] == "20261125-002"
    beside[0].unlink()
    with pytest.raises(FileDamagedError, match="缺失"):
        rankers.scoring(beside[0].name.partition(".")[0])


def test_record_without_checksums_does_not_make_a_changed_version_sound(rankers: Rankers) -> None:
    rankers.install(_ranker("20261125-001"))
    (rankers.folder / HISTORY_FILE).write_text('["20261125-001"]', "utf-8")
    path = rankers.folder / "20261125-001.json"
    path.write_text(path.read_text("utf-8").replace("1.0", "1.1"), "utf-8")
    with pytest.raises(FileDamagedError, match="校验值"):
        rankers.scoring()


def test_record_that_cannot_be_sealed_is_said(
    rankers: Rankers,
) -> None:
    rankers.install(_ranker("20261125-001"))
    (rankers.folder / HISTORY_FILE).write_text('["20261125-001"]', "utf-8")
    with armed("file_operation:enospc"), pytest.raises(SetupError, match="补写不了"):
        rankers.kept.history()
    assert rankers.kept.in_use == "20261125-001"


@pytest.mark.parametrize("flaw", ["damaged", "gone", "other program"])
def test_back_does_not_go_to_what_cannot_be_used(flaw: str, rankers: Rankers) -> None:
    rankers.install(_ranker("20261125-001", "gone" if flaw == "other program" else "region"))
    rankers.install(_ranker("20261125-002"))
    path = rankers.folder / "20261125-001.json"
    if flaw == "damaged":
        path.write_bytes(path.read_bytes() + b" ")
    elif flaw == "gone":
        path.unlink()
    with pytest.raises((InvalidInputError, NotFoundError)):
        rankers.back()
    assert rankers.kept.in_use == "20261125-002"
