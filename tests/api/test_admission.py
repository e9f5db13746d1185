"""Who is let in, how often, and by when it has to be done."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette

from api.admission import CALLER, MAX_IN_FLIGHT, Admission
from api.bodies import MAX_ARRIVING_BYTES
from api.entrance import PRINCIPAL
from api.errors import PROBLEM, body_too_large
from api.identity.principal import NOBODY, Means, Principal, WidgetTerms
from api.rates import Allowance, Rate, Rates
from models.deadline import time_left
from models.viewer import Viewer
from models.vocabulary.access import Role, WidgetKind

ONE_EACH = dict.fromkeys(Allowance, Rate(1, 60))
KEY = Principal(Viewer(Role.OPERATOR, "ak_1"), Means.KEY, credential_id="ak_1")
OTHER_KEY = Principal(Viewer(Role.OPERATOR, "ak_2"), Means.KEY, credential_id="ak_2")
STAFF = Viewer(Role.BASE_STAFF, "ak_3", "og_1")
OF_ONE = Principal(STAFF, Means.KEY, credential_id="ak_3")
ALSO_OF_ONE = Principal(replace(STAFF, actor="us_4"), Means.SIGN_IN, credential_id="st_4")
OF_ANOTHER = Principal(replace(STAFF, organisation_id="og_2"), Means.KEY, credential_id="ak_5")
PAGE = Principal(Viewer(Role.WIDGET), Means.WIDGET, credential_id="wt_1")
HALF = (b"content-length", b"100")
Sent = list[dict[str, Any]]


class Application:
    """Notes what reaches it."""

    def __init__(self, status: int = 200, problem: str | None = None) -> None:
        self._status = status
        self._problem = problem
        self.left: list[float] = []
        self.callers: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.left.append(time_left() or 0.0)
        self.callers.append(scope.get("state", {}).get(CALLER, ""))
        scope["state"][PROBLEM] = self._problem
        await send({"type": "http.response.start", "status": self._status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def _scope(
    method: str = "GET",
    path: str = "/v1/demands",
    principal: Principal = NOBODY,
    address: str = "203.0.113.1",
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": list(headers),
        "client": (address, 1),
        "app": Starlette(),
        "state": {PRINCIPAL: principal},
    }


def _ask(admission: Admission, *scopes: dict[str, Any]) -> list[Sent]:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def run() -> list[Sent]:
        answers = []
        for scope in scopes:
            sent: Sent = []

            async def send(message: dict[str, Any], sent: Sent = sent) -> None:
                sent.append(message)

            await admission(scope, receive, send)  # type: ignore[arg-type]
            answers.append(sent)
        return answers

    return asyncio.run(run())


def _statuses(answers: list[Sent]) -> list[int]:
    return [sent[0]["status"] for sent in answers]


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def admission(application: Application) -> Admission:
    return Admission(application, Rates(rates=ONE_EACH), 2.0, 5.0)


def test_second_request_beyond_the_rate_is_told_when_to_come_back(admission: Admission) -> None:
    answers = _ask(admission, _scope(principal=KEY), _scope(principal=KEY))

    assert _statuses(answers) == [200, 429]
    assert dict(answers[1][0]["headers"])[b"retry-after"] == b"60"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_scope(principal=KEY), _scope(principal=OTHER_KEY)),
        (_scope(), _scope(address="203.0.113.2")),
        (_scope(principal=KEY), _scope()),
        (_scope(principal=OF_ONE), _scope(principal=OF_ANOTHER)),
    ],
    ids=["operators", "addresses", "key and address", "organisations"],
)
def test_callers_are_counted_apart(
    admission: Admission, first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert _statuses(_ask(admission, first, second)) == [200, 200]


def test_keys_and_people_of_an_organisation_are_counted_as_one(
    application: Application, admission: Admission
) -> None:
    answers = _ask(admission, _scope(principal=OF_ONE), _scope(principal=ALSO_OF_ONE))

    assert _statuses(answers) == [200, 429]
    assert len(application.callers) == 1


def test_page_is_counted_by_address_and_by_site(admission: Admission) -> None:
    same_site = _scope(principal=PAGE, address="203.0.113.2")

    assert _statuses(_ask(admission, _scope(principal=PAGE), same_site)) == [200, 429]


def test_site_is_counted_by_what_its_token_says(application: Application) -> None:
    terms = WidgetTerms(frozenset(), frozenset(WidgetKind), per_minute=2)
    page = replace(PAGE, terms=terms)
    rates = dict.fromkeys(Allowance, Rate(100, 60))
    admission = Admission(application, Rates(rates=rates), 2.0, 5.0)

    asked = [_scope(principal=page, address=f"203.0.113.{n}") for n in range(3)]

    assert _statuses(_ask(admission, *asked)) == [200, 200, 429]


@pytest.mark.parametrize(
    ("status", "problem", "answers"),
    [
        (401, "sign_in_failed", [401, 429]),
        (401, "totp_required", [401, 401]),
        (201, None, [201, 201]),
    ],
    ids=["wrong", "code needed", "right"],
)
def test_signing_in_is_counted_by_address_where_it_fails(
    status: int, problem: str | None, answers: list[int]
) -> None:
    rates = {**dict.fromkeys(Allowance, Rate(100, 60)), Allowance.SIGN_IN: Rate(1, 900)}
    admission = Admission(Application(status, problem), Rates(rates=rates), 2.0, 5.0)
    attempt = ("POST", "/v1/session")

    assert _statuses(_ask(admission, _scope(*attempt), _scope(*attempt))) == answers


@pytest.mark.parametrize(
    ("first", "second", "statuses"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", [200, 429]),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", [200, 200]),
        ("::ffff:203.0.113.1", "203.0.113.1", [200, 429]),
        ("fe80::1%eth0", "fe80::1%eth1", [200, 429]),
    ],
    ids=["same line", "other line", "mapped", "scoped"],
)
def test_line_of_ipv6_is_counted_as_one(
    admission: Admission, first: str, second: str, statuses: list[int]
) -> None:
    asked = [_scope(address=address) for address in (first, second)]

    assert _statuses(_ask(admission, *asked)) == statuses


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "testclient"])
def test_this_host_itself_is_not_counted(admission: Admission, address: str) -> None:
    answers = _ask(admission, *(_scope(address=address) for _ in range(5)))

    assert _statuses(answers) == [200] * 5


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/docs"])
def test_health_and_pages_are_let_through(admission: Admission, path: str) -> None:
    assert _statuses(_ask(admission, *(_scope(path=path) for _ in range(5)))) == [200] * 5


@pytest.mark.parametrize(
    ("method", "path", "seconds"),
    [
        ("GET", "/v1/demands", 2),
        ("GET", "/v1/demands/export", 60),
        ("GET", "/v1/imports/im_1/sheet", 60),
        ("GET", "/v1/demands/dm_1/report", 60),
        ("POST", "/v1/match", 2),
        ("POST", "/v1/demands", 5),
        ("DELETE", "/v1/demands/dm_1", 5),
    ],
)
def test_deadline_goes_by_what_is_asked(
    application: Application, admission: Admission, method: str, path: str, seconds: float
) -> None:
    _ask(admission, _scope(method, path))

    assert seconds - 1 < application.left[0] <= seconds


def test_long_body_has_longer(application: Application, admission: Admission) -> None:
    length = (b"content-length", b"200000")
    _ask(admission, _scope("POST", "/v1/providers", address="127.0.0.1", headers=[length]))

    assert 14 < application.left[0] <= 15


def test_caller_is_named_for_those_inside(application: Application, admission: Admission) -> None:
    _ask(admission, _scope(principal=KEY), _scope())

    assert application.callers == ["ak_1", "203.0.113.1"]


def _refused_at_once(application: Application, *scopes: dict[str, Any]) -> list[int]:
    """The statuses of those who got no place while all others are still under way."""
    gate = asyncio.Event()
    refused: list[int] = []

    async def wait(scope: Any, receive: Any, send: Any) -> None:
        await gate.wait()
        await application(scope, receive, send)

    admission = Admission(wait, Rates(rates=dict.fromkeys(Allowance, Rate(1e6, 1))), 2.0, 5.0)

    async def send(message: dict[str, Any]) -> None:
        if "status" in message and not gate.is_set():
            refused.append(message["status"])

    def receiver(scope: dict[str, Any]) -> Any:
        async def receive() -> dict[str, Any]:
            if scope["headers"]:
                await gate.wait()
            return {"type": "http.request", "body": b""}

        return receive

    async def run() -> None:
        tasks = [asyncio.create_task(admission(s, receiver(s), send)) for s in scopes]  # type: ignore[arg-type]
        await asyncio.sleep(0)  # each has come as far as it can
        gate.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())
    return refused


def test_nobody_is_left_waiting_when_all_places_are_taken(application: Application) -> None:
    asked = [_scope(principal=KEY) for _ in range(MAX_IN_FLIGHT + 8)]

    assert _refused_at_once(application, *asked) == [503] * (8 + 1)  # one is left to another


def test_people_of_an_organisation_have_a_part_of_the_places_each(
    application: Application,
) -> None:
    asked = [_scope(principal=OF_ONE) for _ in range(MAX_IN_FLIGHT - 1)]
    colleague = _scope(principal=ALSO_OF_ONE)

    assert _refused_at_once(application, *asked, colleague) == []
    assert set(application.callers) == {"ak_3", "st_4"}


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/v1/match", [HALF]),
        ("/v1/imports", [HALF]),
        ("/v1/match", [(b"content-length", b"00000000000000000100")]),
        ("/v1/match", [(b"content-length", b"0"), (b"transfer-encoding", b"chunked")]),
        ("/v1/match", [(b"transfer-encoding", b"chunked")]),
    ],
    ids=["text", "file", "zeros", "both", "in pieces"],
)
def test_half_a_body_holds_no_place(
    application: Application, path: str, headers: list[tuple[bytes, bytes]]
) -> None:
    halves = [
        _scope("POST", path, address=f"203.0.113.{n}", headers=headers)
        for n in range(MAX_IN_FLIGHT + 8)
    ]
    whole = _scope("POST", "/v1/match", principal=KEY)

    assert _refused_at_once(application, *halves, whole) == []


def test_file_of_somebody_known_has_its_place_from_the_start(application: Application) -> None:
    files = [
        _scope("POST", "/v1/imports", principal=KEY, headers=[HALF])
        for _ in range(MAX_IN_FLIGHT + 8)
    ]

    assert _refused_at_once(application, *files) == [503] * (8 + 1)


def test_half_bodies_of_strangers_leave_room_for_those_we_know(application: Application) -> None:
    piece = b"x" * (1 << 20)
    n_strangers = MAX_ARRIVING_BYTES // len(piece) + 1
    admission = Admission(
        application, Rates(rates=dict.fromkeys(Allowance, Rate(1e6, 1))), 2.0, 5.0
    )

    async def ask(*scopes: dict[str, Any]) -> list[int]:
        gate = asyncio.Event()
        refused: list[int] = []

        async def send(message: dict[str, Any]) -> None:
            if message.get("status", 200) != 200:
                refused.append(message["status"])

        def receiver() -> Any:
            pieces = [{"type": "http.request", "body": piece, "more_body": True}]

            async def receive() -> dict[str, Any]:
                if pieces:
                    return pieces.pop()
                await gate.wait()
                return {"type": "http.request", "body": b"", "more_body": False}

            return receive

        tasks = [asyncio.create_task(admission(s, receiver(), send)) for s in scopes]  # type: ignore[arg-type]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*tasks)
        return refused

    strangers = [
        _scope("POST", "/v1/match", address=f"203.0.113.{n}", headers=[HALF])
        for n in range(n_strangers)
    ]
    known = _scope("POST", "/v1/match", principal=KEY, headers=[HALF])

    assert asyncio.run(ask(*strangers, known)) == [503]
    assert application.callers.count("ak_1") == 1


def test_time_for_the_work_begins_when_the_body_is_there() -> None:
    came: list[float] = []
    due: list[float] = []

    async def receive() -> dict[str, Any]:
        came.append(time.monotonic())
        return {"type": "http.request", "body": b"", "more_body": len(came) < 3}

    async def work(scope: Any, receive: Any, send: Any) -> None:
        due.append((time_left() or 0.0) + time.monotonic())  # read in this order, never too early

    admission = Admission(work, Rates(rates=ONE_EACH), 2.0, 5.0)
    asyncio.run(admission(_scope("POST", headers=[HALF]), receive, work))  # type: ignore[arg-type]

    assert due[0] >= came[-1] + 5.0
    assert len(came) == 3


def test_body_that_is_too_long_after_all_is_refused_as_such(application: Application) -> None:
    async def receive() -> dict[str, Any]:
        raise body_too_large()

    sent: Sent = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    admission = Admission(application, Rates(rates=ONE_EACH), 2.0, 5.0)
    asyncio.run(admission(_scope("POST", headers=[HALF]), receive, send))  # type: ignore[arg-type]

    assert _statuses([sent]) == [413]
    assert application.callers == []
