"""The industry vocabularies: strategic emerging industries (2018) and GB/T 4754-2017."""

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Self

from models.vocabulary.taxonomy import Scheme

SOURCES_FILE = "industries.toml"


@dataclass(frozen=True, slots=True)
class Industry:
    """One entry of an industry vocabulary.

    Attributes:
        scheme: Vocabulary the code belongs to.
        version: Version of that vocabulary, for example `2018`.
        code: The code, for example `1.2` or `C3973`.
        level: Depth in the vocabulary; 1 is the widest.
        name: Official Chinese name.
        parent: Code one level up; None at level 1.
    """

    scheme: Scheme
    version: str
    code: str
    level: int
    name: str
    parent: str | None


class IndustryTable:
    """Every industry of both vocabularies, looked up by code.

    The order of each vocabulary is the order of its standard, so positions are stable
    within a version and vectors of names may be kept in that order.
    """

    def __init__(self, industries: Iterable[Industry]) -> None:
        """Index the industries by scheme, code and parent."""
        by_code: dict[tuple[Scheme, str], Industry] = {}
        below: dict[tuple[Scheme, str | None], list[Industry]] = {}
        for industry in industries:
            by_code[industry.scheme, industry.code] = industry
            below.setdefault((industry.scheme, industry.parent), []).append(industry)
        self._by_code: Mapping[tuple[Scheme, str], Industry] = MappingProxyType(by_code)
        self._below = {key: tuple(found) for key, found in below.items()}

    @classmethod
    def load(cls) -> Self:
        """Both vocabularies as shipped with the package."""
        folder = files("models") / "data"
        sources = tomllib.loads((folder / SOURCES_FILE).read_text("utf-8"))
        return cls(
            industry
            for scheme, source in sources.items()
            for industry in _read(folder / source["file"], Scheme(scheme), source["version"])
        )

    def get(self, scheme: Scheme, code: str) -> Industry | None:
        """The industry of a code; None when the scheme does not know it."""
        return self._by_code.get((scheme, code))

    def children(self, scheme: Scheme, code: str | None) -> tuple[Industry, ...]:
        """Industries one level below a code, in the standard's order; None gives the top."""
        return self._below.get((scheme, code), ())

    def ancestors(self, scheme: Scheme, code: str) -> tuple[Industry, ...]:
        """Industries above a code, nearest first; empty at the top or for an unknown code."""
        above: list[Industry] = []
        industry = self.get(scheme, code)
        while industry is not None and industry.parent is not None:
            industry = self.get(scheme, industry.parent)
            if industry is not None:
                above.append(industry)
        return tuple(above)

    def at_level(self, scheme: Scheme, level: int) -> tuple[Industry, ...]:
        """All industries of one level, in the standard's order."""
        return tuple(found for found in self if (found.scheme, found.level) == (scheme, level))

    def __iter__(self) -> Iterator[Industry]:
        """Every industry, one vocabulary after the other."""
        return iter(self._by_code.values())


def _read(path: Traversable, scheme: Scheme, version: str) -> Iterator[Industry]:
    for row in csv.DictReader(path.read_text("utf-8").splitlines()):
        yield Industry(
            scheme=scheme,
            version=version,
            code=row["code"],
            level=int(row["level"]),
            name=row["name"],
            parent=row["parent"] or None,
        )
