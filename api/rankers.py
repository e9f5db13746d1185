"""The trained rankers of an installation: kept as files, one in use, every step reversible."""

import logging
from dataclasses import dataclass
from pathlib import Path

from api.kept_versions import SHIPPED, KeptVersions
from matcher.features import FEATURES
from matcher.ranker import SHIPPED_SCORING, Ranker, Scoring
from models.errors import NavmatchError

_log = logging.getLogger("navmatch.rankers")


@dataclass(frozen=True)
class Rankers:
    """Rankers in a folder of the data directory, which need not exist.

    Attributes:
        folder: Where they are.
    """

    folder: Path

    @property
    def kept(self) -> KeptVersions:
        """Their versions."""
        shipped, command = "随软件附带的权重", "navmatch train --list"
        return KeptVersions(self.folder, ".json", "排序器", shipped, command)

    def usable_version(self) -> tuple[str, NavmatchError | None]:
        """Return the version to rank with, and why that is not the one in use where it is not.

        One that is gone, damaged or of another version of the program is passed over: commands
        and the service must start without.

        Ranking goes on by the shipped weights then: any answer is better explained by weights
        somebody chose than by a number that changed on a disk.
        """
        try:
            version = self.kept.in_use
            self.scoring(version)
        except NavmatchError as error:
            _log.error("shipped weights are used: %s", error.message)
            return SHIPPED, error
        return version, None

    def scoring(self, version: str | None = None) -> Scoring:
        """Return the weights of a version and what scores by them are worth; in use when None.

        Raises:
            NotFoundError: there is no such version.
            FileDamagedError: its file is not what was written.
            InvalidInputError: it cannot be used with this version of the program.
        """
        wanted = self.kept.in_use if version is None else version
        return SHIPPED_SCORING if wanted == SHIPPED else self.read(wanted).scoring(FEATURES)

    def read(self, version: str) -> Ranker:
        """Return a ranker.

        Raises:
            NotFoundError: there is no such version.
            FileDamagedError: its file is not what was written.
            InvalidInputError: it is no ranker of this format.
        """
        return Ranker.from_json(self.kept.content(version))

    def install(self, ranker: Ranker) -> None:
        """Keep a ranker and take it into use."""
        self.kept.install(ranker.version, ranker.to_json().encode())

    def use(self, version: str) -> None:
        """Take a version into use.

        Raises:
            NotFoundError: there is no such version.
            InvalidInputError: it cannot be used with this version of the program.
        """
        self.scoring(version)
        self.kept.use(version)

    def back(self) -> str:
        """Take the version before the present one into use, and return it.

        Raises:
            NotFoundError: none was in use before, or it is gone.
            InvalidInputError: it cannot be used with this version of the program.
        """
        self.scoring(self.kept.previous())
        return self.kept.back()
