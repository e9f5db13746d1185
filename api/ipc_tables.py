"""The IPC table of an installation: read from a file of titles, kept with its vectors."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from indexer.annotate.commercial import without_commercial
from indexer.embed import Embedder
from indexer.text import clean
from matcher.ipc import Asked, IpcEntry, IpcJudge, IpcSuggestion, IpcTable
from matcher.ranker import Certainty
from models.checksums import sealed, unsealed, whole_zip
from models.durable import make_folder, write_whole
from models.errors import FileDamagedError, InvalidInputError, NavmatchError, NotFoundError

MAX_BYTES: Final = 20_000_000
MAX_ROWS: Final = 100_000
MAX_TITLE: Final = 500
TITLE_COLUMNS: Final = ("title", "title_zh", "名称")
CODE_COLUMNS: Final = ("code", "分类号")

_UNSEALED: Final = b"PK"
"""How a table begins that was kept before tables had a checksum; its ZIP has one of each array."""

_CODE: Final = re.compile(r"[A-H]\d{2}[A-Z](?:\d{1,4}/\d{2,6})?")
_POINTER: Final = re.compile(r"\([^()]*(?:[A-H]\d{2}[A-Z]|入[A-H]\d{2}|优先)[^()]*\)")
"""A remark in brackets that sends to another class, whose words would mislead."""


@dataclass(frozen=True)
class KeptTable:
    """A table as it is kept.

    Attributes:
        entries: Its rows.
        vectors: Vector of each title, float32 (n, dim).
        fingerprint: Encoder they were made with.
        judge: When its suggestions are believed.
    """

    entries: tuple[IpcEntry, ...]
    vectors: NDArray[np.float32]
    fingerprint: str
    judge: IpcJudge

    def write(self, path: Path) -> None:
        """Write it whole or not at all."""
        make_folder(path.parent)
        about = {"fingerprint": self.fingerprint, "judge": asdict(self.judge)}
        rows = [[e.code, e.title] for e in self.entries]
        buffer = io.BytesIO()
        np.savez(
            buffer,
            allow_pickle=False,
            vectors=self.vectors,
            about=np.frombuffer(json.dumps({**about, "rows": rows}).encode(), np.uint8),
        )
        write_whole(path, sealed(buffer.getvalue()))

    @classmethod
    def read(cls, path: Path, fingerprint: str) -> "KeptTable":
        """Return the table that is kept.

        Raises:
            NotFoundError: none was imported.
            FileDamagedError: it is not what was written.
            InvalidInputError: it was imported under another encoder.
        """
        if not path.exists():
            raise NotFoundError("还没有导入 IPC 表，请先运行 navmatch ipc import。")
        try:
            content = path.read_bytes()
            is_sealed = not content.startswith(_UNSEALED)
            content = unsealed(content) if is_sealed else whole_zip(content)
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                vectors, about = arrays["vectors"], json.loads(arrays["about"].tobytes())
            judge = about["judge"]
            found = cls(
                entries=tuple(IpcEntry(code, title) for code, title in about["rows"]),
                vectors=vectors,
                fingerprint=about["fingerprint"],
                judge=IpcJudge(Certainty(**judge["certainty"]), judge["least_cosine"]),
            )
        except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
            raise FileDamagedError(
                "导入的 IPC 名称表已损坏，请重新导入。", file=path.name
            ) from error
        if found.fingerprint != fingerprint or len(found.vectors) != len(found.entries):
            raise InvalidInputError("IPC 名称表是用另一个编码器导入的，请重新导入。")
        return found


class IpcSuggester:
    """Suggests the subclass of a title and text by a table that is kept."""

    def __init__(self, kept: KeptTable) -> None:
        self._judge = kept.judge
        self._table = IpcTable(kept.entries, kept.vectors)

    def suggest(self, title: str, body: str, embedder: Embedder) -> IpcSuggestion | None:
        """Return the subclass of one text, None where none is likely enough.

        Clauses about money and time limits are not looked at. They say nothing of the field, and
        what is left is the text the scenario tagger has had encoded already.

        Args:
            title: Canonical title; may be empty.
            body: Canonical text without the title; may be empty.
            embedder: With the encoder the table was imported under.
        """
        parts = (title, without_commercial(f"{title}\n{body}"))
        texts = [part for part in parts if part.strip()]
        vectors = embedder.query_vectors(texts)
        asked = [Asked(text, vector) for text, vector in zip(texts, vectors, strict=True)]
        return self._table.suggest(asked, self._judge) if asked else None

    def evidence(self, text: str, found: IpcSuggestion) -> list[tuple[int, int]]:
        """Return where a text has words of the title that speaks for a suggestion."""
        return self._table.shared(text, found.nearest)


def read_titles(path: Path) -> tuple[IpcEntry, ...]:
    """Return the subclasses and main groups of a file: TSV or CSV with a line of names.

    Rows of other levels are left out, and so are titles of which nothing remains.

    Raises:
        InvalidInputError: the file cannot be read, is too large or is no such table.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"IPC 表 {path.name} 无法读取：应为 UTF-8 的文本文件。") from error
    if len(content) > MAX_BYTES:
        raise InvalidInputError(f"IPC 表 {path.name} 太大：至多 {MAX_BYTES // 1_000_000} MB。")
    found = {entry.code: entry for entry in _entries(text)}
    if len(found) > MAX_ROWS or len({e.subclass for e in found.values()}) < 2:
        raise InvalidInputError(
            "IPC 表里要有两个以上小类，至多十万行；需要 code（分类号）和 title（名称）两列。"
        )
    return tuple(found[code] for code in sorted(found))


def _entries(text: str) -> Iterator[IpcEntry]:
    lines = text.splitlines()
    head = lines[0] if lines else ""
    try:
        rows = [line.split("\t") for line in lines] if "\t" in head else list(csv.reader(lines))
    except csv.Error:
        return
    names = rows[0] if rows else []
    code = next((names.index(name) for name in CODE_COLUMNS if name in names), None)
    title = next((names.index(name) for name in TITLE_COLUMNS if name in names), None)
    if code is None or title is None:
        return
    for row in rows[1:]:
        if len(row) > max(code, title) and _CODE.fullmatch(row[code].strip()):
            told = _told(row[title])
            if told:
                yield IpcEntry(row[code].strip(), told)


def _told(title: str) -> str:
    """Return what a title says of its own class."""
    try:
        told = clean(title[: 4 * MAX_TITLE], min_chars=0).canonical
    except NavmatchError:
        return ""
    without = _POINTER.sub("", told)
    while without != told:
        told, without = without, _POINTER.sub("", without)
    return told.strip(" ;,。")[:MAX_TITLE]
