"""Texts to vectors. The only module that imports sentence-transformers.

Queries and documents are encoded differently (by a prompt, mostly), so there are two methods.
Texts come in canonical form, from `indexer.text`. The library is imported when the first
encoder is opened: it takes seconds.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.e5_folder import PROMPTS, TOKENIZER_FILE, ensure_e5_folder
from indexer.encoder_folder import (
    file_digests,
    refuse_pickles,
    resolve_encoder,
    stay_offline_by_default,
)
from indexer.errors import EncoderError, EncoderFilesError
from indexer.onnx_graph import Precision, ensure_graph
from indexer.text import SANITISER_VERSION
from models.errors import TextRejectedError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH_TEXTS: Final = 32
BATCH_CHARS: Final = 512
"""Most characters in a batch, padding included. On a CPU more lose to padding what they gain:
texts of 95 characters go at 24 a second by fours and at 20 by thirty-twos."""

DEFAULT_ENCODERS: Final = {"e5-small": Precision.FP32, "e5-small-int8": Precision.INT8}
"""Names of the encoder that needs no download, by how exactly it is computed."""

_REFUSED: Final = re.compile("[\0\ud800-\udfff]")


class Encoder(Protocol):
    """Turns texts into vectors.

    Attributes:
        fingerprint: The same for two encoders only where they give the same vectors.
        dim: Length of a vector.
    """

    fingerprint: str
    dim: int

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts that search; (n, dim) float32, unit length.

        Raises:
            TextRejectedError: a text did not go through the sanitiser.
        """

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of texts to be found; (n, dim) float32, unit length.

        Args:
            texts: Canonical texts.
            progress: Told how many of how many texts are done.

        Raises:
            TextRejectedError: a text did not go through the sanitiser.
        """


def open_encoder(setting: str | None, data_dir: Path, threads: int = 1) -> Encoder:
    """Return the encoder an installation is set to.

    Args:
        setting: A name of `DEFAULT_ENCODERS`, a sentence-transformers folder, or a hub name;
            None or empty means `e5-small`.
        data_dir: Where the default encoder's files are kept, written on first use.
        threads: CPU threads one call may use.

    Raises:
        EncoderError: the encoder cannot be used as it stands; the message says what to do.
    """
    precision = DEFAULT_ENCODERS.get(setting or "e5-small")
    if precision is None:
        return SentenceTransformerEncoder(str(setting), threads=threads)
    folder = ensure_e5_folder(data_dir / "encoders")
    return SentenceTransformerEncoder(folder, threads=threads, precision=precision)


class SentenceTransformerEncoder:
    """A sentence-transformers encoder with its own prompts, pooling and dimension."""

    def __init__(
        self,
        folder_or_name: str | Path,
        *,
        threads: int = 1,
        precision: Precision | None = None,
        sanitiser_version: str = SANITISER_VERSION,
    ) -> None:
        """Load the encoder.

        Args:
            folder_or_name: A sentence-transformers folder or a hub name.
            threads: CPU threads one call may use; a setting of the whole process where the
                encoder runs in torch.
            precision: Run the transformer through ONNX Runtime, this exactly; for the default
                encoder's folder only. None runs it in torch.
            sanitiser_version: Rules the texts went through, part of the fingerprint.

        Raises:
            EncoderError: the encoder cannot be used as it stands.
        """
        folder = resolve_encoder(str(folder_or_name))
        refuse_pickles(folder)
        stay_offline_by_default()
        if precision is None:
            self._model = _load_in_torch(folder, threads)
        else:
            self._model = _load_in_onnx(folder, precision, threads)
        dim = self._model.get_embedding_dimension()
        if dim is None:
            raise EncoderFilesError(f"编码器目录 {folder.name} 没有说明向量维数。")
        self.dim: int = dim
        self.fingerprint: str = _fingerprint(
            files=file_digests(folder),
            prompts=dict(self._model.prompts),
            default_prompt=self._model.default_prompt_name,
            dim=dim,
            precision=precision if precision is Precision.INT8 else Precision.FP32,
            sanitiser=sanitiser_version,
        )

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts that search; (n, dim) float32, unit length."""
        return self._encode(self._model.encode_query, texts, None)

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of texts to be found; (n, dim) float32, unit length."""
        return self._encode(self._model.encode_document, texts, progress)

    def _encode(
        self,
        encode: Callable[..., Any],
        texts: Sequence[str],
        progress: Callable[[int, int], None] | None,
    ) -> NDArray[np.float32]:
        refuse_unclean(texts)
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        n_done = 0
        for batch in batches(texts):
            vectors[batch] = encode(
                [texts[i] for i in batch],
                batch_size=len(batch),
                show_progress_bar=False,
                normalize_embeddings=True,
            )
            n_done += len(batch)
            if progress is not None:
                progress(n_done, len(texts))
        return vectors


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
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
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


def refuse_unclean(texts: Sequence[str]) -> None:
    """Check that no text holds what cuts or breaks it further down.

    Raises:
        TextRejectedError: a NUL or a lone surrogate.
    """
    for row, text in enumerate(texts):
        if found := _REFUSED.search(text):
            raise TextRejectedError(
                f"第 {row + 1} 段文本未经清洗：第 {found.start() + 1} 个字符无效"
                f"（U+{ord(found.group()):04X}）。",
                reason="control_character",
                text=row,
                position=found.start(),
            )


def batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield the places of texts that are encoded together: the longest first, alike in length."""
    batch: list[int] = []
    n_longest = 0
    for place in sorted(range(len(texts)), key=lambda i: (-len(texts[i]), i)):
        is_full = len(batch) == BATCH_TEXTS or (len(batch) + 1) * n_longest > BATCH_CHARS
        if batch and is_full:
            yield batch
            batch = []
        if not batch:
            n_longest = len(texts[place])
        batch.append(place)
    if batch:
        yield batch


def _load_in_torch(folder: Path, threads: int) -> "SentenceTransformer":
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


def _load_in_onnx(folder: Path, precision: Precision, threads: int) -> "SentenceTransformer":
    """Return the default encoder with its transformer run by ONNX Runtime."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Normalize
    from sentence_transformers.sentence_transformer.modules import Pooling

    from indexer.onnx_transformer import OnnxTransformer

    torch.set_num_threads(threads)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    transformer = OnnxTransformer(
        ensure_graph(folder, precision),
        folder / TOKENIZER_FILE,
        config["max_position_embeddings"],
        threads,
    )
    pooling = Pooling(config["hidden_size"], "mean")
    modules = [transformer, pooling, Normalize()]
    return SentenceTransformer(modules=modules, prompts=dict(PROMPTS), device="cpu")


def _fingerprint(**parts: object) -> str:
    """Return 32 hexadecimal digits that stand for everything a vector depends on."""
    content = json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()[:32]
