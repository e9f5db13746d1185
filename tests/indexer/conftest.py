import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.documents import KINDS, DatabaseDocuments
from indexer.e5 import E5File, find_e5_file, read_e5
from indexer.e5_folder import ensure_e5_folder
from indexer.embed import Embedder
from indexer.encoder import HashEncoder
from indexer.onnx_encoder import OnnxEncoder
from indexer.sync import Synchroniser
from models.database import Database
from tests.rows import add_capability, add_case, add_demand, add_provider

MakeWorker = Callable[..., Synchroniser]
"""Gives a worker: `make_worker(encoder=None)`."""

_ROOT = Path(__file__).resolve().parents[2]
_TEXTS = Path(__file__).parent / "data" / "encoder_texts.jsonl"


@pytest.fixture(scope="session")
def e5_file() -> E5File:
    """The weight file of the installed wheel, parsed."""
    return read_e5(find_e5_file())


@pytest.fixture(scope="session")
def e5_folder() -> Path:
    """The default encoder's folder, written once and kept between runs."""
    kept = os.environ.get("NAVMATCH_TEST_DATA") or _ROOT / ".cache" / "test-data"
    return ensure_e5_folder(Path(kept) / "encoders")


@pytest.fixture(scope="session")
def e5_encoder(e5_folder: Path) -> OnnxEncoder:
    """The default encoder as it is served, on one thread."""
    return OnnxEncoder(e5_folder)


@pytest.fixture(scope="session")
def encoder_texts() -> list[str]:
    """Canonical texts of every kind met: Chinese, digits, units, codes, other scripts."""
    return [json.loads(line) for line in _TEXTS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def source(database: Database) -> DatabaseDocuments:
    """The documents of the database."""
    return DatabaseDocuments(database, "hash")


@pytest.fixture
def make_synchroniser(database: Database, tmp_path: Path) -> Callable[..., Synchroniser]:
    """Gives an index of the database; in the same folder unless another is named.

    The one that worked in that folder before is closed, as if its process had ended.
    """
    from tests.factories import SEGMENTER  # takes a while, and most tests do without

    running: dict[str, Synchroniser] = {}

    def make(folder: str = "index", encoder: HashEncoder | None = None) -> Synchroniser:
        if folder in running:
            running[folder].close()
        chosen = encoder or HashEncoder()
        source = DatabaseDocuments(database, chosen.fingerprint)
        running[folder] = Synchroniser(
            source, Embedder(chosen, source), SEGMENTER, tmp_path / folder, KINDS
        )
        return running[folder]

    return make


@pytest.fixture
def make_worker(database: Database, tmp_path: Path) -> Iterator[MakeWorker]:
    """Gives a further worker on the one folder; all are closed at the end."""
    from tests.factories import SEGMENTER  # takes a while, and most tests do without

    made: list[Synchroniser] = []

    def make(encoder: HashEncoder | None = None) -> Synchroniser:
        chosen = encoder or HashEncoder()
        source = DatabaseDocuments(database, chosen.fingerprint)
        folder = tmp_path / "index"
        made.append(Synchroniser(source, Embedder(chosen, source), SEGMENTER, folder, KINDS))
        return made[-1]

    yield make
    for worker in made:
        worker.close()


@pytest.fixture
def stocked(database: Database) -> dict[str, str]:
    """Keys of a few rows of every kind."""
    with database.write() as session:
        provider = add_provider(session, "甲公司")
        keys = {"provider": provider.id, "organisation": provider.organisation_id}
        keys["capability"] = add_capability(session, provider).id
        keys["case"] = add_case(session, provider).id
        keys["demand"] = add_demand(session).id
        for n in range(6):
            add_demand(session, f"需求{n}", "固态电池专利导航" if n % 2 else "碳化硅侵权风险")
        return keys
