"""`python -m tests.hostile.schema`: schemathesis against a real server process.

Its cases are drawn from the OpenAPI document, so it finds where document and behaviour part;
what no document says, such as surrogates and NaN, is the corpus's business
(reliability fact 10).
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2

from api.settings import DATABASE_FILE
from tests.credentials import operator_of
from tests.faults.server import Server
from tests.hostile.target import database, leave_nothing_when_told_to_end

EXCLUDED_CHECKS: Final[Mapping[str, str]] = {
    "positive_data_acceptance": (
        "a value can fit the schema and still be refused with a reason: a code no vocabulary"
        " holds, a control character, a deadline in the past, a record that does not exist"
    ),
}
"""Checks that are left out, each with the reason."""

LEFT_OUT: Final[Mapping[str, str]] = {
    "Idempotency-Key": (
        "one key goes with all cases of a run, so that each but the first would be refused as a"
        " repetition before it reaches anything; the corpus tries the key itself"
    ),
}
"""Parameters that are not sent, each with the reason."""

PHASES: Final = "examples,coverage,fuzzing,stateful"
SHORT_PHASES: Final = "examples,fuzzing"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run gave.

    Attributes:
        n_cases: Requests generated.
        failures: Titles of failures, each with the operations it was met at.
        output: What the program said.
    """

    n_cases: int
    failures: tuple[str, ...]
    output: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until there were enough cases, print what was seen and return 0 if all was well."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.schema", description=__doc__)
    parser.add_argument("--db", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--cases", type=int, default=5_000, help="how many at least")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    chosen = parser.parse_args(arguments)
    n_cases, failures, seed, n_examples = 0, 0, chosen.seed, 5
    with serving(chosen.db) as (url, headers):
        while n_cases < chosen.cases:
            print(f"seed {seed}, {chosen.db}")
            outcome = check(url, headers, seed, n_examples, PHASES)
            print(outcome.output if outcome.failures else f"{outcome.n_cases} cases")
            n_cases += outcome.n_cases
            failures += len(outcome.failures)
            seed, n_examples = seed + 1, n_examples * 2
    print(f"{n_cases} cases on {chosen.db}, {failures} kinds of failure")
    return 1 if failures else 0


@contextmanager
def serving(kind: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Give the address of a server on an empty database, and headers that let in."""
    with tempfile.TemporaryDirectory() as folder, database(kind) as new_url:
        url = new_url()
        environment = {"NAVMATCH_DATABASE_URL": url} if url else {}
        data = Path(folder) / "data"
        server = Server(data, environment)
        headers = operator_of(url or f"sqlite:///{data / DATABASE_FILE}")
        server.start()
        try:
            server.wait_ready()
            yield server.url, headers
            assert server.is_running, server.log_tail()
        finally:
            server.kill()


def check(
    url: str,
    headers: Mapping[str, str],
    seed: int,
    n_examples: int,
    phases: str,
) -> Outcome:
    """Run schemathesis against a server.

    Args:
        url: Where the server is.
        headers: Sent with every request.
        seed: Repeats the run.
        n_examples: Cases an operation and phase are drawn.
        phases: Which of its phases run.
    """
    with tempfile.TemporaryDirectory() as folder:
        report, document = Path(folder) / "report.json", Path(folder) / "openapi.json"
        document.write_text(json.dumps(_document(url)), "utf-8")
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", str(document)),
            *("--url", url),
            *("--checks", "all", "--exclude-checks", ",".join(EXCLUDED_CHECKS)),
            *("--seed", str(seed), "--max-examples", str(n_examples), "--phases", phases),
            *("--generation-database", "none", "--continue-on-failure", "--no-color"),
            *("--suppress-health-check", "all", "--warnings", "off"),
            *("--report", "json", "--report-json-path", str(report)),
            *(word for pair in headers.items() for word in ("--header", ": ".join(pair))),
        ]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)  # noqa: S603
        if not report.exists():
            raise RuntimeError(f"schemathesis did not finish:\n{ran.stdout}\n{ran.stderr}")
        told: dict[str, Any] = json.loads(report.read_text("utf-8"))
    failures = [f"{f['title']}: {', '.join(f['operations'])}" for f in told["failures"]]
    failures += [str(error) for error in told["errors"]]
    return Outcome(told["test_cases"]["generated"], tuple(failures), ran.stdout)


def _document(url: str) -> dict[str, Any]:
    """Return the document of a server without the parameters left out."""
    with httpx2.Client(trust_env=False, timeout=30) as client:
        told: dict[str, Any] = client.get(f"{url}/openapi.json").json()
    for methods in told["paths"].values():
        for operation in methods.values():
            parameters = operation.get("parameters", ())
            operation["parameters"] = [p for p in parameters if p["name"] not in LEFT_OUT]
    return told


if __name__ == "__main__":
    leave_nothing_when_told_to_end()
    sys.exit(main())
