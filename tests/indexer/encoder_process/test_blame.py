"""Who was at what when the process died."""

import threading
import time
from pathlib import Path

import pytest

from indexer.encoder_process.blame import (
    MAX_SUSPECTS,
    PUT_OFF_S,
    Deaths,
    LaneBoard,
    Suspicion,
    digest_of,
    make_board,
    n_running_on,
    suspects_on,
)

FIRST, SECOND, THIRD = (digest_of("query", text) for text in ("甲", "乙", "丙"))
NOTHING_SAID = ""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "board"
    make_board(made, 2)
    return made


def _crash_report(ident: int) -> str:
    return (
        f"Fatal Python error: Segmentation fault\n\nThread 0x0000000000000001 (most recent):\n"
        f"Current thread 0x{ident:016x} (most recent call first):\n"
    )


def test_texts_of_all_lanes_are_suspected_when_no_thread_is_named(path: Path) -> None:
    board = LaneBoard(path, 2)
    board.begin(0, [FIRST, SECOND])
    board.begin(1, [THIRD])

    assert suspects_on(path.read_bytes(), NOTHING_SAID) == [FIRST, SECOND, THIRD]
    assert n_running_on(path.read_bytes()) == 2


def test_texts_of_the_fallen_thread_alone_are_suspected(path: Path) -> None:
    board = LaneBoard(path, 2)
    board.begin(0, [FIRST])
    other = threading.Thread(target=board.begin, args=(1, [SECOND]))
    other.start()
    other.join()

    report = _crash_report(threading.get_ident())
    assert suspects_on(path.read_bytes(), report) == [FIRST]


def test_lane_that_is_done_is_not_suspected(path: Path) -> None:
    board = LaneBoard(path, 2)
    board.begin(0, [FIRST])
    board.end(0)

    assert suspects_on(path.read_bytes(), NOTHING_SAID) == []


def test_text_is_refused_after_its_second_death() -> None:
    suspicion = Suspicion()
    suspicion.add([FIRST])
    assert (suspicion.is_suspect(FIRST), suspicion.is_refused(FIRST)) == (True, False)

    suspicion.add([FIRST])
    assert suspicion.is_refused(FIRST)
    assert Suspicion(suspicion.deaths()).is_refused(FIRST)


def test_text_is_put_off_but_never_refused_for_kills() -> None:
    suspicion = Suspicion()
    for _ in range(3):
        suspicion.add([FIRST], by_kill=True)

    assert suspicion.is_suspect(FIRST)
    assert suspicion.is_put_off(FIRST)
    assert not suspicion.is_refused(FIRST)


def test_text_put_off_is_tried_again_later_and_a_refused_one_is_not() -> None:
    long_ago = time.monotonic() - PUT_OFF_S
    suspicion = Suspicion({FIRST: Deaths(1, 1, long_ago), SECOND: Deaths(2, 0, long_ago)})

    assert not suspicion.is_put_off(FIRST)
    assert suspicion.is_put_off(SECOND)


def test_suspicion_that_is_cleared_is_gone() -> None:
    suspicion = Suspicion({FIRST: Deaths(1)})
    suspicion.clear(FIRST)

    assert not suspicion.is_suspect(FIRST)


def test_suspects_are_forgotten_beyond_a_number() -> None:
    suspicion = Suspicion()
    suspicion.add(digest_of("query", str(n)) for n in range(MAX_SUSPECTS + 1))

    assert len(suspicion.deaths()) == MAX_SUSPECTS
    assert not suspicion.is_suspect(digest_of("query", "0"))


def test_same_text_in_another_role_is_another() -> None:
    assert digest_of("query", "甲") != digest_of("document", "甲")
