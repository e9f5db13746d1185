"""The decision maker is read from who decides, asks and pays."""

import pytest

from indexer.annotate.audience import AudienceFinder
from models.vocabulary.demand import Audience


@pytest.fixture(scope="module")
def finder() -> AudienceFinder:
    return AudienceFinder()


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        ("区政府常务会据此定扶持哪几段", Audience.GOV),
        ("市知识产权局拟开展全市产业导航", Audience.GOV),
        ("链长办公室决定先补哪两段", Audience.GOV),
        ("我司产品拟出口,董事会要定", Audience.ENTERPRISE),
        ("老板决定带哪几款样品参展", Audience.ENTERPRISE),
        ("我厂想找高校合作", Audience.ENTERPRISE),
        ("我校课题组想请人陪跑", Audience.ACADEMIA),
        ("院学术委员会定课题批不批", Audience.ACADEMIA),
        ("人才办拟引进一位海归博士", Audience.TALENT_OFFICE),
        ("组织部问简历上的专利是不是他的", Audience.TALENT_OFFICE),
        ("投委会从名单里圈哪几家做尽调", Audience.INVESTOR),
        ("我们基金想投一两家", Audience.INVESTOR),
        ("面向中小企业开展公益问诊", Audience.PUBLIC),
        ("请志愿专家为小微企业免费答疑", Audience.PUBLIC),
    ],
)
def test_decision_maker_is_found(finder: AudienceFinder, text: str, audience: Audience) -> None:
    found = finder.find_audience(text)
    assert found is not None
    assert found.audience is audience
    assert 0 < found.confidence < 1


@pytest.mark.parametrize("text", ["", "泡沫老是塌,问问前人", "测一下耐压"])
def test_text_without_words_gives_none(finder: AudienceFinder, text: str) -> None:
    assert finder.find_audience(text) is None


def test_mixed_words_are_less_sure(finder: AudienceFinder) -> None:
    clear = finder.find_audience("董事会要定,我司产品出口")
    mixed = finder.find_audience("董事会要定,市知识产权局和投委会也要看")
    assert clear is not None
    assert mixed is not None
    assert clear.confidence > mixed.confidence


def test_evidence_is_most_telling_first_and_short(finder: AudienceFinder) -> None:
    text = "题\n我司法务、市场部、研发部,董事会定"
    found = finder.find_audience(text)
    assert found is not None
    assert found.evidence[0].text == "董事会"
    assert len(found.evidence) == 3
    assert all(text[e.start : e.end] == e.text for e in found.evidence)


def test_repeating_a_word_changes_little(finder: AudienceFinder) -> None:
    found = finder.find_audience("董事会定。" + "全市" * 30)
    assert found is not None
    assert found.audience in (Audience.ENTERPRISE, Audience.GOV)
