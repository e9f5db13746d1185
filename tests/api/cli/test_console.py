import pytest

from api.cli import console


def told(capsys: pytest.CaptureFixture[str], *steps: tuple[int, int]) -> list[str]:
    with console.progress("建立索引") as tell:
        for done, of in steps:
            tell(done, of)
    return capsys.readouterr().err.splitlines()


def test_progress_to_a_file_says_the_first_and_the_last(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, (1, 4), (2, 4), (3, 4), (4, 4), (4, 4))
    assert lines == ["建立索引：1/4，已用 0:00:00", "建立索引：4/4，已用 0:00:00"]


def test_progress_to_a_file_says_more_of_what_takes_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 0.0, 9.0, 10.0, 19.0, 31.4])
    monkeypatch.setattr("api.cli.console.time.monotonic", lambda: next(clock))
    lines = told(capsys, (1, 9), (2, 9), (3, 9), (4, 9), (5, 9))
    assert lines == [
        "建立索引：1/9，已用 0:00:00",
        "建立索引：3/9，已用 0:00:10",
        "建立索引：5/9，已用 0:00:31",
    ]


def test_progress_of_nothing_to_do_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys) == []
