"""Documents laid in before a run, so that it is as large as a real one."""

import json
import random

from tests.factories import SUBJECTS, WORKS
from tests.faults.nouns import DEMAND
from tests.faults.server import Server


def lay_in(server: Server, n_documents: int, seed: int) -> None:
    """Import that many published demands into an installation that does not run."""
    chance = random.Random(seed)  # noqa: S311 - no secret is made from it
    file = server.data_dir.with_name("stock.jsonl")
    with file.open("w", encoding="utf-8") as lines:
        for number in range(n_documents):
            body, _ = DEMAND.new(f"stock-{number}", publish=True)
            subject, (_, work) = chance.choice(SUBJECTS), chance.choice(WORKS)
            body["title"] = f"{subject}导航第{number}号"
            body["description"] = f"围绕{subject}，{work}。{body['description']}"
            lines.write(json.dumps(body, ensure_ascii=False) + "\n")
    process = server.command("import", str(file), "--kind", "demands", "--commit")
    assert process.wait() == 0, server.log_tail()
