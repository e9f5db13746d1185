"""Importing sheets over HTTP: a template, looking through, importing, giving back."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from api.dependencies import (
    Cursor,
    IdPath,
    Limit,
    PartsDep,
    PrincipalDep,
    problem_responses,
)
from api.errors import BodyRejectedError
from api.exchange.columns import ImportKind
from api.exchange.import_rights import CREATES
from api.exchange.templates import KIND_NAMES, template_of
from api.exchange.types import FileFormat
from api.exchange.uploading import Upload
from api.exchange.writing import template_bytes
from api.identity.principal import Principal
from api.permission import check
from api.routes.files import MEDIA_TYPES, SHEET_ANSWERS, SHEET_BODY, file_answer
from api.routes.paths import BY_KEY
from api.schemas.base import MAX_INT, Page, Total
from api.schemas.imports import ImportRead, RowProblemPage, RowProblemRead
from api.schemas.texts import Line
from models.import_job import MAX_SHEET_CHARS, ImportJob
from models.labels import Labels

router = APIRouter(
    prefix="/v1/imports", tags=["导入"], responses=problem_responses(401, 403, 404, 422, 503)
)

_SENT_AS: Final = frozenset(
    {*MEDIA_TYPES.values(), "application/vnd.ms-excel", "application/octet-stream"}
)
_LABELS: Final = Labels.load()

_Kind = Annotated[
    ImportKind,
    Query(
        description="内容：demands 需求、providers 服务机构、capabilities 服务能力、cases 案例。",
        examples=["demands"],
    ),
]
_SheetName = Annotated[
    Line | None, Query(max_length=MAX_SHEET_CHARS, description="XLSX 中的工作表名；不填读第一个。")
]


async def read_upload(
    request: Request,
    kind: _Kind,
    name: Annotated[Line, Query(description="文件名，给人看的。")] = "表格",
    sheet: _SheetName = None,
) -> Upload:
    """Return the file a request carries.

    Raises:
        BodyRejectedError: it says that it carries something else.
    """
    sent_as = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent_as not in _SENT_AS:
        raise BodyRejectedError(
            "unsupported_media_type", "请求正文应为 XLSX 或 CSV 文件本身。", status=415
        )
    return Upload(kind, name, sheet, await request.body())


@router.get("/template", summary="下载空白表格", response_class=Response, responses=SHEET_ANSWERS)
def read_import_template(kind: _Kind, parts: PartsDep) -> Response:
    """XLSX：空白表带下拉列表，另有“示例”和“填写说明”两张表；导入时只读第一张。"""
    template = template_of(kind, parts.service.vocabularies, parts.service.today())
    return file_answer(template_bytes(template), f"{template.title}-空白表", FileFormat.XLSX)


@router.post(
    "",
    status_code=202,
    summary="上传表格",
    openapi_extra=SHEET_BODY,
    responses=problem_responses(400, 409, 413, 415, 507),
)
def start_import(
    upload: Annotated[Upload, Depends(read_upload)],
    principal: PrincipalDep,
    request: Request,
    parts: PartsDep,
) -> ImportRead:
    """正文就是 XLSX 或 CSV 文件，最大 10 MiB。先逐行检查，什么也不写入；检查在后台做。

    记录属于上传者的单位。能登记一条的，才能导入一份。
    """
    _check(upload.kind, principal, request)
    return _shown(parts.uploads.take(upload))


@router.get("", summary="列出上传的表格")
def list_imports(parts: PartsDep, cursor: Cursor = None, limit: Limit = 20) -> Page[ImportRead]:
    """本单位上传的，新的在前；保留 30 天，最多 20 份。"""
    jobs, total = parts.uploads.page(cursor, limit + 1)
    return Page(
        items=[_shown(job) for job in jobs[:limit]],
        next_cursor=jobs[limit - 1].id if len(jobs) > limit else None,
        total=Total(value=total),
    )


@router.get(BY_KEY, summary="导入的进展")
def read_import(import_id: IdPath, parts: PartsDep) -> ImportRead:
    """处理了多少行；检查完后，各列当作哪一项、前几行读出来的样子、各有多少行。"""
    return _shown(parts.uploads.find(import_id))


@router.get("/{id}/problems", summary="每一处问题")
def list_import_problems(
    import_id: IdPath,
    parts: PartsDep,
    after: Annotated[int, Query(ge=0, le=MAX_INT, description="从这一行之后列起。")] = 0,
    limit: Limit = 20,
) -> RowProblemPage:
    """被拒绝的行的全部问题，指出行、单元格和改法；一页最多 50 行。"""
    job = parts.uploads.find(import_id)
    found = parts.uploads.refusals(import_id, after, limit + 1)
    shown = found[:limit]
    return RowProblemPage(
        items=[RowProblemRead(row=row.row, **problem) for row in shown for problem in row.problems],
        next_after=shown[-1].row if len(found) > limit else None,
        n_refused=job.n_refused,
    )


@router.get(
    "/{id}/sheet",
    summary="退回的表格",
    response_class=Response,
    responses=SHEET_ANSWERS | problem_responses(409),
)
def read_import_sheet(import_id: IdPath, parts: PartsDep) -> Response:
    """上传的原表，末尾多一列“〔只读〕错误”；改好后可以原样再上传。"""
    returned = parts.uploads.marked(import_id)
    return file_answer(returned.content, returned.name, returned.format)


@router.post(
    "/{id}/run", status_code=202, summary="确认导入", responses=problem_responses(409, 507)
)
def run_import(
    import_id: IdPath, principal: PrincipalDep, request: Request, parts: PartsDep
) -> ImportRead:
    """检查完后写入，在后台做；有问题的行不写入。中断后自己接着做，不会重复。"""
    _check(ImportKind(parts.uploads.find(import_id).kind), principal, request)
    return _shown(parts.uploads.run(import_id))


@router.delete(BY_KEY, status_code=204, summary="删去上传的表格")
def drop_import(import_id: IdPath, parts: PartsDep) -> None:
    """文件和问题列表一并删去；正在导入的就此停下，已经写入的行保留。"""
    parts.uploads.drop(import_id)


def _check(kind: ImportKind, principal: Principal, request: Request) -> None:
    """Refuse who may not store one row of a kind."""
    second_factor = request.app.state.settings.second_factor
    check(CREATES[kind], principal, second_factor=second_factor)


def _shown(job: ImportJob) -> ImportRead:
    told = job.told
    return ImportRead(
        id=job.id,
        kind=job.kind,
        kind_label=KIND_NAMES[ImportKind(job.kind)],
        name=job.name,
        state=job.state,
        state_label=_LABELS.of(job.state),
        n_rows=job.n_rows,
        n_done=job.n_done,
        n_created=job.n_created,
        n_updated=job.n_updated,
        n_unchanged=job.n_unchanged,
        n_refused=job.n_refused,
        note=told.get("note", ""),
        fault=job.fault,
        columns=told.get("columns", []),
        unknown=told.get("unknown", []),
        preview=told.get("preview", []),
        created_at=job.created_at,
        begun_at=job.begun_at,
        ended_at=job.ended_at,
    )
