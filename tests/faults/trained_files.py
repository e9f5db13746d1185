"""Files of what was trained or imported, harmed one by one: refused, or used as they were written.

None of them is made again from the database, and none of their numbers looks wrong by itself: a
ranker with another digit ranks on, only otherwise.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from api.ipc_tables import KeptTable
from api.kept_versions import HISTORY_FILE, KeptVersions
from api.rankers import Rankers
from indexer.adapter import SUFFIX as ADAPTER_SUFFIX
from indexer.adapter import Adapter, Factors
from indexer.encoder import HashEncoder
from matcher.ranker import Certainty, Ranker
from models.checksums import SUFFIX as CHECKSUM_SUFFIX
from models.errors import NavmatchError
from tests.faults.damage import MUTATIONS, flip
from tests.ipc_rows import keep_table

VERSIONS: Final = ("20261126-001", "20261126-002")
SWAPPED_SHARE: Final = 0.15
"""How often a file is put in the place of another version's."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file, and what the program makes of it.

    Attributes:
        what: Which it is, in a word.
        path: The file.
        use: Gives what the program would use, in a form that compares.
        twin: The same file of another version, whole in itself; None where there is none.
    """

    what: str
    path: Path
    use: Callable[[], object]
    twin: Path | None = None


def lay_out(folder: Path) -> list[Artefact]:
    """Make trained rankers, an adapter and an IPC table, and return their files."""
    rankers = Rankers(folder / "rankers")
    for number, version in enumerate(VERSIONS):
        weights = {"region": 0.25 + number / 4, "scenario": 0.75 - number / 4}
        rankers.install(Ranker(version, weights, Certainty(9.5, -3.25), {"queries": 12}))
    adapters = KeptVersions(folder / "adapters", ADAPTER_SUFFIX, "编码器", "自带的", "navmatch")
    for number, version in enumerate(VERSIONS):
        values = np.random.default_rng(number).standard_normal((2, 64)).astype(np.float32)
        adapters.install(version, Adapter({"layer": Factors(values, values.T)}, {}).to_bytes())
    table = folder / "ipc.npz"
    keep_table(table, HashEncoder())

    def adapter() -> object:
        version = adapters.in_use
        adapters.require_checksum(version)
        return Adapter.read(adapters.path(version)).to_bytes()

    def ranking() -> object:
        found = rankers.scoring()
        return rankers.kept.in_use, {f.name: f.weight for f in found.features}, found.certainty

    twin, ranker = (rankers.folder / f"{version}.json" for version in VERSIONS)
    other, mine = (adapters.folder / f"{version}{ADAPTER_SUFFIX}" for version in VERSIONS)
    return [
        Artefact("ranker", ranker, ranking, twin),
        Artefact("checksum", _checksum(ranker), ranking, _checksum(twin)),
        Artefact("history", rankers.folder / HISTORY_FILE, ranking),
        Artefact("adapter", mine, adapter, other),
        Artefact("checksum", _checksum(mine), adapter, _checksum(other)),
        Artefact("history", adapters.folder / HISTORY_FILE, adapter),
        Artefact("table", table, lambda: _table(table)),
    ]


def harm_trained(folder: Path, chance: random.Random, n: int) -> Iterator[tuple[str, str]]:
    """Harm one file after the other; give what it was each time, and what was not noticed of it."""
    artefacts = lay_out(folder)
    for number in range(n):
        artefact = artefacts[number % len(artefacts)]
        yield artefact.what, _harm(artefact, chance)


def _harm(artefact: Artefact, chance: random.Random) -> str:
    """Harm a file, mend it, and return what was not noticed; empty when it was."""
    before, content = artefact.use(), artefact.path.read_bytes()
    mutate = chance.choice(MUTATIONS)
    changed = mutate(content, chance)
    if artefact.twin is not None and chance.random() < SWAPPED_SHARE:
        changed = artefact.twin.read_bytes()
    while changed == content:
        changed = flip(content, chance)
    artefact.path.write_bytes(changed)
    told = f"{artefact.path.name}, changed to {changed[:40]!r}…,"
    try:
        fault = "" if artefact.use() == before else f"{told} was believed"
    except NavmatchError:
        fault = ""
    except Exception as error:  # whatever it is, a server would have ended by it
        fault = f"{told} raised {error!r}"
    finally:
        artefact.path.write_bytes(content)
    return fault


def _table(path: Path) -> object:
    found = KeptTable.read(path, HashEncoder().fingerprint)
    return found.entries, found.vectors.tobytes(), found.judge


def _checksum(path: Path) -> Path:
    return path.with_name(path.name + CHECKSUM_SUFFIX)
