"""All parts of identity together, wired once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from api.identity.api_keys import ApiKeys
from api.identity.own_account import OwnAccount
from api.identity.people import People
from api.identity.sign_ins import SignIns
from api.identity.widget_tokens import WidgetTokens
from api.settings import Settings
from models.database import Database


@dataclass(frozen=True)
class Identity:
    """Who may come in, and as what.

    Attributes:
        people: Those who sign in.
        sign_ins: Their stays.
        own_account: What they change about themselves.
        keys: API keys.
        widget_tokens: Tokens of public pages.
    """

    people: People
    sign_ins: SignIns
    own_account: OwnAccount
    keys: ApiKeys
    widget_tokens: WidgetTokens

    @classmethod
    def of(cls, database: Database, settings: Settings) -> Self:
        """Return the identity of an installation."""
        idle = timedelta(minutes=settings.sign_in_idle_minutes)
        longest = timedelta(hours=settings.sign_in_hours)
        return cls(
            people=People(database),
            sign_ins=SignIns(database, idle, longest),
            own_account=OwnAccount(database),
            keys=ApiKeys(database),
            widget_tokens=WidgetTokens(database),
        )
