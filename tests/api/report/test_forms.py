"""Both forms of a report, with texts that would break a careless one."""

from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from docx.shared import Mm
from lxml import etree

from api.report.blocks import Bullets, Facts, Grid, Heading, Paragraph, Report, Run, Tone, plain
from api.report.document import write_document
from api.report.page import write_page
from api.report.punctuation import with_chinese_marks
from api.report.ranked import marked
from api.report.wording import ranker_said, taxonomy_said
from api.schemas.match import SentenceRead, SpanRead

HOSTILE = [
    "".join(map(chr, range(0x20))),
    "\x7f\x80\x9f\ud800\udfff\ufdd0\ufffe\uffff\U0001fffe",
    "a\u202ebcd\u2066e\u200b\ufeff",
    "</w:t></w:r><w:r><w:instrText>DDEAUTO c:\\\\calc</w:instrText>]]>",
    '<script>alert(1)</script><img src=x onerror="alert(2)">&#x3c;&amp;',
    "_x000D_ _x0000_ {{ 7*7 }} ${7*7} { PAGE } =1+1 @SUM(1) +cmd|' /C calc'!A0",
]
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "main", "p", "h1", "h3", "h4", "mark"),
    *("ul", "li", "table", "colgroup", "col", "thead", "tbody", "tr", "th", "td"),
}


def _report(text: str) -> Report:
    line = (Run(text), Run("同", is_marked=True))
    blocks = (
        Heading(text, 1),
        Heading(text, 3, starts_page=True),
        Paragraph(text, Tone.NOTICE),
        Bullets(text, (text, "好")),
        Facts(((text, text),), is_kept=True),
        Grid((text, "乙"), (40, 60), ((line, plain(text)),), is_kept=True),
    )
    return Report(text, "XQ-1", blocks)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_word_file_opens_again_whatever_the_texts_hold(text: str) -> None:
    content = write_document(_report(text))
    with ZipFile(BytesIO(content)) as parts:
        assert parts.testzip() is None
        body = parts.read("word/document.xml")
    names = {etree.QName(node).localname for node in etree.fromstring(body).iter("{*}*")}
    assert not names & {"fldSimple", "instrText", "fldChar", "hyperlink", "object", "script"}
    word = docx.Document(BytesIO(content))
    assert word.tables[-1].rows[0].cells[1].text == "乙"
    assert "\u202e" not in body.decode()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_page_holds_the_elements_of_a_report_only(text: str) -> None:
    page = write_page(_report(text))
    tree = etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8"))
    names = {node.tag for node in tree.iter(etree.Element)}
    assert names <= ELEMENTS
    attributes = {name for node in tree.iter(etree.Element) for name in node.attrib}
    assert attributes <= {"lang", "charset", "name", "content", "class", "scope", "width"}
    assert not [char for char in "\u202e\u2066\ufffe" if char in page]


def test_word_file_is_a4_with_repeated_table_heads_and_page_numbers() -> None:
    word = docx.Document(BytesIO(write_document(_report("正文"))))
    section = word.sections[0]
    assert (round(section.page_width or 0, -3), round(section.page_height or 0, -3)) == (
        round(Mm(210), -3),
        round(Mm(297), -3),
    )
    assert 'w:instr="PAGE"' in section.footer.paragraphs[0]._p.xml
    assert "w:tblHeader" in word.tables[-1].rows[0]._tr.xml
    assert "w:cantSplit" in word.tables[-1].rows[1]._tr.xml
    assert 'w:eastAsia="宋体"' in word.styles["Normal"].element.xml
    marks = [run.text for run in word.tables[-1].rows[1].cells[0].paragraphs[0].runs if run.bold]
    assert marks == ["同"]


def test_sentence_is_marked_where_spans_lie_in_it() -> None:
    sentence = SentenceRead(start=10, end=16, text="侵权风险排查")
    spans = [SpanRead(start=8, end=12), SpanRead(start=14, end=30), SpanRead(start=40, end=41)]
    assert marked(sentence, spans) == (Run("侵权", True), Run("风险"), Run("排查", True))
    shortened = SentenceRead(start=10, end=30, text="侵权风险排查")
    assert marked(shortened, spans) == plain("侵权风险排查")


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("拟出口,含欧洲(德,法):方案;", "拟出口，含欧洲（德，法）：方案；"),
        ("1,000万元,10:30开会!", "1,000万元，10:30开会！"),
        ("GB/T 33251(2016)第3条", "GB/T 33251(2016)第3条"),
        ("见 https://a.example:8080/?x=1,2", "见 https://a.example:8080/?x=1,2"),
        ("(a(b)", "(a(b)"),
    ],
)
def test_chinese_gets_its_own_marks_back_in_place(narrow: str, wide: str) -> None:
    assert with_chinese_marks(narrow) == wide
    assert len(wide) == len(narrow)


def test_marked_runs_get_chinese_marks_at_their_ends() -> None:
    sentence = SentenceRead(text="出口,欧洲", start=0, end=5)
    runs = marked(sentence, [SpanRead(start=0, end=2)])
    assert runs == (Run("出口", is_marked=True), Run("，欧洲"))


@pytest.mark.parametrize(
    ("version", "said"),
    [("draft-1", "第 1 版草案"), ("draft-1+2", "第 1 版草案，本平台其后修改 2 次"), ("x", "x")],
)
def test_taxonomy_is_named_in_words(version: str, said: str) -> None:
    assert taxonomy_said(version) == said


def test_trained_ranker_is_named_by_its_number() -> None:
    assert ranker_said("rk-1") == "本平台训练，编号 rk-1"


def test_breaks_and_tabs_stay_what_they_are() -> None:
    word = docx.Document(BytesIO(write_document(_report("一\n二\t三  四"))))
    assert word.tables[-1].rows[1].cells[1].text == "一\n二\t三  四"
