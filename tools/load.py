"""Offers load to a service started for it, and says whether it kept its goals.

    python tools/load.py --profile overload
    python tools/load.py --profile soak --minutes 30
    python tools/load.py --profile steady

Prints one line of JSON, then a table; ends with 1 when a goal was missed.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from tools.loading.figures import report
from tools.loading.installation import installed
from tools.loading.profiles import Profile, Result, overload, steady
from tools.loading.soak import soak

PROFILES: Final[dict[str, tuple[Callable[[Profile], Awaitable[Result]], float, float]]] = {
    "overload": (overload, 1.0, 4.0),
    "soak": (soak, 15.0, 0.5),
    "steady": (steady, 1.0, 0.5),
}
"""Each with its usual minutes and how many times the capacity it offers."""

ENCODERS: Final = Path(__file__).resolve().parents[1] / ".cache" / "test-data" / "encoders"


def main(words: Sequence[str] | None = None) -> int:
    """Run a profile; returns 1 when a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--profile", choices=sorted(PROFILES), required=True)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--factor", type=float, help="times the capacity")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="data directory with the demonstration data")
    parser.add_argument("--encoders", type=Path, default=ENCODERS)
    chosen = parser.parse_args(words)
    run, minutes, factor = PROFILES[chosen.profile]
    encoders = chosen.encoders if chosen.encoders.is_dir() else None
    with (
        tempfile.TemporaryDirectory(prefix="navmatch-load-") as folder,
        installed(Path(folder) / "data", chosen.data, encoders, chosen.workers) as service,
    ):
        seconds = 60 * (chosen.minutes or minutes)
        profile = Profile(service, seconds, chosen.factor or factor, chosen.seed)
        facts, goals = asyncio.run(_run(run, profile))
    facts = {"workers": chosen.workers, "seed": chosen.seed, "seconds": profile.seconds, **facts}
    print(report(chosen.profile, facts, goals))
    return int(not all(goal.is_met for goal in goals))


async def _run(run: Callable[[Profile], Awaitable[Result]], profile: Profile) -> Result:
    return await run(profile)


if __name__ == "__main__":
    sys.exit(main())
