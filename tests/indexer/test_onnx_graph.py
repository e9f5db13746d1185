import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import EncoderFilesError
from indexer.onnx_encoder import MAX_TOKENS, OnnxEncoder
from indexer.onnx_graph import Precision, ensure_graph
from indexer.onnx_runtime import InferenceSession


@pytest.fixture
def folder(e5_folder: Path, tmp_path: Path) -> Path:
    """A folder to damage: the weights are linked, the small files copied."""
    for name in ("config.json", "navmatch.json", "tokenizer.json"):
        shutil.copy(e5_folder / name, tmp_path / name)
    (tmp_path / "model.safetensors").hardlink_to(e5_folder / "model.safetensors")
    return tmp_path


def run(graph: Path, ids: list[list[int]], mask: list[list[int]]) -> np.ndarray:
    session = InferenceSession(graph, providers=["CPUExecutionProvider"])
    fed = {"input_ids": np.array(ids), "attention_mask": np.array(mask)}
    vectors: np.ndarray = session.run(None, fed)[0]
    return vectors


@pytest.mark.parametrize("precision", Precision)
def test_ensure_graph_is_deterministic(folder: Path, precision: Precision) -> None:
    path = ensure_graph(folder, precision)
    first = path.read_bytes()
    path.unlink()
    assert ensure_graph(folder, precision).read_bytes() == first


def test_ensure_graph_fp32_leaves_weights_in_place(folder: Path) -> None:
    assert ensure_graph(folder, Precision.FP32).stat().st_size < 2_000_000


def test_ensure_graph_intact_is_left_alone(folder: Path) -> None:
    path = ensure_graph(folder, Precision.FP32)
    before = path.stat()
    assert ensure_graph(folder, Precision.FP32).stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("place", [0, 500, -1])
def test_ensure_graph_flipped_bit_is_mended(folder: Path, place: int) -> None:
    path = ensure_graph(folder, Precision.FP32)
    intact = path.read_bytes()
    damaged = bytearray(intact)
    damaged[place] ^= 1
    path.write_bytes(damaged)
    assert ensure_graph(folder, Precision.FP32).read_bytes() == intact


@pytest.mark.parametrize("record", ["", "{}", "[]", "null"])
def test_ensure_graph_damaged_record_is_mended(folder: Path, record: str) -> None:
    path = ensure_graph(folder, Precision.FP32)
    path.with_suffix(".json").write_text(record)
    ensure_graph(folder, Precision.FP32)
    assert "sha256" in json.loads(path.with_suffix(".json").read_text())


def test_ensure_graph_other_weights_make_it_stale(folder: Path) -> None:
    record = ensure_graph(folder, Precision.FP32).with_suffix(".json")
    manifest = json.loads((folder / "navmatch.json").read_text())
    manifest["files"]["model.safetensors"] = "1" * 64
    (folder / "navmatch.json").write_text(json.dumps(manifest))
    ensure_graph(folder, Precision.FP32)
    assert json.loads(record.read_text())["weights_sha256"] == "1" * 64


def test_ensure_graph_without_manifest_says_so(folder: Path) -> None:
    (folder / "navmatch.json").unlink()
    with pytest.raises(EncoderFilesError, match="缺少清单"):
        ensure_graph(folder, Precision.FP32)


@pytest.mark.parametrize("precision", Precision)
def test_graph_padding_changes_nothing(folder: Path, precision: Precision) -> None:
    graph = ensure_graph(folder, precision)
    alone = run(graph, [[0, 910, 2744, 2]], [[1, 1, 1, 1]])
    padded = run(graph, [[0, 910, 2744, 2, 1, 1], [0, 6, 7, 8, 9, 2]], [[1] * 4 + [0] * 2, [1] * 6])
    np.testing.assert_allclose(padded[0, :4], alone[0], atol=2e-5)


def test_graph_int8_stays_close_to_fp32(folder: Path) -> None:
    ids, mask = [list(range(100, 160))], [[1] * 60]
    exact, rounded = (run(ensure_graph(folder, p), ids, mask).mean(axis=1)[0] for p in Precision)
    cosine = exact @ rounded / np.linalg.norm(exact) / np.linalg.norm(rounded)
    assert 0.999 < cosine < 1


def test_encoder_damaged_graph_is_written_anew(folder: Path) -> None:
    path = ensure_graph(folder, Precision.FP32)
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    OnnxEncoder(folder)
    assert path.read_bytes() == whole


def test_encoder_damaged_tokenizer_says_what_to_do(folder: Path) -> None:
    path = folder / "tokenizer.json"
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    with pytest.raises(EncoderFilesError, match="重新生成"):
        OnnxEncoder(folder)
    path.write_bytes(whole)


def test_encoder_long_text_is_cut_to_512_tokens(folder: Path) -> None:
    (tokens,) = OnnxEncoder(folder).tokens_of(["query: " + "专利导航" * 1000])
    assert len(tokens) == MAX_TOKENS
    assert tokens[-1] == 2
