"""How each operation is called for a caller and a target."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any, Final

from api.schemas import examples
from models.case import Case
from models.demand import Demand
from models.organisation import Organisation
from models.provider import Capability, Provider
from models.taxonomy import Scenario
from models.viewer import acting_as, system
from models.vocabulary.access import Role, Visibility
from models.vocabulary.demand import DemandState
from models.vocabulary.organisation import CaseState, ProviderState
from models.vocabulary.row import Entity
from tests.tenancy.world import AREA, HIDDEN, OTHER, Caller, World, absent

ROW_TARGETS: Final = ("own", "visible", "public", "hidden", "deleted", "absent")
PLAIN_TARGETS: Final = ("",)
INSIDE_TARGETS: Final = ("own", "hidden", "absent")
GIVEN_TARGETS: Final = ("own", "beyond", "hidden", "absent")

QUERY: Final = {"text": examples.TEXT["text"]}


@dataclass(frozen=True)
class Call:
    """A request.

    Attributes:
        method: Its method.
        path: Its path.
        body: Its body; none when None.
        query: Its query.
        headers: Its headers, instead of those of the caller.
        content: A file that is its body.
    """

    method: str
    path: str
    body: Any = None
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None


class NoCellError(Exception):
    """There is nothing of this kind for this caller."""


Make = Callable[[World, Caller, str], Call]


def demand(world: World, caller: Caller, target: str, state: DemandState) -> str:
    if target == "own":
        if caller.recipient:
            recipient_id = world.recipients[0].id
            return world.fresh(Demand, OTHER, state=state, recipient_id=recipient_id)
        return world.fresh(Demand, _own(caller.base), state=state)
    return _other(world, Demand, target, state)


def case(world: World, caller: Caller, target: str, state: CaseState) -> str:
    if target == "own":
        if caller.provider is not None:
            return world.fresh(Case, caller.provider, state=state)
        base = world.bases[_own(caller.base)]
        return world.fresh(Case, 0, state=state, provider_id=None, base_id=base.id)
    return _other(world, Case, target, state)


def capability(world: World, caller: Caller, target: str) -> str:
    if target == "own":
        return world.fresh(Capability, _own(caller.provider))
    if target == "public":  # a public capability of a provider only the platform sees
        raise NoCellError
    return _other(world, Capability, target, None)


def provider(
    world: World, caller: Caller, target: str, state: ProviderState = ProviderState.ACTIVE
) -> str:
    if target == "own":
        return world.restore_provider(_own(caller.provider), state)
    if target == "public":
        raise NoCellError
    if target == "deleted":
        return world.gone_provider.id
    if target == "absent":
        return absent("pv")
    number = OTHER if target == "visible" else HIDDEN
    return world.restore_provider(number, ProviderState.ACTIVE if target == "visible" else state)


def base(world: World, caller: Caller, target: str) -> str:
    if target == "own":
        return world.bases[_own(caller.base)].id
    if target in ("public", "deleted"):
        raise NoCellError
    if target == "absent":
        return absent("bs")
    return world.bases[OTHER if target == "visible" else HIDDEN].id


def organisation(world: World, caller: Caller, target: str) -> str | None:
    """The organisation accounts are asked of; None is that of operators."""
    if target in ("own", "beyond"):
        if target == "beyond" and caller.letter == "O":
            raise NoCellError
        if caller.letter == "O":
            return None
        if caller.provider is not None and caller.base is None:
            return world.providers[caller.provider].organisation_id
        return world.bases[_own(caller.base)].organisation_id
    return world.bases[HIDDEN].organisation_id


def _own(number: int | None) -> int:
    if number is None:
        raise NoCellError
    return number


def _other(world: World, table: Any, target: str, state: Any) -> str:
    if target == "absent":
        return absent(table.id_prefix)
    levels = {"visible": Visibility.PLATFORM, "public": Visibility.PUBLIC}
    shown = {Demand: DemandState.PUBLISHED, Case: CaseState.PUBLISHED}.get(table)
    columns: dict[str, Any] = {"visibility": levels.get(target, Visibility.PRIVATE)}
    if state is not None:
        columns["state"] = shown if target in levels else state
    if target == "deleted":
        return world.fresh(table, OTHER, deleted=True, **columns)
    return world.fresh(table, HIDDEN if target == "hidden" else OTHER, **columns)


def _demands(method: str, path: str, state: DemandState, body: Any = None) -> Make:
    return lambda world, caller, target: Call(
        method, path.format(demand(world, caller, target, state)), body
    )


def _providers(
    method: str, path: str, body: Any = None, state: ProviderState = ProviderState.ACTIVE
) -> Make:
    def make(world: World, caller: Caller, target: str) -> Call:
        row_id = provider(world, caller, target, state)
        sent = body
        if body is not None and "version" in body:
            sent = {**body, "version": world.version(Provider, row_id)}
        return Call(method, path.format(row_id), sent)

    return make


def _capabilities(method: str, path: str, body: Any = None) -> Make:
    return lambda world, caller, target: Call(
        method, path.format(capability(world, caller, target)), body
    )


def _cases(method: str, path: str, state: CaseState, body: Any = None) -> Make:
    return lambda world, caller, target: Call(
        method, path.format(case(world, caller, target, state)), body
    )


def _plain(method: str, path: str, body: Any = None, **query: Any) -> Make:
    return lambda world, caller, target: Call(method, path, body, query)


def _named(method: str, path: str, body: Mapping[str, Any]) -> Make:
    """A call that needs a name of its own each time."""
    return lambda world, caller, target: Call(
        method, path, {**body, "name": f"新{absent('og')[3:]}"}
    )


def _role(caller: Caller, organisation_id: str | None, target: str) -> Role:
    """Of an account or key: one the caller may give, or one they may not."""
    if organisation_id is None:
        return Role.OPERATOR
    of_providers = caller.letter in "Pp"
    if target != "beyond":
        return Role.PROVIDER_STAFF if of_providers else Role.BASE_STAFF
    if caller.letter in "GO":  # they may give every role an organisation has
        raise NoCellError
    return Role.BASE_ADMIN if of_providers else Role.PROVIDER_ADMIN


def _people(path: str) -> Make:
    def make(world: World, caller: Caller, target: str) -> Call:
        if target == "absent":
            return Call("POST", path.format(absent("us")))
        organisation_id = organisation(world, caller, target)
        role = _role(caller, organisation_id, target)
        return Call("POST", path.format(world.person(organisation_id, role)))

    return make


def _keys(method: str, path: str, body: Any = None) -> Make:
    def make(world: World, caller: Caller, target: str) -> Call:
        if target == "absent":
            return Call(method, path.format(absent("ak")), body)
        organisation_id = organisation(world, caller, target)
        role = _role(caller, organisation_id, target)
        return Call(method, path.format(world.key(organisation_id, role)), body)

    return make


def _tokens(method: str, path: str) -> Make:
    def make(world: World, caller: Caller, target: str) -> Call:
        gone = target == "absent"
        key = absent("wt") if gone else world.token(organisation(world, caller, target))
        return Call(method, path.format(key))

    return make


def _grant(path: str, body: Mapping[str, Any]) -> Make:
    """Something given for one's own organisation."""

    def make(world: World, caller: Caller, target: str) -> Call:
        role = {"P": "provider_staff", "O": "operator"}.get(caller.letter, "base_staff")
        organisation_id = world.bases[0].organisation_id if caller.letter == "G" else None
        more = {"login": absent("us")[3:]} if "login" in body else {"name": absent("ak")[3:]}
        roles = {"role": role} if "role" in body else {}
        return Call("POST", path, {**body, **more, **roles, "organisation_id": organisation_id})

    return make


