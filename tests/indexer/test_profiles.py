import pytest

from indexer.profiles import owners_of, provider_profile
from indexer.types import Credential
from models.base import now_utc
from models.database import Database
from models.vocabulary.access import Visibility
from models.vocabulary.organisation import CaseState
from tests.rows import add_capability, add_case, add_provider, add_tag


def test_profile_facts_never_said_stay_unknown(database: Database) -> None:
    with database.write() as session:
        profile = provider_profile(add_provider(session), [])
    for fact in ("analysts_stability_3y", "team_total", "credentials", "data_resources", "tools"):
        assert getattr(profile, fact) is None
    for fact in ("languages", "nda_ready", "open_slots", "reputation", "budget_min_fen"):
        assert getattr(profile, fact) is None
    assert (profile.service_regions, profile.case_scenarios) == ((), ())


@pytest.mark.parametrize(
    ("team", "total", "at_least"),
    [
        ({}, None, None),
        ({"total": 8, "analysis": 3}, 8, None),
        ({"analysis": 3, "quality": 2}, None, 5),
        ({"total": None, "analysis": 3}, None, 3),
        ({"total": 0}, 0, None),
    ],
)
def test_profile_team_total_is_said_and_a_sum_is_a_lower_bound(
    database: Database, team: dict[str, int | None], total: int | None, at_least: int | None
) -> None:
    with database.write() as session:
        profile = provider_profile(add_provider(session, team=team), [])
    assert (profile.team_total, profile.team_at_least) == (total, at_least)


def test_profile_counts_scenarios_of_published_cases(database: Database) -> None:
    with database.write() as session:
        provider = add_provider(session)
        for state in (CaseState.PUBLISHED, CaseState.PUBLISHED, CaseState.HIDDEN):
            add_tag(session, add_case(session, provider, state=state), "ENT.RISK")
        add_tag(session, add_case(session, provider, deleted_at=now_utc()), "IND.PATH")
        rows = [add_capability(session, provider), add_case(session)]
    with database.read() as session:
        owners = owners_of(session, rows)
    assert set(owners) == {provider.id}
    assert owners[provider.id].profile.case_scenarios == (("ENT.RISK",), ("ENT.RISK",))


def test_case_with_two_tags_is_one_case(database: Database) -> None:
    with database.write() as session:
        provider = add_provider(session)
        case = add_case(session, provider, state=CaseState.PUBLISHED)
        for code in ("ENT.RISK", "ENT.PORT"):
            add_tag(session, case, code)
        rows = [add_capability(session, provider)]
    with database.read() as session:
        profile = owners_of(session, rows)[provider.id].profile
    assert profile.case_scenarios == (("ENT.PORT", "ENT.RISK"),)
    assert profile.count_cases({"ENT.RISK", "ENT.PORT"}) == 1
    assert profile.count_cases({"IND.PATH"}) == 0


def test_owner_is_offered_while_it_is_there(database: Database) -> None:
    with database.write() as session:
        there, gone = add_provider(session, "甲"), add_provider(session, "乙", deleted_at=now_utc())
        rows = [add_capability(session, there), add_capability(session, gone)]
    with database.read() as session:
        owners = owners_of(session, rows)
    assert (owners[there.id].offered, owners[gone.id].offered) == (True, False)


def test_profile_takes_what_the_rows_say(database: Database) -> None:
    with database.write() as session:
        provider = add_provider(
            session,
            "甲公司",
            credentials=[{"type": "iso", "level": "9001", "valid_to": "2027-01-01"}],
            data_resources=[{"name": "专利库"}],
            tools=[{"name": "分析台"}],
            languages=["en"],
            nda_ready=False,
            capacity={"open_slots": 0},
            reputation={"shrunk_score": 0.8},
            preferences={"regions": ["32"], "budget_min_fen": 100},
        )
        profile = provider_profile(provider, [{"B"}, {"C", "A"}])
    assert profile.credentials == (Credential("iso", "9001", None, "2027-01-01"),)
    assert (profile.data_resources, profile.tools, profile.languages) == (
        ("专利库",),
        ("分析台",),
        ("en",),
    )
    assert (profile.nda_ready, profile.open_slots, profile.reputation) == (False, 0, 0.8)
    assert (profile.preferred_regions, profile.budget_min_fen) == (("32",), 100)
    assert (profile.case_scenarios, profile.joined) == (
        (("A", "C"), ("B",)),
        provider.created_at.date().isoformat(),
    )


def test_profile_counts_no_case_others_may_not_see(database: Database) -> None:
    with database.write() as session:
        provider = add_provider(session, visibility=Visibility.PUBLIC)
        for visibility, code in ((Visibility.PUBLIC, "ENT.RISK"), (Visibility.PLATFORM, "ENT.IPO")):
            case = add_case(session, provider, visibility=visibility)
            add_tag(session, case, code)
        row = add_capability(session, provider)
        owner = owners_of(session, [row])[provider.id]
    assert owner.profile.case_scenarios == (("ENT.RISK",),)
