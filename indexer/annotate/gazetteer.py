"""Place names in a text: which words may be places, and which readings each has."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Final

import ahocorasick_rs

from models.regions import Region, RegionLevel, RegionTable

ALIASES_FILE: Final = "region_aliases.csv"


class NameUse(StrEnum):
    """What a spelling is, which decides how much context it needs to count as a place."""

    NAME = "name"
    SHORT = "short"
    TOWN = "town"
    PART = "part"
    MACRO = "macro"
    ZONE = "zone"
    GROUP = "group"
    SCHOOL = "school"
    ABBREVIATION = "abbr"
    WEAK = "weak"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Mention:
    """A spelling met in a text that may be a place.

    Attributes:
        start: Offset of its first character.
        end: Offset one past its last character.
        codes: Regions it can stand for; several for a group or a shared name.
        use: What kind of spelling it is.
    """

    start: int
    end: int
    codes: tuple[str, ...]
    use: NameUse


_ROAD = re.compile(
    r"[东西南北中]?(?:[一二三四五六七八九十]{1,2}|\d{1,2})?(?:路(?![径线演由灯桥面况])|大街|大道|街(?!道))"
)
_VILLAGE = re.compile(r"村|街道|乡(?!村)|镇(?![江海平宁原雄远康坪巴赉沅安区])")
_NOT_A_DISTRICT = re.compile(r"[域块间位分划别段内外]|县级")
_NOT_A_COUNTY = re.compile(r"[域级]")
_LONGEST_ROAD: Final = 8


class Gazetteer:
    """Every spelling of every region, found in one pass over a text."""

    def __init__(self, table: RegionTable) -> None:
        """Build the automaton from the region table and the alias list.

        Args:
            table: Regions with their official and short names.
        """
        self._readings = _readings(table)
        self._spellings = tuple(self._readings)
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(self._spellings), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
        )

    def mentions(self, text: str) -> Iterator[Mention]:
        """Yield possible places in order, longest spelling first, without overlap.

        Street names and words that only look like a place ("大理石", "建成都") are left
        out; weak spellings are yielded and need context to count.
        """
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            codes, use = self._readings[self._spellings[index]]
            if use is NameUse.NEVER or _ROAD.match(text, end, end + _LONGEST_ROAD):
                continue
            if use is not NameUse.NAME and _VILLAGE.match(text, end):
                continue
            mention = Mention(start, end, codes, use)
            if use is NameUse.NAME:
                kept = self._as_name(text, mention)
                if kept is None:
                    continue
                mention = kept
            yield mention

    def _as_name(self, text: str, mention: Mention) -> Mention | None:
        """The mention when its last character really is a level word of that place."""
        last, after = text[mention.end - 1], text[mention.end : mention.end + 1]
        if last == "区" and _NOT_A_DISTRICT.match(after):
            return None
        if last == "县" and _NOT_A_COUNTY.match(after):
            return None
        if last == "市" and after == "场":
            codes, use = self._readings.get(text[mention.start : mention.end - 1], ((), None))
            return Mention(mention.start, mention.end - 1, codes, use) if use else None
        return mention


def _readings(table: RegionTable) -> dict[str, tuple[tuple[str, ...], NameUse]]:
    """Codes and use by spelling; aliases override names, higher levels override lower."""
    readings: dict[str, tuple[tuple[str, ...], NameUse]] = {}
    for level in (RegionLevel.PROVINCE, RegionLevel.CITY, RegionLevel.DISTRICT):
        at_level: dict[str, tuple[tuple[str, ...], NameUse]] = {}
        for region in table.at_level(level):
            for spelling, use in _spellings(region):
                codes = at_level.get(spelling, ((), use))[0]
                at_level[spelling] = ((*codes, region.code), use)
        readings = at_level | readings
    for macro in table.at_level(RegionLevel.MACRO):
        readings[macro.name] = ((macro.code,), NameUse.MACRO)
    path = files("models") / "data" / ALIASES_FILE
    for row in csv.DictReader(path.read_text("utf-8").splitlines()):
        readings[row["alias"]] = (tuple(row["codes"].split()), NameUse(row["use"]))
    return readings


def _spellings(region: Region) -> Iterator[tuple[str, NameUse]]:
    yield region.name, NameUse.NAME
    if region.short is None:
        return
    if region.level is not RegionLevel.DISTRICT:
        yield region.short, NameUse.SHORT
    elif region.name.endswith("市"):
        yield region.short, NameUse.TOWN
    else:
        yield region.short, NameUse.PART
