"""The bands of each generation kept beside its files, so that a start need not read them first."""

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final

from indexer.snapshot import generation_names
from matcher.bands import BandThresholds
from models.checksums import ChecksumError, sealed, unsealed
from models.durable import write_whole
from models.vocabulary.matching import Direction

FILE: Final = "bands.json"
"""In the folder of the generation, and gone with it; not in its manifest, since it comes later."""

Thresholds = Mapping[Direction, BandThresholds]

_log = logging.getLogger("navmatch.matcher")


class KeptBands:
    """The bands on disk; without a file, or without faith in it, there are none."""

    def __init__(self, folder: Path, basis: str) -> None:
        """Look at nothing yet.

        Args:
            folder: Where the generations are.
            basis: What bands rest on besides the texts; those of another basis are none.
        """
        self._folder = folder
        self._basis = basis

    def read(self, generation: str) -> Thresholds:
        """Return the bands of a generation for every direction.

        Where it has none yet, those of the newest generation that has; empty if none has.
        """
        for name in dict.fromkeys([generation, *generation_names(self._folder)]):
            if found := self._read(self._folder / name / FILE):
                return found
        return {}

    def write(self, generation: str, bands: Thresholds) -> None:
        """Keep the bands of a generation, if it is on disk; else a start reads them anew."""
        kept = {"basis": self._basis, "bands": {d: asdict(bands[d]) for d in Direction}}
        content = sealed(json.dumps(kept, indent=1).encode())
        path = self._folder / generation / FILE
        try:
            if path.parent.is_dir() and not _is_content_of(path, content):
                write_whole(path, content)
        except OSError as error:
            _log.warning("the bands of %s are not kept on disk: %s", generation, error)

    def _read(self, path: Path) -> Thresholds:
        try:
            kept = json.loads(unsealed(path.read_bytes()))
            if kept["basis"] != self._basis:
                return {}
            return {d: BandThresholds(**kept["bands"][d]) for d in Direction}
        except FileNotFoundError:
            return {}
        except (OSError, ChecksumError, KeyError, TypeError, ValueError) as error:
            _log.warning("the bands kept in %s are not used: %r", path.parent.name, error)
            return {}


def _is_content_of(path: Path, content: bytes) -> bool:
    with suppress(OSError):
        return path.read_bytes() == content
    return False
