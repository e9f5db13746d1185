"""A report as a Word file: the one place that knows python-docx."""

from collections.abc import Iterator
from datetime import UTC
from io import BytesIO
from typing import Final

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from api.report.blocks import Report, printable
from api.report.word_blocks import BULLET_STYLE, HEADING_STYLE, TABLE_STYLE, WordBlocks
from models.base import now_utc

BODY_FONT: Final = "宋体"
HEADING_FONT: Final = "黑体"
LATIN_FONT: Final = "Times New Roman"
BODY_PT: Final = 10.5
HEADING_PT: Final = {1: 20, 2: 14, 3: 12, 4: 10.5}
PAGE_MM: Final = (210, 297)
MARGIN_MM: Final = 20
TEXT_MM: Final = PAGE_MM[0] - 2 * MARGIN_MM
_HEADING_STYLES: Final = tuple(HEADING_STYLE.format(level=level) for level in HEADING_PT)
_BLACK: Final = RGBColor(0, 0, 0)


def write_document(report: Report) -> bytes:
    """Return the file; every text is plain text in it, and its only field is the page number."""
    word = Document()
    _set_up(word, report)
    end = word.element.body.sectPr
    for element in _body(word, report):
        end.addprevious(element)
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
    _style(word, BULLET_STYLE, BODY_FONT, BODY_PT)
    for name, size in zip(_HEADING_STYLES, HEADING_PT.values(), strict=True):
        _style(word, name, HEADING_FONT, size)
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


def _body(word: WordDocument, report: Report) -> Iterator[BaseOxmlElement]:
    """Yield the elements of the report, ready for the body."""
    names = (*_HEADING_STYLES, BULLET_STYLE, TABLE_STYLE)
    style_ids = {name: word.styles[name].style_id for name in names}
    written = WordBlocks(style_ids, Mm(TEXT_MM).twips).write(report.blocks)
    body = f"<w:body {nsdecls('w')}>{''.join(written)}</w:body>"
    yield from list(parse_xml(body))
