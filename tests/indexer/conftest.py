import json
import os
from pathlib import Path

import pytest

from indexer.e5 import E5File, find_e5_file, read_e5
from indexer.e5_folder import ensure_e5_folder
from indexer.encoder import SentenceTransformerEncoder
from indexer.onnx_graph import Precision

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
def e5_encoder(e5_folder: Path) -> SentenceTransformerEncoder:
    """The default encoder as it is served, on one thread."""
    return SentenceTransformerEncoder(e5_folder, threads=1, precision=Precision.FP32)


@pytest.fixture(scope="session")
def encoder_texts() -> list[str]:
    """Canonical texts of every kind met: Chinese, digits, units, codes, other scripts."""
    return [json.loads(line) for line in _TEXTS.read_text(encoding="utf-8").splitlines()]
