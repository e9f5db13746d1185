"""What pages of other sites take from here: scripts, a page to be framed, and how to write both."""

from typing import Annotated, Final

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response

from api.dependencies import IdPath, PartsDep, PrincipalDep, problem_responses
from api.schemas.widget import WidgetLook, WidgetSnippet

router = APIRouter(tags=["公开组件"])

FOREVER: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""For public files that never change; a page that states their hash must be able to read them."""


@router.get("/widget/{version}/{name}", include_in_schema=False)
def read_widget_file(
    parts: PartsDep,
    version: Annotated[str, Path(max_length=20, pattern=r"^v[0-9.]{1,19}$")],
    name: Annotated[str, Path(max_length=40, pattern=r"^[a-z.-]{1,40}$")],
) -> Response:
    """Return a script of the widget."""
    content = parts.embedding.files.get((version, name))
    if content is None:
        raise HTTPException(404)
    return Response(content, media_type="text/javascript; charset=utf-8", headers=FOREVER)


@router.get("/v1/widget/frame", include_in_schema=False)
def widget_frame(parts: PartsDep, principal: PrincipalDep) -> Response:
    """Return the page that sites without foreign scripts frame; its token says which sites may."""
    terms = principal.terms
    page, policy = parts.embedding.frame(terms.origins if terms is not None else frozenset())
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)


@router.get(
    "/v1/widget-tokens/{id}/snippet",
    summary="嵌入代码",
    tags=["密钥与令牌"],
    responses=problem_responses(404, 422, 503),
)
def read_widget_snippet(
    token_id: IdPath,
    parts: PartsDep,
    request: Request,
    look: Annotated[WidgetLook, Query()],
) -> WidgetSnippet:
    """整段复制到网页里即可；脚本的地址和散列随版本固定，服务升级后网页照旧。"""
    token = parts.service.identity.widget_tokens.get(token_id)
    return parts.embedding.snippet(str(request.base_url), token.token, look)
