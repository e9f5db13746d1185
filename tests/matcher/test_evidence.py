"""What both sides say alike, with places that quote the texts."""

import pytest

from indexer.embed import Embedder
from indexer.types import Document
from matcher.evidence import MAX_SPANS, MAX_TERMS, nearest_sentences, shared_terms, text_of
from matcher.types import SharedTerm
from tests.factories import SEGMENTER, ask, make_corpus, make_demand, make_document, make_kind_view

DEMAND = make_demand(
    body="碳化硅 MOSFET 器件要出口,请排查侵权风险;我们有三个型号,预算20万元。",
    title="碳化硅器件侵权风险",
)


def _terms(
    embedder: Embedder, body: str, demand: Document = DEMAND, n_others: int = 30
) -> tuple[Document, tuple[SharedTerm, ...]]:
    document = make_document("cp-x", body, title="服务")
    view = make_kind_view([document, *make_corpus(n_others)], embedder)
    return document, shared_terms(ask(demand, embedder), document, view, SEGMENTER)


def test_shared_terms_stand_where_their_places_say(embedder: Embedder) -> None:
    document, terms = _terms(embedder, "为Mosfet器件排查侵权风险,再查侵权风险。")
    assert {"mosfet", "侵权风险"} <= {term.text for term in terms}
    for term in terms:
        assert term.query_spans
        assert term.candidate_spans
        for spans, text in (
            (term.query_spans, text_of(DEMAND)),
            (term.candidate_spans, text_of(document)),
        ):
            assert {text[span.start : span.end].lower() for span in spans} == {term.text}


def test_rarer_and_longer_terms_come_first(embedder: Embedder) -> None:
    _, terms = _terms(embedder, "MOSFET 的侵权风险排查,碳化硅方向。")
    assert terms[0].text == "mosfet"
    assert all(term.weight >= 0 for term in terms)


def test_part_of_a_longer_shared_term_is_left_out(embedder: Embedder) -> None:
    _, terms = _terms(embedder, "排查侵权风险。")
    texts = [term.text for term in terms]
    assert "侵权风险" in texts
    assert not {"侵权", "风险"} & set(texts)


def test_part_is_kept_where_the_longer_term_is_not_shared(embedder: Embedder) -> None:
    _, terms = _terms(embedder, "只看侵权,不看其他。")
    assert "侵权" in [term.text for term in terms]


def test_word_of_one_side_alone_is_not_shared(embedder: Embedder) -> None:
    _, terms = _terms(embedder, "固态电池图谱。")
    assert "固态电池" not in [term.text for term in terms]
    assert "碳化硅" not in [term.text for term in terms]


@pytest.mark.parametrize("plain", ["三个型号", "20", "我们有", "请", "是否"])
def test_numbers_and_function_words_tell_nothing(plain: str, embedder: Embedder) -> None:
    demand = make_demand(title="", body=f"{plain}。是否可行")
    _, terms = _terms(embedder, f"{plain}。是否。", demand)
    assert {term.text for term in terms} <= {"型号"}


def test_word_of_most_documents_tells_nothing(embedder: Embedder) -> None:
    demand = make_demand(title="", body="也做专利课题,也查发动机")
    _, terms = _terms(embedder, "做课题,懂发动机。", demand)
    assert [term.text for term in terms] == ["发动机"]


def test_word_of_one_document_tells_in_a_tiny_index(embedder: Embedder) -> None:
    demand = make_demand(title="", body="查发动机")
    _, terms = _terms(embedder, "懂发动机。", demand, n_others=1)
    assert [term.text for term in terms] == ["发动机"]


def test_terms_and_places_are_few_enough_to_read(embedder: Embedder) -> None:
    many = "、".join(f"r{n}q" for n in range(40))
    demand = make_demand(title="", body=f"{many}")
    _, terms = _terms(embedder, f"{many}。" + "r1q " * 50, demand)
    assert len(terms) == MAX_TERMS
    assert max(len(term.candidate_spans) for term in terms) <= MAX_SPANS


def test_letters_that_change_length_get_no_places(embedder: Embedder) -> None:
    demand = make_demand(title="", body="İ 查发动机")
    _, terms = _terms(embedder, "懂发动机。", demand)
    assert [term.query_spans for term in terms if term.text == "发动机"] == [()]


def test_sentence_pair_quotes_both_texts(embedder: Embedder) -> None:
    document = make_document("cp-x", "先做图谱。请排查碳化硅器件的侵权风险。", title="服务")
    pair = nearest_sentences(ask(DEMAND, embedder), embedder.embed_documents([document])[0])
    assert pair is not None
    for sentence, text in ((pair.query, text_of(DEMAND)), (pair.candidate, text_of(document))):
        assert text[sentence.start : sentence.end] == sentence.text
    assert "侵权风险" in pair.query.text
    assert "侵权风险" in pair.candidate.text


def test_side_without_sentences_has_no_pair(embedder: Embedder) -> None:
    silent = embedder.embed_documents([make_document("cp-x", "", title="")])[0]
    assert nearest_sentences(ask(DEMAND, embedder), silent) is None


def test_first_of_equal_pairs_is_taken(embedder: Embedder) -> None:
    document = make_document("cp-x", "排查侵权风险报告。排查侵权风险报告。", title="")
    query = ask(make_demand(title="", body="排查侵权风险报告。"), embedder)
    pair = nearest_sentences(query, embedder.embed_documents([document])[0])
    assert pair is not None
    assert pair.candidate.start == 1
