"""`navmatch match`: one question answered in a table, or every demand in one run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.checked import checked
from api.cli.console import add_row, output, progress, say, table
from api.cli.remote import answer_of, demand_at, service_at
from api.cli.runs import RunReport, all_demands
from api.exchange.source_keys import find_row
from api.exchange.writing import write_lines
from api.matching import DEMAND_SIDE, Matching
from api.schemas.match import FreeText, MatchAnswer, MatchOptions, MatchQuery, MatchRead
from api.wiring import Service
from models import repository
from models.base import Row
from models.demand import Demand
from models.errors import InvalidInputError, NotFoundError
from models.provider import Provider
from models.vocabulary.matching import Direction

MAX_TEXT_SHOWN = 60


def match(
    ctx: typer.Context,
    demand: Annotated[
        str | None,
        typer.Option(help="需求的编号、业务编号或来源编号。", metavar="编号"),
    ] = None,
    provider: Annotated[
        str | None,
        typer.Option(help="服务机构的编号或来源编号（方向 p2d、p2c）。", metavar="编号"),
    ] = None,
    text: Annotated[str | None, typer.Option(help="一段需求文字，不存储。", metavar="文字")] = None,
    title: Annotated[str | None, typer.Option(help="这段文字的标题。", metavar="文字")] = None,
    all_: Annotated[bool, typer.Option("--all", help="为库中每一条需求匹配。")] = False,
    direction: Annotated[
        Direction,
        typer.Option(
            help="d2p 需求找机构，p2d 机构找需求，d2d 相似需求，d2c 需求找案例，p2c 机构找案例。",
            metavar="方向",
        ),
    ] = Direction.DEMAND_TO_PROVIDER,
    k: Annotated[
        int, typer.Option("--k", "-k", help="最多几条结果，1 至 50。", metavar="条数")
    ] = 10,
    json_file: Annotated[
        Path | None,
        typer.Option(
            "--json", help="完整结果写到这个文件（--all 时每行一条需求）。", metavar="文件"
        ),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(help="问这个地址上的服务，不打开本机的数据。", metavar="地址"),
    ] = None,
    key_file: Annotated[
        Path | None,
        typer.Option(help="存放密钥的文件，配合 --server。", metavar="文件"),
    ] = None,
) -> int:
    """Answer one question, or one for every demand."""
    if sum((demand is not None, provider is not None, text is not None, all_)) != 1:
        raise InvalidInputError("请在 --demand、--provider、--text、--all 中恰好选一个。")
    if all_ and direction not in DEMAND_SIDE:
        raise InvalidInputError("--all 为每条需求匹配，方向只能是 d2p、d2d 或 d2c。")
    free = checked(FreeText, title=title, text=text) if text is not None else None
    if server is not None or key_file is not None:
        answer = _ask_server((server, key_file), demand or provider, free, direction, k)
    else:
        with ctx.obj.service() as service:
            matching = Matching(service)
            if all_:
                options = _options(k, explain=True)
                return _match_all(service, matching, direction, options, json_file)
            row_id = _find(service, demand or provider, direction)
            answer = matching.answer(_query(row_id, free, direction, k))
    show_answer(answer)
    if json_file is not None:
        json_file.write_text(answer.model_dump_json(indent=1) + "\n", encoding="utf-8")
        say(f"完整结果：{json_file}")
    return 0


def show_answer(answer: MatchAnswer) -> None:
    """Print one answer as a table, or why there is none and what would help."""
    query = answer.query
    tags = "、".join(f"{tag.name}" for tag in query.tags[:4]) or "未识别"
    shown = table(
        f"{query.title or query.body[:MAX_TEXT_SHOWN]}\n标签：{tags}",
        "名次",
        "档位",
        "得分",
        "有据",
        "机构或来源",
        "内容",
        "主要理由",
        "待核实",
    )
    for found in answer.matches:
        name = found.organisation.name if found.organisation else found.item.region_name or ""
        add_row(
            shown,
            str(found.rank),
            found.band_label,
            f"{found.score:.3f}",
            f"{found.coverage:.0%}",
            name,
            found.item.title,
            main_reason(found),
            _first([s.text for s in found.explanation.unknowns]) if found.explanation else "",
        )
    if answer.matches:
        output().print(shown)
    if answer.no_good_match is not None:
        say(answer.no_good_match.message)
        for advice in answer.no_good_match.advice:
            say(f"  · {advice}")


def main_reason(found: MatchRead) -> str:
    """Return the first thing that speaks for a result."""
    if found.explanation is None:
        return ""
    reasons = [statement.text for statement in found.explanation.reasons_for]
    return _first(reasons) or found.explanation.summary


def _first(texts: list[str]) -> str:
    return texts[0] if texts else ""


def _match_all(
    service: Service,
    matching: Matching,
    direction: Direction,
    options: MatchOptions,
    json_file: Path | None,
) -> int:
    report = RunReport()
    lines = _answers(service, matching, direction, options, report)
    if json_file is None:
        for _ in lines:
            pass
    else:
        write_lines(json_file, lines)
    report.show()
    if json_file is not None:
        say(f"每条需求的结果：{json_file}")
    return 0


def _answers(
    service: Service,
    matching: Matching,
    direction: Direction,
    options: MatchOptions,
    report: RunReport,
) -> Iterator[dict[str, Any]]:
    """Yield the answer to every demand, stored ones in any state included."""
    with service.database.read() as session:
        total = repository.count(session, Demand)
    with progress("正在匹配", total) as told:
        for done, (demand, is_rejected) in enumerate(all_demands(service), start=1):
            question = matching.ask_stored(demand.id, direction)
            answer = matching.answer_question(question, direction, options)
            report.add(answer, is_rejected=is_rejected)
            told(done, total)
            yield {
                "id": demand.id,
                "source_ref": demand.source_ref,
                "title": demand.title,
                "is_navigation": not is_rejected,
                "no_good_match": answer.no_good_match.reason if answer.no_good_match else None,
                "matches": [_line(found) for found in answer.matches],
            }


def _line(found: MatchRead) -> dict[str, Any]:
    return {
        "rank": found.rank,
        "id": found.item.id,
        "group_id": found.item.group_id,
        "name": found.organisation.name if found.organisation else None,
        "title": found.item.title,
        "band": found.band.value,
        "score": round(found.score, 6),
        "reason": main_reason(found),
    }


def _ask_server(
    where: tuple[str | None, Path | None],
    word: str | None,
    free: FreeText | None,
    direction: Direction,
    k: int,
) -> MatchAnswer:
    """Return the answer of a running service."""
    server, key_file = where
    if server is None or key_file is None:
        raise InvalidInputError("--server 和 --key-file 要一起给出。")
    if word is None and free is None:
        raise InvalidInputError("--server 不能和 --all 一起用，请逐条提问。")
    with service_at(server, key_file) as client:
        row_id = word
        if word is not None and direction in DEMAND_SIDE:
            row_id = demand_at(client, word)
        return answer_of(client, _query(row_id, free, direction, k))


def _query(row_id: str | None, free: FreeText | None, direction: Direction, k: int) -> MatchQuery:
    return checked(MatchQuery, direction=direction, id=row_id, text=free, k=k)


def _options(k: int, *, explain: bool) -> MatchOptions:
    return checked(MatchOptions, k=k, explain=explain)


def _find(service: Service, word: str | None, direction: Direction) -> str | None:
    if word is None:
        return None
    table_: type[Row] = Demand if direction in DEMAND_SIDE else Provider
    with service.database.read() as session:
        row: Row | None = find_row(session, table_, word)
        if row is None and table_ is Demand:
            numbered = repository.page(
                session, Demand, after=None, limit=1, where=[Demand.demand_no == word]
            )
            row = numbered[0] if numbered else None
    if row is None or row.deleted_at is not None:
        noun = "需求" if table_ is Demand else "服务机构"
        raise NotFoundError(f"没有编号为 {word} 的{noun}。可用 navmatch export 查看现有编号。")
    return row.id
