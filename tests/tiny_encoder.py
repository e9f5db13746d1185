"""The default encoder in little: the same parts, random weights, made in a moment."""

from pathlib import Path

import numpy as np

from indexer.e5 import E5File, E5Shape, E5Tensor
from indexer.e5_folder import write_e5_folder
from indexer.encoder_files import ensure_folder

LETTERS = "需求能力专利导航分析北京上海广州电池芯片风机水稻机器人:一二三四五六七八九十"
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
HIDDEN, LAYERS, WIDE, POSITIONS = 16, 3, 32, 64


def tiny_e5(seed: int = 7) -> E5File:
    """Return a weight file of an encoder of three layers that knows single characters."""
    rng = np.random.default_rng(seed)
    pieces = (*((name, 0.0) for name in SPECIAL), ("▁", -1.0), *((c, -2.0) for c in LETTERS))
    arrays = {
        "emb.word": rng.normal(size=(len(pieces), HIDDEN)),
        "emb.pos": 0.1 * rng.normal(size=(POSITIONS, HIDDEN)),
        "emb.type": np.zeros(HIDDEN),
        "emb.ln.w": np.ones(HIDDEN),
        "emb.ln.b": np.zeros(HIDDEN),
    }
    for layer in range(LAYERS):
        for name, outputs, inputs in (
            *((short, HIDDEN, HIDDEN) for short in ("q", "k", "v", "ao")),
            ("fi", WIDE, HIDDEN),
            ("fo", HIDDEN, WIDE),
        ):
            arrays[f"l{layer}.{name}.w"] = rng.normal(size=(outputs, inputs)) / inputs**0.5
            arrays[f"l{layer}.{name}.b"] = 0.1 * rng.normal(size=outputs)
        for name in ("aln", "oln"):
            arrays[f"l{layer}.{name}.w"] = np.ones(HIDDEN)
            arrays[f"l{layer}.{name}.b"] = np.zeros(HIDDEN)
    tensors, content = {}, b""
    for name, values in arrays.items():
        tensors[name] = E5Tensor(is_q4=False, n_values=np.size(values), offset=len(content))
        content += np.asarray(values, "<f4").tobytes()
    shape = E5Shape(HIDDEN, LAYERS, 2, WIDE, len(pieces), POSITIONS, 2, 1e-12)
    return E5File(
        shape, pieces, SPECIAL.index("<unk>"), {"\u200b": "", "\u3000": " "}, tensors, content
    )


def tiny_folder(encoders: Path) -> Path:
    """Return the folder of such an encoder, as the default encoder's is made."""
    return ensure_folder(
        encoders / "tiny", {"made": "for tests"}, lambda folder: write_e5_folder(tiny_e5(), folder)
    )
