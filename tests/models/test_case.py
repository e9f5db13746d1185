from models.case import CASE_STEPS, Case
from models.vocabulary.organisation import CaseState


def test_steps_name_every_state_and_nothing_else() -> None:
    assert set(CASE_STEPS) == set(CaseState)
    assert set().union(*CASE_STEPS.values()) <= set(CaseState)


def test_steps_never_stay_where_they_are() -> None:
    assert all(state not in steps for state, steps in CASE_STEPS.items())


def test_published_case_can_be_hidden_and_shown_again() -> None:
    assert CaseState.HIDDEN in CASE_STEPS[CaseState.PUBLISHED]
    assert CaseState.PUBLISHED in CASE_STEPS[CaseState.HIDDEN]


def test_archived_case_stays_so() -> None:
    assert CASE_STEPS[CaseState.ARCHIVED] == frozenset()


def test_searchable_texts_are_title_and_summary() -> None:
    assert list(Case(title="题", summary="摘要").searchable_texts()) == ["题", "摘要"]
