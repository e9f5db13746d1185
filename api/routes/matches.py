"""Matching and understanding of texts over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Body, Request

from api.dependencies import FRESH, SEARCH, TURN, Parts, PartsDep, problem_responses
from api.errors import problem_of, request_id_of
from api.schemas import examples
from api.schemas.match import MatchQuery, MatchRequestIn, MatchResponse, NamedAnswer
from api.schemas.preview import PreviewAnswer, PreviewIn, TagsAnswer, TextIn
from api.strict_json import StrictRoute
from models.errors import NavmatchError

router = APIRouter(
    prefix="/v1",
    route_class=StrictRoute,
    responses=problem_responses(400, 413, 415, 422, 503),
)


@router.post(
    "/match", summary="一次提出多个匹配问题", tags=["匹配"], dependencies=[FRESH, SEARCH, TURN]
)
def match(
    body: Annotated[
        MatchRequestIn,
        Body(
            openapi_examples=examples.body_examples(
                one=("一段文字找机构", examples.MATCH),
                two=("带过滤和权重的两个问题", examples.MATCH_TWO),
            )
        ),
    ],
    parts: PartsDep,
    request: Request,
) -> MatchResponse:
    """每个问题各有状态码：一个出错不影响其余。问题可以是存储的记录，也可以是一段文字。"""
    version = parts.matching.version
    responses = {
        name: _answer(parts, query, request_id_of(request)) for name, query in body.queries.items()
    }
    return MatchResponse(version=version, responses=responses)


@router.post("/preview", summary="预览需求", tags=["理解文本"], dependencies=[FRESH, SEARCH, TURN])
def preview(
    body: Annotated[
        PreviewIn,
        Body(openapi_examples=examples.body_examples(text=("一段需求", examples.PREVIEW))),
    ],
    parts: PartsDep,
) -> PreviewAnswer:
    """不存储任何内容：返回标签、读出的事实、缺少的事项、最合适的机构和近乎相同的已有需求。"""
    return parts.understanding.preview(body)


@router.post("/tags", summary="为一段文字打标签", tags=["理解文本"], dependencies=[SEARCH, TURN])
def tag(
    body: Annotated[
        TextIn, Body(openapi_examples=examples.body_examples(text=("一段文字", examples.TEXT)))
    ],
    parts: PartsDep,
) -> TagsAnswer:
    """不存储任何内容：返回应用场景、产业、地区标签和读出的事实，各附依据。"""
    return parts.understanding.tags(body)


def _answer(parts: Parts, query: MatchQuery, request_id: str | None) -> NamedAnswer:
    try:
        return NamedAnswer(status=200, answer=parts.matching.answer(query), problem=None)
    except NavmatchError as error:
        problem = problem_of(error, request_id)
        return NamedAnswer(status=problem.status, answer=None, problem=problem)
