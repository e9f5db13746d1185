"""What hostile input once broke, each by its name."""

import asyncio
from pathlib import Path
from typing import Final

from tests.hostile.attack import Tally, attack
from tests.hostile.cases import all_cases
from tests.hostile.target import serving

ONCE_BROKEN: Final = {
    "a length of digits that are none ended in 500": "POST /v1/tags whole:length in full width",
    "a new password was held to no pattern": "PUT /v1/session/password body:new_password <- nul/",
    "a bare number passed for a moment": "GET /v1/audit query:until <- date-text/",
    "a name that does not fit came back as a place": "queries.q1.weights <- other/id",
    "repetitions were dropped before a list was counted": "body:industry_tags <- kind/",
}


def test_what_was_once_broken_holds(tmp_path: Path) -> None:
    tally = asyncio.run(attack_all(tmp_path))
    assert tally.findings == []
    assert tally.n_sent > 100


async def attack_all(folder: Path) -> Tally:
    """What sending all those cases shows."""
    async with serving(folder, None) as target:
        found = [all_cases(target.document, only) for only in ONCE_BROKEN.values()]
        assert all(found), "a name no longer fits any case"
        return await attack(target, [case for cases in found for case in cases], None)
