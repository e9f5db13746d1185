"""Chinese names of the choices in `models/vocabulary`."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Self

LABELS_FILE: Final = "labels.toml"


class Labels:
    """The Chinese name of every choice."""

    def __init__(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        """Keep the names.

        Args:
            tables: Names by value, by name of the vocabulary.
        """
        self.tables: Mapping[str, Mapping[str, str]] = MappingProxyType(dict(tables))

    @classmethod
    def load(cls) -> Self:
        """The names as shipped with the package."""
        return cls(tomllib.loads((files("models") / "data" / LABELS_FILE).read_text("utf-8")))

    def of(self, choice: StrEnum) -> str:
        """Chinese name of a choice."""
        return self.tables[type(choice).__name__][choice.value]
