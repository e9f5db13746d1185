"""A small table in the form of the IPC, in words of our own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from api.ipc_tables import KeptTable
from indexer.encoder import Encoder
from matcher.ipc import IpcEntry, IpcJudge
from matcher.ranker import Certainty

EASY: Final = IpcJudge(Certainty(slope=50.0, offset=0.0), least_cosine=-1.0)
"""Believes whatever lies ahead at all."""

SUBJECTS: Final = {
    "H01M": ("锂离子电池", "燃料电池电堆", "铅酸蓄电池", "电池外壳"),
    "A47C": ("折叠椅子", "躺椅靠背", "床垫弹簧", "沙发框架"),
    "H01Q": ("基站天线", "相控阵天线", "天线罩", "天线馈源"),
    "C09D": ("防腐涂料", "水性涂料", "粉末涂料", "阻燃涂料"),
    "B60L": ("电动汽车充电", "车载充电机", "再生制动", "受电弓"),
}
WAYS: Final = ("的制造方法", "的检测装置", "的安装结构", "的控制电路")


def ipc_rows() -> list[tuple[str, str]]:
    """Codes and titles: a subclass with sixteen main groups for each subject."""
    rows = []
    for code, subjects in SUBJECTS.items():
        rows.append((code, "、".join(subjects)))
        titles = [f"{subject}{way}" for subject in subjects for way in WAYS]
        rows += [(f"{code}{n}/00", title) for n, title in enumerate(titles, start=1)]
    return rows


def write_table(path: Path, rows: Sequence[tuple[str, str]] | None = None) -> Path:
    """Write a table as TSV."""
    lines = ["code\ttitle", *(f"{c}\t{t}" for c, t in (ipc_rows() if rows is None else rows))]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def keep_table(path: Path, encoder: Encoder) -> None:
    """Keep the table as an import does, with a judge that believes every clear lead."""
    entries = tuple(IpcEntry(code, title) for code, title in ipc_rows())
    vectors = encoder.encode_documents([entry.title for entry in entries])
    KeptTable(entries, vectors, encoder.fingerprint, EASY).write(path)
