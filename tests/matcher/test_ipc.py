"""A subclass is suggested where the table itself says that such a lead is right, else none."""

import pytest

from indexer.embed import Embedder
from matcher.ipc import AT_LEAST, Asked, IpcEntry, IpcJudge, IpcTable
from matcher.learning.ipc_trial import IpcTrial, try_table
from matcher.ranker import Certainty
from tests.ipc_rows import EASY, ipc_rows


@pytest.fixture(scope="module")
def table(embedder: Embedder) -> IpcTable:
    entries = [IpcEntry(code, title) for code, title in ipc_rows()]
    return IpcTable(entries, embedder.encoder.encode_documents([e.title for e in entries]))


@pytest.fixture(scope="module")
def trial(table: IpcTable, embedder: Embedder) -> IpcTrial:
    return try_table(table, embedder.encoder.encode_queries, lambda done, total: None)


def asked(embedder: Embedder, *texts: str) -> list[Asked]:
    vectors = embedder.encoder.encode_queries(texts)
    return [Asked(text, vector) for text, vector in zip(texts, vectors, strict=True)]


def test_words_of_a_title_find_its_subclass(table: IpcTable, embedder: Embedder) -> None:
    found = table.suggest(asked(embedder, "一种锂离子电池的检测装置"), EASY)
    assert found is not None
    assert (found.code, found.nearest.title) == ("H01M", "锂离子电池的检测装置")
    assert AT_LEAST <= found.confidence <= 1


def test_order_of_rows_changes_nothing(table: IpcTable, embedder: Embedder) -> None:
    entries = [IpcEntry(code, title) for code, title in ipc_rows()][::-1]
    backward = IpcTable(entries, embedder.encoder.encode_documents([e.title for e in entries]))
    question = asked(embedder, "水性涂料的安装结构")
    assert backward.leader(question) == table.leader(question)


def test_nothing_is_suggested_where_title_and_text_disagree(
    table: IpcTable, embedder: Embedder
) -> None:
    both = asked(embedder, "锂离子电池的制造方法", "基站天线的制造方法")
    assert all(table.suggest([one], EASY) for one in both)
    assert table.suggest(both, EASY) is None


def test_nothing_is_suggested_for_what_is_far_or_hardly_ahead(
    table: IpcTable, embedder: Embedder
) -> None:
    question = asked(embedder, "一种锂离子电池的检测装置")
    leader = table.leader(question)
    near = IpcJudge(EASY.certainty, leader.cosine)
    assert table.suggest(question, near) is not None
    assert table.suggest(question, IpcJudge(EASY.certainty, leader.cosine + 0.01)) is None
    doubtful = IpcJudge(Certainty(slope=1.0, offset=-leader.lead - 0.1), -1.0)
    assert table.suggest(question, doubtful) is None


def test_subclass_is_told_with_its_own_title(table: IpcTable, embedder: Embedder) -> None:
    found = table.suggest(asked(embedder, "一种锂离子电池的检测装置"), EASY)
    assert found is not None
    assert found.title == "锂离子电池、燃料电池电堆、铅酸蓄电池、电池外壳"


def test_evidence_is_what_text_and_title_share_rare_words_first(table: IpcTable) -> None:
    text = "控制电路之外，铅酸蓄电池与铅酸蓄电池的控制电路"
    shared = table.shared(text, IpcEntry("H01M12/00", "铅酸蓄电池的控制电路"))
    assert [text[start:end] for start, end in shared] == ["铅酸蓄电池的控制电路", "铅酸蓄电池"]
    assert table.shared("大米和食用油", IpcEntry("H01M12/00", "铅酸蓄电池的控制电路")) == []


def test_rare_word_alone_counts_up_to_a_limit(table: IpcTable, embedder: Embedder) -> None:
    assert table.leader(asked(embedder, "受电弓")).order[0] == "B60L"


def test_title_that_is_left_out_does_not_speak_for_itself(
    table: IpcTable, embedder: Embedder
) -> None:
    title = "折叠椅子的控制电路"
    leader = table.leader(asked(embedder, title), without=title)
    assert leader.entry.title != title


def test_trial_measures_without_the_title_itself(trial: IpcTrial) -> None:
    assert trial.n == 80
    assert trial.among_five == 1.0  # there are five subclasses
    assert 0.5 < trial.first <= 1.0
    assert 0.0 <= trial.answered <= 1.0
    assert trial.right >= trial.first - 0.05
    assert trial.judge.certainty.slope > 0


def test_too_few_titles_are_refused(embedder: Embedder) -> None:
    entries = [IpcEntry("H01M1/00", "电池的外壳结构"), IpcEntry("H01Q1/00", "天线的馈源结构")]
    few = IpcTable(entries, embedder.encoder.encode_documents([e.title for e in entries]))
    with pytest.raises(ValueError, match="needed"):
        try_table(few, embedder.encoder.encode_queries, lambda done, total: None)
