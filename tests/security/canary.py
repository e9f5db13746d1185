"""S8: secrets and personal data through every place of every operation, errors included.

    python -m tests.security.canary --rounds 20 --seed 1 --db postgresql

In logs, figures and replies that are errors none of it may stand.
"""

import argparse
import asyncio
import base64
import contextlib
import io
import logging
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from api.identity.secret_key import ROLE_WORDS, new_key
from api.logs import LogFormat, StandardError, set_up_logs
from models.failpoints import armed
from tests.hostile.cases import Case, built
from tests.hostile.corpus.values import Hostile
from tests.hostile.surface import Operation, operations, sites
from tests.hostile.target import ServiceTarget, database, serving
from tests.hostile.wire import Got, Sent
from tests.hostile.world import World

PER_KIND: Final = 10
BROKEN_BODIES: Final = (
    '{{"title": "{0}", "title": "{0}"}}',
    '{{"{0}": ',
    '["{0}"]',
    '"{0}"',
    '{{"title": {0}}}',
)
FAILURES: Final = ("before_audit:raise:1+", "before_audit:enospc:1+", "before_commit:raise:1+")
"""Errors nobody foresaw, made to happen while canaries are under way."""


def canaries(chance: random.Random) -> list[str]:
    """Return fifty texts that must not be told: phones, ID numbers, e-mails, keys, tokens."""
    phones = [f"1{chance.choice('3456789')}{_digits(chance, 9)}" for _ in range(PER_KIND)]
    numbers = [f"3301061985061{_digits(chance, 4)}X" for _ in range(PER_KIND)]
    mails = [f"{_word(chance, 9)}@{_word(chance, 6)}.example.cn" for _ in range(PER_KIND)]
    roles = sorted(ROLE_WORDS)
    keys = [new_key(chance.choice(roles)).text for _ in range(PER_KIND)]
    tokens = [_token(chance) for _ in range(PER_KIND)]
    return [*phones, *numbers, *mails, *keys, *tokens]


def _digits(chance: random.Random, n: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(n))


def _word(chance: random.Random, n: int) -> str:
    return "".join(chance.choice("bcdfghjklmnpqrstvwxz") for _ in range(n))


def _token(chance: random.Random) -> str:
    return base64.urlsafe_b64encode(chance.randbytes(32)).decode().rstrip("=")


@dataclass
class Seen:
    """What a run saw.

    Attributes:
        n_sent: Requests sent.
        n_errors: Replies that were errors.
        n_internal: Those of them that nobody had foreseen.
        leaks: Where a canary stood, and in which request it had been sent.
    """

    n_sent: int = 0
    n_errors: int = 0
    n_internal: int = 0
    leaks: list[str] = field(default_factory=list)


async def run(target: ServiceTarget, written: io.StringIO, rounds: float, seed: int) -> Seen:
    """Send every canary through every place, in turn; look at replies, logs and figures.

    Less than one round takes that share of the places, and breaks nothing.
    """
    chance = random.Random(seed)  # noqa: S311 - a repeatable order
    texts = canaries(chance)
    world, seen = World(target), Seen()
    await world.learn()
    places = sites(target.document)
    chance.shuffle(places)
    for number in range(int(rounds * len(places))):
        site = places[number % len(places)]
        text = texts[(number + number // len(places)) % len(texts)]
        made = await built(world, Case(site.operation, site, Hostile("canary", text, text)), None)
        if made is not None:
            await _send(world, made[0], text, site.key, seen)
    for operation in operations(target.document) if rounds >= 1 else ():
        await _break(world, operation, texts, chance, seen)
    _look(written.getvalue(), "log", texts, seen)
    metrics: Any = target.app
    _look(metrics.state.metrics.exposition().decode(), "figures", texts, seen)
    return seen


async def _break(
    world: World, operation: Operation, texts: list[str], chance: random.Random, seen: Seen
) -> None:
    """Send broken bodies, and sound ones while the service fails."""
    if operation.body_schema is None:
        return
    for body in BROKEN_BODIES:
        text = chance.choice(texts)
        base = await world.request(operation, body={})
        content = body.format(text).encode()
        sent = Sent(base.method, base.target, base.query, base.headers, content)
        await _send(world, sent, text, f"{operation.key} broken", seen)
    for failure in FAILURES:
        text = chance.choice(texts)
        base = await world.request(operation)
        sent = Sent(base.method, base.target, f"note={quote(text)}", base.headers, base.body)
        with armed(failure):
            await _send(world, sent, text, f"{operation.key} {failure}", seen)


async def _send(world: World, sent: Sent, text: str, about: str, seen: Seen) -> None:
    got = await world.send(sent)
    seen.n_sent += 1
    if got.status >= 400 or got.fault:
        seen.n_errors += 1
        seen.n_internal += got.status >= 500
        _look(_all_of(got), f"reply {got.status}", [text], seen, about)


def _all_of(got: Got) -> str:
    return "\n".join([got.text, *(f"{name}: {value}" for name, value in got.headers.items())])


def _look(told: str, where: str, texts: Iterable[str], seen: Seen, about: str = "") -> None:
    for text in texts:
        if text in told or quote(text, safe="") in told:
            line = next((line for line in told.splitlines() if text in line), "")
            seen.leaks.append(f"{where} {about}: {text} in {line[:200]}")


@contextlib.contextmanager
def listening() -> Iterator[io.StringIO]:
    """Take down all that is logged, at the finest level, as it would be written."""
    written = io.StringIO()
    root = logging.getLogger()
    before = root.level
    with contextlib.redirect_stderr(written):
        yield written
    root.setLevel(before)
    for handler in [h for h in root.handlers if isinstance(h, StandardError)]:
        root.removeHandler(handler)


async def attack(folder: Path, url: str | None, rounds: float, seed: int) -> Seen:
    """Run against a service of its own."""
    with listening() as written:
        async with serving(folder, url) as target:
            set_up_logs(LogFormat.JSON, "DEBUG")
            logging.getLogger().setLevel(logging.INFO)
            return await run(target, written, rounds, seed)


def main() -> int:
    """Run the long form."""
    parser = argparse.ArgumentParser(description="canaries through every place")
    parser.add_argument("--rounds", type=float, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--db", choices=["sqlite", "postgresql"], default="sqlite")
    chosen = parser.parse_args()
    with database(chosen.db) as new_database, tempfile.TemporaryDirectory() as folder:
        seen = asyncio.run(attack(Path(folder), new_database(), chosen.rounds, chosen.seed))
    sys.stdout.write("".join(f"{leak}\n" for leak in seen.leaks))
    sys.stdout.write(
        f"{chosen.db}, seed {chosen.seed}: {seen.n_sent} requests, {seen.n_errors} errors "
        f"({seen.n_internal} internal), {len(seen.leaks)} leaks\n"
    )
    return int(bool(seen.leaks))


if __name__ == "__main__":
    raise SystemExit(main())
