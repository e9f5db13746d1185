"""A report as a page to be printed: A4, no script, and a policy that lets nothing be loaded."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Final

from api.report.blocks import (
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
    Line,
    Paragraph,
    Report,
    printable,
)

STYLE: Final = """
@page { size: A4; margin: 20mm 18mm 18mm;
  @bottom-center { content: counter(page) " / " counter(pages); font-size: 9pt; } }
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; color: #1a1a1a; background: #eceff3; overflow-wrap: anywhere;
  font: 10.5pt/1.6 "SimSun", "Songti SC", "Noto Serif CJK SC", "Noto Sans CJK SC", serif; }
main { width: 210mm; max-width: 100%; margin: 16px auto; padding: 20mm 18mm; background: #fff; }
h1, h2, h3, h4, th, .hint { font-family: "SimHei", "Heiti SC", "Noto Sans CJK SC", sans-serif; }
h1 { margin: 0 0 12pt; font-size: 20pt; text-align: center; }
h2 { margin: 16pt 0 6pt; font-size: 14pt; border-bottom: 1px solid #1a1a1a; }
h3 { margin: 14pt 0 4pt; font-size: 12pt; }
h4 { margin: 8pt 0 2pt; font-size: 10.5pt; }
h1, h2, h3, h4 { break-after: avoid; }
p { margin: 4pt 0; white-space: pre-line; orphans: 2; widows: 2; }
.notice { padding: 6pt 8pt; border: 1px solid #1a1a1a; }
.note { color: #444; }
ul { margin: 0; padding-left: 1.6em; }
table { width: 100%; margin: 6pt 0; border-collapse: collapse; table-layout: fixed; }
thead { display: table-header-group; }
tr, .kept { break-inside: avoid; }
.new { break-before: page; }
th, td { padding: 3pt 5pt; border: 1px solid #767676; text-align: left; vertical-align: top; }
td { white-space: pre-line; }
thead th { background: #eee; print-color-adjust: exact; }
.facts th { width: 24%; font-weight: normal; background: #f6f6f6; }
mark { color: inherit; background: none; font-weight: bold; text-decoration: underline; }
.hint { max-width: 210mm; margin: 16px auto 0; padding: 0 18mm; color: #333; }
@media print { body { background: none; } main { width: auto; margin: 0; padding: 0; }
  .hint { display: none; } }
@media screen and (max-width: 600px) { main { padding: 16px; } .hint { padding: 0 16px; } }
"""
_STYLE_HASH: Final = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_HINT: Final = "用浏览器的打印功能（Ctrl+P）打印，或另存为 PDF。"


def write_page(report: Report) -> str:
    """Return the page; every text is text in it."""
    content = "\n".join(_block(block) for block in report.blocks)
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{_text(report.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<p class="hint">{_HINT}</p>\n<main>\n{content}\n</main>\n</body>\n</html>\n'
    )


def _block(block: Block) -> str:
    match block:
        case Heading(text, level, starts_page):
            new = ' class="new"' if starts_page else ""
            return f"<h{level}{new}>{_text(text)}</h{level}>"
        case Paragraph(text, tone):
            return f'<p class="{tone}">{_text(text)}</p>'
        case Bullets(title, items):
            listed = "".join(f"<li>{_text(item)}</li>" for item in items)
            return f"<h4>{_text(title)}</h4>\n<ul>{listed}</ul>"
        case Facts(rows, is_kept):
            kept = " kept" if is_kept else ""
            return f'<table class="facts{kept}"><tbody>{"".join(map(_fact, rows))}</tbody></table>'
        case Grid():
            return _grid(block)


def _fact(row: tuple[str, str]) -> str:
    name, value = row
    return f'<tr><th scope="row">{_text(name)}</th><td>{_text(value)}</td></tr>'


def _grid(grid: Grid) -> str:
    columns = "".join(f'<col width="{width}%">' for width in grid.widths)
    headings = "".join(f'<th scope="col">{_text(name)}</th>' for name in grid.headings)
    rows = "".join(
        f"<tr>{''.join(f'<td>{_line(cell)}</td>' for cell in row)}</tr>" for row in grid.rows
    )
    kept = ' class="kept"' if grid.is_kept else ""
    return (
        f"<table{kept}><colgroup>{columns}</colgroup><thead><tr>{headings}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _line(line: Line) -> str:
    return "".join(
        f"<mark>{_text(run.text)}</mark>" if run.is_marked else _text(run.text) for run in line
    )


def _text(text: str) -> str:
    return escape(printable(text))