def _create_demand(world: World, caller: Caller, target: str) -> Call:
    body = {**examples.DEMAND, "scenario_tags": ["ENT.RISK"], "visibility": "private"}
    return Call("POST", "/v1/demands", {**body, "base_id": world.bases[caller.base or 0].id})


def _create_case(world: World, caller: Caller, target: str) -> Call:
    if caller.provider is not None:
        of = {"provider_id": world.providers[caller.provider].id}
    else:
        of = {"base_id": world.bases[caller.base or 0].id}
    return Call("POST", "/v1/cases", {**examples.CASE, **of, "visibility": "private"})


def _create_organisation(world: World, caller: Caller, target: str) -> Call:
    body = {**examples.ORGANISATION, "name": f"新{absent('og')[3:]}", "region_code": f"{AREA}0300"}
    return Call("POST", "/v1/organisations", body)


def _change_organisation(world: World, caller: Caller, target: str) -> Call:
    key, version = absent("og"), 1
    if target != "absent":
        key = world.bases[0 if target == "own" else HIDDEN].organisation_id
        version = world.version(Organisation, key)
    return Call("PATCH", f"/v1/organisations/{key}", {"version": version, "org_type": "park"})


def _create_of_region(path: str, body: Mapping[str, Any]) -> Make:
    """A provider or base: operators register any, members are what they are already."""

    def make(world: World, caller: Caller, target: str) -> Call:
        values = {**body, "name": f"新{absent('og')[3:]}", "region_code": f"{AREA}0300"}
        return Call("POST", path, values)

    return make


