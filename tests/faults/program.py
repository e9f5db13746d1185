"""The `navmatch` command with the encoder of the tests, so that a server starts at once.

    python -m tests.faults.program serve --port 8123

Nothing of the program itself knows of this: an installation cannot come to run on it by mistake.
`NAVMATCH_TEST_FLAW` names a flaw to build in, by which a harness shows that it can fail;
`NAVMATCH_TEST_DELTA_ROWS` sets after how many changed rows a new generation is written.
"""

import os
import sys

from api.cli import nothing_collected

with nothing_collected():
    from api.cli.app import run
    from api.cli.installation import Installation, read_settings
    from indexer import state
    from indexer.encoder import HashEncoder
    from tests.faults import flaws


def main() -> int:
    """Run the command of the process and return its exit code."""
    flaws.build_in(os.environ.get(flaws.VARIABLE, ""))
    n_rows = os.environ.get("NAVMATCH_TEST_DELTA_ROWS")
    if n_rows:
        vars(state).update(DELTA_ROWS=int(n_rows), DELTA_SHARE=0.0)
    return run(installation=Installation(read_settings(), lambda _: HashEncoder()))


if __name__ == "__main__":
    sys.exit(main())
