"""The blocks of a report as WordprocessingML.

Written as text: 50 providers take 0.1 s so, and 1.1 s when python-docx makes every run and cell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape

from api.report.blocks import (
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
    Line,
    Paragraph,
    Run,
    Tone,
    plain,
    printable,
)

FACT_WIDTHS: Final = (24, 76)
HEADING_STYLE: Final = "Heading {level}"
BULLET_STYLE: Final = "List Bullet"
TABLE_STYLE: Final = "Table Grid"

_BETWEEN: Final = "<w:p/>"
"""Keeps a table apart from the next one."""

_KEPT: Final = "<w:keepNext/>"
_SHADE: Final = '<w:shd w:val="clear" w:color="auto" w:fill="EEEEEE"/>'
_LOOK: Final = (
    '<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" '
    'w:noHBand="0" w:noVBand="1"/>'
)


class WordBlocks:
    """Writes blocks with the styles of a file."""

    def __init__(self, style_ids: Mapping[str, str], text_twips: int) -> None:
        """Make it.

        Args:
            style_ids: Key of each style used, by its name.
            text_twips: Width of the text, in twentieths of a point.
        """
        self._style_ids = style_ids
        self._text_twips = text_twips

    def write(self, blocks: Iterable[Block]) -> Iterator[str]:
        """Yield the elements of the body, in order, as XML."""
        for block in blocks:
            yield from self._block(block)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading(text, level, starts_page):
                yield self._heading(text, level, "<w:pageBreakBefore/>" if starts_page else "")
            case Paragraph(text, tone):
                yield _paragraph(plain(text), is_bold=tone is Tone.NOTICE)
            case Bullets(title, items):
                yield self._heading(title, 4)
                style = self._styled(BULLET_STYLE)
                yield from (_paragraph(plain(item), style) for item in items)
            case Facts(rows, is_kept):
                lines = [(plain(name), plain(value)) for name, value in rows]
                yield from self._table(FACT_WIDTHS, lines, is_kept=is_kept)
            case Grid(headings, widths, rows, is_kept):
                top = tuple(plain(name) for name in headings)
                yield from self._table(widths, rows, top=top, is_kept=is_kept)

    def _heading(self, text: str, level: int, properties: str = "") -> str:
        centred = '<w:jc w:val="center"/>' if level == 1 else ""
        style = self._styled(HEADING_STYLE.format(level=level))
        return _paragraph(plain(text), f"{style}{properties}{centred}")

    def _table(
        self,
        widths: Sequence[int],
        lines: Iterable[Sequence[Line]],
        *,
        top: Sequence[Line] = (),
        is_kept: bool,
    ) -> Iterator[str]:
        """Yield a table; its first row is written again on every page where it is a heading."""
        columns = [self._text_twips * width // 100 for width in widths]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
        kept = _KEPT if is_kept else ""
        rows = [_row(columns, top, kept, is_heading=True)] if top else []
        rows += [_row(columns, line, kept) for line in lines]
        yield (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self._style_ids[TABLE_STYLE]}"/>'
            '<w:tblW w:w="0" w:type="auto"/><w:tblLayout w:type="fixed"/>'
            f"{_LOOK}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )
        yield _BETWEEN

    def _styled(self, name: str) -> str:
        return f'<w:pStyle w:val="{self._style_ids[name]}"/>'


def _row(
    widths: Sequence[int], cells: Sequence[Line], properties: str, *, is_heading: bool = False
) -> str:
    repeated, shade = ("<w:tblHeader/>", _SHADE) if is_heading else ("", "")
    written = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'
        f"{_paragraph(cell, properties, is_bold=is_heading)}</w:tc>"
        for width, cell in zip(widths, cells, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{written}</w:tr>"


def _paragraph(line: Line, properties: str = "", *, is_bold: bool = False) -> str:
    runs = "".join(_run(run, is_bold=is_bold) for run in line)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def _run(run: Run, *, is_bold: bool) -> str:
    """Return a run of plain text: line ends become breaks, nothing becomes a field."""
    bold = "<w:b/>" if is_bold or run.is_marked else ""
    underlined = '<w:u w:val="single"/>' if run.is_marked else ""
    lines = printable(run.text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    text = "<w:br/>".join(map(_text, lines))
    return f"<w:r><w:rPr>{bold}{underlined}</w:rPr>{text}</w:r>"


def _text(line: str) -> str:
    pieces = (
        f'<w:t xml:space="preserve">{escape(piece)}</w:t>' if piece else ""
        for piece in line.split("\t")
    )
    return "<w:tab/>".join(pieces)