def _widget(world: World, caller: Caller, target: str) -> Call:
    state = DemandState.PUBLISHED
    key = (
        world.fresh(Demand, 0, state=state)
        if target == "own"
        else demand(world, caller, target, state)
    )
    return Call("GET", "/v1/widget/matches", None, {"demand": key})


def _erase(world: World, caller: Caller, target: str) -> Call:
    key = demand(world, caller, target, DemandState.DRAFT)
    return Call("POST", "/v1/erasures", {"kind": "demand", "id": key})


def _invite(world: World, caller: Caller, target: str) -> Call:
    if caller.provider is not None and caller.base is None:
        row_id = case(world, caller, target, CaseState.PUBLISHED)
    else:
        row_id = demand(world, caller, target, DemandState.PUBLISHED)
    invitee = world.providers[1 if caller.provider != 1 else 0].id
    return Call("POST", "/v1/invitations", {"row_id": row_id, "invitee_id": invitee})


def _accept(world: World, caller: Caller, target: str) -> Call:
    return Call("POST", f"/v1/invitations/{_received(world, caller, target)}/accept")


def _received(world: World, caller: Caller, target: str) -> str:
    if target == "absent":
        return absent("iv")
    if target == "hidden":
        return world.invitation(HIDDEN, world.providers[OTHER].organisation_id)
    if caller.letter in "Pp":
        of = world.providers[_own(caller.provider)].organisation_id
    elif caller.letter in "Bb":
        of = world.bases[_own(caller.base)].organisation_id
    else:
        raise NoCellError
    return world.invitation(OTHER, of)


def _withdraw(world: World, caller: Caller, target: str) -> Call:
    if target == "absent":
        key = absent("iv")
    elif target == "hidden":
        key = world.invitation(HIDDEN, world.providers[OTHER].organisation_id)
    else:
        key = world.invitation(_own(caller.base), world.providers[OTHER].organisation_id)
    return Call("DELETE", f"/v1/invitations/{key}")


def _sign_out(world: World, caller: Caller, target: str) -> Call:
    """Somebody signed in ends a stay of its own: the others go on asking with theirs."""
    headers = world.signed_in(caller.person_id) if caller.person_id else {}
    return Call("DELETE", "/v1/session", headers=headers)


def _contact(method: str, body: Any = None) -> Make:
    def make(world: World, caller: Caller, target: str) -> Call:
        if caller.base is None and caller.provider is not None and target == "own":
            row_id = provider(world, caller, target)
            return Call(method, f"/v1/contacts/{world.contact(row_id, Entity.PROVIDER)}", body)
        row_id = demand(world, caller, target, DemandState.PUBLISHED)
        if target != "absent":
            world.contact(row_id, Entity.DEMAND)
        return Call(method, f"/v1/contacts/{row_id}", body)

    return make


def _of_organisation(
    method: str, path: str, prefix: str, make: Callable[[World, str | None], str]
) -> Make:
    """Something that is told an organisation, or the operators."""

    def call(world: World, caller: Caller, target: str) -> Call:
        if target == "absent":
            return Call(method, path.format(absent(prefix)))
        if caller.recipient and target == "own":
            return Call(method, path.format(make(world, world.recipients[0].id)))
        if caller.letter in "GA" and target == "own":
            raise NoCellError
        return Call(method, path.format(make(world, organisation(world, caller, target))))

    return call


