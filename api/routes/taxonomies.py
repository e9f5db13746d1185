"""Changing the scenario taxonomy over HTTP, for the platform operator."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Body, Path

from api.dependencies import SEARCH, PartsDep, problem_responses
from api.schemas import examples
from api.schemas.taxonomy_change import (
    CODE_PATTERN,
    RetaggingRead,
    ScenarioCreate,
    ScenarioWording,
    TaxonomyExport,
    TaxonomyImport,
    TaxonomyVersionRead,
    TaxonomyVersionsRead,
    UnfitDemandRead,
    UnfitGroupRead,
    UnfitRead,
)
from api.strict_json import StrictRoute
from api.taxonomies.report import UnfitReport, report_unfit
from api.taxonomies.unfit import UnfitText
from api.wiring import Service
from models.taxonomy import Scenario
from models.taxonomy_version import Retagging

DEMANDS_SHOWN: Final = 50
"""Of each group, and of those that stand alone."""

router = APIRouter(
    prefix="/v1/taxonomy",
    tags=["词表与算法"],
    route_class=StrictRoute,
    responses=problem_responses(401, 403, 503),
)
_WRITES = problem_responses(400, 409, 413, 415, 422)

_Code = Annotated[str, Path(pattern=CODE_PATTERN, description="场景代码。", examples=["ENT.SEP"])]


@router.get("/versions", summary="场景分类的版本")
def list_taxonomy_versions(parts: PartsDep) -> TaxonomyVersionsRead:
    """现行版本，和本安装做过的每一次改动。"""
    return _versions(parts.service)


@router.get("/export", summary="导出场景分类")
def export_taxonomy(parts: PartsDep) -> TaxonomyExport:
    """全部内容，含已停用的代码；可以原样导回，也可以改好再导回。"""
    live = parts.service.vocabularies.scenarios
    return TaxonomyExport(version=live.version, content=live.to_json())


@router.post("/import", summary="导入场景分类", responses=_WRITES)
def import_taxonomy(
    body: Annotated[
        TaxonomyImport,
        Body(openapi_examples=examples.body_examples(whole=("整份分类", examples.TAXONOMY))),
    ],
    parts: PartsDep,
) -> TaxonomyVersionsRead:
    """整份换上，立即生效；没有列出的代码记为停用，不会丢失。"""
    parts.service.taxonomies.take_over(body.content.model_dump())
    return _versions(parts.service)


@router.post("/scenarios", status_code=201, summary="新增一个场景", responses=_WRITES)
def add_scenario(
    body: Annotated[
        ScenarioCreate,
        Body(openapi_examples=examples.body_examples(one=("一个场景", examples.SCENARIO))),
    ],
    parts: PartsDep,
) -> TaxonomyVersionsRead:
    """立即生效，不用改程序，也不用重启；此前的文本要重新标注才会用上。"""
    parts.service.taxonomies.add(_scenario(body.code, body))
    return _versions(parts.service)


@router.put("/scenarios/{code}", summary="修改一个场景", responses=_WRITES | problem_responses(404))
def change_scenario(
    code: _Code,
    body: Annotated[
        ScenarioWording,
        Body(openapi_examples=examples.body_examples(one=("新的写法", examples.SCENARIO_WORDING))),
    ],
    parts: PartsDep,
) -> TaxonomyVersionsRead:
    """名称、定义、用语和例句整个换上；代码不变。"""
    parts.service.taxonomies.change(_scenario(code, body))
    return _versions(parts.service)


@router.post(
    "/scenarios/{code}/retire", summary="停用一个场景", responses=problem_responses(404, 409, 422)
)
def retire_scenario(code: _Code, parts: PartsDep) -> TaxonomyVersionsRead:
    """此后不再标给新的文本，也不能再选；已经标上的保留。"""
    parts.service.taxonomies.retire(code)
    return _versions(parts.service)


@router.post(
    "/retagging", status_code=202, summary="重新标注", responses=problem_responses(409, 422)
)
def start_retagging(parts: PartsDep) -> RetaggingRead:
    """按现行分类把全部需求、能力和案例的应用场景重新识别一遍，在后台做；由人指定的不动。"""
    return _round(parts.service.retagger.begin_aside())


@router.get("/retagging", summary="重新标注的进展")
def read_retagging(parts: PartsDep) -> RetaggingRead | None:
    """最近一次重新标注做到哪里；还没有做过的为空（null）。"""
    newest = parts.service.retagger.newest()
    return _round(newest) if newest is not None else None


@router.get("/unfit", summary="不合任何场景的需求", dependencies=[SEARCH])
def list_unfit_demands(parts: PartsDep) -> UnfitRead:
    """不属于任何场景、或程序没有把握的需求，按共有的用语归成组：看看该不该新增一个代码。"""
    return _unfit(report_unfit(parts.service.database, parts.service.segmenter))


def _scenario(code: str, body: ScenarioWording) -> Scenario:
    return Scenario(
        code=code,
        zh=body.zh,
        en=body.en,
        definition=body.definition,
        parent=code.partition(".")[0],
        origin="own",
        triggers=tuple(body.triggers),
        examples=tuple(body.examples),
    )


def _versions(service: Service) -> TaxonomyVersionsRead:
    versions = service.taxonomies.versions()
    names = service.identity.people.called(made.made_by for made in versions)
    return TaxonomyVersionsRead(
        version=service.vocabularies.scenarios.version,
        items=[
            TaxonomyVersionRead(
                number=made.number,
                act=made.act,
                code=made.code,
                made_by=names.get(made.made_by or "", made.made_by),
                made_at=made.made_at,
            )
            for made in versions
        ],
    )


def _round(found: Retagging) -> RetaggingRead:
    return RetaggingRead(
        id=found.id,
        taxonomy=found.taxonomy,
        state=found.state,
        n_total=found.n_total,
        n_done=found.n_done,
        n_changed=found.n_changed,
        n_kept=found.n_kept,
        n_rejected=found.n_rejected,
        begun_at=found.begun_at,
        ended_at=found.ended_at,
    )


def _unfit(report: UnfitReport) -> UnfitRead:
    return UnfitRead(
        n_demands=report.n_demands,
        n_rejected=report.n_rejected,
        n_unsure=report.n_unsure,
        n_alone=len(report.alone),
        groups=[
            UnfitGroupRead(
                words=list(found.words),
                n_demands=len(found.members),
                demands=_unfit_demands(found.members),
            )
            for found in report.groups
        ],
        alone=_unfit_demands(report.alone),
    )


def _unfit_demands(found: Sequence[UnfitText]) -> list[UnfitDemandRead]:
    return [
        UnfitDemandRead(
            id=text.id, title=text.title, code=text.code, confidence=round(text.confidence, 4)
        )
        for text in found[:DEMANDS_SHOWN]
    ]
