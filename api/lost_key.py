"""The way on for an installation that has lost its audit key: a new one, and marks up to where.

The key also sealed the secrets of authenticators and makes those of webhooks. The first cannot be
opened any more and are taken off; the second are others from now on.
"""

import glob
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.auditing import Auditing, about_replaced, heads_path
from api.identity.authenticators import take_off_sealed
from api.notices.signing import WebhookSecrets
from api.notices.webhooks import sign_anew
from api.settings import Settings
from indexer.locks import WriterLock
from models.audit import AuditKey, same
from models.audit_check import all_entries, wrote_any
from models.audit_heads import HeadsFile
from models.audit_points import key_noted, mark_lost, replaced_at, unprovable
from models.audit_trail import AuditTrail, record
from models.database import Database, Session
from models.durable import PRIVATE_FOLDER, give_name, make_folder, sync
from models.errors import SetupError, StateError
from models.notification import Webhook
from models.secret_file import SecretDamagedError, read_secret
from models.vocabulary.access import AuditAction

Show = Callable[[Sequence[tuple[Webhook, str]]], None]
"""Shows the webhooks that sign with another secret, and that secret, to who hands them on."""

_NOTHING: Final = "这个数据库还没有审计记录，没有密钥可丢失，不必换用新密钥。"
_STAGED: Final = ".new"
_KEPT: Final = ".old-"


@dataclass(frozen=True, slots=True)
class NewKey:
    """What came of taking a new key.

    Attributes:
        key_file: Where it is.
        kept: Files that lay in the way, now or at an earlier try, under the names they have now.
        n_unprovable: Entries nobody can check any more.
        n_authenticators: People who have to bind an authenticator again.
        webhooks: Those that sign with another secret from now on, and that secret.
    """

    key_file: Path
    kept: tuple[Path, ...]
    n_unprovable: int
    n_authenticators: int
    webhooks: tuple[tuple[Webhook, str], ...]


def key_at_hand(key_file: Path) -> AuditKey | None:
    """Return the key in a file; None where there is no file, or no whole key in it.

    Raises:
        SetupError: there is one that may not be read: that is no loss.
    """
    if not key_file.exists():
        return None
    with suppress(SecretDamagedError):
        return AuditKey(read_secret(key_file))
    return None


def check_lost(settings: Settings, *, is_restored: bool = False) -> None:
    """Refuse where the key is not lost; nothing is made or changed.

    Args:
        settings: Where the installation is.
        is_restored: Whether the database was put back just now: heads noted before tell nothing.

    Raises:
        StateError: nothing is lost.
        SetupError: the key file may not be read.
    """
    if not settings.has_database:
        raise StateError(_NOTHING)
    with _database(settings) as database:
        if database.revisions()[0] is None:
            raise StateError(_NOTHING)
        with database.read(unhurried=True) as session:
            _refuse_unless_lost(session, settings, is_restored=is_restored)


def take_new_key(
    settings: Settings, show: Show = lambda webhooks: None, *, is_restored: bool = False
) -> NewKey:
    """Go on under a new key; all of it or nothing, whenever the process dies.

    Whoever acts must be part of the service, and is who the audit chain says did it.

    The new key is in its place before the transaction that needs it is committed: a process that
    dies in between leaves an installation that still refuses to start, and this can be repeated.

    Args:
        settings: Where the installation is.
        show: Shows the new secrets of webhooks, before anything is committed: what fails to be
            shown is not in force.
        is_restored: Whether the database was put back just now.

    Raises:
        StateError: nothing is lost; nothing was changed.
        SetupError: a service is running here, the key file may not be read or made, or the old
            heads file cannot be given another name.
    """
    check_lost(settings, is_restored=is_restored)
    key_file = settings.resolved_audit_key_file
    make_folder(settings.data_dir, PRIVATE_FOLDER)
    with WriterLock(settings.index_dir) as lock:
        if not lock.acquire():
            raise SetupError("这个数据目录上有服务在运行，请先停止它，再换用新密钥。")
        check_lost(settings, is_restored=is_restored)
        staged = key_file.with_name(key_file.name + _STAGED)
        key = AuditKey(read_secret(staged))
        with _database(settings, AuditTrail(key)) as database:
            database.migrate()
            with database.write() as session:
                record(session, AuditAction.NEW_KEY, "audit")
                mark_lost(session, key)
                n_authenticators = take_off_sealed(session)
                webhooks = sign_anew(session, WebhookSecrets(lambda: key.secret))
                n_unprovable = sum(found.n_entries for found in unprovable(session, key))
                show(webhooks)
                _set_heads_aside(heads_path(settings))
                _set_aside(key_file)
                give_name(staged, key_file)
            Auditing(settings).stop(database)  # which notes the heads
    kept = (*_kept(heads_path(settings)), *_kept(key_file))
    return NewKey(key_file, kept, n_unprovable, n_authenticators, tuple(webhooks))


def _refuse_unless_lost(session: Session, settings: Settings, *, is_restored: bool) -> None:
    key_file = settings.resolved_audit_key_file
    noted = key_noted(session)
    if noted is None:
        raise StateError(_NOTHING)
    key = key_at_hand(key_file)
    if key is None:
        return
    if same(noted, key.fingerprint()):
        raise StateError(f"密钥文件 {key_file} 没有丢失，审计记录就是用它写成的，不必换用新密钥。")
    at = replaced_at(session, key)
    if at is not None:
        raise StateError(about_replaced(key_file, at))
    if wrote_any(key, all_entries(session)):
        raise StateError(
            f"有的审计记录就是用密钥文件 {key_file} 写成的，只是数据库里记着另一个密钥："
            "可能有人改动过数据库。没有换用新密钥，请从备份恢复数据库。"
        )
    if not is_restored and HeadsFile(heads_path(settings), key).read().heads:
        raise StateError(
            f"链头文件 {heads_path(settings)} 就是用密钥文件 {key_file} 写成的，数据库却不是："
            "可能有人改动过数据库。没有换用新密钥，请从备份恢复数据库；"
            "刚才的恢复没有做完的，请再运行一次 navmatch restore … --new-key --force。"
        )


def _set_heads_aside(path: Path) -> None:
    try:
        _set_aside(path)
    except OSError as error:
        raise SetupError(
            f"链头文件 {path} 不能改名：{error.strerror}。没有换用新密钥。请用 "
            "NAVMATCH_AUDIT_HEADS_FILE 指明另一个文件，旧的留着不动，再运行一次。"
        ) from error


def _set_aside(path: Path) -> None:
    """Give a file, if there is one, another name beside it, one that nothing has."""
    if not path.exists():
        return
    names = (path.with_name(f"{path.name}{_KEPT}{n}") for n in itertools.count(1))
    path.rename(next(name for name in names if not name.exists()))
    sync(path.parent)


def _kept(path: Path) -> list[Path]:
    """Return the files that were set aside, also by tries that failed."""
    return sorted(path.parent.glob(f"{glob.escape(path.name)}{_KEPT}*"))


@contextmanager
def _database(settings: Settings, trail: AuditTrail | None = None) -> Iterator[Database]:
    with closing(Database(settings.resolved_database_url, trail)) as database:
        yield database
