"""What the keeper does in one turn, with connections that are none."""

from dataclasses import dataclass, field

import pytest

from api.serving.connections import ConnectionKeeper, Phase
from api.serving.limits import SWEPT, ConnectionLimits


@dataclass(eq=False)
class Half:
    """A connection that has said nothing since its opening."""

    address: str
    since: float = 0.0
    phase: Phase = Phase.HEAD
    n_received: int = 0
    steady_at: float = 0.0
    n_waiting: int = 0
    waiting_since: float | None = None
    n_held: int = 0
    ends: list[str] = field(default_factory=list)

    def n_unsent(self) -> int:
        return self.n_held

    def give_up(self) -> None:
        self.ends.append("given up")

    def cut(self) -> None:
        self.ends.append("cut")


def _keeper(*connections: Half, **limits: int) -> ConnectionKeeper:
    keeper = ConnectionKeeper(ConnectionLimits(**limits))  # type: ignore[arg-type]
    for connection in connections:
        assert keeper.let_in(connection)
    return keeper


def test_only_so_many_are_closed_in_one_turn_and_each_comes_to_its_turn() -> None:
    late = [Half(f"10.0.0.{n}") for n in range(3 * SWEPT)]
    keeper = _keeper(*late)

    keeper.sweep(1_000.0)

    assert [bool(c.ends) for c in late] == [True] * SWEPT + [False] * 2 * SWEPT
    keeper.sweep(1_000.0)
    keeper.sweep(1_000.0)
    assert all(c.ends == ["given up"] for c in late)


def test_newcomers_do_not_put_off_the_turn_of_those_who_wait() -> None:
    late = [Half(f"10.0.0.{n}") for n in range(SWEPT + 1)]
    keeper = _keeper(*late)
    keeper.sweep(0.0)
    for n in range(SWEPT):
        assert keeper.let_in(Half(f"10.0.1.{n}", since=1_000.0))

    keeper.sweep(1_000.0)

    assert late[-1].ends == ["given up"]


def test_room_is_made_by_headers_first_then_bodies_then_the_idle() -> None:
    idle = Half("10.0.0.1", 0.0, Phase.IDLE)
    body = Half("10.0.0.2", 1.0, Phase.BODY)
    younger, older = Half("10.0.0.3", 3.0), Half("10.0.0.4", 2.0)
    keeper = _keeper(idle, body, younger, older, total=4)
    answering = [Half("10.0.0.5", 9.0 + n, Phase.ANSWER) for n in range(4)]

    for newcomer in answering:
        assert keeper.let_in(newcomer)

    assert [c.ends for c in (idle, body, younger, older)] == [["cut"]] * 4
    assert not keeper.let_in(Half("10.0.0.6", 20.0))
    assert keeper.n_refused == 1


def test_oldest_half_of_a_request_makes_room_before_all_others() -> None:
    idle = Half("10.0.0.1", 0.0, Phase.IDLE)
    younger, older = Half("10.0.0.3", 3.0), Half("10.0.0.4", 2.0)
    keeper = _keeper(idle, younger, older, total=3)

    assert keeper.let_in(Half("10.0.0.5", 9.0))

    assert (idle.ends, younger.ends, older.ends) == ([], [], ["cut"])


def test_twenty_connections_of_an_address_and_512_in_all_are_held_at_once() -> None:
    keeper = _keeper()

    own = [keeper.let_in(Half("10.0.0.1", phase=Phase.ANSWER)) for _ in range(21)]
    others = [keeper.let_in(Half(f"10.1.{n // 20}.1", phase=Phase.ANSWER)) for n in range(493)]

    assert own == [True] * 20 + [False]
    assert others == [True] * 492 + [False]


@pytest.mark.parametrize(
    ("connection", "seconds", "end"),
    [
        (Half("10.0.0.1"), 10.0, "given up"),
        (Half("10.0.0.1", phase=Phase.BODY), 8.0, "given up"),
        (Half("10.0.0.1", phase=Phase.REST), 8.0, "given up"),
        (Half("10.0.0.1", phase=Phase.ANSWER, waiting_since=0.0, n_held=9), 7.5, "cut"),
    ],
    ids=["headers", "body", "rest", "answer"],
)
def test_connection_has_the_seconds_that_ship_and_no_more(
    connection: Half, seconds: float, end: str
) -> None:
    keeper = _keeper(connection)

    keeper.sweep(seconds)
    assert connection.ends == []

    keeper.sweep(seconds + 0.01)
    assert connection.ends == [end]


@pytest.mark.parametrize(("n_bytes", "is_given_up"), [(32 * 1024 * 9, False), (1_000, True)])
def test_body_at_the_pace_that_ships_has_longer(n_bytes: int, is_given_up: bool) -> None:
    connection = Half("10.0.0.1", phase=Phase.BODY, n_received=n_bytes)

    _keeper(connection).sweep(8.5)

    assert bool(connection.ends) is is_given_up
