"""What a report consists of, whichever way it is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from api.report.punctuation import with_chinese_marks
from indexer.text import drop_refused
from models.canonical import INVISIBLE


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; a marked one is what both sides have in common."""

    text: str
    is_marked: bool = False


Line = tuple[Run, ...]


class Tone(StrEnum):
    """What a paragraph is."""

    BODY = "body"
    NOTE = "note"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the report's own."""

    text: str
    level: int
    starts_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: str
    tone: Tone = Tone.BODY


@dataclass(frozen=True, slots=True)
class Bullets:
    """Sentences one below the other, under what they are."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values side by side; kept ones stay on one page."""

    rows: tuple[tuple[str, str], ...]
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table.

    Attributes:
        headings: What stands in each column.
        widths: Share of the width of each column, in percent.
        rows: The cells.
        is_kept: Whether it stays on one page.
    """

    headings: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Line, ...], ...]
    is_kept: bool = False


Block = Heading | Paragraph | Bullets | Facts | Grid


@dataclass(frozen=True, slots=True)
class Report:
    """A report.

    Attributes:
        title: What it is called, also in the properties of the file.
        number: Number of the demand, for the name of the file.
        blocks: Its content.
    """

    title: str
    number: str
    blocks: tuple[Block, ...]


def plain(text: str) -> Line:
    """Return a text as a line without marks."""
    return (Run(text),)


def rows_of(texts: Iterable[Iterable[str]]) -> tuple[tuple[Line, ...], ...]:
    """Return rows of texts as the rows of a table."""
    return tuple(tuple(plain(text) for text in row) for row in texts)


def printable(text: str) -> str:
    """Return a text as it is written: without what no file may hold or what steers the rest.

    Texts are clean when they are stored; one that came into a table past the sanitiser must not
    break the file, nor turn round what stands beside it. All get the punctuation of Chinese.
    """
    return with_chinese_marks(INVISIBLE.sub("", drop_refused(text)))
