"""Where a demand comes from or speaks of, as codes of the region table."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from indexer.annotate.clauses import Clauses
from indexer.annotate.gazetteer import Gazetteer, Mention, NameUse
from indexer.annotate.types import Evidence, Tag
from models.regions import RegionLevel, RegionTable
from models.vocabulary.taxonomy import Scheme

MAX_TAGS: Final = 8
MAX_EVIDENCE: Final = 3
MAX_CONFIDENCE: Final = 0.97

_CONFIDENCE: Final = {
    NameUse.NAME: 0.93,
    NameUse.SHORT: 0.9,
    NameUse.ZONE: 0.88,
    NameUse.PART: 0.85,
    NameUse.TOWN: 0.82,
    NameUse.MACRO: 0.8,
    NameUse.WEAK: 0.75,
    NameUse.GROUP: 0.6,
    NameUse.ABBREVIATION: 0.55,
    NameUse.SCHOOL: 0.5,
}
"""How often a spelling of each kind meant the place, when read by hand on real notices."""

_SHARED_NAME_CONFIDENCE: Final = 0.7
_REPEAT_GAIN: Final = 0.02
_TITLE_GAIN: Final = 0.03
_ASIDE_LOSS: Final = 0.35
_NEAR_TIE: Final = 0.1
_MAX_ORDERED: Final = 40
"""Surest tags among which the order is worked out pair by pair."""

_GAP = re.compile(r"[省市州]?[ ,·(/-]?$")
_LONGEST_GAP: Final = 2
_ZONE = re.compile(
    r"(?:市|县|区)?(?:国家级|国家|省级)?"
    r"(?:高新技术产业(?:开发区|园区)|高新技术开发区|高新区|经济技术开发区|经济开发区|经开区|"
    r"开发区|工业园区|产业园区|科技园区|自贸试验区|自由贸易试验区|自贸片区|自贸区|"
    r"综合保税区|综保区|保税区|保税港区|航空港区|临空经济区|新区)"
)
_LEVEL_WORD = re.compile(r"[市县](?!场)|州(?:市|区)?")
_LONGEST_ZONE: Final = 20
_COMPARED = re.compile(
    r"对标|相比|对比|比一比|拉来比|一起比|作比较|横向比较|拜访|出差|赴|前往|借鉴|外地"
)
_SCHOOL_AFTER = re.compile(r".{0,4}大学")
_LONGEST_SCHOOL: Final = 6


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch of text taken for one region."""

    start: int
    end: int
    code: str
    confidence: float


