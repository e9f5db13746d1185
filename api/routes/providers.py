"""Providers over HTTP, and the capabilities registered under them."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from api.dependencies import (
    FRESH,
    SEARCH,
    TURN,
    Cursor,
    DeleteReason,
    IdPath,
    Limit,
    Parts,
    PartsDep,
    problem_responses,
)
from api.listing import list_rows
from api.routes.filters import ProviderFilters
from api.routes.options import OptionsQuery
from api.routes.paths import BY_KEY
from api.schemas import examples
from api.schemas.base import Page
from api.schemas.capability import CapabilityCreate, CapabilityRead
from api.schemas.match import MatchAnswer
from api.schemas.provider import ProviderCreate, ProviderRead, ProviderUpdate
from api.strict_json import StrictRoute
from models import repository
from models.provider import Provider
from models.vocabulary.matching import Direction

router = APIRouter(
    prefix="/v1/providers",
    tags=["服务机构"],
    route_class=StrictRoute,
    responses=problem_responses(404, 422, 503),
)

_WRITES = problem_responses(400, 409, 413, 415, 507)


@router.post("", status_code=201, summary="登记服务机构", responses=_WRITES, dependencies=[SEARCH])
def create_provider(
    body: Annotated[
        ProviderCreate,
        Body(openapi_examples=examples.body_examples(one=("带一项能力", examples.PROVIDER))),
    ],
    parts: PartsDep,
    response: Response,
) -> ProviderRead:
    """登记机构和随附的服务能力（最多 50 项），立即参加匹配；没有填写的事实视为未知。"""
    provider = parts.service.intake.providers.create(body)
    response.headers["Location"] = f"/v1/providers/{provider.id}"
    return _show(parts, provider.id)


@router.get("", summary="列出服务机构")
def list_providers(
    parts: PartsDep, where: ProviderFilters, cursor: Cursor = None, limit: Limit = 20
) -> Page[ProviderRead]:
    """新的在前；各条件须同时满足。"""
    return list_rows(
        parts.service.database, Provider, where, (cursor, limit), parts.presenter.providers
    )


@router.get(BY_KEY, summary="读取服务机构")
def read_provider(provider_id: IdPath, parts: PartsDep) -> ProviderRead:
    """返回机构信息；能力另见 /capabilities。"""
    return _show(parts, provider_id)


@router.patch(BY_KEY, summary="修改服务机构", responses=_WRITES)
def change_provider(
    provider_id: IdPath,
    body: Annotated[
        ProviderUpdate,
        Body(openapi_examples=examples.body_examples(some=("改余力", examples.PROVIDER_CHANGE))),
    ],
    parts: PartsDep,
) -> ProviderRead:
    """只改传来的字段；版本号不符时答复 409。"""
    parts.service.intake.providers.change(provider_id, body)
    return _show(parts, provider_id)


@router.post("/{id}/publish", summary="恢复服务", responses=_WRITES)
def publish_provider(provider_id: IdPath, parts: PartsDep) -> ProviderRead:
    """暂停的机构重新参加匹配。"""
    parts.service.intake.providers.activate(provider_id)
    return _show(parts, provider_id)


@router.post("/{id}/pause", summary="暂停服务", responses=_WRITES)
def pause_provider(provider_id: IdPath, parts: PartsDep) -> ProviderRead:
    """暂不参加匹配。"""
    parts.service.intake.providers.pause(provider_id)
    return _show(parts, provider_id)


@router.post("/{id}/withdraw", summary="退出", responses=_WRITES)
def withdraw_provider(provider_id: IdPath, parts: PartsDep) -> ProviderRead:
    """退出后不再参加匹配，不能恢复。"""
    parts.service.intake.providers.withdraw(provider_id)
    return _show(parts, provider_id)


@router.delete(BY_KEY, status_code=204, summary="删除服务机构")
def delete_provider(provider_id: IdPath, parts: PartsDep, reason: DeleteReason = None) -> None:
    """连同其能力和案例一起删除。"""
    parts.service.intake.providers.delete(provider_id, reason)


@router.post(
    "/{id}/capabilities",
    status_code=201,
    summary="登记一项能力",
    responses=_WRITES,
    dependencies=[SEARCH],
    tags=["服务能力"],
)
def create_capability(
    provider_id: IdPath,
    body: Annotated[
        CapabilityCreate,
        Body(openapi_examples=examples.body_examples(one=("一项服务", examples.CAPABILITY))),
    ],
    parts: PartsDep,
    response: Response,
) -> CapabilityRead:
    """一家机构最多 50 项；场景和产业标签没有填写的由文字自动识别。"""
    capability = parts.service.intake.capabilities.create(provider_id, body)
    response.headers["Location"] = f"/v1/capabilities/{capability.id}"
    with parts.service.database.read() as session:
        return parts.presenter.capabilities(session, [capability])[0]


@router.get("/{id}/capabilities", summary="列出机构的能力", tags=["服务能力"])
def list_capabilities(provider_id: IdPath, parts: PartsDep) -> list[CapabilityRead]:
    """按登记先后返回全部能力，最多 50 项。"""
    with parts.service.database.read() as session:
        repository.get(session, Provider, provider_id)
        owned = repository.capabilities_of(session, provider_id)
        return parts.presenter.capabilities(session, owned)


@router.get(
    "/{id}/matches",
    summary="为服务机构找需求",
    dependencies=[FRESH, SEARCH, TURN],
    responses=problem_responses(409),
)
def match_provider(provider_id: IdPath, parts: PartsDep, options: OptionsQuery) -> MatchAnswer:
    """以机构的全部能力提问，每条需求取最合适的能力。"""
    return _ask(parts, provider_id, Direction.PROVIDER_TO_DEMAND, options)


@router.get(
    "/{id}/cases",
    summary="为服务机构找案例",
    dependencies=[FRESH, SEARCH, TURN],
    responses=problem_responses(409),
)
def find_provider_cases(provider_id: IdPath, parts: PartsDep, options: OptionsQuery) -> MatchAnswer:
    """找出与机构能力相近的案例。"""
    return _ask(parts, provider_id, Direction.PROVIDER_TO_CASE, options)


def _ask(
    parts: Parts, provider_id: str, direction: Direction, options: OptionsQuery
) -> MatchAnswer:
    question = parts.matching.ask_stored(provider_id, direction)
    return parts.matching.answer_question(question, direction, options)


def _show(parts: Parts, provider_id: str) -> ProviderRead:
    with parts.service.database.read() as session:
        provider = repository.get(session, Provider, provider_id)
        return parts.presenter.providers(session, [provider])[0]
