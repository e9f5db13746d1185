"""What routes ask for: parts of the service, places for searches, pages, error replies."""

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

from anyio import Semaphore, move_on_after
from fastapi import Depends, Header, Path, Query, Request

from api.admission import CALLER
from api.analytics import Analytics
from api.catalogue import Catalogue
from api.embedding import Embedding
from api.entrance import PRINCIPAL, REFUSAL
from api.errors import MEDIA_TYPE
from api.exchange.import_work import ImportWork
from api.exchange.listed import ListedFiles
from api.exchange.uploading import Uploads
from api.fitting import Fitting
from api.identity.contacts import Contacts
from api.identity.invitations import Invitations
from api.identity.principal import Principal
from api.intake import Intake
from api.interactions.interactions import Interactions
from api.interactions.presenting import InteractionPresenter
from api.load import AT_WORK, SearchSlots
from api.matching import Matching
from api.notices.inbox import Inbox
from api.notices.mailboxes import Mailboxes
from api.notices.subscriptions import Subscriptions
from api.notices.webhooks import Webhooks
from api.permission import check
from api.policy import POLICY
from api.presenter import Presenter
from api.readiness import Readiness
from api.replaying import Replaying
from api.report.making import Reports
from api.schemas.base import MAX_LIST
from api.schemas.texts import Line, RowId
from api.telling import allowed_hosts, mail_server, webhook_secrets
from api.understanding import Understanding
from api.versions import MIN_VERSION_HEADER, VERSION_HEADER, Freshness
from api.widget import Widget
from api.wiring import Service
from models.deadline import OVERDUE, DeadlineError, time_left
from models.occasion import name_act
from models.position import MAX_CHARS

_PROBLEM_TITLES = {
    400: "请求无法读取",
    401: "没有登录，或登录、密钥已失效",
    403: "不许可",
    404: "没有找到",
    409: "与现有记录或状态冲突",
    413: "请求正文过大",
    415: "请求正文的类型不支持",
    422: "请求内容不符合要求",
    503: "服务正忙或暂时不可用，稍后重试",
    507: "磁盘空间不足，没有写入",
}


@dataclass(frozen=True)
class Parts:
    """What requests are answered with, made once an application.

    Attributes:
        service: The wired installation.
        presenter: Shows rows.
        matching: Answers questions.
        replaying: Makes rankings again that were shown.
        reports: Makes reports for meetings.
        understanding: Reads texts nobody stores.
        widget: Answers public pages.
        embedding: Scripts of public pages.
        catalogue: Shows vocabularies.
        slots: Places for searches.
        at_work: Turns of those that hold one.
        freshness: Lets questions wait for the index.
        invitations: Shows rows to single organisations.
        contacts: Keeps whom to speak to.
        interactions: Lets both sides of a match act.
        interaction_presenter: Shows interactions.
        inbox: Shows notifications.
        webhooks: Looks after webhooks.
        mailboxes: Keeps where people want digests.
        has_mail: Whether digests are sent at all.
        subscriptions: Looks after subscriptions.
        fitting: Compares single providers with a demand.
        analytics: Counts for those who look after the platform.
        uploads: Takes sheets in and shows how far they are.
        import_work: Works through them.
        listed: Writes lists to files.
    """

    service: Service
    presenter: Presenter
    matching: Matching
    replaying: Replaying
    reports: Reports
    understanding: Understanding
    widget: Widget
    embedding: Embedding
    catalogue: Catalogue
    slots: SearchSlots
    at_work: Semaphore
    freshness: Freshness
    invitations: Invitations
    contacts: Contacts
    interactions: Interactions
    interaction_presenter: InteractionPresenter
    inbox: Inbox
    webhooks: Webhooks
    mailboxes: Mailboxes
    has_mail: bool
    subscriptions: Subscriptions
    fitting: Fitting
    analytics: Analytics
    uploads: Uploads
    import_work: ImportWork
    listed: ListedFiles


def make_parts(service: Service) -> Parts:
    """Return the parts of an application around an open service."""
    matching = Matching(service)
    work = ImportWork(service, lambda: service.synchroniser.leads, service.now)
    return Parts(
        service=service,
        presenter=Presenter(service.vocabularies),
        matching=matching,
        replaying=Replaying(service, matching),
        reports=Reports(service, matching),
        understanding=Understanding(service, matching),
        widget=Widget(service, matching),
        embedding=Embedding.load(),
        catalogue=Catalogue(service.vocabularies),
        slots=SearchSlots(
            service.settings.max_searches, target_s=service.settings.search_deadline_s / 3
        ),
        at_work=Semaphore(AT_WORK),
        freshness=Freshness(service.synchroniser, service.source, service.follower),
        invitations=Invitations(service.database, service.follower.wake),
        contacts=Contacts(service.database, service.eraser.mark),
        interactions=service.interactions,
        interaction_presenter=InteractionPresenter(service.vocabularies.labels, service.today),
        inbox=Inbox(service.database, service.now),
        webhooks=Webhooks(
            service.database,
            allowed_hosts(service.settings),
            webhook_secrets(service.settings),
            service.now,
        ),
        mailboxes=Mailboxes(service.database, service.now),
        has_mail=mail_server(service.settings).is_set,
        subscriptions=Subscriptions(service.database, service.now),
        fitting=Fitting(service, matching),
        analytics=Analytics(service),
        uploads=Uploads(service.database, work.wake, service.now),
        import_work=work,
        listed=ListedFiles(service),
    )


