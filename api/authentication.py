"""From headers to whoever sent them: an API key, the cookie of a stay, a widget token."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import ClassVar, Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers

from api.identity.identity import Identity
from api.identity.principal import NOBODY, Principal
from models.errors import ForbiddenError, UnavailableError, UnknownCallerError

COOKIE: Final = "__Host-navmatch"
PLAIN_COOKIE: Final = "navmatch"
"""Over plain http a browser refuses the other name; only served where that is allowed."""

WIDGET_PATH: Final = "/v1/widget/"
Recognise = Callable[[str], Principal | None]

REMEMBERED: Final = 1_024
REMEMBERED_S: Final = 900.0
"""How long somebody counts as who they were while the database cannot be reached at all."""

FRESH_S: Final = 1.0
"""The same while it only is too busy: what is revoked is without effect within that time."""


class CredentialRefusedError(UnknownCallerError):
    """The credential sent opens nothing: unknown, ended, expired or revoked."""

    code: ClassVar[str] = "credential_refused"


class OriginRefusedError(ForbiddenError):
    """A page uses a widget token that was not made for it, or none."""

    code: ClassVar[str] = "origin_refused"


@dataclass(frozen=True, slots=True)
class Request:
    """What of a request tells who sent it.

    Attributes:
        path: Path of its address.
        query: Query string.
        headers: Its headers.
        is_secure: Whether it came over https.
        only_asks: Whether it changes nothing.
    """

    path: str
    query: str
    headers: Headers
    is_secure: bool
    only_asks: bool


class Recogniser:
    """Knows who sent a request; asks the database every time, so what is revoked is revoked.

    While the database does not answer nobody can revoke anything in it: those recognised
    shortly before are then taken to be who they were, if they only ask. Who wants to change
    something is told at once that it cannot be done now.
    """

    def __init__(self, identity: Identity, clock: Callable[[], float] = time.monotonic) -> None:
        """Take where credentials are looked up, and a clock that only moves forward."""
        self._identity = identity
        self._clock = clock
        self._recent: OrderedDict[str, tuple[Principal, float]] = OrderedDict()

    def known_lately(self, request: Request) -> Principal | None:
        """Return who sent a question, if they were recognised within the last second.

        Costs no look into the database: while more is asked than can be done, most of those
        recognised would be refused. What is revoked is without effect within that second.
        """
        has_key = "authorization" in request.headers
        secret = _bearer(request) if has_key else _cookie(request)
        is_page = request.path.startswith(WIDGET_PATH) and not has_key
        if secret is None or is_page or not request.only_asks:
            return None
        known = self._recent.get(_name_of(secret))
        return known[0] if known and self._clock() - known[1] <= FRESH_S else None

    def recognise(self, request: Request) -> Principal:
        """Return who sent a request; nobody when no credential came with it.

        Raises:
            CredentialRefusedError: one came and opens nothing.
            OriginRefusedError: a page used a widget token it may not use.
            UnavailableError: the database does not answer, and they are not remembered.
        """
        if "authorization" in request.headers:
            key = _bearer(request)
            if key is None:
                raise CredentialRefusedError("Authorization 头应写作 Bearer 加空格加密钥。")
            return self._remembering(request, key, self._identity.keys.recognise)
        if request.path.startswith(WIDGET_PATH):
            return self._page(request)
        token = _cookie(request)
        if token is None:
            return NOBODY
        return self._remembering(request, token, self._identity.sign_ins.recognise)

    def _remembering(self, request: Request, secret: str, recognise: Recognise) -> Principal:
        name = _name_of(secret)
        try:
            found = recognise(secret)
        except UnavailableError as error:
            known = self._recent.get(name)
            kept_s = REMEMBERED_S if error.fields.get("reason") == "connection" else FRESH_S
            is_known = known is not None and self._clock() - known[1] <= kept_s
            if known is None or not is_known or not request.only_asks:
                raise
            return known[0]
        if found is None:
            self._recent.pop(name, None)
            raise CredentialRefusedError("登录已失效，或密钥、令牌无效，请重新登录或更换。")
        self._recent[name] = (found, self._clock())
        self._recent.move_to_end(name)
        while len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)
        return found

    def _page(self, request: Request) -> Principal:
        """Return as whom a page with a widget asks."""
        origin = request.headers.get("origin")
        values = parse_qs(request.query, max_num_fields=64).get("token")
        if values is None:
            if origin is not None and not _is_same(origin, request):
                raise OriginRefusedError("其他网站的页面要带上为它签发的嵌入令牌。")
            return NOBODY
        found = self._remembering(request, values[0], self._identity.widget_tokens.recognise)
        listed = found.terms.origins if found.terms is not None else frozenset()
        if origin is not None and origin not in listed and not _is_same(origin, request):
            raise OriginRefusedError("这个嵌入令牌不是为这个网站签发的。")
        return found


def _name_of(secret: str) -> str:
    """Return under what name a secret is remembered, which does not tell it."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _bearer(request: Request) -> str | None:
    """Return the key of the header; None where there is no such header or it is something else."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None


def _is_same(origin: str, request: Request) -> bool:
    return origin.partition("://")[2] == request.headers.get("host")


def _cookie(request: Request) -> str | None:
    """Return the token of the cookie that counts."""
    cookies: dict[str, str] = {}
    for text in request.headers.getlist("cookie"):
        try:
            parsed: SimpleCookie = SimpleCookie(text)
        except CookieError:
            continue
        cookies.update((name, morsel.value) for name, morsel in parsed.items())
    if request.is_secure:
        return cookies.get(COOKIE)
    return cookies.get(PLAIN_COOKIE)
