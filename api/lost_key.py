"""The way on for an installation that has lost its audit key: a new one, and marks up to where.

The key also sealed the secrets of authenticators and makes those of webhooks. The first cannot be
opened any more and are taken off; the second are others from now on.
"""

import itertools
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.auditing import Auditing, heads_path
from api.identity.authenticators import take_off_sealed
from api.notices.signing import WebhookSecrets
from api.notices.webhooks import sign_anew
from api.settings import Settings
from indexer.locks import WriterLock
from models.audit import AuditKey, same
from models.audit_check import holds_any, wrote_newest
from models.audit_heads import HeadsFile
from models.audit_points import key_noted, mark_lost, unprovable
from models.audit_trail import AuditTrail, record
from models.database import Database, Session
from models.durable import PRIVATE_FOLDER, give_name, make_folder, sync
from models.errors import SetupError, StateError
from models.notification import Webhook
from models.secret_file import SecretDamagedError, read_secret
from models.vocabulary.access import AuditAction

MAX_HEADS: Final = 1_000
"""Heads, the newest, that are looked for in the chains."""

_STAGED: Final = ".new"
_KEPT: Final = ".old-"


@dataclass(frozen=True, slots=True)
class NewKey:
    """What came of taking a new key.

    Attributes:
        key_file: Where it is.
        kept: Files that lay in the way, under the names they have now.
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


def check_lost(settings: Settings) -> None:
    """Refuse where the key is not lost.

    Raises:
        StateError: nothing is lost; nothing was changed.
        SetupError: the key file may not be read.
    """
    with _database(settings) as database, database.read(unhurried=True) as session:
        _refuse_unless_lost(session, settings)


def take_new_key(settings: Settings) -> NewKey:
    """Go on under a new key; all of it or nothing, whenever the process dies.

    Whoever acts must be part of the service, and is who the audit chain says did it.

    The new key is in its place before the transaction that needs it is committed: a process that
    dies in between leaves an installation that still refuses to start, and this can be repeated.

    Raises:
        StateError: nothing is lost; nothing was changed.
        SetupError: a service is running here, or the key file may not be read or made.
    """
    key_file = settings.resolved_audit_key_file
    make_folder(settings.data_dir, PRIVATE_FOLDER)
    with WriterLock(settings.index_dir) as lock:
        if not lock.acquire():
            raise SetupError("这个数据目录上有服务在运行，请先停止它，再换用新密钥。")
        check_lost(settings)
        staged = key_file.with_name(key_file.name + _STAGED)
        key = AuditKey(read_secret(staged))
        with _database(settings, AuditTrail(key)) as database:
            with database.write() as session:
                record(session, AuditAction.NEW_KEY, "audit")
                mark_lost(session, key)
                n_authenticators = take_off_sealed(session)
                webhooks = sign_anew(session, WebhookSecrets(lambda: key.secret))
                n_unprovable = sum(found.n_entries for found in unprovable(session, key))
                session.flush()
                aside = [_set_aside(path) for path in (heads_path(settings), key_file)]
                give_name(staged, key_file)
            Auditing(settings).stop(database)  # which notes the heads
    kept = tuple(path for path in aside if path is not None)
    return NewKey(key_file, kept, n_unprovable, n_authenticators, tuple(webhooks))


def _refuse_unless_lost(session: Session, settings: Settings) -> None:
    key_file = settings.resolved_audit_key_file
    noted, key = key_noted(session), key_at_hand(key_file)
    if noted is None:
        raise StateError("这个数据库还没有审计记录，没有密钥可丢失，不必换用新密钥。")
    if key is None:
        return
    if same(noted, key.fingerprint()):
        raise StateError(f"密钥文件 {key_file} 没有丢失，审计记录就是用它写成的，不必换用新密钥。")
    heads = HeadsFile(heads_path(settings), key).read().heads
    if wrote_newest(session, key) or holds_any(session, heads[-MAX_HEADS:]):
        raise StateError(
            f"最近的审计记录就是用密钥文件 {key_file} 写成的，只是数据库里记着另一个密钥："
            "可能有人改动过数据库。没有换用新密钥，请从备份恢复数据库。"
        )


def _set_aside(path: Path) -> Path | None:
    """Give a file another name beside it, one that nothing has; return it."""
    if not path.exists():
        return None
    names = (path.with_name(f"{path.name}{_KEPT}{n}") for n in itertools.count(1))
    kept = next(name for name in names if not name.exists())
    path.rename(kept)
    sync(path.parent)
    return kept


@contextmanager
def _database(settings: Settings, trail: AuditTrail | None = None) -> Iterator[Database]:
    with closing(Database(settings.resolved_database_url, trail)) as database:
        database.migrate()
        yield database
