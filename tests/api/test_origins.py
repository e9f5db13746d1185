"""Names and addresses by which a service may be called."""

import pytest
from starlette.datastructures import Headers

from api.origins import Origins


@pytest.mark.parametrize(
    ("listening", "host", "code"),
    [
        ("127.0.0.1", "192.168.1.5:8000", "host_refused"),
        ("192.168.1.5", "192.168.1.5:8000", None),
        ("0.0.0.0", "192.168.1.5:8000", None),  # noqa: S104 - nothing is bound
        ("0.0.0.0", "evil.example", "host_refused"),  # noqa: S104 - nothing is bound
        ("127.0.0.1", "more.example", None),
        ("127.0.0.1", "MORE.example:80", None),
        ("127.0.0.1", "[broken", "host_refused"),
        ("127.0.0.1", "", "host_refused"),
    ],
)
def test_host_is_looked_up(listening: str, host: str, code: str | None) -> None:
    origins = Origins(listening, ["more.example"])
    assert origins.refusal("GET", Headers({"host": host})) == code


def test_reading_by_a_link_from_elsewhere_is_served() -> None:
    headers = Headers({"host": "localhost", "sec-fetch-site": "cross-site"})
    assert Origins("127.0.0.1").refusal("GET", headers) is None
