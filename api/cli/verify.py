"""`navmatch verify`: whether rows are as they were written, and the index as the rows."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from api.cli.console import complain, output, progress, say, waiting
from api.verifying import IndexVerdict, Verdict, Verifier
from indexer.comparison import DifferenceKind
from models.verification import RowFaultKind

MAX_SHOWN: Final = 20

_ROW_FAULTS: Final = {
    RowFaultKind.CHANGED: "内容与校验值不符",
    RowFaultKind.UNREADABLE: "有读不出的值",
    RowFaultKind.UNSEALED: "没有校验值（旧版本写入）",
    RowFaultKind.UNSOUND: "数据库文件自检未通过",
}
_DIFFERENCES: Final = {
    DifferenceKind.MISSING: "数据库里有，索引里没有",
    DifferenceKind.EXTRA: "索引里有，数据库里没有",
    DifferenceKind.DUPLICATE: "索引里重复",
    DifferenceKind.CHANGED: "内容不同",
    DifferenceKind.VECTORS: "向量不同",
    DifferenceKind.POSTINGS: "检索用的字词与正文不符",
}


def verify(
    ctx: typer.Context,
    repair: Annotated[
        bool, typer.Option("--repair", help="重建索引，补上校验值，重算损坏的向量。")
    ] = False,
    accept: Annotated[
        bool,
        typer.Option("--accept", help="内容已由人核对无误：承认与校验值不符的记录的现有内容。"),
    ] = False,
    rows_only: Annotated[
        bool, typer.Option("--rows-only", help="只核对数据库，不打开编码器，不看索引。")
    ] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="把完整结果写到这个 JSON 文件。", metavar="文件")
    ] = None,
) -> int:
    """Check everything; exit code 1 when something is left to be done."""
    with ctx.obj.store() if rows_only else ctx.obj.readers() as service:
        verifier = Verifier(service)
        verdict = _look(verifier, with_index=not rows_only)
        if repair and not verdict.is_whole:
            with progress("修复") as told:
                verifier.repair(verdict, told)
        if accept:
            say(f"已承认 {verifier.accept(verdict)} 条记录的现有内容。")
        if (repair or accept) and not verdict.is_whole:
            verdict = _look(verifier, with_index=not rows_only)
    if json_file is not None:
        content = json.dumps(_plain(verdict), ensure_ascii=False, indent=1)
        json_file.write_text(content + "\n", encoding="utf-8")
    _show(verdict)
    return int(not verdict.is_whole)


def _look(verifier: Verifier, *, with_index: bool) -> Verdict:
    with progress("核对数据库") as told:
        verdict = verifier.rows(told)
    if not with_index:
        return verdict
    with waiting("正在核对索引…"):
        index = verifier.index()
    return Verdict(verdict.n_rows, verdict.row_faults, index, verifier.files())


def _show(verdict: Verdict) -> None:
    for fault in verdict.row_faults[:MAX_SHOWN]:
        where = " ".join(filter(None, (fault.table, fault.label)))
        complain(f"{where}：{_ROW_FAULTS[fault.kind]}。")
    _say_more(len(verdict.row_faults))
    output().print(f"数据库：核对 {verdict.n_rows} 行，{len(verdict.row_faults)} 处不符。")
    if verdict.index is not None:
        _show_index(verdict.index)
    for damage, error in verdict.damage.items():
        complain(f"{damage}：{error.message}")
    if verdict.is_whole:
        say("全部核对无误。")
    elif replace(verdict, damage={}).is_whole:
        say("数据库和索引核对无误。以上装入的文件请按说明处理，--repair 不改动它们。")
    elif any(f.kind is not RowFaultKind.UNSEALED for f in verdict.row_faults):
        say(
            "不符的记录程序无法判断哪一份是对的：请从备份恢复（navmatch restore），"
            "或人工核对后运行 navmatch verify --accept。向量和索引可用 --repair 重算。"
        )
    else:
        say("请运行 navmatch verify --repair。")


def _show_index(index: IndexVerdict) -> None:
    for name, damage in index.damage.items():
        if damage is not None:
            complain(f"{name}：{damage}")
    for difference in index.differences[:MAX_SHOWN]:
        complain(f"{difference.entity} {difference.id}：{_DIFFERENCES[difference.kind]}。")
    _say_more(len(index.differences))
    if not index.is_equal and not index.differences:
        complain("索引与数据库的内容摘要不同。")
    if not index.damage:
        output().print("索引：尚未建立，首次运行时自动建立。")
    elif index.version is None:
        output().print("索引：没有一代可用。")
    else:
        waiting_note = f"，另有 {index.n_waiting} 条等待编码" if index.n_waiting else ""
        output().print(
            f"索引：{index.version}，核对 {index.n_documents} 条，"
            f"{len(index.differences)} 处不同{waiting_note}。"
        )
        if index.n_unencoded:
            complain(
                f"{index.n_unencoded} 条的文字没能编码，现在只按字词检索得到。"
                "服务启动时和此后每小时会重试；一直不成，请看日志里编码器的错误。"
            )


def _say_more(n_found: int) -> None:
    if n_found > MAX_SHOWN:
        complain(f"以上是前 {MAX_SHOWN} 处，共 {n_found} 处；全部见 --json 文件。")


def _plain(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict for programs."""
    found: dict[str, Any] = {
        "is_whole": verdict.is_whole,
        "n_rows": verdict.n_rows,
        "row_faults": [
            {"table": f.table, "key": f.label, "kind": f.kind} for f in verdict.row_faults
        ],
        "index": None,
        "damage": {damage: error.message for damage, error in verdict.damage.items()},
    }
    if verdict.index is not None:
        found["index"] = {**asdict(verdict.index), "is_whole": verdict.index.is_whole}
    return found