def _fit(world: World, caller: Caller, target: str) -> Call:
    shown = {"state": DemandState.PUBLISHED, "visibility": Visibility.PLATFORM}
    asked = {"demand": world.fresh(Demand, OTHER, **shown)}
    return Call("GET", f"/v1/providers/{provider(world, caller, target)}/fit", None, asked)


def _compare(world: World, caller: Caller, target: str) -> Call:
    key = demand(world, caller, target, DemandState.PUBLISHED)
    asked = {"provider": world.restore_provider(OTHER, ProviderState.ACTIVE)}
    return Call("GET", f"/v1/demands/{key}/comparison", None, asked)


def _begin(world: World, caller: Caller, target: str) -> Call:
    """A base acts on a demand and a provider it sees, a provider the other way round."""
    if caller.provider is not None and caller.base is None:
        provider_id = provider(world, caller, target)
        seen = {"state": DemandState.PUBLISHED, "visibility": Visibility.PLATFORM}
        demand_id = world.fresh(Demand, OTHER, **seen)
    else:
        provider_id = world.restore_provider(OTHER, ProviderState.ACTIVE)
        demand_id = demand(world, caller, target, DemandState.PUBLISHED)
    body = {"demand_id": demand_id, "provider_id": provider_id, "act": "ask", "body": "请问？"}
    return Call("POST", "/v1/interactions", body)


def _interaction(world: World, caller: Caller, target: str) -> str:
    if target == "absent":
        return absent("in")
    if target == "hidden":
        return world.interaction(world.fresh(Demand, HIDDEN), HIDDEN)
    if caller.provider is not None and caller.base is None:
        return world.interaction(world.fresh(Demand, OTHER), caller.provider)
    return world.interaction(demand(world, caller, target, DemandState.PUBLISHED), OTHER)


def _act(world: World, caller: Caller, target: str) -> Call:
    body = {"act": "answer", "version": 1, "body": "可以。"}
    return Call("POST", f"/v1/interactions/{_interaction(world, caller, target)}/acts", body)


def _free_code(world: World) -> str:
    """A scenario code nobody has added yet."""
    taken = world.service.vocabularies.scenarios
    return next(code for code in map("ENT.{}".format, _NAMES) if taken.get(code) is None)


def _add_scenario(world: World, caller: Caller, target: str) -> Call:
    body = {**examples.SCENARIO, "code": _free_code(world)}
    return Call("POST", "/v1/taxonomy/scenarios", body)


def _retire_scenario(world: World, caller: Caller, target: str) -> Call:
    code = _free_code(world)
    with acting_as(system("test")):
        world.service.taxonomies.add(Scenario(code, "新场景", "", "定义", "ENT"))
    return Call("POST", f"/v1/taxonomy/scenarios/{code}/retire")


def _import_taxonomy(world: World, caller: Caller, target: str) -> Call:
    content = world.service.vocabularies.scenarios.to_json()
    return Call("POST", "/v1/taxonomy/import", {"content": content})


def _read_retagging(world: World, caller: Caller, target: str) -> Call:
    with acting_as(system("test")):
        world.service.retagger.begin()
    return Call("GET", "/v1/taxonomy/retagging")


_NAMES: Final = [f"X{a}{b}" for a in ascii_uppercase for b in ascii_uppercase]
_WORDING: Final = {name: v for name, v in examples.SCENARIO.items() if name != "code"}
_ACTS_AS: Final = {
    "P": Role.PROVIDER_ADMIN,
    "p": Role.PROVIDER_STAFF,
    "B": Role.BASE_ADMIN,
    "b": Role.BASE_STAFF,
    "R": Role.RECIPIENT,
}


