"""An adapter changes what it names and nothing else, and gives an encoder of its own."""

from pathlib import Path

import numpy as np
import pytest

from indexer.adapter import Adapter, Factors, ensure_adapted_folder
from indexer.encoder import open_encoder
from indexer.errors import EncoderFilesError
from indexer.onnx_encoder import OnnxEncoder
from indexer.weights_file import Weights
from models.checksums import SUFFIX, write_with_checksum
from tests.tiny_encoder import HIDDEN, tiny_folder

QUERY = "encoder.layer.2.attention.self.query"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tiny_folder(tmp_path / "encoders")


def _adapter(scale: float = 1.0, inputs: int = HIDDEN) -> Adapter:
    rng = np.random.default_rng(3)
    down, up = rng.normal(size=(2, inputs)), scale * rng.normal(size=(HIDDEN, 2))
    return Adapter(
        {QUERY: Factors(down.astype(np.float32), up.astype(np.float32))}, {"collection": "试验"}
    )


def _file(folder: Path, adapter: Adapter) -> Path:
    path = folder / "1.npz"
    path.write_bytes(adapter.to_bytes())
    return path


def test_adapter_comes_back_from_its_file_in_half_precision(tmp_path: Path) -> None:
    written = _adapter()
    read = Adapter.read(_file(tmp_path, written))
    assert read.provenance == {"collection": "试验"}
    np.testing.assert_allclose(
        read.factors[QUERY].product(), written.factors[QUERY].product(), atol=2e-2
    )


def test_only_the_named_layer_is_changed(base: Path, tmp_path: Path) -> None:
    path = _file(tmp_path, _adapter())
    before, after = Weights.open(base), Weights.open(ensure_adapted_folder(base, path))
    assert list(before.places) == list(after.places)
    changed = {n for n, w in before.all() if not np.array_equal(w, after.read(n))}
    assert changed == {f"{QUERY}.weight"}
    np.testing.assert_allclose(
        after.read(f"{QUERY}.weight") - before.read(f"{QUERY}.weight"),
        Adapter.read(path).factors[QUERY].product(),
        atol=1e-6,
    )


def test_whole_additions_come_back_and_are_added(base: Path, tmp_path: Path) -> None:
    bias = f"{QUERY}.bias"
    shift = np.linspace(-0.1, 0.1, HIDDEN, dtype=np.float32)
    path = _file(tmp_path, Adapter(_adapter().factors, {}, {bias: shift}))
    before, after = Weights.open(base), Weights.open(ensure_adapted_folder(base, path))
    changed = {n for n, w in before.all() if not np.array_equal(w, after.read(n))}
    assert changed == {f"{QUERY}.weight", bias}
    np.testing.assert_allclose(after.read(bias) - before.read(bias), shift, atol=1e-4)


def test_adapted_encoder_has_vectors_and_a_fingerprint_of_its_own(
    base: Path, tmp_path: Path
) -> None:
    plain = OnnxEncoder(base)
    adapted = OnnxEncoder(ensure_adapted_folder(base, _file(tmp_path, _adapter())))
    assert adapted.fingerprint != plain.fingerprint
    assert (adapted.encode_queries(["电池"]) @ plain.encode_queries(["电池"]).T).item() < 0.9999


def test_adapter_that_adds_nothing_gives_the_same_vectors(base: Path, tmp_path: Path) -> None:
    adapted = OnnxEncoder(ensure_adapted_folder(base, _file(tmp_path, _adapter(0.0))))
    texts = ["电池专利", "北京"]
    np.testing.assert_array_equal(
        adapted.encode_documents(texts), OnnxEncoder(base).encode_documents(texts)
    )


def test_folder_is_written_once_and_again_when_damaged(base: Path, tmp_path: Path) -> None:
    path = _file(tmp_path, _adapter())
    folder = ensure_adapted_folder(base, path)
    written = (folder / "model.safetensors").stat().st_mtime_ns
    assert ensure_adapted_folder(base, path) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == written
    (folder / "tokenizer.json").write_text("{}", "utf-8")
    ensure_adapted_folder(base, path)
    assert (folder / "tokenizer.json").read_bytes() == (base / "tokenizer.json").read_bytes()


def test_damaged_adapter_is_refused_but_its_folder_serves_on(base: Path, tmp_path: Path) -> None:
    path, content = tmp_path / "kept.npz", _adapter().to_bytes()
    write_with_checksum(path, content)
    folder = ensure_adapted_folder(base, path)
    path.write_bytes(_adapter(2.0).to_bytes())
    assert ensure_adapted_folder(base, path) == folder
    path.unlink()
    assert ensure_adapted_folder(base, path) == folder
    (folder / "tokenizer.json").write_text("{}", "utf-8")
    with pytest.raises(EncoderFilesError, match="读取失败"):
        ensure_adapted_folder(base, path)
    path.with_name(f"{path.name}{SUFFIX}").write_text("../../elsewhere", "utf-8")
    with pytest.raises(EncoderFilesError, match="校验值"):
        ensure_adapted_folder(base, path)


def test_encoder_is_opened_by_name_and_version(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.encoder.ensure_e5_folder", lambda encoders: base)
    (tmp_path / "adapters").mkdir()
    path = _file(tmp_path / "adapters", _adapter())
    opened = [open_encoder(f"e5-small@{v}", tmp_path) for v in ("1", str(path))]
    assert {e.fingerprint for e in opened} == {
        OnnxEncoder(ensure_adapted_folder(base, path)).fingerprint
    }
    assert open_encoder("e5-small", tmp_path).fingerprint == OnnxEncoder(base).fingerprint
    with pytest.raises(EncoderFilesError, match=r"2\.npz"):
        open_encoder("e5-small@2", tmp_path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x" * 100])
def test_file_that_is_none_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "1.npz"
    path.write_bytes(content)
    with pytest.raises(EncoderFilesError, match="读取失败"):
        Adapter.read(path)


@pytest.mark.parametrize(
    "adapter",
    [
        _adapter(inputs=HIDDEN * 2),
        Adapter({}, {}, {f"{QUERY}.bias": np.zeros(1, np.float32)}),
        Adapter({}, {}, {"encoder.layer.99.output.dense.bias": np.zeros(HIDDEN, np.float32)}),
    ],
    ids=["factors", "whole", "layer"],
)
def test_adapter_of_another_shape_is_refused(adapter: Adapter, base: Path, tmp_path: Path) -> None:
    with pytest.raises(EncoderFilesError, match="不是为这个编码器训练的"):
        ensure_adapted_folder(base, _file(tmp_path, adapter))
