"""What is damaged while the service runs is named, and what it is replaced by is taken up."""

import asyncio
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from api.adapters import kept_adapters
from api.damage import Damage, FileWatch
from api.kept_versions import HISTORY_FILE, SHIPPED
from api.rankers import Rankers
from api.readiness import Lack, Readiness
from api.settings import Settings
from api.wiring import Service
from indexer.adapter import Adapter
from indexer.encoder import HashEncoder
from matcher.ranker import Ranker
from tests.ipc_rows import keep_table

VERSION = "20261126-001"
ADAPTER = Adapter({}, {}, {"layer.bias": np.ones(8, np.float32)}).to_bytes()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with a ranker, an adapter and a table in use."""
    made = Settings(data_dir=tmp_path)
    Rankers(made.rankers_dir).install(Ranker(VERSION, {"region": 1.0}))
    kept_adapters(made).install(VERSION, ADAPTER)
    keep_table(made.ipc_file, HashEncoder())
    return made


@pytest.fixture
def watch(settings: Settings) -> FileWatch:
    return FileWatch(settings, HashEncoder().fingerprint)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def file_of(settings: Settings, damage: Damage) -> Path:
    return {
        Damage.RANKER: settings.rankers_dir / f"{VERSION}.json",
        Damage.ADAPTER: kept_adapters(settings).path(VERSION),
        Damage.IPC_TABLE: settings.ipc_file,
    }[damage]


@pytest.mark.parametrize("harm", [flip, cut])
@pytest.mark.parametrize("damage", Damage)
def test_damaged_file_is_named_until_it_is_whole_again(
    settings: Settings, watch: FileWatch, damage: Damage, harm: Callable[[Path], None]
) -> None:
    assert watch.look() == watch.found == {}
    path = file_of(settings, damage)
    content = path.read_bytes()
    harm(path)
    assert set(watch.look()) == {damage}
    assert watch.found[damage].code == "file_damaged"
    path.unlink()
    path.write_bytes(content)
    assert watch.look() == watch.found == {}


@pytest.mark.parametrize("damage", [Damage.RANKER, Damage.ADAPTER])
def test_version_in_use_that_is_gone_is_named_until_another_is(
    settings: Settings, watch: FileWatch, damage: Damage
) -> None:
    path = file_of(settings, damage)
    path.unlink()
    assert set(watch.look()) == {damage}
    kept = kept_adapters(settings) if damage is Damage.ADAPTER else Rankers(path.parent).kept
    kept.use(SHIPPED)
    assert watch.look() == {}


@pytest.mark.parametrize("damage", Damage)
def test_damage_holds_on_to_nothing_of_the_file(settings: Settings, damage: Damage) -> None:
    path = file_of(settings, damage)
    path.write_bytes(path.read_bytes() + b"\0" * 1_000_000)
    watch = FileWatch(settings, HashEncoder().fingerprint)
    watch.look()
    tracemalloc.start()
    try:
        flip(path)
        error = watch.look()[damage]
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (error.__traceback__, error.__cause__, error.__context__) == (None, None, None)
    assert held < 500_000


def test_damaged_record_of_the_adapters_is_named(settings: Settings, watch: FileWatch) -> None:
    (kept_adapters(settings).folder / HISTORY_FILE).write_bytes(b"{}")
    assert "已损坏" in watch.look()[Damage.ADAPTER].message


def test_table_that_is_gone_is_no_damage_but_one_of_another_encoder_is(settings: Settings) -> None:
    watch = FileWatch(settings, "another")
    assert "另一个编码器" in watch.look()[Damage.IPC_TABLE].message
    settings.ipc_file.unlink()
    assert watch.look() == {}


@pytest.mark.parametrize("name", ["20261126-002", "{folder}/trial.npz"], ids=["version", "path"])
def test_adapter_the_operator_names_needs_no_checksum_but_must_be_whole(
    settings: Settings, tmp_path: Path, name: str
) -> None:
    name = name.format(folder=tmp_path)
    path = Path(name) if "/" in name else kept_adapters(settings).folder / f"{name}.npz"
    path.write_bytes(ADAPTER)
    watch = FileWatch(settings.model_copy(update={"encoder": f"e5-small-int8@{name}"}), None)
    assert watch.look() == {}
    flip(path)
    assert set(watch.look()) == {Damage.ADAPTER}


def test_encoder_the_operator_names_goes_before_a_damaged_adapter(settings: Settings) -> None:
    flip(file_of(settings, Damage.ADAPTER))
    assert FileWatch(settings.model_copy(update={"encoder": "e5-small"}), None).look() == {}


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    made = Service(settings, HashEncoder())
    made.prepare_database()
    yield made
    made.close()


def test_service_says_what_is_damaged_while_it_runs(service: Service) -> None:
    def lacks() -> set[Lack]:
        service._sampler.sample()
        readiness = Readiness(service)
        state = asyncio.run(readiness.state())
        readiness.close()
        return set(state.lacks) - {Lack.INDEX, Lack.FOLLOWER}

    assert lacks() == set()
    for damage in Damage:
        assert f"navmatch_{damage} 0.0".encode() in service.metrics.exposition()
        flip(file_of(service.settings, damage))
    assert lacks() == {Lack.RANKER, Lack.ADAPTER, Lack.IPC_TABLE}
    for damage in Damage:
        assert f"navmatch_{damage} 1.0".encode() in service.metrics.exposition()
