"""The client: what is asked and changed, by what it is about."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from api.client.asking import Interactions, Subscriptions, Taxonomy
from api.client.errors import error_of
from api.client.imports import Imports
from api.client.records import Capabilities, Cases, Demands, Providers
from api.client.retrying import Retries
from api.client.transport import Transport
from api.schemas.match import (
    FreeText,
    MatchAnswer,
    MatchOptions,
    MatchQuery,
    MatchRequestIn,
    MatchResponse,
)
from api.schemas.preview import PreviewAnswer, PreviewIn, TagsAnswer, TextIn
from api.schemas.session import SessionRead, SignInCreate
from models.vocabulary.matching import Direction

_ONE = "one"


class Client:
    """A typed way to a running service; may be used by several threads.

    Attributes:
        demands: Demands.
        providers: Providers.
        capabilities: Capabilities of providers.
        cases: Cases.
        imports: Sheets that are imported.
        interactions: What both sides of a match do.
        subscriptions: What one is told of.
        taxonomy: Vocabularies and how matches are made.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        timeout_s: float = 30.0,
        retries: Retries | None = None,
        ca_file: Path | None = None,
    ) -> None:
        """Set where the service is.

        Args:
            url: Address of the service, like `http://127.0.0.1:8000`.
            key: API key; without one, sign in, or see what is public. An `OpenToAllWarning` is
                given where it would be sent in clear to another machine.
            timeout_s: Longest wait for one answer, in seconds.
            retries: How patiently it asks again where that may help.
            ca_file: Certificates to trust instead of those of the system.
        """
        self._transport = Transport(
            url, key=key, timeout_s=timeout_s, retries=retries, ca_file=ca_file
        )
        self.demands = Demands(self._transport)
        self.providers = Providers(self._transport)
        self.capabilities = Capabilities(self._transport)
        self.cases = Cases(self._transport)
        self.imports = Imports(self._transport)
        self.interactions = Interactions(self._transport)
        self.subscriptions = Subscriptions(self._transport)
        self.taxonomy = Taxonomy(self._transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    @property
    def version(self) -> str | None:
        """Newest state written through this client, asked for by every question that follows."""
        return self._transport.version

    def sign_in(self, login: str, password: str, code: str | None = None) -> SessionRead:
        """Sign in as a person, and stay so until `sign_out`."""
        self._transport.warn_if_open()
        told = {"code": code} if code is not None else {}
        body = SignInCreate(login=login, password=password, **told)
        return self._transport.ask(SessionRead, "POST", "/v1/session", body=body)

    def sign_out(self) -> None:
        """End the sign-in."""
        self._transport.ask(type(None), "DELETE", "/v1/session")

    def who_am_i(self) -> SessionRead:
        """Return as whom the service knows this client, and what it may do."""
        return self._transport.ask(SessionRead, "GET", "/v1/session")

    def matches(
        self,
        row_id: str,
        options: MatchOptions | None = None,
        *,
        direction: Direction = Direction.DEMAND_TO_PROVIDER,
        min_version: str | None = None,
    ) -> MatchAnswer:
        """Return what fits a stored demand or provider.

        Args:
            row_id: Key of the demand, or of the provider for `p2d` and `p2c`.
            options: How many, filters, weights.
            direction: What asks and what is ranked.
            min_version: State of the index to be answered from at least.
        """
        asked = _query({"id": row_id}, options, direction)
        return self._one(asked, min_version)

    def match_text(
        self,
        text: str,
        options: MatchOptions | None = None,
        *,
        title: str | None = None,
        direction: Direction = Direction.DEMAND_TO_PROVIDER,
        min_version: str | None = None,
    ) -> MatchAnswer:
        """Return what fits a text; nothing of it is stored."""
        titled = {"title": title} if title is not None else {}
        free = FreeText(text=text, **titled)
        return self._one(_query({"text": free}, options, direction), min_version)

    def match(
        self, queries: Mapping[str, MatchQuery], *, min_version: str | None = None
    ) -> MatchResponse:
        """Return the answers to up to 16 named questions; each has its own status."""
        body = MatchRequestIn(queries=dict(queries))
        return self._transport.ask(
            MatchResponse, "POST", "/v1/match", body=body, min_version=min_version
        )

    def preview(self, demand: PreviewIn, *, min_version: str | None = None) -> PreviewAnswer:
        """Return what is read from a demand that is not stored, and whom it would find."""
        return self._transport.ask(
            PreviewAnswer, "POST", "/v1/preview", body=demand, min_version=min_version
        )

    def tags(self, text: TextIn) -> TagsAnswer:
        """Return the tags and facts of a text; nothing of it is stored."""
        return self._transport.ask(TagsAnswer, "POST", "/v1/tags", body=text)

    def _one(self, asked: MatchQuery, min_version: str | None) -> MatchAnswer:
        found = self.match({_ONE: asked}, min_version=min_version).responses[_ONE]
        if found.problem is not None:
            raise error_of(found.problem)
        if found.answer is None:
            raise AssertionError("neither answer nor problem")
        return found.answer


def _query(
    asked: Mapping[str, object], options: MatchOptions | None, direction: Direction
) -> MatchQuery:
    names = set(MatchOptions.model_fields)
    wanted = options.model_dump(include=names, exclude_unset=True) if options is not None else {}
    return MatchQuery.model_validate({**wanted, **asked, "direction": direction})
