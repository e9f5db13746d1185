"""Signing in and out, and one's own account."""

from ipaddress import ip_address
from typing import Annotated, Final

from fastapi import APIRouter, Body, Request, Response

from api.authentication import COOKIE, PLAIN_COOKIE
from api.dependencies import SEARCH, Parts, PartsDep, PrincipalDep, problem_responses
from api.identity.principal import Means, Principal
from api.identity.sign_ins import Credentials, Stay
from api.origins import LOOPBACK
from api.permission import operations_of
from api.schemas import examples
from api.schemas.session import (
    AuthenticatorIn,
    AuthenticatorOffer,
    PasswordChange,
    SessionRead,
    SignInCreate,
)
from api.strict_json import StrictRoute
from models import repository
from models.errors import ForbiddenError

router = APIRouter(
    prefix="/v1/session",
    tags=["登录"],
    route_class=StrictRoute,
    responses=problem_responses(422, 503),
)

NO_STORE: Final = {"Cache-Control": "no-store"}
_BODY = problem_responses(400, 413, 415)


@router.post(
    "",
    status_code=201,
    summary="登录",
    responses={**_BODY, **problem_responses(401, 403)},
    dependencies=[SEARCH],
)
def sign_in(
    body: Annotated[
        SignInCreate,
        Body(openapi_examples=examples.body_examples(one=("登录", examples.SIGN_IN))),
    ],
    parts: PartsDep,
    request: Request,
    response: Response,
) -> SessionRead:
    """核对登录名、密码和验证码，成功后设置会话 cookie；连续 5 次不对即锁定 15 分钟。"""
    is_secure = _is_secure(request, parts)
    stay, token = parts.service.identity.sign_ins.begin(
        Credentials(body.login, body.password, body.code)
    )
    response.headers.update(NO_STORE)
    response.set_cookie(
        COOKIE if is_secure else PLAIN_COOKIE,
        token,
        max_age=parts.service.settings.sign_in_hours * 3_600,
        path="/",
        secure=is_secure,
        httponly=True,
        samesite="strict",
    )
    return _shown(parts, stay)


@router.get("", summary="我是谁")
def read_session(principal: PrincipalDep, parts: PartsDep, response: Response) -> SessionRead:
    """返回发出请求的人或密钥的角色、单位和可以调用的操作。"""
    response.headers.update(NO_STORE)
    if principal.means == Means.SIGN_IN:
        return _shown(parts, parts.service.identity.sign_ins.describe(principal))
    return _about(parts, principal)


@router.delete("", status_code=204, summary="退出登录")
def sign_out(principal: PrincipalDep, parts: PartsDep, response: Response) -> None:
    """会话立即失效。"""
    parts.service.identity.sign_ins.end(principal)
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    response.delete_cookie(PLAIN_COOKIE, path="/", httponly=True, samesite="strict")


@router.put(
    "/password", status_code=204, summary="修改自己的密码", responses=_BODY, dependencies=[SEARCH]
)
def change_password(
    body: Annotated[
        PasswordChange,
        Body(openapi_examples=examples.body_examples(one=("改密码", examples.PASSWORD_CHANGE))),
    ],
    principal: PrincipalDep,
    parts: PartsDep,
) -> None:
    """同时结束自己的其他登录；现在的密码连续 5 次不对即锁定 15 分钟。"""
    own = parts.service.identity.own_account
    own.change_password(principal, body.old_password, body.new_password)


@router.post("/authenticator", summary="取得身份验证器的密钥")
def offer_authenticator(
    principal: PrincipalDep, parts: PartsDep, response: Response
) -> AuthenticatorOffer:
    """填进身份验证器，或在装有它的设备上打开地址，再以其显示的验证码确认；确认之前不生效。"""
    response.headers.update(NO_STORE)
    return parts.service.identity.own_account.offer_secret(principal)


@router.put(
    "/authenticator",
    status_code=204,
    summary="绑定身份验证器",
    responses=_BODY,
    dependencies=[SEARCH],
)
def set_authenticator(
    body: Annotated[
        AuthenticatorIn,
        Body(openapi_examples=examples.body_examples(one=("绑定", examples.AUTHENTICATOR))),
    ],
    principal: PrincipalDep,
    parts: PartsDep,
) -> None:
    """从下次登录起都要填验证码；更换已绑定的，要填现在的密码和原验证器上的验证码。"""
    parts.service.identity.own_account.set_authenticator(principal, body)


def _is_secure(request: Request, parts: Parts) -> bool:
    """Return whether the cookie goes over https alone; elsewhere only this computer may ask."""
    if request.url.scheme == "https":
        return True
    host = request.url.hostname or ""
    if host in LOOPBACK or _is_loopback(host) or parts.service.settings.sign_in_over_http:
        return False
    raise ForbiddenError("请经 https 登录：不加密的连接会让密码被旁人看到。")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(parts: Parts, stay: Stay) -> SessionRead:
    organisation = stay.organisation
    return _about(parts, stay.principal).model_copy(
        update={
            "login": stay.person.login,
            "name": stay.person.name,
            "organisation_name": organisation.name if organisation else None,
            "expires_at": stay.expires_at,
        }
    )


def _about(parts: Parts, principal: Principal) -> SessionRead:
    viewer = principal.viewer
    with parts.service.database.read() as session:
        has_demo_data = repository.holds_demo_data(session)
    return SessionRead(
        login=None,
        name=None,
        role=viewer.role,
        role_label=parts.service.vocabularies.labels.of(viewer.role),
        organisation_id=viewer.organisation_id,
        organisation_name=None,
        region_code=viewer.region_code,
        read_only=viewer.read_only,
        scopes=sorted(principal.scopes),
        must_change_password=principal.must_change_password,
        has_authenticator=principal.with_totp,
        expires_at=None,
        has_demo_data=has_demo_data,
        may=operations_of(principal, second_factor=parts.service.settings.second_factor),
    )
