"""Every character there is, 64 times over, through sanitiser and tokenizer, in a process to lose.

    python -m tests.hostile.code_points ENCODER_FOLDER --step 1

Prints how many characters were taken and how many refused. A character that kills the process
shows by its exit status.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tokenizers import Tokenizer

from indexer.e5_folder import PROMPTS, TOKENIZER_FILE
from indexer.onnx_encoder import MAX_TOKENS
from indexer.text import clean
from models.errors import TextRejectedError

N_TIMES: Final = 64
SURROGATES: Final = range(0xD800, 0xE000)
KNOWN_BAD: Final = (0xFDFA, 0xFDFB, 0x0000, 0xFFFE, 0x0344, 0x1F82, 0xFB2C, 0x10FFFF, 0x1D160)
"""Those that killed an engine, grow most under NFKC, or stand at an end of the table."""


def main(words: Sequence[str] | None = None) -> int:
    """Try the characters; returns 1 when one came out wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--step", type=int, default=1)
    chosen = parser.parse_args(words)
    tokenizer = Tokenizer.from_file(str(chosen.folder / TOKENIZER_FILE))
    tokenizer.enable_truncation(MAX_TOKENS)
    n_taken = n_refused = 0
    for code in _codes(chosen.step):
        try:
            text = clean(chr(code) * N_TIMES, min_chars=0).canonical
        except TextRejectedError:
            n_refused += 1
            continue
        n_taken += 1
        ids = tokenizer.encode(PROMPTS["query"] + text).ids
        if not 2 <= len(ids) <= MAX_TOKENS or max(ids) >= tokenizer.get_vocab_size():
            sys.stdout.write(f"U+{code:04X}: {len(ids)} tokens\n")
            return 1
    sys.stdout.write(f"{n_taken} taken, {n_refused} refused\n")
    return 0


def _codes(step: int) -> Iterator[int]:
    yield from KNOWN_BAD
    yield from (code for code in range(0, sys.maxunicode + 1, step) if code not in SURROGATES)


if __name__ == "__main__":
    sys.exit(main())
