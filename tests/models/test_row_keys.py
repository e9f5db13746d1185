from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from ulid import ULID

from models.row_keys import KeyClock, key_clock

NOON = 1_800_000_000.0


@dataclass
class Clocks:
    """A wall clock that can be set, and one that only goes on."""

    wall_s: float = NOON
    passed_s: float = 5_000.0

    def wait(self, seconds: float) -> None:
        self.wall_s += seconds
        self.passed_s += seconds

    def key_clock(self) -> KeyClock:
        return KeyClock(lambda: self.wall_s, lambda: self.passed_s)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def test_key_tells_when_it_was_made(clocks: Clocks) -> None:
    keys = clocks.key_clock()
    clocks.wait(60)
    assert ULID.from_str(keys.next()).timestamp == NOON + 60


@pytest.mark.parametrize("jump_s", [-86_400, -3_600, -1, 0, 86_400])
def test_keys_grow_over_a_jump_of_the_clock(clocks: Clocks, jump_s: float) -> None:
    keys = clocks.key_clock()
    made = [keys.next()]
    clocks.wait(1)
    made.append(keys.next())
    clocks.wall_s += jump_s
    for _ in range(3):
        made.append(keys.next())
        clocks.wait(0.5)
    assert made == sorted(set(made))


def test_keys_grow_while_the_clock_stands_still(clocks: Clocks) -> None:
    keys = clocks.key_clock()
    made = [keys.next() for _ in range(2_000)]
    assert made == sorted(set(made))


def test_keys_follow_those_of_a_process_whose_clock_was_ahead(clocks: Clocks) -> None:
    ahead = Clocks(wall_s=NOON + 86_400).key_clock()
    keys = clocks.key_clock()
    shown = [f"dm_{ahead.next()}" for _ in range(2)]
    keys.show(shown)
    first, second = keys.next(), keys.next()
    assert max(shown) < f"dm_{first}" < f"dm_{second}"


@pytest.mark.parametrize("key", ["", "dm-1", "dm_", "dm_字", "dm_" + "U" * 26, "dm_7" + "Z" * 25])
def test_what_is_no_key_is_ignored(clocks: Clocks, key: str) -> None:
    keys = clocks.key_clock()
    keys.show([key])
    assert ULID.from_str(keys.next()).timestamp == NOON


def test_threads_never_share_a_key() -> None:
    keys = key_clock()
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: keys.next(), range(4_000)))
    assert len(set(made)) == len(made)
