"""The `navmatch` command with an encoder that some texts kill, in a process of its own.

python -m tests.hostile.poisoned serve --port 8123
"""

import sys
from dataclasses import replace

from api.cli import nothing_collected

with nothing_collected():
    from api.cli.app import run
    from api.cli.installation import Installation, read_settings
    from indexer.encoder_process.child import Opening
    from tests.hostile.poison import FACTORY


class PoisonedInstallation(Installation):
    """An installation whose encoder can be killed."""

    def opening(self) -> Opening | None:
        """Return how its process opens the encoder."""
        opening = super().opening()
        return replace(opening, factory=FACTORY) if opening else None


def main() -> int:
    """Run the command of the process and return its exit code."""
    return run(installation=PoisonedInstallation(read_settings()))


if __name__ == "__main__":
    sys.exit(main())
