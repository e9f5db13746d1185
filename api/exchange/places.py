"""Regions as people write them into one cell."""

from functools import cached_property
from typing import Final

from api.vocabularies import Vocabularies
from indexer.annotate.region import RegionTagger
from indexer.text import canonicalise
from indexer.types import NATION

_EVERYWHERE: Final = frozenset({NATION, "全国", "不限", "全国范围"})
_SURE_ENOUGH: Final = 0.5
_MAX_CELL_CHARS: Final = 100


class PlaceNames:
    """Finds the division a cell names."""

    def __init__(self, vocabularies: Vocabularies) -> None:
        self._vocabularies = vocabularies
        self._known: dict[str, str | None] = {}

    def code(self, cell: str) -> str | None:
        """Return the code of a division, or `nation`; None when the cell names none.

        A code comes back as it was written, two, four or six digits; a name is looked up as
        in running text, so that "江苏省苏州市" and "苏州" mean the same.
        """
        text = canonicalise(cell[:_MAX_CELL_CHARS])
        if text not in self._known:
            self._known[text] = self._find(text)
        return self._known[text]

    def _find(self, text: str) -> str | None:
        if text in _EVERYWHERE:
            return NATION
        if text.isdigit():
            return text if self._vocabularies.division(text) else None
        for tag in self._tagger.find_regions(text):
            division = self._vocabularies.division(tag.code)
            if division is not None and tag.confidence >= _SURE_ENOUGH:
                return division
        return None

    @cached_property
    def _tagger(self) -> RegionTagger:
        return RegionTagger(self._vocabularies.regions)
