"""The short form of `python -m tests.hostile.run`, and the proof that it can fail."""

import asyncio
import time

import pytest

from tests.hostile.attack import Tally, attack
from tests.hostile.cases import all_cases, drawn
from tests.hostile.corpus import CORPUS, RAW_BODIES, TEXTS
from tests.hostile.run import Plan, report, run
from tests.hostile.toy import SLOW_S, Toy
from tests.hostile.verdict import Fault
from tests.postgres import require_postgresql

N_CASES = 400
N_NIGHTLY_CASES = 40_000
N_TOY_CASES = 250
SEED = 20_261_125
SCRATCHED = {
    "PUT /v1/session/authenticator": "its code is good for half a minute",
    "GET /v1/contacts/{id}": "only a key stands in it, and rows with a contact come and go",
    "DELETE /v1/contacts/{id}": "rows with a contact come and go",
    "GET /v1/feeds/{token}": "its address is a secret that is shown once",
    "POST /v1/deliveries/{id}/retry": "only where a webhook failed; the run sends none",
    "POST /v1/invitations/{id}/accept": "only for whoever was invited; the run is an operator",
}
"""Operations no usual request of the run gets through, each with the reason."""


def test_corpus_holds_enough_and_names_everything() -> None:
    by_hand = [e for e in TEXTS if e.group not in ("control", "noncharacter")]
    assert len(by_hand) >= 400
    assert len({entry.key for entry in CORPUS}) == len(CORPUS)
    assert len({body.name for body in RAW_BODIES}) == len(RAW_BODIES)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_sample_of_the_corpus_finds_nothing(database: str) -> None:
    if database == "postgresql":
        require_postgresql()
    print(f"seed {SEED}")
    tally = run(Plan(database, SEED, n_cases=N_CASES, limit_s=None), n_processes=1)
    assert tally.findings == []
    assert tally.n_sent > N_CASES * 0.9
    refused = {key: s for key, s in tally.learnt.items() if not (200 <= s < 300 or s == 409)}
    assert refused.keys() <= SCRATCHED.keys(), "hostile values would only scratch these operations"


@pytest.mark.nightly
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_large_part_of_the_corpus_finds_nothing(database: str) -> None:
    seed = int(time.time())
    print(f"seed {seed}, {database}")
    tally = run(Plan(database, seed, n_cases=N_NIGHTLY_CASES), n_processes=2)
    report(tally, 0.0)
    assert tally.findings == []


@pytest.mark.parametrize("flaw", [flaw for flaw in Fault if flaw is not Fault.DEATH])
def test_flaw_of_every_kind_is_found(flaw: Fault) -> None:
    found = {finding.fault for finding in toy_tally(flaw, SLOW_S / 2).findings}
    assert flaw in found


def test_sound_application_has_no_finding() -> None:
    tally = toy_tally(None, None)
    assert tally.findings == []
    assert tally.n_sent > N_TOY_CASES * 0.9


@pytest.mark.nightly
def test_death_is_charged_to_its_case_and_the_rest_is_sent() -> None:
    plan = Plan("sqlite", SEED, "body:title <- growth/", toy=True, flaw=Fault.DEATH)
    found = run(plan, n_processes=1).findings
    where = "POST /v1/notes body:title <- growth/U+FDFA times"
    assert {finding.case.removesuffix(" marked") for finding in found} == {
        f"{where} 100",
        f"{where} 200",
    }
    assert {(finding.fault, finding.detail) for finding in found} == {
        (Fault.DEATH, "exit status -9")
    }


def toy_tally(flaw: Fault | None, limit_s: float | None) -> Tally:
    """What a run against the toy sees."""
    toy = Toy(flaw)
    cases = drawn(all_cases(toy.document), N_TOY_CASES, SEED)
    return asyncio.run(attack(toy, cases, limit_s))
