"""The bands of an index kept beside it, so that a service that starts need not read them first."""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from matcher.bands import BandThresholds
from models.checksums import ChecksumError, sealed, unsealed
from models.durable import write_whole
from models.vocabulary.matching import Direction

_log = logging.getLogger("navmatch.matcher")


class KeptBands:
    """One file with the bands that were read last; without it, or without faith in it, none."""

    def __init__(self, path: Path, basis: str) -> None:
        """Look at nothing yet.

        Args:
            path: Where the file is, or will be.
            basis: What the bands rest on besides the texts; those of another basis are none.
        """
        self._path = path
        self._basis = basis

    def read(self) -> dict[Direction, BandThresholds]:
        """Return the bands of every direction; empty where there are none that can be used."""
        try:
            kept = json.loads(unsealed(self._path.read_bytes()))
            if kept["basis"] != self._basis:
                return {}
            return {d: BandThresholds(**kept["bands"][d]) for d in Direction}
        except FileNotFoundError:
            return {}
        except (OSError, ChecksumError, KeyError, TypeError, ValueError) as error:
            _log.warning("the bands kept on disk are not used: %r", error)
            return {}

    def write(self, bands: Mapping[Direction, BandThresholds]) -> None:
        """Keep the bands; where that fails they are read anew at the next start."""
        kept = {"basis": self._basis, "bands": {d: asdict(bands[d]) for d in Direction}}
        try:
            write_whole(self._path, sealed(json.dumps(kept, indent=1).encode()))
        except OSError as error:
            _log.warning("the bands are not kept on disk: %s", error)
