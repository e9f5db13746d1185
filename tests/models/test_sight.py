"""The rule of who sees what, in words: one case a line of the rule."""

import pytest

from models.sight import Placement, area_of, covers, may_change, may_see
from models.viewer import ANONYMOUS, Viewer, system
from models.vocabulary.access import Role, Visibility

OWNER, OTHER = "og_owner", "og_other"
OWN = Viewer(Role.BASE_STAFF, "us_1", OWNER, "440300")
BASE_NEAR = Viewer(Role.BASE_ADMIN, "us_2", OTHER, "440100")
BASE_FAR = Viewer(Role.BASE_STAFF, "us_3", OTHER, "320500")
PROVIDER_NEAR = Viewer(Role.PROVIDER_STAFF, "us_4", OTHER, "440000")
PROVIDER_FAR = Viewer(Role.PROVIDER_ADMIN, "us_5", OTHER, "110000")
RECIPIENT = Viewer(Role.RECIPIENT, "us_6", OTHER, "320000")
CITY = Viewer(Role.REGIONAL_OPERATOR, "us_7", None, "440300")
OTHER_CITY = Viewer(Role.REGIONAL_OPERATOR, "us_8", None, "440100")
OPERATOR = Viewer(Role.OPERATOR, "us_9")
WIDGET = Viewer(Role.WIDGET, "wt_1", OWNER, "440300")

EVERYBODY = {
    "owner": OWN,
    "base near": BASE_NEAR,
    "base far": BASE_FAR,
    "provider near": PROVIDER_NEAR,
    "provider far": PROVIDER_FAR,
    "recipient": RECIPIENT,
    "city": CITY,
    "other city": OTHER_CITY,
    "operator": OPERATOR,
    "system": system("test"),
    "widget": WIDGET,
    "anonymous": ANONYMOUS,
}
ALWAYS = {"owner", "city", "operator", "system"}
KNOWN = set(EVERYBODY) - {"widget", "anonymous"}


def seeing(*levels: Visibility, invited: tuple[str, ...] = (), published: bool = True) -> set[str]:
    placement = Placement(levels, OWNER, "440300", invited=invited)
    return {n for n, v in EVERYBODY.items() if may_see(v, placement, published=published)}


@pytest.mark.parametrize(
    ("level", "who"),
    [
        (Visibility.PUBLIC, set(EVERYBODY)),
        (Visibility.PLATFORM, KNOWN),
        (Visibility.REGION, ALWAYS | {"base near", "provider near", "other city"}),
        (Visibility.BASES, ALWAYS | {"base near", "base far"}),
        (Visibility.INVITED, ALWAYS),
        (Visibility.PRIVATE, ALWAYS),
    ],
    ids=lambda value: str(value) if isinstance(value, Visibility) else "",
)
def test_level_shows_a_published_row_to(level: Visibility, who: set[str]) -> None:
    assert seeing(level) == who


@pytest.mark.parametrize("level", Visibility)
def test_what_is_not_published_is_for_owner_and_operators(level: Visibility) -> None:
    assert seeing(level, published=False) == ALWAYS


def test_invitation_opens_a_row_to_the_members_of_one_organisation() -> None:
    invited = {"base near", "base far", "provider near", "provider far", "recipient"}
    assert seeing(Visibility.INVITED, invited=(OTHER,)) == ALWAYS | invited
    assert seeing(Visibility.PRIVATE, invited=(OTHER,)) == ALWAYS


def test_all_levels_of_a_chain_must_admit() -> None:
    assert seeing(Visibility.REGION, Visibility.BASES) == ALWAYS | {"base near"}


def test_recipient_sees_what_is_done_for_it() -> None:
    placement = Placement((Visibility.PRIVATE,), OWNER, "440300", recipient_id=OTHER)
    assert may_see(RECIPIENT, placement, published=False)
    assert not may_change(RECIPIENT, OWNER, "440300")


def test_row_of_nobody_is_seen_by_its_level_alone() -> None:
    placement = Placement((Visibility.PRIVATE,))
    assert {n for n, v in EVERYBODY.items() if may_see(v, placement)} == {"operator", "system"}


@pytest.mark.parametrize(
    ("viewer", "changes"),
    [
        (OWN, True),
        (Viewer(Role.BASE_STAFF, "ak_1", OWNER, "440300", read_only=True), False),
        (BASE_NEAR, False),
        (CITY, True),
        (OTHER_CITY, False),
        (OPERATOR, True),
        (Viewer(Role.OPERATOR, "ak_2", read_only=True), False),
        (WIDGET, False),
        (ANONYMOUS, False),
    ],
    ids=str,
)
def test_rows_are_changed_by_owner_and_operators(viewer: Viewer, changes: bool) -> None:
    assert may_change(viewer, OWNER, "440300") is changes


@pytest.mark.parametrize(
    ("code", "area"), [("44", "44"), ("440000", "44"), ("4403", "4403"), ("440305", "440305")]
)
def test_area_is_what_all_divisions_inside_share(code: str, area: str) -> None:
    assert area_of(code) == area


@pytest.mark.parametrize("wide", Visibility)
@pytest.mark.parametrize("narrow", Visibility)
def test_covers_says_that_all_who_see_the_one_see_the_other(
    wide: Visibility, narrow: Visibility
) -> None:
    if covers(wide, narrow):
        assert seeing(narrow) <= seeing(wide)
