"""Who a request comes from, and by what they were recognised."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from models.viewer import ANONYMOUS, Viewer
from models.vocabulary.access import Role, Scope, WidgetKind

EVERY_SCOPE: Final = frozenset(Scope)


class Means(StrEnum):
    """By what somebody was recognised."""

    NOTHING = "nothing"
    SIGN_IN = "sign_in"
    KEY = "key"
    WIDGET = "widget"


@dataclass(frozen=True, slots=True)
class WidgetTerms:
    """What a widget token lets its pages do.

    Attributes:
        origins: Where the pages are, such as `https://example.org`.
        kinds: What they may show.
        per_minute: Requests a minute from all of them together.
    """

    origins: frozenset[str]
    kinds: frozenset[WidgetKind]
    per_minute: int


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who asks over HTTP.

    Attributes:
        viewer: As whom the database is asked.
        means: By what they were recognised.
        scopes: What they may use it for.
        credential_id: Key of the stay, API key or widget token.
        with_totp: Whether a one-time code was given at signing in.
        must_change_password: Whether nothing else may be done before.
        terms: What the widget token says; None for everybody else.
    """

    viewer: Viewer
    means: Means = Means.NOTHING
    scopes: frozenset[Scope] = EVERY_SCOPE
    credential_id: str | None = None
    with_totp: bool = False
    must_change_password: bool = False
    terms: WidgetTerms | None = None

    @property
    def role(self) -> Role:
        """As what they act."""
        return self.viewer.role


NOBODY: Final = Principal(ANONYMOUS)
