"""The report on a match over HTTP: a Word file, or a page to be printed."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from api.dependencies import FRESH, SEARCH, IdPath, PartsDep, problem_responses
from api.report.page import POLICY, write_page
from api.routes.options import OptionsQuery
from api.routes.session import NO_STORE
from api.schemas.report import ReportFormat

router = APIRouter(prefix="/v1", tags=["需求"], responses=problem_responses(404, 422, 503))

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML: Final = "text/html; charset=utf-8"
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "报告",
        "content": {
            DOCX: {"schema": {"type": "string", "format": "binary"}},
            "text/html": {"schema": {"type": "string"}},
        },
    }
}


@router.get(
    "/demands/{id}/report",
    summary="出具匹配报告",
    dependencies=[FRESH, SEARCH],
    response_class=Response,
    responses=_ANSWERS,
)
def report_demand(
    demand_id: IdPath,
    parts: PartsDep,
    options: OptionsQuery,
    format_: Annotated[
        ReportFormat,
        Query(alias="format", description="docx 是 Word 文件，html 是用来打印的网页。"),
    ] = ReportFormat.HTML,
) -> Response:
    """供会议用：现在重新排一次名并留记录，附依据、理由、资格核对、被排除的机构和签字栏。

    只给需求的发布方和主管方；没有联系方式，没有分数。条件同 `/matches`。
    """
    report = parts.reports.make(demand_id, options)
    if format_ is ReportFormat.HTML:
        headers = {**NO_STORE, "Content-Security-Policy": POLICY}
        return Response(write_page(report), media_type=HTML, headers=headers)
    name = f'attachment; filename="match-report-{report.number}.docx"'
    headers = {**NO_STORE, "Content-Disposition": name}
    from api.report.document import write_document  # takes python-docx along, which few ask for

    return Response(write_document(report), media_type=DOCX, headers=headers)
