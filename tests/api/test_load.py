"""Places for searches are bounded, and given back whatever happens."""

import pytest

from api.errors import BusyError
from api.load import SearchSlots


def test_places_are_taken_up_to_the_limit() -> None:
    slots = SearchSlots(2)
    with slots.take(), slots.take(), pytest.raises(BusyError, match="上限"):
        slots.take().__enter__()
    with slots.take(), slots.take():
        pass


def test_place_is_given_back_after_an_error() -> None:
    slots = SearchSlots(1)

    def fail() -> None:
        with slots.take():
            message = "inside"
            raise ValueError(message)

    for _ in range(3):
        with pytest.raises(ValueError, match="inside"):
            fail()
