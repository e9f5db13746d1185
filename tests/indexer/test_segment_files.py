import pytest

from indexer.errors import IndexDamagedError
from indexer.segment_files import files_of, segment_of
from models.vocabulary.row import Entity
from tests.factories import make_document, make_embedder, make_kind_view
from tests.indexer.contents import contents

EMBEDDER = make_embedder()
DIM = EMBEDDER.encoder.dim
SEGMENT = make_kind_view(
    [
        make_document(
            "a", '碳化硅专利。\n换行与「引号」"\\。', scenarios=(("ENT.RISK", 0.123456789),)
        ),
        make_document("b", "", title="只有题目"),
    ],
    EMBEDDER,
).segments[0]


def test_segment_read_back_is_the_same() -> None:
    assert contents(segment_of(files_of(SEGMENT), Entity.CAPABILITY, 2, DIM)) == contents(SEGMENT)


def test_segment_without_documents_is_read_back() -> None:
    empty = make_kind_view([], EMBEDDER).segments[0]
    assert contents(segment_of(files_of(empty), Entity.CAPABILITY, 0, DIM)) == contents(empty)


def test_same_segment_gives_same_bytes() -> None:
    assert files_of(SEGMENT) == files_of(segment_of(files_of(SEGMENT), Entity.CAPABILITY, 2, DIM))


@pytest.mark.parametrize("name", sorted(files_of(SEGMENT)))
@pytest.mark.parametrize(
    "content", [None, b"", b"not what belongs here"], ids=["no", "empty", "odd"]
)
def test_segment_with_a_wrong_file_is_refused(name: str, content: bytes | None) -> None:
    files = files_of(SEGMENT)
    if content is None:
        del files[name]
    else:
        files[name] = content
    with pytest.raises(IndexDamagedError):
        segment_of(files, Entity.CAPABILITY, 2, DIM)


@pytest.mark.parametrize(("n_rows", "dim"), [(1, DIM), (3, DIM), (2, DIM + 1), (0, DIM)])
def test_segment_of_another_size_is_refused(n_rows: int, dim: int) -> None:
    with pytest.raises(IndexDamagedError):
        segment_of(files_of(SEGMENT), Entity.CAPABILITY, n_rows, dim)