def _run(suffix: str) -> Make:
    """A ranking that was shown to somebody of an organisation."""

    def call(world: World, caller: Caller, target: str) -> Call:
        if target == "absent":
            return Call("GET", f"/v1/match-runs/{absent('mr')}{suffix}")
        if caller.letter in "GA" and target == "own":
            raise NoCellError
        is_recipient = caller.recipient and target == "own"
        own = world.recipients[0].id if is_recipient else organisation(world, caller, target)
        return Call(
            "GET",
            f"/v1/match-runs/{world.run(own, _ACTS_AS.get(caller.letter, Role.OPERATOR))}{suffix}",
        )

    return call


def _start_import(world: World, caller: Caller, target: str) -> Call:
    world.end_imports()
    return Call("POST", "/v1/imports", query={"kind": "cases"}, content=b"a\n")


def _import(method: str, suffix: str = "") -> Make:
    """A sheet somebody of an organisation has uploaded."""

    def call(world: World, caller: Caller, target: str) -> Call:
        if target == "absent":
            return Call(method, f"/v1/imports/{absent('im')}{suffix}")
        if caller.letter in "GA" and target == "own":
            raise NoCellError
        is_recipient = caller.recipient and target == "own"
        own = world.recipients[0].id if is_recipient else organisation(world, caller, target)
        role = _ACTS_AS.get(caller.letter, Role.OPERATOR)
        return Call(method, f"/v1/imports/{world.upload(own, role)}{suffix}")

    return call


_TAGS: Final = {"version": 1, "scenarios": ["ENT.RISK"]}
_D = DemandState
_C = CaseState

