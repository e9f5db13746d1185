"""What is on screen as a file: the same filters, the same rows, XLSX or CSV."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.dependencies import FRESH, SEARCH, IdPath, PartsDep, problem_responses
from api.exchange.columns import ImportKind
from api.exchange.limits import ASKED_EXPORT_ROWS
from api.exchange.types import FileFormat
from api.routes.files import SHEET_ANSWERS, file_answer
from api.routes.filters import CaseFilters, DemandFilters, InteractionFilters, ProviderFilters
from api.routes.options import OptionsQuery
from api.schemas.imports import SheetFormat
from models import interactions as stored
from models import repository
from models.conditions import equals
from models.provider import Capability, Provider
from models.vocabulary.matching import Direction

router = APIRouter(
    prefix="/v1",
    tags=["导出"],
    default_response_class=Response,
    responses=SHEET_ANSWERS | problem_responses(401, 403, 422, 503, 507),
)

_Format = Annotated[SheetFormat, Query(alias="format", description="xlsx 或 csv。")]


@router.get("/demands/export", summary="导出需求")
def export_demands(
    parts: PartsDep, where: DemandFilters, format_: _Format = SheetFormat.XLSX
) -> Response:
    """条件和看得到的行同 `/v1/demands`；列名可以再导入，“〔只读〕”的列除外。最多 5000 条。"""
    return _rows(parts, ImportKind.DEMANDS, where, format_, "需求")


@router.get("/providers/export", summary="导出服务机构")
def export_providers(
    parts: PartsDep, where: ProviderFilters, format_: _Format = SheetFormat.XLSX
) -> Response:
    """条件和看得到的行同 `/v1/providers`；不含服务能力。最多 5000 条。"""
    return _rows(parts, ImportKind.PROVIDERS, where, format_, "服务机构")


@router.get("/cases/export", summary="导出案例")
def export_cases(
    parts: PartsDep, where: CaseFilters, format_: _Format = SheetFormat.XLSX
) -> Response:
    """条件和看得到的行同 `/v1/cases`。最多 5000 条。"""
    return _rows(parts, ImportKind.CASES, where, format_, "案例")


@router.get(
    "/providers/{id}/capabilities/export",
    summary="导出机构的能力",
    responses=problem_responses(404),
)
def export_capabilities(
    provider_id: IdPath, parts: PartsDep, format_: _Format = SheetFormat.XLSX
) -> Response:
    """看得到的行同 `/capabilities`。"""
    with parts.service.database.read() as session:
        repository.get(session, Provider, provider_id)
    where = [equals(Capability.provider_id, provider_id)]
    return _rows(parts, ImportKind.CAPABILITIES, where, format_, "服务能力")


@router.get(
    "/demands/{id}/matches/export",
    summary="导出匹配结果",
    dependencies=[FRESH, SEARCH],
    responses=problem_responses(404),
)
def export_matches(
    demand_id: IdPath, parts: PartsDep, options: OptionsQuery, format_: _Format = SheetFormat.XLSX
) -> Response:
    """条件同 `/matches`：名次、档位、理由、待核实和资格核对；没有分数，没有联系方式。"""
    direction = Direction.DEMAND_TO_PROVIDER
    question = parts.matching.ask_stored(demand_id, direction)
    answer = parts.matching.answer_question(question, direction, options)
    wanted = FileFormat(format_)
    return file_answer(parts.listed.matches(answer, wanted), "匹配结果", wanted)


@router.get("/interactions/export", summary="导出对接")
def export_interactions(
    parts: PartsDep, wanted: InteractionFilters, format_: _Format = SheetFormat.XLSX
) -> Response:
    """条件和看得到的内容同 `/v1/interactions`。最多 5000 条。"""
    with parts.service.database.read() as session:
        found = stored.interactions_page(session, wanted, None, ASKED_EXPORT_ROWS + 1)
        shown = parts.interaction_presenter.many(session, found)
    as_format = FileFormat(format_)
    return file_answer(parts.listed.interactions(shown, as_format), "对接", as_format)


def _rows(
    parts: PartsDep,
    kind: ImportKind,
    where: DemandFilters,
    format_: SheetFormat,
    name: str,
) -> Response:
    wanted = FileFormat(format_)
    return file_answer(parts.listed.rows(kind, where, wanted), name, wanted)
