import socket
import subprocess
import sys
from pathlib import Path

from indexer.encoder import HashEncoder
from indexer.encoder_process.blame import make_board
from indexer.encoder_process.child import Opening, Plan


def hash_encoder(setting: str | None, data_dir: Path, threads: int) -> HashEncoder:
    """What the child opens."""
    return HashEncoder()


def test_child_whose_owner_is_gone_before_it_is_ready_ends_without_a_word(tmp_path: Path) -> None:
    board = tmp_path / "board"
    make_board(board, 1)
    with socket.socket() as listening:
        opening = Opening(None, str(tmp_path), factory=f"{__name__}:hash_encoder")
        plan = Plan(opening, listening.fileno(), str(board), str(tmp_path / "report"), 1)
        child = subprocess.Popen(
            [sys.executable, "-m", "indexer.encoder_process.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[listening.fileno()],
            text=True,
        )
    assert child.stdout is not None
    child.stdout.close()
    _, told = child.communicate(plan.to_line() + "\n", 60)

    assert (child.returncode, told) == (0, "")
