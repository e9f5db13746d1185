"""Every choice of every vocabulary has a Chinese name of its own."""

import inspect
from enum import StrEnum
from importlib import import_module
from pkgutil import iter_modules

import pytest

from models import vocabulary
from models.labels import Labels
from models.vocabulary.demand import Deliverable
from models.vocabulary.organisation import OrganisationType

VOCABULARIES = [
    choices
    for module in iter_modules(vocabulary.__path__, f"{vocabulary.__name__}.")
    for _, choices in inspect.getmembers(import_module(module.name), inspect.isclass)
    if issubclass(choices, StrEnum) and choices is not StrEnum
]


@pytest.fixture(scope="module")
def labels() -> Labels:
    return Labels.load()


@pytest.mark.parametrize("choices", VOCABULARIES, ids=lambda c: c.__name__)
def test_labels_name_exactly_the_choices(labels: Labels, choices: type[StrEnum]) -> None:
    assert set(labels.tables[choices.__name__]) == {choice.value for choice in choices}


def test_labels_name_no_stranger(labels: Labels) -> None:
    assert set(labels.tables) == {choices.__name__ for choices in VOCABULARIES}


@pytest.mark.parametrize("choices", VOCABULARIES, ids=lambda c: c.__name__)
def test_names_within_a_vocabulary_differ(labels: Labels, choices: type[StrEnum]) -> None:
    names = list(labels.tables[choices.__name__].values())
    assert len(set(names)) == len(names)


def test_of_tells_equal_values_of_two_vocabularies_apart(labels: Labels) -> None:
    assert labels.of(Deliverable.TOOL) == "工具或接口"
    assert labels.of(OrganisationType.OTHER) == "其他"
