"""Texts to vectors. The only module that imports sentence-transformers.

Queries and documents are encoded differently (by a prompt, mostly), so there are two methods.
Texts come in canonical form, from `indexer.text`. The library is imported when the first
encoder is opened: it takes seconds.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.adapter import SUFFIX, ensure_adapted_folder
from indexer.e5_folder import ensure_e5_folder
from indexer.encoder_folder import (
    file_digests,
    refuse_pickles,
    resolve_encoder,
    stay_offline_by_default,
)
from indexer.encoding import (
    BATCH_CHARS,
    BATCH_TEXTS,
    Encoder,
    OwnProcess,
    Tell,
    batches,
    encode_in_batches,
    fingerprint_of,
    refuse_unclean,
)
from indexer.errors import EncoderError, EncoderFilesError
from indexer.onnx_graph import Precision
from indexer.text import SANITISER_VERSION

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = [
    "ADAPTERS_FOLDER",
    "BATCH_CHARS",
    "BATCH_TEXTS",
    "DEFAULT_ENCODER",
    "DEFAULT_ENCODERS",
    "Encoder",
    "HashEncoder",
    "SentenceTransformerEncoder",
    "batches",
    "open_encoder",
]

DEFAULT_ENCODER: Final = "e5-small"
DEFAULT_ENCODERS: Final = {DEFAULT_ENCODER: Precision.FP32, "e5-small-int8": Precision.INT8}
"""Names of the encoder that needs no download, by how exactly it is computed."""

ADAPTERS_FOLDER: Final = "adapters"
"""Where the adapters of the default encoder are kept in the data directory."""


def open_encoder(setting: str | None, data_dir: Path, threads: int = 1) -> Encoder:
    """Return the encoder an installation is set to.

    Args:
        setting: A name of `DEFAULT_ENCODERS`, with `@` and the version of an adapter, or the
            path of its file, where one is to be used; a sentence-transformers folder, or a
            hub name; None or empty means `e5-small`.
        data_dir: Where the default encoder's files are kept, written on first use.
        threads: CPU threads one call may use.

    Raises:
        EncoderError: the encoder cannot be used as it stands; the message says what to do.
    """
    name, _, version = (setting or DEFAULT_ENCODER).partition("@")
    precision = DEFAULT_ENCODERS.get(name)
    if precision is None:
        return SentenceTransformerEncoder(str(setting), threads=threads)
    from indexer.onnx_encoder import OnnxEncoder  # takes ONNX Runtime along

    folder = ensure_e5_folder(data_dir / "encoders")
    if version:
        name = f"{version.removesuffix(SUFFIX)}{SUFFIX}"
        folder = ensure_adapted_folder(folder, data_dir / ADAPTERS_FOLDER / name)
    return OnnxEncoder(folder, threads=threads, precision=precision)


class SentenceTransformerEncoder:
    """A sentence-transformers encoder with its own prompts, pooling and dimension, in torch."""

    def __init__(
        self,
        folder_or_name: str | Path,
        *,
        threads: int = 1,
        sanitiser_version: str = SANITISER_VERSION,
    ) -> None:
        """Load the encoder.

        Args:
            folder_or_name: A sentence-transformers folder or a hub name.
            threads: CPU threads one call may use; a setting of the whole process.
            sanitiser_version: Rules the texts went through, part of the fingerprint.

        Raises:
            EncoderError: the encoder cannot be used as it stands.
        """
        folder = resolve_encoder(str(folder_or_name))
        refuse_pickles(folder)
        stay_offline_by_default()
        self._model = _load(folder, threads)
        self._process = OwnProcess()
        dim = self._model.get_embedding_dimension()
        if dim is None:
            raise EncoderFilesError(f"编码器目录 {folder.name} 没有说明向量维数。")
        self.dim: int = dim
        self.fingerprint: str = fingerprint_of(
            files=file_digests(folder),
            prompts=dict(self._model.prompts),
            default_prompt=self._model.default_prompt_name,
            dim=dim,
            precision=Precision.FP32,
            sanitiser=sanitiser_version,
        )

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts that search; (n, dim) float32, unit length."""
        return self._encode(self._model.encode_query, texts, None)

    def encode_documents(
        self, texts: Sequence[str], progress: Tell | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of texts to be found; (n, dim) float32, unit length."""
        return self._encode(self._model.encode_document, texts, progress)

    def _encode(
        self, encode: Callable[..., Any], texts: Sequence[str], progress: Tell | None
    ) -> NDArray[np.float32]:
        self._process.check()

        def run(batch: list[str]) -> NDArray[np.float32]:
            vectors: NDArray[np.float32] = encode(
                batch,
                batch_size=len(batch),
                show_progress_bar=False,
                normalize_embeddings=True,
            )
            return vectors

        return encode_in_batches(texts, self.dim, run, progress)


class HashEncoder:
    """Stands in for weights in tests: texts that share character runs have similar vectors."""

    def __init__(self, dim: int = 64) -> None:
        """Set the length of the vectors."""
        self.dim = dim
        self.fingerprint = f"hash-{dim}-1"

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts that search; (n, dim) float32, unit length."""
        return self.encode_documents(texts)

    def encode_documents(
        self, texts: Sequence[str], progress: Tell | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of texts to be found; (n, dim) float32, unit length."""
        refuse_unclean(texts)
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._vector(text)
            if progress is not None:
                progress(row + 1, len(texts))
        return vectors

    def _vector(self, text: str) -> NDArray[np.float32]:
        """Return the sum of a random sign at a random place for each run of 1 to 3 characters."""
        vector = np.zeros(self.dim, dtype=np.float32)
        for length in (1, 2, 3):
            for start in range(len(text) - length + 1):
                run = text[start : start + length].encode()
                number = int.from_bytes(hashlib.blake2b(run, digest_size=8).digest(), "big")
                vector[(number >> 1) % self.dim] += 1 if number & 1 else -1
        norm = np.linalg.norm(vector)
        if norm == 0:
            vector[0] = norm = np.float32(1)
        return vector / norm


def _load(folder: Path, threads: int) -> "SentenceTransformer":
    """Return the folder's encoder as it is, with no code from the folder."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    try:
        return SentenceTransformer(
            str(folder),
            device="cpu",
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise EncoderError(
            f"无法载入编码器目录 {folder.name}：{error}。"
            "请确认它是完整的 sentence-transformers 目录，且不需要执行自带代码。",
            folder=folder.name,
        ) from error
