"""The region vocabulary: GB/T 2260 divisions, cross-province regions, and how near two lie."""

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final, Self

SOURCES_FILE: Final = "regions.toml"

CITY_PROVINCES: Final = frozenset({"110000", "120000", "310000", "500000", "810000", "820000"})
"""Province-level divisions that are one city each."""

_CODE_CHARS: Final = 6


class RegionLevel(StrEnum):
    """Administrative level of a region, widest first."""

    MACRO = "macro"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"


class RegionRelation(StrEnum):
    """How near two regions lie, nearest first; a missing region is unknown, never near."""

    SAME_CITY = "same_city"
    SAME_PROVINCE = "same_province"
    SAME_MACRO = "same_macro"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Region:
    """One division, or a named region that spans provinces.

    Attributes:
        code: Six digits of GB/T 2260, or `M:` and letters for a macro region.
        level: Administrative level.
        name: Official Chinese name.
        short: Name without its suffix; None where it would be a single character.
        parent: Code one level up; None for provinces and macro regions.
        members: Codes a macro region is made of; empty for divisions.
        is_near: Whether two members of this macro region count as near each other.
    """

    code: str
    level: RegionLevel
    name: str
    short: str | None = None
    parent: str | None = None
    members: frozenset[str] = frozenset()
    is_near: bool = False


class RegionTable:
    """Every region, looked up by code, with its ancestors and neighbours."""

    def __init__(self, regions: Iterable[Region], version: str) -> None:
        """Index the regions by code.

        Args:
            regions: Divisions and macro regions, parents anywhere in the order.
            version: Version of the vocabulary, for tags.
        """
        self.version = version
        self._by_code: Mapping[str, Region] = MappingProxyType({r.code: r for r in regions})
        self._chains = {code: (r, *self._above(r)) for code, r in self._by_code.items()}
        near = [region for region in self._by_code.values() if region.is_near]
        self._macros = {code: self._macros_of(code, near) for code in self._by_code}

    @classmethod
    def load(cls) -> Self:
        """The table as shipped with the package."""
        folder = files("models") / "data"
        source = tomllib.loads((folder / SOURCES_FILE).read_text("utf-8"))
        divisions = _read_divisions(folder / source["file"])
        macros = _read_macros(folder / source["macro_file"])
        return cls([*divisions, *macros], source["version"])

    def resolve(self, code: str | None) -> Region | None:
        """The region of a code; None when there is none.

        Short forms (`32`, `3205`) and the placeholder for a municipality's districts
        (`110100`) lead to the division they stand for.
        """
        if not code:
            return None
        if code.isdigit():
            code = code.ljust(_CODE_CHARS, "0")
            if code not in self._by_code and code[:2] + "0000" in CITY_PROVINCES:
                code = code[:2] + "0000" if code.endswith("00") else code
        return self._by_code.get(code)

    def ancestors(self, code: str) -> tuple[Region, ...]:
        """Divisions above a code, nearest first; empty at the top or for an unknown code."""
        return self._with_ancestors(code)[1:]

    def is_within(self, code: str, outer: str) -> bool:
        """Whether a region is another one or lies inside it, all of it."""
        region, wider = self.resolve(code), self.resolve(outer)
        if region is None or wider is None:
            return False
        if region.members and region.code != wider.code:
            return all(self.is_within(member, wider.code) for member in region.members)
        chain = {region.code, *(above.code for above in self.ancestors(region.code))}
        return wider.code in chain or bool(chain & wider.members)

    def relation(self, a: str | None, b: str | None) -> RegionRelation:
        """How near two codes lie; unknown when either is missing or not in the table.

        A province against one of its cities is the same province: the city is not known
        to be the same.
        """
        first, second = self.resolve(a), self.resolve(b)
        if first is None or second is None:
            return RegionRelation.UNKNOWN
        city = self.city_of(first.code)
        if city is not None and city == self.city_of(second.code):
            return RegionRelation.SAME_CITY
        province = self.province_of(first.code)
        if province is not None and province == self.province_of(second.code):
            return RegionRelation.SAME_PROVINCE
        if self._macros[first.code] & self._macros[second.code]:
            return RegionRelation.SAME_MACRO
        if self.is_within(first.code, second.code) or self.is_within(second.code, first.code):
            return RegionRelation.SAME_MACRO
        return RegionRelation.DIFFERENT

    def city_of(self, code: str) -> str | None:
        """Code of the city a region is or lies in; None for provinces and macro regions.

        Municipalities are cities; a county directly under its province stands for itself.
        """
        chain = self._with_ancestors(code)
        for region in chain:
            if region.level is RegionLevel.CITY or region.code in CITY_PROVINCES:
                return region.code
        return chain[0].code if chain and chain[0].level is RegionLevel.DISTRICT else None

    def province_of(self, code: str) -> str | None:
        """Code of the province a region is or lies in; None for macro regions."""
        for region in self._with_ancestors(code):
            if region.level is RegionLevel.PROVINCE:
                return region.code
        return None

    def at_level(self, level: RegionLevel) -> tuple[Region, ...]:
        """All regions of one level, by code."""
        return tuple(region for region in self if region.level is level)

    def __iter__(self) -> Iterator[Region]:
        """Every region: divisions by code, then macro regions."""
        return iter(self._by_code.values())

    def _with_ancestors(self, code: str) -> tuple[Region, ...]:
        region = self.resolve(code)
        return () if region is None else self._chains[region.code]

    def _above(self, region: Region) -> Iterator[Region]:
        parent = self._by_code.get(region.parent or "")
        while parent is not None:
            yield parent
            parent = self._by_code.get(parent.parent or "")

    def _macros_of(self, code: str, near: Sequence[Region]) -> frozenset[str]:
        """Those near macro regions a code belongs to, a province where it holds half of one."""
        chain = {region.code for region in self._with_ancestors(code)}
        return frozenset(
            macro.code
            for macro in near
            if macro.code == code or chain & macro.members or _holds_half(code, macro)
        )


def _holds_half(code: str, macro: Region) -> bool:
    if not code.endswith("0000"):
        return False
    held = sum(member.startswith(code[:2]) for member in macro.members)
    return 2 * held >= len(macro.members)


def _read_divisions(path: Traversable) -> Iterator[Region]:
    for row in csv.DictReader(path.read_text("utf-8").splitlines()):
        yield Region(
            code=row["code"],
            level=RegionLevel(row["level"]),
            name=row["name"],
            short=row["short"] or None,
            parent=row["parent"] or None,
        )


def _read_macros(path: Traversable) -> Iterator[Region]:
    for row in csv.DictReader(path.read_text("utf-8").splitlines()):
        yield Region(
            code=row["code"],
            level=RegionLevel.MACRO,
            name=row["name"],
            members=frozenset(row["members"].split()),
            is_near=row["is_near"] == "1",
        )