async def get_parts(request: Request) -> Parts:
    """Return the parts of the application a request came to."""
    parts: Parts = request.app.state.parts
    return parts


async def get_readiness(request: Request) -> Readiness:
    """Return what looks whether the service can answer."""
    readiness: Readiness = request.app.state.readiness
    return readiness


ReadinessDep = Annotated[Readiness, Depends(get_readiness)]


async def name_operation(request: Request) -> None:
    """Say which operation it is: in the audit chain, the logs and the figures."""
    route = request.scope.get("route")  # files of the console are no operation
    if route is not None:
        name_act(route.name)


PartsDep = Annotated[Parts, Depends(get_parts)]


async def get_principal(request: Request) -> Principal:
    """Return whoever sent a request."""
    principal: Principal = request.scope["state"][PRINCIPAL]
    return principal


PrincipalDep = Annotated[Principal, Depends(get_principal)]


async def authorise(request: Request, principal: PrincipalDep) -> None:
    """Refuse whoever may not call the operation; every route of the application asks this.

    Raises:
        UnknownCallerError: nobody knows who asks, or what they sent opens nothing.
        ForbiddenError: they may not.
    """
    route = request.scope.get("route")
    if route is None:  # the console's files
        return
    operation: str = route.name
    refusal = request.scope["state"][REFUSAL]
    rule = POLICY.get(operation)
    if refusal is not None and not (rule is not None and rule.before_recognition):
        raise refusal
    settings = request.app.state.settings
    check(operation, principal, second_factor=settings.second_factor)


async def get_intake(parts: PartsDep) -> Intake:
    """Return the ways in."""
    return parts.service.intake


async def hold_search_slot(parts: PartsDep, request: Request) -> AsyncIterator[None]:
    """Hold a place for a search while the route runs."""
    with parts.slots.take(request.scope["state"].get(CALLER, "")):
        yield


async def await_turn(parts: PartsDep) -> AsyncIterator[None]:
    """Run the route when its turn to compute comes.

    Raises:
        DeadlineError: it did not come in time.
    """
    left = time_left()
    with move_on_after(math.inf if left is None else max(left, 0.0)) as waiting:
        await parts.at_work.acquire()
    if waiting.cancelled_caught:
        raise DeadlineError(OVERDUE)
    try:
        yield
    finally:
        parts.at_work.release()


async def await_version(
    parts: PartsDep,
    min_version: Annotated[
        str | None,
        Query(
            max_length=MAX_CHARS,
            description="至少要有这么新的索引：之前答复中的 version，"
            f"或写入答复的 {VERSION_HEADER} 头；最多等 2 秒，否则答复 503 version_not_yet。",
        ),
    ] = None,
    header: Annotated[
        str | None,
        Header(alias=MIN_VERSION_HEADER, max_length=MAX_CHARS, description="同 min_version。"),
    ] = None,
) -> None:
    """Wait until the index is as new as the question asks."""
    for version in filter(None, (min_version, header)):
        await parts.freshness.wait_for(version)


IntakeDep = Annotated[Intake, Depends(get_intake)]
FRESH = Depends(await_version, scope="function")
"""Put among a route's dependencies, before `SEARCH`, when it reads the index."""

SEARCH = Depends(hold_search_slot, scope="function")
"""Put among a route's dependencies when it encodes or searches."""

TURN = Depends(await_turn, scope="function")
"""Put after `SEARCH` when the route does nothing but search: what waits for the database's writer
or works out passwords takes no turn, and keeps none from those that compute."""

IdPath = Annotated[RowId, Path(description="记录编号。", alias="id")]
Cursor = Annotated[RowId | None, Query(description="上一页答复中的 next_cursor；第一页不填。")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIST, description="每页条数，最多 50。")]
DeleteReason = Annotated[Line | None, Query(description="删除原因，留作记录。")]


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the declaration of error replies for the OpenAPI document."""
    schema = {"$ref": "#/components/schemas/Problem"}  # named answers bring it in
    return {
        status: {
            "description": _PROBLEM_TITLES[status],
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }
