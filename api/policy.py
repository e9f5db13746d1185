"""Who may do what: one line an operation; a route without a line stops the start.

Read it as: these roles, with a credential for this purpose, on whose rows. What they then see
is decided row by row (`models/sight.py`), and nobody writes a row that is not theirs
(`models/ownership.py`): this table is the first of three doors, not the only one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from api.identity.principal import Means
from models.sight import BASE_ROLES, OUTSIDE, PROVIDER_ROLES
from models.vocabulary.access import Role, Scope


class Whose(StrEnum):
    """On which rows an operation works."""

    NONE = "none"
    """On no row at all."""
    VISIBLE = "visible"
    """On all rows whoever asks may see."""
    OWN = "own"
    """On rows of their organisation, or of those they answer for."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call an operation.

    Attributes:
        roles: As what they act.
        scope: What an API key must be made for.
        whose: On which rows it works.
        means: By what they must have been recognised; anything when empty.
        second_factor: Of whom, when they sign in, a password alone is not enough.
        before_recognition: Whether nobody is asked who they are: it works with a credential
            that has ended, and without the database.
    """

    roles: frozenset[Role]
    scope: Scope = Scope.READ
    whose: Whose = Whose.VISIBLE
    means: frozenset[Means] = frozenset()
    second_factor: frozenset[Role] = frozenset()
    before_recognition: bool = False


ANYBODY: Final = frozenset(Role) - {Role.SYSTEM}
READERS: Final = ANYBODY - {Role.WIDGET}
KNOWN: Final = ANYBODY - OUTSIDE
OPERATORS: Final = frozenset({Role.REGIONAL_OPERATOR, Role.OPERATOR})
BASES: Final = BASE_ROLES | OPERATORS
PROVIDERS: Final = PROVIDER_ROLES | OPERATORS
ADMINISTRATORS: Final = OPERATORS | {Role.BASE_ADMIN, Role.PROVIDER_ADMIN}

_OPEN = Rule(ANYBODY, whose=Whose.NONE, before_recognition=True)
_READ = Rule(READERS)
_ASK = Rule(KNOWN, Scope.MATCH)
_ASK_BASE = Rule(BASES, Scope.MATCH, Whose.OWN)
_ASK_PROVIDER = Rule(PROVIDERS, Scope.MATCH, Whose.OWN)
_UNDERSTAND = Rule(KNOWN, Scope.MATCH, Whose.NONE)


def _writing(roles: frozenset[Role], whose: Whose = Whose.OWN) -> Rule:
    """Return the rule for changing rows; operators change those of others."""
    return Rule(roles, Scope.WRITE, whose, second_factor=OPERATORS)


_WRITE_BASE = _writing(BASES)
_WRITE_PROVIDER = _writing(PROVIDERS)
_WRITE_CASE = _writing(BASES | PROVIDERS)
_LEAVE = _writing(OPERATORS | {Role.PROVIDER_ADMIN})
_FOUND = _writing(OPERATORS | {Role.BASE_ADMIN})
_HAND_OUT = Rule(KNOWN, second_factor=OPERATORS)
"""For what leaves the platform: contacts, and lists as files."""

_HAND_OUT_BASE = Rule(BASES, Scope.MATCH, Whose.OWN, second_factor=OPERATORS)
_ADMINISTER = Rule(ADMINISTRATORS, Scope.ADMINISTER, Whose.OWN, second_factor=ADMINISTRATORS)
_TAXONOMY_READ = Rule(frozenset({Role.OPERATOR}), whose=Whose.NONE)
_TAXONOMY = Rule(
    frozenset({Role.OPERATOR}), Scope.ADMINISTER, Whose.NONE, second_factor=ADMINISTRATORS
)
_TELL = Rule(
    frozenset({Role.OPERATOR, Role.BASE_ADMIN, Role.PROVIDER_ADMIN}),
    Scope.ADMINISTER,
    Whose.OWN,
    second_factor=ADMINISTRATORS,
)
_TOLD = KNOWN - {Role.REGIONAL_OPERATOR}
"""Those who are told things: an organisation's, and the platform's operators."""

_MYSELF = Rule(KNOWN, whose=Whose.NONE, means=frozenset({Means.SIGN_IN}))

POLICY: Final[Mapping[str, Rule]] = {
    # health, vocabularies, the algorithm
    "read_health": _OPEN,
    "read_readiness": _OPEN,
    "read_local_metrics": _OPEN,  # the route lets in nobody but this machine
    "read_metrics": Rule(frozenset({Role.OPERATOR}), whose=Whose.NONE),
    "read_taxonomy": _OPEN,
    "list_taxonomy_versions": _TAXONOMY_READ,
    "export_taxonomy": _TAXONOMY_READ,
    "import_taxonomy": _TAXONOMY,
    "add_scenario": _TAXONOMY,
    "change_scenario": _TAXONOMY,
    "retire_scenario": _TAXONOMY,
    "start_retagging": _TAXONOMY,
    "read_retagging": _TAXONOMY_READ,
    "list_unfit_demands": _TAXONOMY_READ,
    "list_industries": _OPEN,
    "list_regions": _OPEN,
    "read_algorithms": _OPEN,
    # demands
    "create_demand": _WRITE_BASE,
    "list_demands": _READ,
    "read_demand": _READ,
    "change_demand": _WRITE_BASE,
    "publish_demand": _WRITE_BASE,
    "pause_demand": _WRITE_BASE,
    "withdraw_demand": _WRITE_BASE,
    "delete_demand": _WRITE_BASE,
    "decide_demand_tags": _WRITE_BASE,
    "suggest_demand_ipc": _ASK_BASE,
    "match_demand": _ASK_BASE,
    "report_demand": _HAND_OUT_BASE,
    "find_similar_demands": _ASK_BASE,
    "find_demand_cases": _ASK,
    # providers and what they can do
    "create_provider": _LEAVE,
    "list_providers": _READ,
    "read_provider": _READ,
    "change_provider": _WRITE_PROVIDER,
    "publish_provider": _WRITE_PROVIDER,
    "pause_provider": _WRITE_PROVIDER,
    "withdraw_provider": _LEAVE,
    "delete_provider": _LEAVE,
    "create_capability": _WRITE_PROVIDER,
    "list_capabilities": _READ,
    "match_provider": _ASK_PROVIDER,
    "find_provider_cases": _ASK,
    "read_capability": _READ,
    "change_capability": _WRITE_PROVIDER,
    "delete_capability": _WRITE_PROVIDER,
    "decide_capability_tags": _WRITE_PROVIDER,
    # cases
    "create_case": _WRITE_CASE,
    "list_cases": _READ,
    "read_case": _READ,
    "change_case": _WRITE_CASE,
    "publish_case": _WRITE_CASE,
    "withdraw_case": _WRITE_CASE,
    "delete_case": _WRITE_CASE,
    "decide_case_tags": _WRITE_CASE,
    # bases
    "create_base": _FOUND,
    "list_bases": _READ,
    "read_base": _READ,
    # sheets: importing one also asks for the right to store one row of its kind
    "read_import_template": Rule(KNOWN, whose=Whose.NONE),
    "start_import": _WRITE_CASE,
    "list_imports": Rule(KNOWN, whose=Whose.OWN),
    "read_import": Rule(KNOWN, whose=Whose.OWN),
    "list_import_problems": Rule(KNOWN, whose=Whose.OWN),
    "read_import_sheet": Rule(KNOWN, whose=Whose.OWN),
    "run_import": _WRITE_CASE,
    "drop_import": _WRITE_CASE,
    # lists as files: what their list shows
    "export_demands": _HAND_OUT,
    "export_providers": _HAND_OUT,
    "export_cases": _HAND_OUT,
    "export_capabilities": _HAND_OUT,
    "export_interactions": _HAND_OUT,
    "export_matches": _HAND_OUT_BASE,
    # questions in a body: each is checked like the operation that asks it
    "match": _ASK,
    "preview": _UNDERSTAND,
    "tag": _UNDERSTAND,
    "read_match_run": Rule(KNOWN, Scope.MATCH, Whose.OWN),
    "replay_match_run": Rule(KNOWN, Scope.MATCH, Whose.OWN),
    "widget_matches": Rule(ANYBODY, Scope.MATCH),
    "widget_demands": Rule(ANYBODY),
    "widget_cases": Rule(ANYBODY),
    "widget_frame": _OPEN,  # its policy names the sites that may frame it
    "read_widget_file": _OPEN,
    # whoever asks
    "sign_in": _OPEN,
    "read_session": Rule(KNOWN, whose=Whose.NONE),
    "sign_out": _MYSELF,
    "change_password": _MYSELF,
    "offer_authenticator": _MYSELF,
    "set_authenticator": _MYSELF,
    "read_docs": _OPEN,
    "try_operations": _OPEN,
    # accounts
    "list_organisations": Rule(ADMINISTRATORS, whose=Whose.OWN),
    "create_organisation": _writing(OPERATORS),
    "change_organisation": _writing(OPERATORS),
    "find_recipients": Rule(BASES, whose=Whose.NONE),  # answers who can already name one
    "list_people": _ADMINISTER,
    "add_person": _ADMINISTER,
    "lock_person": _ADMINISTER,
    "unlock_person": _ADMINISTER,
    "reset_password": _ADMINISTER,
    "list_keys": _ADMINISTER,
    "create_key": _ADMINISTER,
    "rotate_key": _ADMINISTER,
    "revoke_key": _ADMINISTER,
    "list_widget_tokens": _ADMINISTER,
    "create_widget_token": _ADMINISTER,
    "revoke_widget_token": _ADMINISTER,
    "read_widget_snippet": _ADMINISTER,
    "list_audit": _TELL,
    "erase": Rule(frozenset({Role.OPERATOR}), Scope.ADMINISTER, second_factor=ADMINISTRATORS),
    # invitations and contacts
    "invite": _WRITE_CASE,
    "list_invitations": Rule(KNOWN),
    "accept_invitation": _writing(BASES | PROVIDERS | {Role.RECIPIENT}, Whose.VISIBLE),
    "withdraw_invitation": _WRITE_CASE,
    "read_contact": _HAND_OUT,
    "explain_fit": _ASK_PROVIDER,
    "compare_providers": _ASK_BASE,
    "begin_interaction": _WRITE_CASE,
    "list_interactions": Rule(KNOWN),
    "read_interaction": Rule(KNOWN),
    "act_in_interaction": _writing(BASES | PROVIDERS | {Role.RECIPIENT}),
    # notifications
    "list_notifications": Rule(KNOWN, whose=Whose.OWN),
    "mark_notifications_read": Rule(KNOWN, Scope.WRITE, Whose.OWN),
    "list_webhooks": _TELL,
    "create_webhook": _TELL,
    "revoke_webhook": _TELL,
    "test_webhook": _TELL,
    "list_deliveries": _TELL,
    "retry_delivery": _TELL,
    "read_mailbox": _MYSELF,
    "set_mailbox": _MYSELF,
    "remove_mailbox": _MYSELF,
    # figures
    "read_gaps": Rule(KNOWN, whose=Whose.NONE),
    "read_funnel": Rule(OPERATORS, whose=Whose.NONE),
    "read_responses": Rule(OPERATORS, whose=Whose.NONE),
    "read_inactive": Rule(OPERATORS, whose=Whose.NONE),
    # subscriptions
    "list_subscriptions": Rule(_TOLD, whose=Whose.OWN),
    "create_subscription": Rule(_TOLD, Scope.WRITE, Whose.OWN),
    "remove_subscription": Rule(_TOLD, Scope.WRITE, Whose.OWN),
    "renew_feed": Rule(_TOLD, Scope.WRITE, Whose.OWN),
    "list_found": Rule(_TOLD, whose=Whose.OWN),
    "read_subscription_feed": _OPEN,  # the token in the address opens it
    "set_contact": _WRITE_CASE,
    "remove_contact": _WRITE_CASE,
}
