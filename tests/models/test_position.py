import pytest

from models.errors import InvalidInputError
from models.position import MAX_CHARS, Position

MARK = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("412-01234567", Position(412, "01234567")),
        ("gen-00000007.412-01234567", Position(412, "01234567")),
        ("gen-00000007.412-01234567+3", Position(412, "01234567")),
        ("memory-412.412-01234567", Position(412, "01234567")),
        ("412", Position(412, "")),
        ("0", Position(0, "")),
    ],
)
def test_position_is_read_from_every_form_sent(text: str, position: Position) -> None:
    assert Position.parse(text) == position
    assert len(text) <= MAX_CHARS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "412-",
        "412-0123456",
        "412-0123456X",
        "gen-7",
        "1e9",
        "９",
        "412-01234567 ",
        "9" * 30,
    ],
)
def test_anything_else_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        Position.parse(text)
    assert not text or text not in refused.value.message


def test_position_is_written_short_and_read_back() -> None:
    position = Position(412, MARK)
    assert str(position) == "412-01234567"
    assert str(Position(0, "")) == "0"
    assert Position.parse(str(position)).is_same_log(MARK)
    assert not Position.parse("412-11234567").is_same_log(MARK)
    assert Position.parse("412").is_same_log(MARK)
