"""All parts of identity together, wired once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Self

from api.identity.api_keys import ApiKeys
from api.identity.authenticators import Authenticators
from api.identity.own_account import OwnAccount
from api.identity.people import People
from api.identity.principal import Principal
from api.identity.secret_seal import SecretSeal
from api.identity.sign_ins import SignIns
from api.identity.widget_tokens import WidgetTokens
from api.settings import Settings
from models.database import Database
from models.secret_file import read_secret


@dataclass(frozen=True)
class Identity:
    """Who may come in, and as what.

    Attributes:
        people: Those who sign in.
        sign_ins: Their stays.
        own_account: What they change about themselves.
        authenticators: What shows the codes they sign in with.
        keys: API keys.
        widget_tokens: Tokens of public pages.
    """

    people: People
    sign_ins: SignIns
    own_account: OwnAccount
    authenticators: Authenticators
    keys: ApiKeys
    widget_tokens: WidgetTokens

    def acting(self, actor: str) -> Sequence[Principal]:
        """Return as what the holder of an account or key may act now: nothing when it is closed.

        Args:
            actor: Key of the row of the person or API key.
        """
        key = self.keys.holder(actor)
        return (key,) if key is not None else self.people.places_of(actor)

    @classmethod
    def of(cls, database: Database, settings: Settings) -> Self:
        """Return the identity of an installation."""
        idle = timedelta(minutes=settings.sign_in_idle_minutes)
        longest = timedelta(hours=settings.sign_in_hours)
        seal = SecretSeal(partial(read_secret, settings.resolved_audit_key_file))
        people = People(database)
        return cls(
            people=people,
            sign_ins=SignIns(database, seal, idle, longest),
            own_account=OwnAccount(database, seal),
            authenticators=Authenticators(database, people, seal),
            keys=ApiKeys(database),
            widget_tokens=WidgetTokens(database),
        )
