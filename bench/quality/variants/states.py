"""The states of all layers of a BERT folder, pooled in several ways in one pass.

Runs in torch: what is served (`indexer.onnx_encoder`) gives the last layer alone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from indexer.encoder_files import sha256_of
from indexer.encoder_folder import stay_offline_by_default
from indexer.encoding import Tell, encode_in_batches, fingerprint_of

MAX_TOKENS: Final = 512
IDF_POWER: Final = 0.5
"""Token weights are idf to this power: at 1 a rare misspelling is all that counts."""


@dataclass(frozen=True, eq=False)
class Tokens:
    """One text as the encoder sees it.

    Attributes:
        ids: int64 (n_tokens,).
        states: float32 (n_layers + 1, n_tokens, dim), the word embeddings first.
    """

    ids: NDArray[np.int64]
    states: NDArray[np.float32]


Pool = Callable[[Tokens], NDArray[np.float32]]
"""Makes one vector (dim,) of a text."""


def mean(tokens: Tokens) -> NDArray[np.float32]:
    """Return the mean of the last layer: what is served."""
    return _averaged(tokens.states[-1])


POOLS: Final[Mapping[str, Pool]] = {
    "mean": mean,
    "cls": lambda tokens: tokens.states[-1, 0],
    "last-two": lambda tokens: _averaged(tokens.states[-2:].mean(0)),
    "first-last": lambda tokens: _averaged(tokens.states[[1, -1]].mean(0)),
    "max": lambda tokens: np.asarray(tokens.states[-1].max(0), np.float32),
}


def _averaged(states: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(states.mean(0), np.float32)


def idf_pool(weights: NDArray[np.float32]) -> Pool:
    """Return the pool that weighs each token; weights float32 (n_vocabulary,)."""
    return lambda tokens: np.average(tokens.states[-1], axis=0, weights=weights[tokens.ids])


class TokenStates:
    """A BERT folder opened in torch.

    Attributes:
        dim: Length of a state.
        digest: Says which files these states come from.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Load the folder; pickled weights are read as arrays only, no code of it is run."""
        stay_offline_by_default()
        import torch
        from transformers import AutoModel

        torch.set_num_threads(threads)
        self._model: Any = AutoModel.from_pretrained(
            str(folder), local_files_only=True, trust_remote_code=False
        ).eval()
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        limit = int(self._model.config.max_position_embeddings)
        self._tokenizer.enable_truncation(min(MAX_TOKENS, limit))
        self._tokenizer.no_padding()
        self.dim = int(self._model.config.hidden_size)
        names = ("*.json", "*.safetensors", "*.bin")
        files = sorted(path for pattern in names for path in folder.glob(pattern))
        self.digest = fingerprint_of(**{path.name: sha256_of(path) for path in files})

    def ids(self, text: str) -> NDArray[np.int64]:
        """Return the token ids of a text."""
        return np.array(self._tokenizer.encode(text).ids, np.int64)

    def of(self, prompted: Sequence[str]) -> list[Tokens]:
        """Return the states of texts that are encoded together."""
        import torch

        rows = [self.ids(text) for text in prompted]
        shape = (len(rows), max(map(len, rows)))
        padded, mask = np.ones(shape, np.int64), np.zeros(shape, np.int64)
        for place, ids in enumerate(rows):
            padded[place, : len(ids)] = ids
            mask[place, : len(ids)] = 1
        with torch.inference_mode():
            found = self._model(
                input_ids=torch.from_numpy(padded),
                attention_mask=torch.from_numpy(mask),
                output_hidden_states=True,
            ).hidden_states
            layers = torch.stack(found).numpy()
        return [Tokens(ids, layers[:, place, : len(ids)]) for place, ids in enumerate(rows)]

    def idf_weights(self, texts: Iterable[str]) -> NDArray[np.float32]:
        """Return the weight of every token id by how many of the texts hold it."""
        counted: Counter[int] = Counter()
        n_texts = 0
        for text in texts:
            counted.update(set(self.ids(text).tolist()))
            n_texts += 1
        held = np.zeros(self._tokenizer.get_vocab_size(), np.float32)
        held[list(counted)] = list(counted.values())
        idf = np.log1p((n_texts - held + 0.5) / (held + 0.5))
        return np.asarray(idf**IDF_POWER, np.float32)


class PooledEncoder:
    """An encoder whose vectors are those of several pools in a row, each of unit length.

    Attributes:
        dim: Length of all of them together.
        fingerprint: Of files, prompts, pools and what the pools were fitted on.
    """

    def __init__(
        self,
        states: TokenStates,
        pools: Mapping[str, Pool],
        *,
        ask: str = "",
        offer: str = "",
        fitted_on: str = "",
    ) -> None:
        """Set prompts and pools.

        Args:
            states: The encoder.
            pools: By name; their order is that of the parts.
            ask: Stands before texts that ask.
            offer: Stands before texts that are searched.
            fitted_on: Says what the pools depend on besides their names.
        """
        self._states = states
        self._pools = pools
        self._ask, self._offer = ask, offer
        self.dim = states.dim * len(pools)
        self.fingerprint = fingerprint_of(
            files=states.digest, pools=list(pools), prompts=[ask, offer], fitted_on=fitted_on
        )

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts that ask; float32 (n, dim)."""
        return self._encode(self._ask, texts, None)

    def encode_documents(
        self, texts: Sequence[str], progress: Tell | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of texts that are searched; float32 (n, dim)."""
        return self._encode(self._offer, texts, progress)

    def part(self, vectors: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        """Return what one pool made, of vectors of all; float32 (n, dim of a state)."""
        first = list(self._pools).index(name) * self._states.dim
        return vectors[:, first : first + self._states.dim]

    def _encode(
        self, prompt: str, texts: Sequence[str], progress: Tell | None
    ) -> NDArray[np.float32]:
        def run(batch: list[str]) -> NDArray[np.float32]:
            return np.stack([self._pooled(t) for t in self._states.of([prompt + t for t in batch])])

        return encode_in_batches(texts, self.dim, run, progress)

    def _pooled(self, tokens: Tokens) -> NDArray[np.float32]:
        vectors = [pool(tokens) for pool in self._pools.values()]
        return np.concatenate([vector / np.linalg.norm(vector) for vector in vectors])