class RegionTagger:
    """Finds the regions a text names and says which one it is most likely about."""

    def __init__(self, table: RegionTable) -> None:
        """Build the gazetteer.

        Args:
            table: The region vocabulary tags refer to.
        """
        self._table = table
        self._gazetteer = Gazetteer(table)

    def find_regions(self, text: str) -> tuple[Tag, ...]:
        """Regions named in a text, surest first; "江苏省苏州市" is Suzhou alone.

        A name shared by several places counts only when the rest of the text decides
        between them. The first line is taken for the title.

        Args:
            text: Canonical text, title first.
        """
        places = self._places(text)
        clauses = Clauses(text)
        places = [self._in_context(place, clauses) for place in places]
        return tuple(self._tags(places, text))[:MAX_TAGS]

    def _places(self, text: str) -> list[_Place]:
        places: list[_Place] = []
        shared: list[Mention] = []
        for mention in self._gazetteer.mentions(text):
            chained = self._chained(places, mention, text)
            if chained is not None:
                places[-1] = chained
            elif mention.use is NameUse.PART or mention.use is NameUse.WEAK:
                places.extend(self._confirmed(mention, text))
            elif len(mention.codes) > 1 and mention.use is not NameUse.GROUP:
                shared.append(mention)
            else:
                places.extend(_as_places(mention, text, _CONFIDENCE[mention.use]))
        decided = self._decided(shared, places)
        return sorted([*places, *decided], key=lambda place: (place.start, place.code))

    def _chained(self, places: Sequence[_Place], mention: Mention, text: str) -> _Place | None:
        """The last place made more specific by a name that follows it and lies within it."""
        if not places or mention.start - places[-1].end > _LONGEST_GAP:
            return None
        last = places[-1]
        if not _GAP.match(text[last.end : mention.start]):
            return None
        inside = [code for code in mention.codes if self._is_below(code, last.code)]
        if mention.use is NameUse.PART:
            inside = [code for code in inside if self._table.city_of(last.code) is not None]
        if len(inside) != 1 or mention.use is NameUse.GROUP:
            return None
        end = _zone_end(text, mention.end)
        confidence = max(last.confidence, _CONFIDENCE[mention.use])
        return _Place(last.start, end, inside[0], confidence)

    def _is_below(self, code: str, outer: str) -> bool:
        return code != outer and self._table.is_within(code, outer)

    def _confirmed(self, mention: Mention, text: str) -> Iterable[_Place]:
        """A city whose name is a common word, when a zone or level word follows."""
        region = self._table.resolve(mention.codes[0])
        is_city = region is not None and region.level is RegionLevel.CITY
        if mention.use is NameUse.WEAK and is_city:
            after = text[mention.end : mention.end + _LONGEST_ZONE]
            if _ZONE.match(after) or _LEVEL_WORD.match(after):
                return _as_places(mention, text, _CONFIDENCE[NameUse.WEAK])
        return ()

    def _decided(self, shared: Sequence[Mention], places: Sequence[_Place]) -> list[_Place]:
        """Shared names whose one reading lies in a city or province also named."""
        if not shared:
            return []
        named = {place.code for place in places}
        outers = [
            {outer for code in named if (outer := outer_of(code))}
            for outer_of in (self._table.city_of, self._table.province_of)
        ]
        readings = {mention.codes: self._reading(mention.codes, outers) for mention in shared}
        return [
            _Place(mention.start, mention.end, code, _SHARED_NAME_CONFIDENCE)
            for mention in shared
            if (code := readings[mention.codes]) is not None
        ]

    def _reading(self, codes: Sequence[str], outers: Sequence[set[str]]) -> str | None:
        """The only code within the cities named, else within the provinces named."""
        for outer_of, wider in zip(
            (self._table.city_of, self._table.province_of), outers, strict=True
        ):
            fitting = [code for code in codes if outer_of(code) in wider]
            if len(fitting) == 1:
                return fitting[0]
        return None

    def _in_context(self, place: _Place, clauses: Clauses) -> _Place:
        """Less sure of places a demand only compares itself with, or that name a school."""
        text = clauses.text
        is_aside = (
            _COMPARED.search(clauses.sentence_text(place.start))
            or text[place.start - 1 : place.start] == "去"
            or _SCHOOL_AFTER.match(text, place.end, place.end + _LONGEST_SCHOOL)
        )
        if not is_aside:
            return place
        return replace(place, confidence=place.confidence - _ASIDE_LOSS)

    def _tags(self, places: Iterable[_Place], text: str) -> Iterable[Tag]:
        title_end = text.find("\n")
        by_code = groupby(sorted(places, key=lambda p: (p.code, p.start)), key=lambda p: p.code)
        found = [self._tag(code, list(group), text, title_end) for code, group in by_code]
        counts = {tag.code: count for tag, count in found}
        tags = sorted((tag for tag, _ in found), key=lambda tag: (-tag.confidence, tag.code))
        tags = tags[:_MAX_ORDERED]
        return sorted(
            tags,
            key=lambda tag: (-self._sureness(tag, tags, counts), tag.evidence[0].start, tag.code),
        )

    def _tag(self, code: str, places: list[_Place], text: str, title_end: int) -> tuple[Tag, int]:
        region = self._table.resolve(code)
        gain = min(_REPEAT_GAIN * (len(places) - 1), 2 * _REPEAT_GAIN)
        gain += _TITLE_GAIN if places[0].end <= title_end else 0.0
        confidence = min(max(place.confidence for place in places) + gain, MAX_CONFIDENCE)
        best_first = sorted(places, key=lambda place: (-place.confidence, place.start))
        evidence = tuple(
            Evidence(place.start, place.end, text[place.start : place.end])
            for place in best_first[:MAX_EVIDENCE]
        )
        name = region.name if region else code
        tag = Tag(Scheme.REGION, self._table.version, code, name, round(confidence, 2), evidence)
        return tag, len(places)

    def _sureness(self, tag: Tag, tags: Iterable[Tag], counts: dict[str, int]) -> float:
        """Confidence for ordering: a city goes before its province unless that is named more."""
        above = [
            wider.confidence
            for wider in tags
            if self._is_below(tag.code, wider.code)
            and counts[tag.code] >= counts[wider.code]
            and wider.confidence - tag.confidence <= _NEAR_TIE
        ]
        return max([tag.confidence, *above]) + (0.001 if above else 0.0)


def _as_places(mention: Mention, text: str, confidence: float) -> list[_Place]:
    end = _zone_end(text, mention.end)
    return [_Place(mention.start, end, code, confidence) for code in mention.codes]


def _zone_end(text: str, end: int) -> int:
    """Where the place ends when a development zone's name follows it."""
    zone = _ZONE.match(text, end, end + _LONGEST_ZONE)
    return zone.end() if zone else end
