"""Forms of application are read from the words for them."""

import pytest

from indexer.annotate.application import ApplicationFinder
from models.vocabulary.demand import ApplicationForm as A


@pytest.fixture(scope="module")
def finder() -> ApplicationFinder:
    return ApplicationFinder()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("作为扶持政策的依据", A.POLICY_ADOPTED),
        ("纳入十五五专项规划", A.PLAN_TEXT),
        ("供链长决策用", A.PLAN_TEXT),
        ("服务双招双引", A.INVESTMENT_LIST),
        ("在研发立项前评价", A.RD_DECISION),
        ("样机开模前定型", A.PRODUCT_DECISION),
        ("投委会用来圈尽调对象", A.DEAL_DECISION),
        ("人才引进前评议", A.TALENT_DECISION),
        ("培训结束发结业证", A.TRAINING_DONE),
    ],
)
def test_form_comes_first(finder: ApplicationFinder, text: str, form: A) -> None:
    assert finder.find_applications(text)[0].application is form


def test_most_often_named_form_comes_first(finder: ApplicationFinder) -> None:
    found = finder.find_applications("培训。招商,招商目录,双招双引")
    assert [finding.application for finding in found] == [A.INVESTMENT_LIST, A.TRAINING_DONE]


def test_text_without_use_gives_none(finder: ApplicationFinder) -> None:
    assert finder.find_applications("看看固态电池") == ()
