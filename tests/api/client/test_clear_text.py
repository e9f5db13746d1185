"""A secret that others could read on the way is warned of."""

import pytest

from api.client.client import Client
from api.client.errors import OpenToAllWarning
from api.client.transport import is_open_to_all


@pytest.mark.parametrize(
    ("url", "is_open"),
    [
        ("http://navmatch.example.cn", True),
        ("http://10.0.0.8:8000", True),
        ("http://localhost.example.cn", True),
        ("http://127.0.0.1.example.cn", True),
        ("http://user@navmatch.example.cn", True),
        ("https://navmatch.example.cn", False),
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
    ],
)
def test_only_what_leaves_the_machine_unencrypted_is_open(url: str, *, is_open: bool) -> None:
    assert is_open_to_all(url) is is_open


def test_key_in_clear_is_warned_of_and_none_is_not() -> None:
    with pytest.warns(OpenToAllWarning, match="https"):
        Client("http://navmatch.example.cn", key="dm_x_y").close()
    Client("http://navmatch.example.cn").close()
    Client("http://127.0.0.1:8000", key="dm_x_y").close()
