"""What an entry of the corpus is."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of JSON as it is written, for what no serialiser would write.

    Attributes:
        written: The bytes put where a value stands.
    """

    written: bytes


@dataclass(frozen=True, slots=True)
class Hostile:
    """A value nobody should have to send.

    Attributes:
        group: What kind of trouble it makes.
        name: Its name within the group.
        value: A text, another JSON value, or a piece of JSON as it is written.
        is_refused: Whether no field at all may accept it.
    """

    group: str
    name: str
    value: object
    is_refused: bool = False

    @property
    def key(self) -> str:
        """Name by which a run can be repeated."""
        return f"{self.group}/{self.name}"


def group_of(
    group: str, values: Mapping[str, object], *, is_refused: bool = False
) -> tuple[Hostile, ...]:
    """Return the entries of a group."""
    return tuple(Hostile(group, name, value, is_refused) for name, value in values.items())
