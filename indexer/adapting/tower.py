"""A BERT encoder in torch whose upper layers take additions, of low rank or whole.

The layers below them never change, so what they make of a text is computed once and kept: with
four of twelve layers adapted, a step of training costs a third of what it would.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from indexer.adapter import DENSE, Adapter, Factors
from indexer.e5_folder import PROMPTS, TOKENIZER_FILE
from indexer.encoding import Tell, encode_in_batches
from indexer.weights_file import Weights

_BATCH: Final = 32
_EMBEDDED: Final = "embeddings."


class Tower:
    """Computes vectors that remember how they came about.

    Attributes:
        dim: Length of a vector.
        fingerprint: Says that these vectors belong to no encoder that is served.
        additions: The trainable factors (down, up) by the name of their dense layer.
        shifts: The trainable whole additions by the name of their tensor.
    """

    def __init__(
        self, folder: Path, *, n_adapted: int, rank: int | None, max_tokens: int, seed: int = 0
    ) -> None:
        """Read an encoder; its additions start at zero.

        Args:
            folder: An intact folder of the default encoder.
            n_adapted: How many layers, from the top, take additions.
            rank: Of the additions; None for whole ones, to every tensor of a layer.
            max_tokens: Tokens of a text that are read.
            seed: Of the start of the additions.
        """
        weights = Weights.open(folder)
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._weights = {
            name: torch.from_numpy(np.array(values)).to(self._device)
            for name, values in weights.all()
        }
        self._eps = float(weights.config["layer_norm_eps"])
        self._n_heads = int(weights.config["num_attention_heads"])
        self._n_layers = int(weights.config["num_hidden_layers"])
        self._first_adapted = max(self._n_layers - n_adapted, 0)
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.enable_truncation(max_tokens)
        self._tokenizer.no_padding()
        self._below: dict[str, Tensor] = {}
        self.dim = int(weights.config["hidden_size"])
        self.fingerprint = "in-training"
        self.additions: dict[str, tuple[Tensor, Tensor]] = {}
        self.shifts: dict[str, Tensor] = {}
        generator = torch.Generator().manual_seed(seed)
        for layer in range(self._first_adapted, self._n_layers):
            if rank is None:
                self._shift(f"encoder.layer.{layer}.")
                continue
            for name in DENSE:
                self._add(f"encoder.layer.{layer}.{name}", rank, generator)

    def parameters(self) -> list[Tensor]:
        """Return what is trained."""
        factors = [factor for pair in self.additions.values() for factor in pair]
        return [*factors, *self.shifts.values()]

    def adapter(self) -> Adapter:
        """Return the additions as they are kept, with nothing said of where they come from."""
        factors = {name: Factors(*map(_array, pair)) for name, pair in self.additions.items()}
        return Adapter(factors, {}, {name: _array(shift) for name, shift in self.shifts.items()})

    def vectors(self, prompted: Sequence[str], dropout: float = 0.0) -> Tensor:
        """Return vectors of unit length (n, dim) that gradients go through.

        Args:
            prompted: Texts with their prompts.
            dropout: Share of each block's output left out by lot.
        """
        states, mask = _padded(self._kept_below(prompted))
        for layer in range(self._first_adapted, self._n_layers):
            states = self._layer(states, mask, layer, dropout)
        inside = mask.unsqueeze(-1)
        return functional.normalize((states * inside).sum(1) / inside.sum(1), dim=1)

    @torch.no_grad()
    def keep_share(self, share: float) -> None:
        """Keep a share of what was learned."""
        for _, up in self.additions.values():
            up.mul_(share)
        for shift in self.shifts.values():
            shift.mul_(share)

    def forget(self) -> None:
        """Keep nothing of the texts met so far."""
        self._below = {}

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts that search; (n, dim) float32, unit length."""
        return self._encode(PROMPTS["query"], texts, None)

    def encode_documents(
        self, texts: Sequence[str], progress: Tell | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of texts to be found; (n, dim) float32, unit length."""
        return self._encode(PROMPTS["document"], texts, progress)

    def _encode(
        self, prompt: str, texts: Sequence[str], progress: Tell | None
    ) -> NDArray[np.float32]:
        def run(batch: list[str]) -> NDArray[np.float32]:
            with torch.no_grad():
                vectors = self.vectors([prompt + text for text in batch]).cpu().numpy()
            self.forget()
            return np.asarray(vectors, np.float32)

        return encode_in_batches(texts, self.dim, run, progress)

    def _add(self, name: str, rank: int, generator: torch.Generator) -> None:
        """Give a dense layer additions: `down` at random and `up` zero, so nothing changes yet."""
        outputs, inputs = self._weights[f"{name}.weight"].shape
        down = torch.randn(rank, inputs, generator=generator) / math.sqrt(inputs)
        up = torch.zeros(outputs, rank)
        self.additions[name] = (
            down.to(self._device).requires_grad_(),
            up.to(self._device).requires_grad_(),
        )

    def _shift(self, prefix: str) -> None:
        """Give every tensor of a layer a whole addition: zero, so nothing changes yet."""
        for name, values in self._weights.items():
            if name.startswith(prefix):
                self.shifts[name] = torch.zeros_like(values).requires_grad_()

    @torch.no_grad()
    def _kept_below(self, prompted: Sequence[str]) -> list[Tensor]:
        """Return the states of each text (tokens, dim) where the adapted layers begin."""
        unknown = sorted({text for text in prompted if text not in self._below}, key=len)
        for start in range(0, len(unknown), _BATCH):
            batch = unknown[start : start + _BATCH]
            ids = [torch.tensor(self._tokenizer.encode(text).ids) for text in batch]
            states, mask = _padded([self._embedded(text.to(self._device)) for text in ids])
            for layer in range(self._first_adapted):
                states = self._layer(states, mask, layer, 0.0)
            for row, text in enumerate(batch):
                self._below[text] = states[row, : len(ids[row])].clone()
        return [self._below[text] for text in prompted]

    def _embedded(self, ids: Tensor) -> Tensor:
        weights = self._weights
        words = weights[f"{_EMBEDDED}word_embeddings.weight"][ids]
        places = weights[f"{_EMBEDDED}position_embeddings.weight"][: len(ids)]
        token_type = weights[f"{_EMBEDDED}token_type_embeddings.weight"][0]
        return self._norm(words + places + token_type, f"{_EMBEDDED}LayerNorm")

    def _layer(self, states: Tensor, mask: Tensor, layer: int, dropout: float) -> Tensor:
        prefix = f"encoder.layer.{layer}."
        n_texts, n_tokens, dim = states.shape
        heads = (n_texts, n_tokens, self._n_heads, dim // self._n_heads)
        query, key, value = (
            self._dense(states, f"{prefix}attention.self.{part}").view(heads).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        seen = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=mask[:, None, None, :]
        )
        merged = seen.transpose(1, 2).reshape(states.shape)
        inner = self._dense(merged, f"{prefix}attention.output.dense")
        states = self._norm(
            states + functional.dropout(inner, dropout), f"{prefix}attention.output.LayerNorm"
        )
        wide = functional.gelu(self._dense(states, f"{prefix}intermediate.dense"))
        inner = self._dense(wide, f"{prefix}output.dense")
        return self._norm(states + functional.dropout(inner, dropout), f"{prefix}output.LayerNorm")

    def _dense(self, states: Tensor, name: str) -> Tensor:
        product = functional.linear(
            states, self._tensor(f"{name}.weight"), self._tensor(f"{name}.bias")
        )
        if name not in self.additions:
            return product
        down, up = self.additions[name]
        return product + functional.linear(functional.linear(states, down), up)

    def _norm(self, states: Tensor, name: str) -> Tensor:
        weight, bias = self._tensor(f"{name}.weight"), self._tensor(f"{name}.bias")
        return functional.layer_norm(states, states.shape[-1:], weight, bias, self._eps)

    def _tensor(self, name: str) -> Tensor:
        values = self._weights[name]
        return values + self.shifts[name] if name in self.shifts else values


def _array(values: Tensor) -> NDArray[np.float32]:
    return np.asarray(values.detach().cpu().numpy(), np.float32)


def _padded(states: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Return states of texts (tokens, dim) as one tensor, and where it holds something."""
    longest = max(map(len, states))
    padded = states[0].new_zeros((len(states), longest, states[0].shape[1]))
    mask = torch.zeros((len(states), longest), dtype=torch.bool, device=padded.device)
    for row, text in enumerate(states):
        padded[row, : len(text)] = text
        mask[row, : len(text)] = True
    return padded, mask
