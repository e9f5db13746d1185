"""An import by the command line beside the running server, to be killed in the middle."""

import json
import random
import time
from typing import Final

from tests.faults.nouns import DEMAND
from tests.faults.oracle import Content, Expected, Oracle
from tests.faults.server import START_S, Server

N_ROWS: Final = 300


class ImportRun:
    """One import under way; its rows are known once it ended by itself."""

    def __init__(self, server: Server, oracle: Oracle, name: str, **more: str) -> None:
        self._server = server
        self._oracle = oracle
        self._rows: list[tuple[Expected, Content]] = []
        chance = random.Random(name)  # noqa: S311 - no secret is made from it
        file = server.data_dir.with_name(f"{name}.jsonl")
        with file.open("w", encoding="utf-8") as lines:
            for number in range(N_ROWS):
                mark = f"{name}-{number}"
                body, after = DEMAND.new(mark, publish=chance.random() < 0.5)
                lines.write(json.dumps(body, ensure_ascii=False) + "\n")
                self._rows.append((oracle.begin(mark, DEMAND.name, after), after))
        self._log = server.log_path
        self._begun_at = self._log.stat().st_size if self._log.exists() else 0
        self._process = server.command("import", str(file), "--kind", "demands", "--commit", **more)

    def wait_begun(self) -> None:
        """Wait until it says that it imports, or has ended."""
        deadline = time.monotonic() + START_S
        while self._process.poll() is None and time.monotonic() < deadline:
            if "正在导入" in self._log.read_bytes()[self._begun_at :].decode("utf-8", "replace"):
                return
            time.sleep(0.02)

    def wait_end(self) -> int:
        """Wait until it ends by itself and return how; at 0 everything it read is promised."""
        code = self._process.wait(START_S)
        if code == 0:
            self.kill()
        return code

    def kill(self) -> None:
        """Kill it, unless it has ended; only when it ended well was anything promised."""
        code = self._process.poll()
        self._server.kill_command(self._process)
        if code == 0:
            for row, after in self._rows:
                self._oracle.acknowledged(row, after, None)
        elif code is not None:
            self._oracle.fault(f"the import ended with {code}")
