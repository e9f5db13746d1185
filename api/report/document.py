"""A report as a Word file: the one place that knows python-docx."""

from collections.abc import Sequence
from datetime import UTC
from io import BytesIO
from typing import Final

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from api.report.blocks import (
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
    Line,
    Paragraph,
    Report,
    Tone,
    plain,
    printable,
)
from models.base import now_utc

BODY_FONT: Final = "宋体"
HEADING_FONT: Final = "黑体"
LATIN_FONT: Final = "Times New Roman"
BODY_PT: Final = 10.5
HEADING_PT: Final = {1: 20, 2: 14, 3: 12, 4: 10.5}
PAGE_MM: Final = (210, 297)
MARGIN_MM: Final = 20
TEXT_MM: Final = PAGE_MM[0] - 2 * MARGIN_MM
FACT_WIDTHS: Final = (24, 76)
_SHADE: Final = "EEEEEE"
_BLACK: Final = RGBColor(0, 0, 0)


def write_document(report: Report) -> bytes:
    """Return the file; every text is plain text in it, and its only field is the page number."""
    word = Document()
    _set_up(word, report)
    for block in report.blocks:
        _add(word, block)
    content = BytesIO()
    word.save(content)
    return content.getvalue()


def _set_up(word: WordDocument, report: Report) -> None:
    """Set paper, fonts, page numbers and properties."""
    section = word.sections[0]
    section.page_width, section.page_height = (Mm(length) for length in PAGE_MM)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    _style(word, "Normal", BODY_FONT, BODY_PT)
    _style(word, "List Bullet", BODY_FONT, BODY_PT)
    for level, size in HEADING_PT.items():
        _style(word, f"Heading {level}", HEADING_FONT, size)
    _number_pages(section.footer.paragraphs[0])
    told = word.core_properties
    told.title, told.language = printable(report.title), "zh-CN"
    told.author = told.last_modified_by = "navmatch"
    told.comments = ""
    told.created = told.modified = now_utc().astimezone(UTC)


def _style(word: WordDocument, name: str, font: str, size: float) -> None:
    style = word.styles[name]
    if not isinstance(style, ParagraphStyle):  # the template that python-docx ships has them all
        raise TypeError(name)
    style.font.name, style.font.size, style.font.color.rgb = LATIN_FONT, Pt(size), _BLACK
    style.font.italic = False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), font if kind == "eastAsia" else LATIN_FONT)
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)  # a theme would win over the fonts named here


def _number_pages(paragraph: WordParagraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(field))


def _add(word: WordDocument, block: Block) -> None:
    match block:
        case Heading(text, level, starts_page):
            heading = word.add_heading(printable(text), level)
            heading.paragraph_format.page_break_before = starts_page or None
            if level == 1:
                heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        case Paragraph(text, tone):
            paragraph = word.add_paragraph()
            _write(paragraph, plain(text))
            if tone is Tone.NOTICE:
                paragraph.runs[0].bold = True
        case Bullets(title, items):
            word.add_heading(printable(title), 4)
            for item in items:
                _write(word.add_paragraph(style="List Bullet"), plain(item))
        case Facts(rows, is_kept):
            lines = [(plain(name), plain(value)) for name, value in rows]
            table = _table(word, FACT_WIDTHS, lines)
            if is_kept:
                _keep(table)
        case Grid():
            _add_grid(word, block)


def _add_grid(word: WordDocument, grid: Grid) -> None:
    headings = tuple(plain(name) for name in grid.headings)
    top = _table(word, grid.widths, [headings, *grid.rows]).rows[0]
    top._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # again on every page
    for cell in top.cells:
        _shade(cell)
    if grid.is_kept:
        _keep(top.table)


def _keep(table: Table) -> None:
    """Keep the rows of a table on one page: each with the next."""
    for row in table.rows:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _table(word: WordDocument, widths: tuple[int, ...], lines: Sequence[tuple[Line, ...]]) -> Table:
    """Add a table, and a paragraph that keeps it apart from the next one."""
    table: Table = word.add_table(rows=len(lines), cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(TEXT_MM * width / 100)
    for row, cells in zip(table.rows, lines, strict=True):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, line, width in zip(row.cells, cells, widths, strict=True):
            cell.width = Mm(TEXT_MM * width / 100)
            _write(cell.paragraphs[0], line)
    word.add_paragraph()
    return table


def _shade(cell: _Cell) -> None:
    shade = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{_SHADE}"/>'
    cell._tc.get_or_add_tcPr().append(parse_xml(shade))
    for run in cell.paragraphs[0].runs:
        run.bold = True


def _write(paragraph: WordParagraph, line: Line) -> None:
    """Write a line as plain runs: line ends become breaks, nothing becomes a field."""
    for run in line:
        written = paragraph.add_run(printable(run.text))
        written.bold = written.underline = run.is_marked or None
