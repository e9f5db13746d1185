"""A suggestion says what it rests on; without a table nothing is known, which is said."""

from pathlib import Path

import pytest

from api.ipc_advice import IpcAdvice
from api.schemas.tags import IpcRead
from indexer.embed import Embedder, RecentVectors
from indexer.encoder import HashEncoder
from models.vocabulary.taxonomy import IpcState
from tests.ipc_rows import keep_table

TITLE = "锂离子电池的检测装置"
BODY = "研制锂离子电池的检测装置，联系电话13812345678。"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ipc.npz"


@pytest.fixture
def advice(path: Path) -> IpcAdvice:
    return IpcAdvice(path, Embedder(HashEncoder(), RecentVectors()))


def assert_unknown(found: IpcRead, state: IpcState) -> None:
    assert (found.state, found.suggestions) == (state, None)
    assert "待核实" in (found.note or "")


def test_without_a_table_it_is_unknown_and_not_none(advice: IpcAdvice) -> None:
    assert_unknown(advice.on(TITLE, BODY), IpcState.NO_TABLE)


def test_suggestion_has_code_title_nearest_row_and_evidence(advice: IpcAdvice, path: Path) -> None:
    keep_table(path, HashEncoder())
    found = advice.on(TITLE, BODY)
    assert (found.state, found.note) == (IpcState.SUGGESTED, None)
    assert found.suggestions is not None
    (told,) = found.suggestions
    assert (told.code, told.nearest.code) == ("H01M", "H01M2/00")
    assert told.title is not None
    assert told.title.startswith("锂离子电池、")
    text = f"{TITLE}\n{BODY}"
    assert [text[e.start : e.end] for e in told.evidence] == [e.text for e in told.evidence]
    assert told.evidence[0].text == "锂离子电池的检测装置"


def test_evidence_never_repeats_personal_data(advice: IpcAdvice, path: Path) -> None:
    keep_table(path, HashEncoder())
    assert "1381234" not in advice.on(TITLE, BODY).model_dump_json()


def test_text_nothing_is_sure_of_gets_an_empty_list(advice: IpcAdvice, path: Path) -> None:
    keep_table(path, HashEncoder())
    found = advice.on("基站天线的制造方法", "锂离子电池的制造方法，锂离子电池的制造方法")
    assert (found.state, found.suggestions) == (IpcState.UNSURE, [])
    assert "没有把握" in (found.note or "")


def test_table_is_followed_as_it_comes_breaks_and_goes(advice: IpcAdvice, path: Path) -> None:
    assert advice.on(TITLE, BODY).state == IpcState.NO_TABLE
    keep_table(path, HashEncoder())
    assert advice.on(TITLE, BODY).state == IpcState.SUGGESTED
    path.write_bytes(path.read_bytes()[:-40])
    assert_unknown(advice.on(TITLE, BODY), IpcState.UNUSABLE_TABLE)
    path.unlink()
    assert_unknown(advice.on(TITLE, BODY), IpcState.NO_TABLE)


def test_table_of_another_encoder_is_unusable(advice: IpcAdvice, path: Path) -> None:
    keep_table(path, HashEncoder(dim=32))
    assert_unknown(advice.on(TITLE, BODY), IpcState.UNUSABLE_TABLE)
