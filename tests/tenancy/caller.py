"""Somebody who asks."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Caller:
    """Somebody who asks.

    Attributes:
        name: Shown when a cell fails.
        letter: As what they act, in the table.
        credential: `good`, `none`, `read only`, `expired` or `revoked`.
        headers: What they send.
        query: What they add to the address.
        base: Number of their base; None for those who are of none.
        provider: Number of their provider.
        recipient: Whether they are the recipient.
        person_id: Key of the person who signed in; None for keys, tokens and nobody.
    """

    name: str
    letter: str
    credential: str = "good"
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    base: int | None = None
    provider: int | None = None
    recipient: bool = False
    person_id: str | None = None

    @property
    def owns_bases(self) -> bool:
        """Whether rows of a base can be theirs."""
        return self.base is not None
