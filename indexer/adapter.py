"""A change of an encoder: additions to some of its layers, kept as a file.

They are of low rank or whole. Of low rank, a weight W of shape (outputs, inputs) becomes
W + up @ down, where `down` has shape (rank, inputs) and `up` (outputs, rank) (LoRA; Hu et al.
2021, arXiv 2106.09685, section 4.1); whole, a tensor has one number added to each of its own.
The encoder is written anew with the sums, so serving one costs what serving the original does.
"""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from indexer.encoder_files import MANIFEST_FILE, ensure_folder, sha256_of
from indexer.errors import EncoderFilesError
from indexer.weights_file import WEIGHTS_FILE, Weights, write_weights
from models.checksums import ChecksumError, noted_checksum, read_checked, whole_zip

DENSE: Final = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""Dense layers in each layer of a BERT encoder."""

SUFFIX: Final = ".npz"
"""How the names of files with adapters end."""

_ABOUT: Final = "about"
_SHIFT: Final = ".shift"
_NAMED_BY: Final = 12
"""Digits of the SHA-256 of an adapter in the name of the folder."""

_WRITER_VERSION: Final = "1"
"""Raised when the same adapter gives another folder."""


@dataclass(frozen=True, eq=False)
class Factors:
    """What is added to one dense layer.

    Attributes:
        down: float32 (rank, inputs).
        up: float32 (outputs, rank).
    """

    down: NDArray[np.float32]
    up: NDArray[np.float32]

    def product(self) -> NDArray[np.float32]:
        """Return the addition to the weight; float32 (outputs, inputs)."""
        return self.up @ self.down


@dataclass(frozen=True, eq=False)
class Adapter:
    """What training added to an encoder.

    Attributes:
        factors: Additions of low rank by the name of the dense layer, without `.weight`.
        provenance: What it was trained on, and how well it did.
        shifts: Whole additions by the name of the tensor; float32, in its shape.
    """

    factors: Mapping[str, Factors]
    provenance: Mapping[str, Any]
    shifts: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return it as the content of a file, in half precision."""
        about = json.dumps(dict(self.provenance), ensure_ascii=False).encode()
        arrays: dict[str, NDArray[Any]] = {_ABOUT: np.frombuffer(about, np.uint8)}
        for name, factors in self.factors.items():
            arrays[f"{name}.down"] = factors.down.astype(np.float16)
            arrays[f"{name}.up"] = factors.up.astype(np.float16)
        for name, shift in self.shifts.items():
            arrays[f"{name}{_SHIFT}"] = shift.astype(np.float16)
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays)
        return buffer.getvalue()

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the adapter in a file.

        Raises:
            EncoderFilesError: the file is none.
        """
        try:
            content = whole_zip(read_checked(path, needs_checksum=False))
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                held = {name: arrays[name] for name in arrays.files}
            provenance = json.loads(held.pop(_ABOUT).tobytes())
            shifts = {
                name.removesuffix(_SHIFT): held.pop(name).astype(np.float32)
                for name in [name for name in held if name.endswith(_SHIFT)]
            }
            names = dict.fromkeys(name.rpartition(".")[0] for name in held)
            factors = {
                name: Factors(
                    held[f"{name}.down"].astype(np.float32), held[f"{name}.up"].astype(np.float32)
                )
                for name in names
            }
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise EncoderFilesError(
                f"编码器的调整文件 {path.name} 读取失败。请用 navmatch train encoder 重新训练，"
                "或改用别的版本。",
                file=path.name,
            ) from error
        return cls(factors, provenance, shifts)

    def added_to(self, weights: Weights) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Yield the weights of an encoder with the additions, in the order of its file.

        Raises:
            EncoderFilesError: the adapter belongs to an encoder of another shape.
        """
        added = {f"{name}.weight": factors for name, factors in self.factors.items()}
        shapes = {name: (len(f.up), f.down.shape[1]) for name, f in added.items()}
        for name, shape in [*shapes.items(), *((n, s.shape) for n, s in self.shifts.items())]:
            place = weights.places.get(name)
            if place is None or place.shape != shape:
                raise EncoderFilesError(
                    f"这份调整不是为这个编码器训练的：{name} 对不上。请重新训练。", layer=name
                )
        for name, values in weights.all():
            changed = values + added[name].product() if name in added else values
            yield name, changed + self.shifts[name] if name in self.shifts else changed


def ensure_adapted_folder(base: Path, path: Path) -> Path:
    """Return the folder of an encoder with an adapter, beside that of the encoder itself.

    Args:
        base: An intact folder of a BERT encoder.
        path: The adapter.

    Raises:
        EncoderFilesError: the adapter cannot be used, or the place cannot be written.
    """
    adapter = _checksum_of(path)
    origin = {
        "base_sha256": sha256_of(base / WEIGHTS_FILE),
        "adapter_sha256": adapter,
        "writer": _WRITER_VERSION,
    }

    def write(folder: Path) -> None:
        weights = Weights.open(base)
        write_weights(Adapter.read(path).added_to(weights), folder / WEIGHTS_FILE)
        for name in _companions(base):
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(base / name, folder / name)

    return ensure_folder(base.with_name(f"{base.name}-{adapter[:_NAMED_BY]}"), origin, write)


def _checksum_of(path: Path) -> str:
    """Return the checksum of an adapter as it was kept: its folder serves on if it is damaged."""
    try:
        return noted_checksum(path) or sha256_of(path)
    except (ChecksumError, OSError) as error:
        raise EncoderFilesError(
            f"编码器的调整文件 {path.name} 的校验值已损坏。请改用别的版本，或重新训练。",
            file=path.name,
        ) from error


def _companions(base: Path) -> list[str]:
    """Return the files of a folder's manifest that the weights are not."""
    manifest = json.loads((base / MANIFEST_FILE).read_text(encoding="utf-8"))
    return [name for name in manifest["files"] if name != WEIGHTS_FILE]
