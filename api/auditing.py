"""The audit chain of an installation: its key, its heads outside the database, its age."""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from api.settings import Settings
from models import audit_check, audit_points
from models.audit import AuditKey
from models.audit_check import Fault
from models.audit_heads import HeadsFile
from models.audit_points import Unprovable
from models.audit_trail import AuditTrail, record
from models.base import now_utc
from models.database import Database
from models.errors import NavmatchError, SetupError
from models.occasion import Occasion, during
from models.secret_file import read_secret
from models.viewer import Viewer, acting_as, system
from models.vocabulary.access import AuditAction, AuditResult

INTERVAL_S: Final = 3_600.0
"""Seconds between two notes of the chains' heads: what a cut end can hide at most."""

MAX_HEADS_AGE: Final = timedelta(hours=2)
"""Older heads do not tell that the end of a chain is whole: they, too, may be cut off."""

_log = logging.getLogger("navmatch.audit")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of all chains found.

    Attributes:
        n_entries: Entries there are.
        unprovable: Those of them written under a key that is lost: neither sound nor faulty.
        faults: Places at which a chain is not what was written.
        faulty_lines: Lines of the heads file that are not what was written.
        heads_at: When heads were noted last; None when they never were.
        is_end_known: Whether that was lately enough to see a cut end.
    """

    n_entries: int
    unprovable: tuple[Unprovable, ...]
    faults: tuple[Fault, ...]
    faulty_lines: tuple[int, ...]
    heads_at: datetime | None
    is_end_known: bool

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found in what can be checked."""
        return not self.faults and not self.faulty_lines and self.is_end_known

    @property
    def n_unprovable(self) -> int:
        """Entries that cannot be checked."""
        return sum(found.n_entries for found in self.unprovable)


def heads_path(settings: Settings) -> Path:
    """Return the file the heads are noted in."""
    return settings.audit_heads_file or settings.audit_dir / "heads.jsonl"


def about_replaced(key_file: Path, at: object) -> str:
    """Return what to do where the key of a file is no longer in use, since some moment."""
    when = f"{at:%Y-%m-%d}" if isinstance(at, datetime) else "某日（时间被改动过）"
    return (
        f"密钥文件 {key_file} 里的密钥已在 {when} 换过，请把新的密钥文件拷到这台机器。"
        "没有人换过，就是有人改动过数据库，请从备份恢复。"
    )


class Auditing:
    """Holds the key and watches over the chain.

    Attributes:
        trail: Writes the chain; given to the database.
        heads_error: Why the heads could not be noted the last time; None when they could.
    """

    def __init__(self, settings: Settings) -> None:
        """Read the key, or make it at the first start.

        Raises:
            SetupError: the key file cannot be used.
        """
        key_file = settings.resolved_audit_key_file
        self._key = AuditKey(read_secret(key_file))
        self._key_file = key_file
        self._heads = HeadsFile(heads_path(settings), self._key)
        self._keep_days = settings.audit_keep_days
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.trail = AuditTrail(self._key)
        self.heads_error: Exception | None = None

    def check_key(self, database: Database) -> None:
        """Refuse to go on with a key the chain was not written with.

        Raises:
            SetupError: it is another key.
        """
        with acting_as(system("audit")):
            with database.read() as session:
                is_known = audit_points.key_is_known(session, self._key)
                replaced_at = audit_points.replaced_at(session, self._key)
            if is_known is None:
                with database.write() as session:
                    audit_points.note_key(session, self._key)
        if replaced_at is not None:
            raise SetupError(about_replaced(self._key_file, replaced_at))
        if is_known is False:
            raise SetupError(
                f"审计记录不是用密钥文件 {self._key_file} 写成的。请先到其他机器和备份里找原来的"
                "密钥文件，放回去，或用 NAVMATCH_AUDIT_KEY_FILE 指明它的位置；"
                "确实找不回来时，运行 navmatch audit new-key 换用新密钥。"
            )

    def note_heads(self, database: Database) -> None:
        """Write the newest entry of each chain to the file outside the database."""
        with acting_as(system("audit")), database.read() as session:
            heads = audit_check.heads(session)
        self._heads.note(heads)

    def purge(self, database: Database) -> int:
        """Delete entries that need no longer be kept and return how many; none without heads."""
        try:
            witnesses = self._heads.read().heads
        except OSError:
            _log.exception("audit entries not purged: the heads cannot be read")
            return 0
        who, why = system("audit"), Occasion("audit purge")
        with acting_as(who), during(why), database.write() as session:
            n_purged = audit_check.purge(session, self._key, self._keep_days, witnesses)
        if n_purged:
            _log.info("audit entries purged", extra={"n_entries": n_purged})
        return n_purged

    def note_denial(self, database: Database, viewer: Viewer) -> None:
        """Record that somebody was refused; the refusal stands also when that fails."""
        try:
            with acting_as(viewer), database.write() as session:
                record(session, AuditAction.ACCESS, result=AuditResult.DENIED)
        except NavmatchError:
            _log.exception("a refusal was not recorded")

    def verify(self, database: Database) -> Verdict:
        """Check every entry of every chain against its code and the heads noted."""
        noted = self._heads.read()
        with acting_as(system("audit")), database.read(unhurried=True) as session:
            faults = tuple(audit_check.verify(session, self._key, noted.heads))
            unprovable = tuple(audit_points.unprovable(session, self._key))
            n_entries = audit_check.count(session)
        is_fresh = noted.at is not None and now_utc() - noted.at <= MAX_HEADS_AGE
        return Verdict(
            n_entries=n_entries,
            unprovable=unprovable,
            faults=faults,
            faulty_lines=tuple(noted.faulty_lines),
            heads_at=noted.at,
            is_end_known=is_fresh or not n_entries,
        )

    def start(self, database: Database) -> None:
        """Begin to note heads, now and every hour; does nothing when it has begun."""
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._run, args=(database,), name="audit-heads", daemon=True
            )
            self._thread.start()

    def stop(self, database: Database) -> None:
        """Stop, and note the heads a last time."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        self._note_or_log(database)

    def _run(self, database: Database) -> None:
        self._note_or_log(database)
        while not self._stopping.wait(INTERVAL_S):
            self._note_or_log(database)

    def _note_or_log(self, database: Database) -> None:
        try:
            self.note_heads(database)
            self.heads_error = None
        except (NavmatchError, OSError) as error:
            self.heads_error = error
            _log.exception("heads of the audit chain not noted")
