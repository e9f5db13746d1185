"""The transformer of the default encoder, run by ONNX Runtime in place of torch.

It takes the place of the first module of a `SentenceTransformer`; pooling and normalisation
stay those of the library. Importing this module imports torch.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from indexer.errors import EncoderFilesError


class OnnxTransformer(nn.Module):
    """Texts to token vectors, through a graph written by `indexer.onnx_graph`.

    Attributes:
        modalities: What it takes; read by sentence-transformers.
        max_seq_length: Longest text in tokens; what is longer is cut at its end.
    """

    def __init__(self, graph: Path, tokenizer: Path, max_seq_length: int, threads: int) -> None:
        """Load graph and tokenizer.

        Args:
            graph: The ONNX file, its weights beside it.
            tokenizer: A `tokenizer.json`.
            max_seq_length: Longest text in tokens.
            threads: CPU threads one text or batch may use.

        Raises:
            EncoderFilesError: a file cannot be read.
        """
        super().__init__()
        self.modalities = ["text"]
        self.max_seq_length = max_seq_length
        try:
            self.tokenizer: Tokenizer = Tokenizer.from_file(str(tokenizer))
            self._session = onnxruntime.InferenceSession(
                str(graph), _session_options(threads), providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # both libraries raise bare Exception subclasses
            raise EncoderFilesError(
                f"无法载入编码器文件 {graph.name} 或 {tokenizer.name}。请删除目录 "
                f"{graph.parent.name} 后重试，程序会重新生成。",
                folder=graph.parent.name,
            ) from error
        self.tokenizer.enable_truncation(max_seq_length)
        self.tokenizer.no_padding()

    def preprocess(
        self, inputs: Sequence[str], prompt: str | None = None, **_: object
    ) -> dict[str, Tensor]:
        """Return token ids and mask, both (texts, tokens) int64, padded to the longest."""
        ids = [self.tokenizer.encode((prompt or "") + text).ids for text in inputs]
        shape = (len(ids), max(map(len, ids)))
        padded, mask = np.ones(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for row, tokens in enumerate(ids):
            padded[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        return {"input_ids": torch.from_numpy(padded), "attention_mask": torch.from_numpy(mask)}

    def forward(self, features: dict[str, Any]) -> dict[str, Any]:
        """Add the token vectors, (texts, tokens, hidden) float32, to the features."""
        fed = {name: features[name].numpy() for name in ("input_ids", "attention_mask")}
        (vectors,) = self._session.run(["token_embeddings"], fed)
        return features | {"token_embeddings": torch.from_numpy(vectors)}


def _session_options(threads: int) -> onnxruntime.SessionOptions:
    """Return options for a server: bounded threads that sleep while there is nothing to do."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
