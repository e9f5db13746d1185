"""Asking a running service, in the place of the installation on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.client.client import Client
from api.client.errors import ClientError, NotAllowedError, NotSignedInError, ProblemError
from api.schemas.match import MatchAnswer, MatchQuery
from models.demand import Demand
from models.errors import InvalidInputError, NotFoundError, SetupError

_KEY_PREFIX = "dm_"
_DEMAND_PREFIX = f"{Demand.id_prefix}_"


@contextmanager
def service_at(address: str, key_file: Path) -> Iterator[Client]:
    """Give a client of the service at an address; what it refuses is told in one sentence.

    Raises:
        SetupError: nothing answers there, or the key opens nothing.
        InvalidInputError: the service refused.
    """
    if not address.startswith(("http://", "https://")):
        raise InvalidInputError("--server 应是 http:// 或 https:// 开头的地址。")
    key = key_file.read_text("utf-8").strip()
    if not key.startswith(_KEY_PREFIX) or any(char.isspace() for char in key):
        raise InvalidInputError(f"{key_file} 里应只有一个密钥（{_KEY_PREFIX} 开头）。")
    try:
        with Client(address, key=key) as client:
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
