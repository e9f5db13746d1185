"""Who may see and change what: the one rule, for rows and for what the index holds.

`models/visibility.py` says the same in SQL, the migration `0003_identity` as row-level
security; `tests/tenancy` holds the three together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from models.viewer import Viewer
from models.vocabulary.access import Role, Visibility

SEES_ALL: Final = frozenset({Role.SYSTEM, Role.OPERATOR})
OUTSIDE: Final = frozenset({Role.ANONYMOUS, Role.WIDGET})
"""Those who belong to no organisation of the platform, and see only what is public."""

BASE_ROLES: Final = frozenset({Role.BASE_STAFF, Role.BASE_ADMIN})
PROVIDER_ROLES: Final = frozenset({Role.PROVIDER_STAFF, Role.PROVIDER_ADMIN})
MEMBER_ROLES: Final = BASE_ROLES | PROVIDER_ROLES | {Role.RECIPIENT}
"""Those who act for an organisation and own what it owns."""

_NARROWER: Final[dict[Visibility, frozenset[Visibility]]] = {
    Visibility.PUBLIC: frozenset(Visibility),
    Visibility.PLATFORM: frozenset(Visibility) - {Visibility.PUBLIC},
    Visibility.REGION: frozenset({Visibility.REGION, Visibility.PRIVATE}),
    Visibility.BASES: frozenset({Visibility.BASES, Visibility.PRIVATE}),
    Visibility.INVITED: frozenset({Visibility.PRIVATE}),
    Visibility.PRIVATE: frozenset({Visibility.PRIVATE}),
}
"""Levels whose viewers all see the level too; who is invited differs from row to row."""


@dataclass(frozen=True, slots=True)
class Placement:
    """What decides who may see something that is published.

    Attributes:
        levels: Visibility of the row and of those it belongs to; all of them must admit.
        owner_id: Organisation it belongs to; None when it belongs to none.
        owner_region: Region (GB/T 2260) of that organisation.
        recipient_id: Organisation it is done for; it sees the row like its owner.
        invited: Organisations invited to it.
    """

    levels: tuple[Visibility, ...]
    owner_id: str | None = None
    owner_region: str | None = None
    recipient_id: str | None = None
    invited: tuple[str, ...] = ()


ON_PLATFORM: Final = Placement((Visibility.PLATFORM,))
"""Seen by everybody who is known."""


def covers(wide: Visibility, narrow: Visibility) -> bool:
    """Return whether everyone who sees the one level also sees the other."""
    return narrow in _NARROWER[wide]


def oversees(viewer: Viewer, region: str | None) -> bool:
    """Return whether somebody answers for everything of an organisation in a region."""
    if viewer.role in SEES_ALL:
        return True
    if viewer.role != Role.REGIONAL_OPERATOR or not viewer.region_code or not region:
        return False
    return region.startswith(area_of(viewer.region_code))


def owns(viewer: Viewer, owner_id: str | None, owner_region: str | None) -> bool:
    """Return whether something is theirs, or of an organisation they answer for."""
    if oversees(viewer, owner_region):
        return True
    return viewer.role in MEMBER_ROLES and owner_id is not None and owner_id == own_id(viewer)


def may_change(viewer: Viewer, owner_id: str | None, owner_region: str | None) -> bool:
    """Return whether they may write a row of that owner."""
    return not viewer.read_only and owns(viewer, owner_id, owner_region)


def may_see(viewer: Viewer, placement: Placement, *, published: bool = True) -> bool:
    """Return whether they may see a row, or anything made from it."""
    if owns(viewer, placement.owner_id, placement.owner_region):
        return True
    if placement.recipient_id is not None and placement.recipient_id == own_id(viewer):
        return True
    return published and all(_admits(level, viewer, placement) for level in placement.levels)


def open_levels(viewer: Viewer) -> frozenset[Visibility]:
    """Return the levels that admit somebody whatever row it is."""
    if viewer.role in SEES_ALL:
        return frozenset(Visibility)
    if viewer.role in OUTSIDE:
        return frozenset({Visibility.PUBLIC})
    seen = {Visibility.PUBLIC, Visibility.PLATFORM}
    return frozenset(seen | {Visibility.BASES} if viewer.role in BASE_ROLES else seen)


def own_id(viewer: Viewer) -> str | None:
    """Return the organisation somebody acts for; None for those who act for none."""
    return viewer.organisation_id if viewer.role in MEMBER_ROLES else None


def province_of(viewer: Viewer) -> str | None:
    """Return the first two digits of where somebody belongs, when that opens rows to them."""
    if viewer.role in OUTSIDE or not viewer.region_code:
        return None
    return viewer.region_code[:2]


def area_of(code: str) -> str:
    """Return the leading digits all divisions inside a division share."""
    padded = code.ljust(6, "0")
    return next((padded[:n] for n in (2, 4) if padded[n:] == "0" * (6 - n)), padded)


def common_levels(levels: Iterable[Visibility]) -> tuple[Visibility, ...]:
    """Return the levels without those that another of them makes superfluous, in order."""
    wanted = dict.fromkeys(levels)
    return tuple(a for a in wanted if not any(a != b and covers(a, b) for b in wanted))


def _admits(level: Visibility, viewer: Viewer, placement: Placement) -> bool:
    if level in open_levels(viewer):
        return True
    if level == Visibility.REGION:
        province = province_of(viewer)
        return province is not None and (placement.owner_region or "").startswith(province)
    return level == Visibility.INVITED and own_id(viewer) in placement.invited
