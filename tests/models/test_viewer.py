from contextvars import Context
from threading import Thread

from models.viewer import ANONYMOUS, Viewer, acting_as, current_viewer, system
from models.vocabulary.access import Role

STAFF = Viewer(Role.BASE_STAFF, "us_1", "og_1", "440300")


def test_nobody_is_known_unless_it_was_said() -> None:
    assert Context().run(current_viewer) == ANONYMOUS


def test_acting_as_ends_with_the_block() -> None:
    before = current_viewer()
    with acting_as(STAFF):
        with acting_as(system("index")):
            assert current_viewer() == Viewer(Role.SYSTEM, "index")
        assert current_viewer() == STAFF
    assert current_viewer() == before


def test_a_fresh_thread_has_no_rights() -> None:
    seen: list[Viewer] = []
    with acting_as(STAFF):
        thread = Thread(target=lambda: seen.append(current_viewer()))
        thread.start()
        thread.join()
    assert seen == [ANONYMOUS]
