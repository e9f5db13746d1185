"""Encoders from elsewhere: served with their own settings, refused where they could run code."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from indexer.encoder import SentenceTransformerEncoder, open_encoder
from indexer.errors import EncoderError, EncoderFilesError


@pytest.fixture(scope="module")
def foreign_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random BERT with prompts, pooling and dimension of its own."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import BertConfig, BertModel, BertTokenizer

    base = tmp_path_factory.mktemp("foreign")
    letters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"专利导航分析查询文档:新能源汽车"]
    tokenizer = BertTokenizer(vocab={letter: i for i, letter in enumerate(letters)})
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(letters),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(base / "bert")
    tokenizer.save_pretrained(base / "bert")
    model = SentenceTransformer(
        modules=[Transformer(str(base / "bert")), Pooling(16, "cls")],
        prompts={"query": "查询:", "document": "文档:"},
        device="cpu",
    )
    model.save(str(base / "saved"), create_model_card=False)
    return base / "saved"


def test_foreign_folder_keeps_prompts_pooling_dimension(
    foreign_folder: Path, tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    encoder = open_encoder(str(foreign_folder), tmp_path)
    assert encoder.dim == 16
    plain = SentenceTransformer(str(foreign_folder), device="cpu", local_files_only=True)
    for met, text in (
        (encoder.encode_queries(["专利导航"]), "查询:专利导航"),
        (encoder.encode_documents(["专利导航"]), "文档:专利导航"),
    ):
        expected = plain.encode([text], normalize_embeddings=True, show_progress_bar=False)
        np.testing.assert_allclose(met, expected, atol=1e-6)


def test_foreign_folder_prompt_is_part_of_fingerprint(foreign_folder: Path, tmp_path: Path) -> None:
    other = shutil.copytree(foreign_folder, tmp_path / "other")
    config = other / "config_sentence_transformers.json"
    settings = json.loads(config.read_text())
    settings["prompts"]["query"] = "检索:"
    config.write_text(json.dumps(settings))
    first, second = (SentenceTransformerEncoder(f) for f in (foreign_folder, other))
    assert first.fingerprint != second.fingerprint


def test_foreign_folder_readme_leaves_fingerprint(foreign_folder: Path, tmp_path: Path) -> None:
    other = shutil.copytree(foreign_folder, tmp_path / "other")
    (other / "README.md").write_text("read me")
    first, second = (SentenceTransformerEncoder(f) for f in (foreign_folder, other))
    assert first.fingerprint == second.fingerprint


@pytest.mark.parametrize("name", ["pytorch_model.bin", "2_Dense/pytorch_model.bin", "extra/a.pkl"])
def test_foreign_folder_pickle_is_refused(foreign_folder: Path, tmp_path: Path, name: str) -> None:
    other = shutil.copytree(foreign_folder, tmp_path / "other")
    (other / name).parent.mkdir(exist_ok=True)
    if name == "pytorch_model.bin":
        (other / "model.safetensors").unlink()
    (other / name).write_bytes(b"cos\nsystem\n")
    with pytest.raises(EncoderFilesError, match="pickle") as caught:
        SentenceTransformerEncoder(other)
    assert caught.value.fields["file"] == name


def test_foreign_folder_pickle_beside_safetensors_is_ignored(
    foreign_folder: Path, tmp_path: Path
) -> None:
    other = shutil.copytree(foreign_folder, tmp_path / "other")
    (other / "pytorch_model.bin").write_bytes(b"cos\nsystem\n")
    assert SentenceTransformerEncoder(other).dim == 16


def test_foreign_folder_without_weights_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EncoderFilesError, match="safetensors"):
        SentenceTransformerEncoder(tmp_path)


def test_foreign_folder_with_own_code_is_refused(foreign_folder: Path, tmp_path: Path) -> None:
    other = shutil.copytree(foreign_folder, tmp_path / "other")
    (other / "own.py").write_text("raise SystemExit('ran')")
    modules = json.loads((other / "modules.json").read_text())
    modules[0]["type"] = "own.Transformer"
    (other / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(EncoderError, match="无法载入"):
        SentenceTransformerEncoder(other)


@pytest.mark.parametrize("setting", ["no-such-owner/no-such-encoder", "/no/such/folder", "a b"])
def test_open_encoder_unknown_says_what_to_do(tmp_path: Path, setting: str) -> None:
    with pytest.raises(EncoderError, match="NAVMATCH_ENCODER"):
        open_encoder(setting, tmp_path)
