"""Asking a running service, in the place of the installation on this machine."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.cli.console import say
from api.client.client import Client
from api.client.errors import (
    ClientError,
    NotAllowedError,
    NotSignedInError,
    OpenToAllWarning,
    ProblemError,
)
from api.client.retrying import Retries
from api.client.transport import OPEN_TO_ALL, is_open_to_all
from api.schemas.match import MatchAnswer, MatchQuery
from models.demand import Demand
from models.errors import InvalidInputError, NotFoundError, SetupError

_KEY_PREFIX = "dm_"
_DEMAND_PREFIX = f"{Demand.id_prefix}_"


@contextmanager
def service_at(address: str, key_file: Path, retries: Retries | None = None) -> Iterator[Client]:
    """Give a client of the service at an address; what it refuses is told in one sentence.

    Args:
        address: Where it is.
        key_file: File with the key.
        retries: How patiently it asks again.

    Raises:
        SetupError: nothing answers there, or the key opens nothing.
        InvalidInputError: the service refused.
    """
    if not address.startswith(("http://", "https://")):
        raise InvalidInputError("--server 应是 http:// 或 https:// 开头的地址。")
    key = key_file.read_text("utf-8").strip()
    if not key.startswith(_KEY_PREFIX) or any(char.isspace() for char in key):
        raise InvalidInputError(f"{key_file} 里应只有一个密钥（{_KEY_PREFIX} 开头）。")
    if is_open_to_all(address):
        say(f"注意：{OPEN_TO_ALL}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OpenToAllWarning)  # it was said
            client = Client(address, key=key, retries=retries)
        with client:
            yield client
    except (NotSignedInError, NotAllowedError) as error:
        raise SetupError(f"{error.title}：{error.detail}") from None
    except ProblemError as error:
        raise InvalidInputError(f"{error.title}：{error.detail}（{error.code}）") from None
    except ClientError as error:
        raise SetupError(f"{address} {error}") from None


def answer_of(client: Client, query: MatchQuery) -> MatchAnswer:
    """Return the answer to one question."""
    if query.text is not None:
        return client.match_text(
            query.text.text, query, title=query.text.title, direction=query.direction
        )
    return client.matches(query.id or "", query, direction=query.direction)


def demand_at(client: Client, word: str) -> str:
    """Return the key of a demand named by its key or its number.

    Raises:
        NotFoundError: there is none for whoever asks.
    """
    if word.startswith(_DEMAND_PREFIX):
        return word
    found = [row.id for row in client.demands.page(text=word).items if row.demand_no == word]
    if not found:
        raise NotFoundError(f"服务上没有业务编号为 {word} 的需求。")
    return found[0]
