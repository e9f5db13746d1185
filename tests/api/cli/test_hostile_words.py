"""Words of the command line go through the sanitiser; whatever they are, nothing breaks."""

import pytest
from sqlalchemy import func, select

from api.wiring import Service
from models.identity import ApiKey, Person
from models.viewer import acting_as, system
from tests.api.cli.conftest import Run
from tests.hostile.corpus import TEXTS


def can_be_an_argument(word: str) -> bool:
    """An argument holds no NUL, and bytes that are no UTF-8 come as some low surrogates."""
    try:
        return "\0" not in word and len(word.encode("utf-8", "surrogateescape")) < 10_000
    except UnicodeEncodeError:
        return False


ARGUMENTS = [entry for entry in TEXTS if can_be_an_argument(str(entry.value))]
REFUSED = [str(e.value) for e in ARGUMENTS if e.group in ("terminal", "surrogate", "pile")]
SOME = [str(entry.value) for entry in ARGUMENTS]


def counts(service: Service) -> tuple[int, int]:
    with acting_as(system("test")), service.database.read() as session:
        people = session.scalar(select(func.count()).select_from(Person)) or 0
        return people, session.scalar(select(func.count()).select_from(ApiKey)) or 0


@pytest.mark.parametrize("word", REFUSED[::4], ids=ascii)
def test_refused_characters_are_stored_by_no_command(
    service: Service, run_on: Run, word: str
) -> None:
    before = counts(service)
    assert run_on("people", "add", f"somebody{word}") != 0
    assert run_on("people", "add", "somebody", "--name", word[:30]) != 0
    assert run_on("keys", "create", "--name", word[:30]) != 0
    assert (
        run_on(
            *("people", "add", "somebody", "--role", "provider_admin"),
            *("--organisation", word[:90], "--org-type", "consultancy"),
        )
        != 0
    )
    assert counts(service) == before


@pytest.mark.parametrize("word", SOME[::25], ids=ascii)
def test_any_word_anywhere_ends_in_order(
    run_on: Run, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    for words in (
        ("match", "--demand", word),
        ("match", "--text", word),
        ("people", "lock", word),
        ("keys", "revoke", word),
        ("import", word[:200], "--kind", "demands"),
    ):
        assert run_on(*words) in (0, 1)
        assert "Traceback" not in capsys.readouterr().err
