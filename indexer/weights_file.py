"""The float32 weights of an encoder folder, as safetensors: read where needed, written whole.

The writer leaves room for the header first, so that a file is the same byte for byte under every
version of the library, and its first tensor starts on a memory page.
"""

import json
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from indexer.errors import EncoderFilesError

WEIGHTS_FILE: Final = "model.safetensors"
CONFIG_FILE: Final = "config.json"
_HEADER_BYTES: Final = 1 << 15


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tensor lies in the weights file."""

    offset: int
    n_bytes: int
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """The float32 weights of an encoder, read where needed.

    Attributes:
        path: The weights file.
        places: Where each tensor lies, by name, in the order of the file.
        config: Settings of the encoder: sizes, number of layers.
    """

    path: Path
    places: dict[str, Place]
    config: dict[str, Any]

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Return the weights of an encoder folder.

        Raises:
            EncoderFilesError: they are not float32.
        """
        path = folder / WEIGHTS_FILE
        config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        with path.open("rb") as file:
            n_header = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(n_header))
        header.pop("__metadata__", None)
        if any(entry["dtype"] != "F32" for entry in header.values()):
            raise EncoderFilesError(f"{path} 的权重不是 float32。", file=path.name)
        places = {
            name: Place(8 + n_header + start, end - start, tuple(entry["shape"]))
            for name, entry in header.items()
            for start, end in [entry["data_offsets"]]
        }
        return cls(path, places, config)

    def read(self, name: str) -> NDArray[np.float32]:
        """Return a tensor, mapped from the file."""
        place = self.places[name]
        return np.memmap(self.path, np.dtype("<f4"), "r", place.offset, place.shape)

    def all(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Yield every tensor with its name, in the order of the file."""
        for name in self.places:
            yield name, self.read(name)


def write_weights(tensors: Iterable[tuple[str, NDArray[np.float32]]], path: Path) -> None:
    """Write tensors as safetensors, byte for byte the same under every library version."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    with path.open("wb") as file:
        file.write(b" " * _HEADER_BYTES)
        for name, values in tensors:
            start = file.tell() - _HEADER_BYTES
            file.write(np.ascontiguousarray(values, dtype="<f4").data)
            header[name] = {
                "dtype": "F32",
                "shape": list(values.shape),
                "data_offsets": [start, file.tell() - _HEADER_BYTES],
            }
        file.seek(0)
        file.write(struct.pack("<Q", _HEADER_BYTES - 8))
        file.write(json.dumps(header).encode("ascii"))
