"""The vocabularies and the description of the algorithm over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response

from api.catalogue import describe_algorithm
from api.dependencies import FRESH, SEARCH, TURN, PartsDep, problem_responses
from api.schemas.algorithm import AlgorithmRead
from api.schemas.taxonomy import IndustryRead, RegionRead, TaxonomyRead
from api.schemas.texts import ClassCode, FilterText, IndustryCode, RegionCode
from models.vocabulary.taxonomy import Scheme

router = APIRouter(prefix="/v1", tags=["词表与算法"], responses=problem_responses(422))


@router.get(
    "/taxonomy",
    summary="全部词表",
    response_model=TaxonomyRead,
    responses={304: {"description": "与已有的相同，没有正文"}},
)
def read_taxonomy(
    parts: PartsDep,
    if_none_match: Annotated[
        str | None, Header(max_length=200, description="上次答复的 ETag。")
    ] = None,
) -> Response:
    """应用场景、产业、地区和各封闭词表的中文名；带 ETag，没有变化时答复 304。"""
    headers = {"ETag": parts.catalogue.etag, "Cache-Control": "no-cache"}
    known = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    if parts.catalogue.etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(parts.catalogue.taxonomy, media_type="application/json", headers=headers)


@router.get("/taxonomy/industries", summary="产业词表的下一级", responses=problem_responses(404))
def list_industries(
    parts: PartsDep,
    scheme: Annotated[Literal[Scheme.SEI, Scheme.GB4754], Query(description="词表。")] = Scheme.SEI,
    parent: Annotated[
        IndustryCode | ClassCode | None, Query(description="上级代码；不填为最上层。")
    ] = None,
    text: Annotated[FilterText, Query(description="名称中的字；填写时不看上级。")] = "",
) -> list[IndustryRead]:
    """按标准的次序返回一个代码的下一级；或各级中名称含有这些字的，最多 50 项。"""
    if text:
        return parts.catalogue.find_industries(scheme, text)
    return parts.catalogue.industries(scheme, parent)


@router.get(
    "/taxonomy/regions", summary="行政区划：下一级或按名称查找", responses=problem_responses(404)
)
def list_regions(
    parts: PartsDep,
    parent: Annotated[RegionCode | None, Query(description="上级代码；不填为省级。")] = None,
    text: Annotated[FilterText, Query(description="名称中的字；填写时不看上级。")] = "",
) -> list[RegionRead]:
    """返回一个行政区划的下一级；或各级中名称含有这些字的，最多 50 项，自身名称含有的在前。"""
    if text:
        return parts.catalogue.find_regions(text)
    return parts.catalogue.regions(parent)


@router.get(
    "/algorithms",
    summary="匹配是怎样做的",
    dependencies=[FRESH, SEARCH, TURN],
    responses=problem_responses(503),
)
def read_algorithms(parts: PartsDep) -> AlgorithmRead:
    """每个特征的含义和权重、每条规则、分档线和各组成部分的版本。"""
    return describe_algorithm(parts.service)
