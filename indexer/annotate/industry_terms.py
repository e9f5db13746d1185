"""The words that name an industry, and where they stand in a text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import ahocorasick_rs

from models.industries import IndustryTable
from models.vocabulary.taxonomy import Scheme

TERMS_FILE: Final = "industry_terms.tsv"
_COLUMNS: Final = ["term", "sei2018", "gb4754", "weight"]

NAME_WEIGHT: Final = 0.6
"""Weight of a word taken from a class name: official, yet rarely how people speak."""

NAMED_SECTIONS: Final = frozenset("ABCDE")
"""Sections whose class names give terms: those of goods. Names of services ("咨询",
"培训", "知识产权服务") are also the words for the work a demand asks for."""

_NAME_PARTS = re.compile(r"[、（）]|和|及")
_NAME_TAIL = re.compile(
    r"(?:制造|加工|生产|种植|的?饲养|开采|采选|冶炼|洗选|制作|供应|专业|专|业|活动|服务|施工|建筑)+$"
)
_NAME_HEAD = re.compile(r"^(?:其他|未列明|相关|专用|生产)+")
_VAGUE_PART = re.compile(
    r"其他|类似|有关|辅助|未列明|与|^其|^.{0,2}$|^..(?:设备|机械|制品|用品|装置)$"
)


@dataclass(frozen=True, slots=True)
class IndustryTerm:
    """A word or phrase that speaks for industries, or for none.

    Attributes:
        text: The term in lower case.
        sei: Second-level codes of the strategic emerging industries, most fitting first.
        gb4754: GB/T 4754 class codes, most fitting first.
        weight: How much the term says by itself, 0..1; 0 marks a phrase that must not be
            read as an industry ("专利导航"), which hides the terms inside it.
    """

    text: str
    sei: tuple[str, ...]
    gb4754: tuple[str, ...]
    weight: float

    def codes(self, scheme: Scheme) -> tuple[str, ...]:
        """Codes of one scheme the term speaks for, most fitting first."""
        return self.sei if scheme is Scheme.SEI else self.gb4754


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term met in a text.

    Attributes:
        start: Offset of its first character.
        end: Offset one past its last character.
        term: The term.
    """

    start: int
    end: int
    term: IndustryTerm


class TermFinder:
    """Finds all terms in one pass, the longest where several begin."""

    def __init__(self, terms: Sequence[IndustryTerm]) -> None:
        """Build the automaton over the texts of the terms."""
        self._terms = tuple(terms)
        self._automaton = ahocorasick_rs.AhoCorasick(
            [term.text for term in self._terms],
            matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
        )

    def find(self, text: str) -> Iterator[TermHit]:
        """Yield the terms of a canonical text in order, without overlap, mute ones included.

        Upper and lower case are the same; Latin terms are met as whole words only.
        """
        lowered = lower(text)
        for index, start, end in self._automaton.find_matches_as_indexes(lowered):
            if not (_splits_word(lowered, start) or _splits_word(lowered, end)):
                yield TermHit(start, end, self._terms[index])


def lower(text: str) -> str:
    """Return the text in lower case, character for character, so that offsets stay."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


@cache
def lexicon_terms() -> tuple[IndustryTerm, ...]:
    """The lexicon shipped with the package, in file order."""
    path = files("indexer.annotate") / "data" / TERMS_FILE
    lines = (line for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
    columns = next(lines).split("\t")
    if columns != _COLUMNS:
        raise ValueError(f"unknown columns in {TERMS_FILE}: {columns}")
    return tuple(
        IndustryTerm(lower(term), _codes(sei), _codes(gb4754), float(weight))
        for term, sei, gb4754, weight in (line.split("\t") for line in lines)
    )


def name_terms(table: IndustryTable) -> tuple[IndustryTerm, ...]:
    """Terms taken from the class names of goods: "锂离子电池制造" gives "锂离子电池"."""
    owners: dict[str, list[str]] = {}
    for industry in table.at_level(Scheme.GB4754, 4):
        if industry.code[0] in NAMED_SECTIONS:
            for part in name_parts(industry.name):
                owners.setdefault(part, []).append(industry.code)
    return tuple(
        IndustryTerm(text=lower(part), sei=(), gb4754=tuple(codes), weight=NAME_WEIGHT)
        for part, codes in owners.items()
    )


def name_parts(name: str) -> tuple[str, ...]:
    """The goods a class name speaks of, without its words of making; vague ones left out."""
    parts = (_NAME_HEAD.sub("", _NAME_TAIL.sub("", part)) for part in _NAME_PARTS.split(name))
    return tuple(part for part in parts if not _VAGUE_PART.search(part))


def merged(*sources: Iterable[IndustryTerm]) -> tuple[IndustryTerm, ...]:
    """Terms of all sources; of equal texts the first source's stays."""
    known: dict[str, IndustryTerm] = {}
    for source in sources:
        for term in source:
            known.setdefault(term.text, term)
    return tuple(known.values())


def _codes(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(",")) if cell else ()


def _splits_word(text: str, position: int) -> bool:
    return 0 < position < len(text) and _is_latin(text[position - 1]) and _is_latin(text[position])


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
