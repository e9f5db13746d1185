"""Words for choices: their values, their Chinese names, and other words people use."""

import tomllib
import unicodedata
from importlib.resources import files
from typing import Final

from models.labels import Labels

SYNONYMS_FILE: Final = "synonyms.toml"


class ChoiceWords:
    """Finds the choice a word means."""

    def __init__(self, labels: Labels) -> None:
        """Index names, values and synonyms.

        Args:
            labels: Chinese names of the choices.
        """
        text = (files("api.exchange") / "data" / SYNONYMS_FILE).read_text("utf-8")
        synonyms: dict[str, dict[str, str]] = tomllib.loads(text)
        self._labels = labels.tables
        self._values: dict[str, dict[str, str]] = {
            vocabulary: {
                **{_normal(word): value for word, value in synonyms.get(vocabulary, {}).items()},
                **{_normal(name): value for value, name in names.items()},
                **{_normal(value): value for value in names},
            }
            for vocabulary, names in labels.tables.items()
        }

    def value(self, vocabulary: str, word: str) -> str | None:
        """Return the value a word stands for; None when it stands for none."""
        return self._values[vocabulary].get(_normal(word))

    def names(self, vocabulary: str) -> str:
        """Return the Chinese names of all choices, for a message."""
        return "、".join(self._labels[vocabulary].values())


def _normal(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold()