CALLS: Final[Mapping[str, Make]] = {
    "read_health": _plain("GET", "/healthz"),
    "read_readiness": _plain("GET", "/readyz"),
    "read_local_metrics": _plain("GET", "/metrics"),
    "read_metrics": _plain("GET", "/v1/metrics"),
    "read_taxonomy": _plain("GET", "/v1/taxonomy"),
    "list_industries": _plain("GET", "/v1/taxonomy/industries"),
    "list_taxonomy_versions": _plain("GET", "/v1/taxonomy/versions"),
    "export_taxonomy": _plain("GET", "/v1/taxonomy/export"),
    "import_taxonomy": _import_taxonomy,
    "add_scenario": _add_scenario,
    "change_scenario": _plain("PUT", "/v1/taxonomy/scenarios/ENT.RISK", _WORDING),
    "retire_scenario": _retire_scenario,
    "start_retagging": _plain("POST", "/v1/taxonomy/retagging"),
    "read_retagging": _read_retagging,
    "list_unfit_demands": _plain("GET", "/v1/taxonomy/unfit"),
    "list_regions": _plain("GET", "/v1/taxonomy/regions"),
    "read_algorithms": _plain("GET", "/v1/algorithms"),
    "sign_in": _plain("POST", "/v1/session", {"login": "nobody", "password": "no-such-person"}),
    "create_demand": _create_demand,
    "list_demands": _plain("GET", "/v1/demands"),
    "read_demand": _demands("GET", "/v1/demands/{}", _D.DRAFT),
    "change_demand": _demands("PATCH", "/v1/demands/{}", _D.DRAFT, {"version": 1, "urgent": True}),
    "publish_demand": _demands("POST", "/v1/demands/{}/publish", _D.DRAFT),
    "pause_demand": _demands("POST", "/v1/demands/{}/pause", _D.PUBLISHED),
    "withdraw_demand": _demands("POST", "/v1/demands/{}/withdraw", _D.PUBLISHED),
    "delete_demand": _demands("DELETE", "/v1/demands/{}", _D.PUBLISHED),
    "decide_demand_tags": _demands("PUT", "/v1/demands/{}/tags", _D.DRAFT, _TAGS),
    "suggest_demand_ipc": _demands("GET", "/v1/demands/{}/ipc", _D.DRAFT),
    "match_demand": _demands("GET", "/v1/demands/{}/matches", _D.PUBLISHED),
    "report_demand": _demands("GET", "/v1/demands/{}/report", _D.PUBLISHED),
    "find_similar_demands": _demands("GET", "/v1/demands/{}/similar", _D.PUBLISHED),
    "find_demand_cases": _demands("GET", "/v1/demands/{}/cases", _D.PUBLISHED),
    "create_provider": _create_of_region("/v1/providers", examples.PROVIDER),
    "list_providers": _plain("GET", "/v1/providers"),
    "read_provider": _providers("GET", "/v1/providers/{}"),
    "change_provider": _providers("PATCH", "/v1/providers/{}", {"version": 1, "nda_ready": True}),
    "publish_provider": _providers("POST", "/v1/providers/{}/publish", None, ProviderState.PAUSED),
    "pause_provider": _providers("POST", "/v1/providers/{}/pause"),
    "withdraw_provider": _providers("POST", "/v1/providers/{}/withdraw"),
    "delete_provider": _providers("DELETE", "/v1/providers/{}"),
    "list_capabilities": _providers("GET", "/v1/providers/{}/capabilities"),
    "create_capability": _providers("POST", "/v1/providers/{}/capabilities", examples.CAPABILITY),
    "match_provider": _providers("GET", "/v1/providers/{}/matches"),
    "find_provider_cases": _providers("GET", "/v1/providers/{}/cases"),
    "read_capability": _capabilities("GET", "/v1/capabilities/{}"),
    "change_capability": _capabilities(
        "PATCH", "/v1/capabilities/{}", {"version": 1, "methods": ["检索"]}
    ),
    "delete_capability": _capabilities("DELETE", "/v1/capabilities/{}"),
    "decide_capability_tags": _capabilities("PUT", "/v1/capabilities/{}/tags", _TAGS),
    "create_case": _create_case,
    "list_cases": _plain("GET", "/v1/cases"),
    "read_case": _cases("GET", "/v1/cases/{}", _C.DRAFT),
    "change_case": _cases("PATCH", "/v1/cases/{}", _C.DRAFT, {"version": 1, "report_pages": 9}),
    "publish_case": _cases("POST", "/v1/cases/{}/publish", _C.DRAFT),
    "withdraw_case": _cases("POST", "/v1/cases/{}/withdraw", _C.PUBLISHED),
    "delete_case": _cases("DELETE", "/v1/cases/{}", _C.DRAFT),
    "decide_case_tags": _cases("PUT", "/v1/cases/{}/tags", _C.DRAFT, _TAGS),
    "create_base": _create_of_region("/v1/bases", examples.BASE),
    "list_bases": _plain("GET", "/v1/bases"),
    "read_base": lambda world, caller, target: Call(
        "GET", f"/v1/bases/{base(world, caller, target)}"
    ),
    "read_import_template": lambda world, caller, target: Call(
        "GET", "/v1/imports/template", query={"kind": "demands"}
    ),
    "start_import": _start_import,
    "list_imports": _plain("GET", "/v1/imports"),
    "read_import": _import("GET"),
    "list_import_problems": _import("GET", "/problems"),
    "read_import_sheet": _import("GET", "/sheet"),
    "run_import": _import("POST", "/run"),
    "drop_import": _import("DELETE"),
    "export_demands": _plain("GET", "/v1/demands/export"),
    "export_providers": _plain("GET", "/v1/providers/export"),
    "export_cases": _plain("GET", "/v1/cases/export"),
    "export_capabilities": _providers("GET", "/v1/providers/{}/capabilities/export"),
    "export_interactions": _plain("GET", "/v1/interactions/export"),
    "export_matches": _demands("GET", "/v1/demands/{}/matches/export", _D.PUBLISHED),
    "match": _plain("POST", "/v1/match", {"queries": {"q": {"direction": "d2p", "text": QUERY}}}),
    "preview": _plain("POST", "/v1/preview", examples.PREVIEW),
    "tag": _plain("POST", "/v1/tags", examples.TEXT),
    "read_match_run": _run(""),
    "replay_match_run": _run(":replay"),
    "widget_matches": _widget,
    "widget_demands": _plain("GET", "/v1/widget/demands"),
    "widget_cases": _plain("GET", "/v1/widget/cases"),
    "widget_frame": _plain("GET", "/v1/widget/frame"),
    "read_widget_file": _plain("GET", "/widget/v1.0.0/navmatch-widget.js"),
    "read_session": _plain("GET", "/v1/session"),
    "sign_out": _sign_out,
    "change_password": _plain("PUT", "/v1/session/password", examples.PASSWORD_CHANGE),
    "offer_authenticator": _plain("POST", "/v1/session/authenticator"),
    "set_authenticator": _plain("PUT", "/v1/session/authenticator", examples.AUTHENTICATOR),
    "list_organisations": _plain("GET", "/v1/organisations"),
    "find_recipients": _plain("GET", "/v1/recipients", name="第0家使用单位"),
    "create_organisation": _create_organisation,
    "change_organisation": _change_organisation,
    "list_people": _plain("GET", "/v1/people"),
    "add_person": _grant("/v1/people", {"login": "", "name": "示例人员", "role": ""}),
    "lock_person": _people("/v1/people/{}/lock"),
    "unlock_person": _people("/v1/people/{}/unlock"),
    "reset_password": _people("/v1/people/{}/password"),
    "list_keys": _plain("GET", "/v1/keys"),
    "create_key": _grant("/v1/keys", {"role": ""}),
    "rotate_key": _keys("POST", "/v1/keys/{}/rotate", {"days": 30}),
    "revoke_key": _keys("DELETE", "/v1/keys/{}"),
    "list_widget_tokens": _plain("GET", "/v1/widget-tokens"),
    "create_widget_token": _grant("/v1/widget-tokens", {"origins": ["https://www.example.org"]}),
    "revoke_widget_token": _tokens("DELETE", "/v1/widget-tokens/{}"),
    "read_widget_snippet": _tokens("GET", "/v1/widget-tokens/{}/snippet"),
    "list_audit": _plain("GET", "/v1/audit"),
    "erase": _erase,
    "list_invitations": _plain("GET", "/v1/invitations"),
    "invite": _invite,
    "accept_invitation": _accept,
    "withdraw_invitation": _withdraw,
    "read_contact": _contact("GET"),
    "set_contact": _contact("PUT", examples.CONTACT),
    "explain_fit": _fit,
    "compare_providers": _compare,
    "begin_interaction": _begin,
    "list_interactions": _plain("GET", "/v1/interactions"),
    "read_interaction": lambda world, caller, target: Call(
        "GET", f"/v1/interactions/{_interaction(world, caller, target)}"
    ),
    "act_in_interaction": _act,
    "list_notifications": _plain("GET", "/v1/notifications"),
    "mark_notifications_read": _plain("POST", "/v1/notifications/read", {}),
    "list_webhooks": _plain("GET", "/v1/webhooks"),
    "create_webhook": _plain("POST", "/v1/webhooks", examples.WEBHOOK),
    "revoke_webhook": _of_organisation("DELETE", "/v1/webhooks/{}", "wh", World.webhook),
    "test_webhook": _of_organisation("POST", "/v1/webhooks/{}/test", "wh", World.webhook),
    "list_deliveries": _of_organisation("GET", "/v1/webhooks/{}/deliveries", "wh", World.webhook),
    "retry_delivery": _of_organisation("POST", "/v1/deliveries/{}/retry", "dl", World.delivery),
    "read_mailbox": _plain("GET", "/v1/mailbox"),
    "set_mailbox": _plain("PUT", "/v1/mailbox", examples.MAILBOX),
    "remove_mailbox": _plain("DELETE", "/v1/mailbox"),
    "read_gaps": _plain("GET", "/v1/analytics/gaps"),
    "read_funnel": _plain("GET", "/v1/analytics/funnel"),
    "read_responses": _plain("GET", "/v1/analytics/responses"),
    "read_inactive": _plain("GET", "/v1/analytics/inactive"),
    "list_subscriptions": _plain("GET", "/v1/subscriptions"),
    "create_subscription": _plain("POST", "/v1/subscriptions", examples.SAVED_SEARCH),
    "remove_subscription": _of_organisation(
        "DELETE", "/v1/subscriptions/{}", "sb", World.subscription
    ),
    "renew_feed": _of_organisation("POST", "/v1/subscriptions/{}/feed", "sb", World.subscription),
    "list_found": _of_organisation("GET", "/v1/subscriptions/{}/found", "sb", World.subscription),
    "read_subscription_feed": _plain("GET", f"/v1/feeds/{'0' * 48}"),
}
