"""API keys and widget tokens, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from api.dependencies import Cursor, IdPath, Limit, PartsDep, PrincipalDep, problem_responses
from api.identity.api_keys import NewKey
from api.identity.secret_key import SecretKey
from api.identity.widget_tokens import NewToken
from api.listing import page_of_slice
from api.routes.session import NO_STORE
from api.schemas import examples
from api.schemas.accounts import (
    KeyCreate,
    KeyMade,
    KeyRead,
    KeyRotate,
    WidgetTokenCreate,
    WidgetTokenRead,
)
from api.schemas.base import Page
from api.strict_json import StrictRoute
from models.identity import ApiKey, WidgetToken
from models.vocabulary.access import Scope, WidgetKind

router = APIRouter(
    prefix="/v1",
    tags=["密钥与令牌"],
    route_class=StrictRoute,
    responses=problem_responses(404, 422, 503),
)

_WRITES = problem_responses(400, 409, 413, 415)


@router.get("/keys", summary="列出密钥")
def list_keys(parts: PartsDep, cursor: Cursor = None, limit: Limit = 20) -> Page[KeyRead]:
    """不含密钥全文，新的在前；已撤销和已过期的也在内。"""
    part = parts.service.identity.keys.list(cursor, limit)
    return page_of_slice(part, [_key(key) for key in part.rows])


@router.post("/keys", status_code=201, summary="签发密钥", responses=_WRITES)
def create_key(
    body: Annotated[
        KeyCreate, Body(openapi_examples=examples.body_examples(one=("一个密钥", examples.KEY)))
    ],
    parts: PartsDep,
    principal: PrincipalDep,
    response: Response,
) -> KeyMade:
    """密钥全文只在这次答复中出现；同名的最多两个同时有效，便于轮换；用途不能超出签发者自己的。"""
    made = parts.service.identity.keys.create(
        NewKey(
            name=body.name,
            role=body.role,
            organisation_id=body.organisation_id,
            region_code=body.region_code,
            scopes=frozenset(body.scopes),
            read_only=body.read_only,
            days=body.days,
        ),
        held=principal.scopes,
    )
    return _made(made, response)


@router.post("/keys/{id}/rotate", status_code=201, summary="换新密钥", responses=_WRITES)
def rotate_key(
    key_id: IdPath,
    body: Annotated[
        KeyRotate, Body(openapi_examples=examples.body_examples(one=("换新", examples.KEY_ROTATE)))
    ],
    parts: PartsDep,
    principal: PrincipalDep,
    response: Response,
) -> KeyMade:
    """签发同名同权的新密钥；旧的继续有效，换好后请撤销。已撤销、已过期的不能换新。"""
    keys = parts.service.identity.keys
    return _made(keys.rotate(key_id, body.days, held=principal.scopes), response)


@router.delete("/keys/{id}", status_code=204, summary="撤销密钥")
def revoke_key(key_id: IdPath, parts: PartsDep) -> None:
    """从下一个请求起即无效，不能恢复。"""
    parts.service.identity.keys.revoke(key_id)


@router.get("/widget-tokens", summary="列出嵌入令牌")
def list_widget_tokens(
    parts: PartsDep, cursor: Cursor = None, limit: Limit = 20
) -> Page[WidgetTokenRead]:
    """新的在前；已撤销的也在内。"""
    part = parts.service.identity.widget_tokens.list(cursor, limit)
    return page_of_slice(part, [_token(token) for token in part.rows])


@router.post("/widget-tokens", status_code=201, summary="签发嵌入令牌", responses=_WRITES)
def create_widget_token(
    body: Annotated[
        WidgetTokenCreate,
        Body(openapi_examples=examples.body_examples(one=("一个网站", examples.WIDGET_TOKEN))),
    ],
    parts: PartsDep,
) -> WidgetTokenRead:
    """令牌是公开的，只能在列出的网站上使用，只看得到公开的内容。"""
    token = parts.service.identity.widget_tokens.create(
        NewToken(
            name=body.name,
            origins=tuple(body.origins),
            kinds=tuple(body.kinds),
            per_minute=body.per_minute,
            organisation_id=body.organisation_id,
        )
    )
    return _token(token)


@router.delete("/widget-tokens/{id}", status_code=204, summary="撤销嵌入令牌")
def revoke_widget_token(token_id: IdPath, parts: PartsDep) -> None:
    """从下一个请求起即无效。"""
    parts.service.identity.widget_tokens.revoke(token_id)


def _made(made: tuple[ApiKey, SecretKey], response: Response) -> KeyMade:
    key, secret = made
    response.headers.update(NO_STORE)
    return KeyMade(key=secret.text, about=_key(key))


def _key(key: ApiKey) -> KeyRead:
    return KeyRead(
        id=key.id,
        key_id=key.key_id,
        name=key.name,
        role=key.role,
        organisation_id=key.organisation_id,
        region_code=key.region_code,
        scopes=[Scope(scope) for scope in key.scopes],
        read_only=key.read_only,
        created_at=key.created_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
    )


def _token(token: WidgetToken) -> WidgetTokenRead:
    return WidgetTokenRead(
        id=token.id,
        token=token.token,
        name=token.name,
        organisation_id=token.organisation_id,
        origins=list(token.origins),
        kinds=[WidgetKind(kind) for kind in token.kinds],
        per_minute=token.per_minute,
        created_at=token.created_at,
        revoked_at=token.revoked_at,
    )
