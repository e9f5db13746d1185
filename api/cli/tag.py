"""`navmatch tag`: texts of a file with the tags read from them; nothing is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api.cli.console import complain, progress, say
from api.exchange.jsonl import open_lines
from api.exchange.limits import LINES_LIMITS
from api.exchange.types import FileRefusedError, RawRow, RowFile
from api.exchange.writing import write_lines
from api.vocabularies import Vocabularies
from api.wiring import make_annotator, today_in_china
from indexer.annotate.annotate import Annotator
from indexer.annotate.types import Annotations, Tag
from indexer.documents import REJECT_CODE
from indexer.embed import Embedder, RecentVectors
from indexer.text import clean
from models.errors import NavmatchError

BATCH_LINES: Final = 64
MAX_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Text:
    """A line of a file: what it calls itself, and its two parts, canonical."""

    key: Any
    title: str
    body: str


def tag(
    ctx: typer.Context,
    source: Annotated[
        Path,
        typer.Option("--in", help='JSONL，每行 {"id","title","text"}。', metavar="文件"),
    ],
    target: Annotated[
        Path, typer.Option("--out", help="结果写到哪个 JSONL 文件。", metavar="文件")
    ],
) -> int:
    """Tag every text of a file, in its order; lines that cannot be read are left out."""
    bad: list[str] = []
    texts = read_texts(source, "正在标注", bad)
    embedder = Embedder(ctx.obj.encoder(), RecentVectors())
    annotator = make_annotator(Vocabularies.load(), embedder, today_in_china)
    n_tagged = write_lines(target, _tagged(texts, annotator))
    say(f"已标注 {n_tagged} 条，写到 {target}。")
    return tell_bad(bad, "标注", n_tagged)


def read_texts(source: Path, doing: str, bad: list[str]) -> Iterator[Text]:
    """Return the texts of a file in their order, read as they are asked for.

    Args:
        source: JSONL.
        doing: What is done with them, for the progress.
        bad: Takes a sentence for each line that cannot be read.

    Raises:
        FileRefusedError: there is no such file, or it is no JSONL.
    """
    if not source.is_file():
        raise FileRefusedError(f"找不到文件 {source}，请检查路径。")
    return _texts(open_lines(source, LINES_LIMITS), doing, bad)


def tell_bad(bad: list[str], doing: str, n_done: int) -> int:
    """Say which lines could not be read; return the exit code."""
    for message in bad[:MAX_SHOWN]:
        complain(message)
    if bad:
        complain(f"共 {len(bad)} 行不能{doing}，已跳过。")
    return int(bool(bad) and n_done == 0)


def _texts(rows: RowFile, doing: str, bad: list[str]) -> Iterator[Text]:
    with progress(doing, rows.n_rows) as told:
        for n_read, row in enumerate(rows.rows, start=1):
            try:
                yield _text_of(row)
            except NavmatchError as error:
                bad.append(f"第 {row.number} 行：{error.message}")
            told(n_read, rows.n_rows)


def _tagged(texts: Iterator[Text], annotator: Annotator) -> Iterator[dict[str, Any]]:
    while batch := list(islice(texts, BATCH_LINES)):
        found = annotator.annotate_many([(text.title, text.body) for text in batch])
        yield from (_line(t, a) for t, a in zip(batch, found, strict=True))


def _text_of(row: RawRow) -> Text:
    if row.problem is not None:
        raise FileRefusedError(row.problem.message)
    if "id" not in row.cells:
        raise FileRefusedError("缺少 id。")
    title, body = _part(row.cells, "title"), _part(row.cells, "text")
    if not (title or body):
        raise FileRefusedError("title 和 text 都是空的。")
    return Text(row.cells["id"], title, body)


def _part(cells: Mapping[str, Any], name: str) -> str:
    value = cells.get(name, "")
    if not isinstance(value, str):
        raise FileRefusedError(f"{name} 应是文字。")
    return clean(value, min_chars=0).canonical


def _line(text: Text, found: Annotations) -> dict[str, Any]:
    return {
        "id": text.key,
        "primary": found.scenarios[0].code if found.scenarios else REJECT_CODE,
        "scenarios": [_shown(tag) for tag in found.scenarios],
        "industries": [{"scheme": tag.scheme.value, **_named(tag)} for tag in found.industries],
        "region": _named(found.regions[0]) if found.regions else None,
    }


def _shown(tag: Tag) -> dict[str, Any]:
    return {
        "code": tag.code,
        "confidence": tag.confidence,
        "evidence": [asdict(evidence) for evidence in tag.evidence],
    }


def _named(tag: Tag) -> dict[str, Any]:
    return {"code": tag.code, "name": tag.name, **_shown(tag)}
