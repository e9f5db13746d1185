"""What somebody put in use here and cannot be used as it stands, by codes that stay the same.

The service goes on without it, or with what it made of it before, so somebody has to be told.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path

from api.adapters import adapter_path, check_adapter, kept_adapters
from api.ipc_tables import KeptTable
from api.rankers import Rankers
from api.settings import Settings
from api.watched import Watched
from models.errors import NavmatchError


class Damage(StrEnum):
    """What cannot be used."""

    RANKER = "ranker_damaged"
    ADAPTER = "adapter_damaged"
    IPC_TABLE = "ipc_table_unusable"


class FileWatch:
    """Looks at the files somebody put in use; reads one again only when it is another.

    Args:
        settings: What the installation is set to.
        fingerprint: The encoder the table must have been imported under; None leaves it out.
        at_start: What the process had to do without when it began, and does until it ends.

    Attributes:
        found: What could not be used at the last look, and why.
    """

    def __init__(
        self,
        settings: Settings,
        fingerprint: str | None,
        at_start: Mapping[Damage, NavmatchError] | None = None,
    ) -> None:
        self._at_start = {damage: _bare(error) for damage, error in (at_start or {}).items()}
        self.found: Mapping[Damage, NavmatchError] = self._at_start
        table, adapters = settings.ipc_file, kept_adapters(settings).folder
        named = adapter_path(settings, settings.encoder or "") or adapters
        self._reasons = {
            Damage.RANKER: _reason(
                lambda: settings.rankers_dir.glob("*"), Rankers(settings.rankers_dir).scoring
            ),
            Damage.ADAPTER: _reason(
                lambda: [*adapters.glob("*"), named],
                lambda: check_adapter(settings),
            ),
        }
        if fingerprint is not None:
            self._reasons[Damage.IPC_TABLE] = _reason(
                lambda: [table],
                lambda: KeptTable.read(table, fingerprint) if table.exists() else None,
            )

    def look(self) -> Mapping[Damage, NavmatchError]:
        """Return what cannot be used now, and why."""
        reasons = {damage: reason.now() for damage, reason in self._reasons.items()}
        now = {damage: reason for damage, reason in reasons.items() if reason is not None}
        self.found = {**now, **self._at_start}
        return self.found


def _reason(
    files: Callable[[], Iterable[Path]], use: Callable[[], object]
) -> Watched[NavmatchError | None]:
    """Return why something made of files cannot be used; None where it can."""

    def make() -> NavmatchError | None:
        try:
            use()
        except NavmatchError as error:
            return _bare(error)
        return None

    return Watched(files, make)


def _bare(error: NavmatchError) -> NavmatchError:
    """Return an error that holds on to nothing: where it arose, the whole file is a local."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
