"""Of whom a second factor is asked: administrators, and operators for what is not theirs."""

from dataclasses import replace
from typing import Final

import pytest

from api.identity.principal import Means, Principal
from api.permission import SecondFactorError, check, operations_of
from api.policy import ADMINISTRATORS, OPERATORS, POLICY
from models.viewer import Viewer
from models.vocabulary.access import Role, Scope

OWN_MATTERS: Final = frozenset(
    {
        "mark_notifications_read",
        "create_subscription",
        "remove_subscription",
        "renew_feed",
    }
)
"""What operators write for themselves alone."""

OPERATOR: Final = Principal(Viewer(Role.OPERATOR, "us_1"), Means.SIGN_IN, credential_id="si_1")
REGIONAL: Final = replace(OPERATOR, viewer=Viewer(Role.REGIONAL_OPERATOR, "us_2", None, "320000"))
BASE: Final = replace(OPERATOR, viewer=Viewer(Role.BASE_ADMIN, "us_3", "og_1"))
GUARDED: Final = (
    *("create_organisation", "change_organisation", "create_demand", "change_provider"),
    *("start_import", "run_import", "invite", "act_in_interaction", "set_contact"),
    *("remove_contact", "read_contact", "export_demands", "export_matches", "report_demand"),
    "add_person",
)
OPEN: Final = (
    *("read_session", "change_password", "offer_authenticator", "set_authenticator", "sign_out"),
    *("list_demands", "match_demand", "read_gaps", *OWN_MATTERS),
)


def test_operators_are_asked_for_all_they_write_and_hand_out() -> None:
    for name, rule in POLICY.items():
        hands_out = name.startswith(("export_", "report_")) or name == "read_contact"
        is_theirs = bool(rule.roles & OPERATORS) and name != "export_taxonomy"
        if is_theirs and (rule.scope in (Scope.WRITE, Scope.ADMINISTER) or hands_out):
            assert (rule.second_factor >= OPERATORS) is (name not in OWN_MATTERS), name
        assert rule.second_factor <= ADMINISTRATORS, name


@pytest.mark.parametrize("principal", [OPERATOR, REGIONAL], ids=["platform", "region"])
@pytest.mark.parametrize("operation", GUARDED)
def test_password_alone_is_not_enough_for_operators(operation: str, principal: Principal) -> None:
    with pytest.raises(SecondFactorError):
        check(operation, principal, second_factor=True)
    check(operation, replace(principal, with_totp=True), second_factor=True)
    check(operation, replace(principal, means=Means.KEY), second_factor=True)
    check(operation, principal, second_factor=False)


def test_who_has_no_authenticator_yet_can_look_and_set_one_up() -> None:
    may = set(operations_of(OPERATOR, second_factor=True))
    assert may >= set(OPEN)
    assert not may & set(GUARDED)


def test_an_organisation_writes_its_own_rows_with_a_password_alone() -> None:
    for operation in ("create_demand", "start_import", "export_demands", "read_contact"):
        check(operation, BASE, second_factor=True)
    with pytest.raises(SecondFactorError):
        check("add_person", BASE, second_factor=True)
