"""Named places where tests let the process die or an operation fail.

    NAVMATCH_TESTING=1 NAVMATCH_FAILPOINTS=before_rename:kill,mid_write:enospc:3 navmatch serve

Each part is `name:action[:nth[+]]`: act at the n-th time the place is reached (the first unless
said), with `+` at every time from then on. `name@word:action` acts only in processes whose
command line contains the word. Unless a test asked for it nothing is armed, and a hit costs one
look at an empty table.
"""

import errno
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from models.errors import SetupError

PAUSE_S: Final = 1.0
"""How long `pause` holds the thread that came by."""

SPEC_VARIABLE: Final = "NAVMATCH_FAILPOINTS"
CONSENT_VARIABLE: Final = "NAVMATCH_TESTING"

_log = logging.getLogger("navmatch.failpoints")


class Failpoint(StrEnum):
    """A place in the code where something can be made to fail."""

    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"
    MID_MIGRATION = "mid_migration"
    MID_IMPORT_ROW = "mid_import_row"
    BEFORE_AUDIT = "before_audit"
    AFTER_AUDIT = "after_audit"
    IDEMPOTENCY_SAVED = "idempotency_saved"
    AFTER_EFFECT_BEFORE_REPLY = "after_effect_before_reply"
    FOLLOWER_ROUND = "follower_round"
    VECTOR_CACHE_SAVED = "vector_cache_saved"
    MID_BUILD = "mid_build"
    MID_MERGE = "mid_merge"
    BEFORE_INDEX_WRITE = "before_index_write"
    MID_WRITE = "mid_write"
    BEFORE_FSYNC = "before_fsync"
    BEFORE_RENAME = "before_rename"
    AFTER_RENAME = "after_rename"
    BEFORE_CURRENT = "before_current"
    AFTER_CURRENT = "after_current"
    DURING_GC = "during_gc"
    BEFORE_PUBLISH = "before_publish"
    AFTER_PUBLISH = "after_publish"
    MID_LOAD = "mid_load"
    MID_EXPIRY = "mid_expiry"
    MID_BACKUP = "mid_backup"
    BEFORE_BACKUP_RENAME = "before_backup_rename"
    MID_RESTORE = "mid_restore"
    FILE_OPERATION = "file_operation"
    """Every making, writing, syncing, renaming and removing of a file of the index."""


class FailAction(StrEnum):
    """What happens at a failpoint."""

    KILL = "kill"
    ENOSPC = "enospc"
    EIO = "eio"
    RAISE = "raise"
    PAUSE = "pause"


class FailpointError(Exception):
    """What `raise` raises: an error nobody foresaw."""


@dataclass
class _Trap:
    action: FailAction
    nth: int
    is_repeated: bool
    n_hits: int = 0

    def is_due(self) -> bool:
        self.n_hits += 1
        return self.n_hits == self.nth or (self.is_repeated and self.n_hits > self.nth)


_armed: dict[Failpoint, list[_Trap]] = {}
_lock = threading.Lock()


def hit(point: Failpoint) -> None:
    """Say that the code has come to a place; does nothing unless a test armed it."""
    if point not in _armed:
        return
    with _lock:
        due = [trap.action for trap in _armed.get(point, ()) if trap.is_due()]
    for action in due:
        _act(point, action)


def arm(spec: str) -> None:
    """Arm the places a text names, in the place of those armed before.

    Raises:
        SetupError: a name or an action is unknown.
    """
    traps = _parse(spec)
    with _lock:
        _armed.clear()
        _armed.update(traps)


@contextmanager
def armed(spec: str) -> Iterator[None]:
    """Have places armed for a while, inside one process."""
    arm(spec)
    try:
        yield
    finally:
        arm("")


def arm_from(environment: Mapping[str, str]) -> None:
    """Arm what the environment asks for, once a process; without failpoints change nothing.

    Raises:
        SetupError: it asks for failpoints without saying that this is a test.
    """
    spec = environment.get(SPEC_VARIABLE)
    if not spec or _armed:
        return
    if environment.get(CONSENT_VARIABLE) != "1":
        raise SetupError(
            f"{SPEC_VARIABLE} 会让程序故意出错，只用于测试。请删去这个环境变量后重试。"
        )
    arm(spec)


def _parse(spec: str) -> dict[Failpoint, list[_Trap]]:
    traps: dict[Failpoint, list[_Trap]] = {}
    for part in filter(None, spec.split(",")):
        place, _, rest = part.partition(":")
        name, _, word = place.partition("@")
        action, _, nth = rest.partition(":")
        try:
            trap = _Trap(FailAction(action), int(nth.rstrip("+") or 1), nth.endswith("+"))
            point = Failpoint(name)
        except ValueError as error:
            raise SetupError(f"{SPEC_VARIABLE} 的写法不对，应为 名称:动作[:第几次]。") from error
        if not word or word in " ".join(sys.orig_argv):
            traps.setdefault(point, []).append(trap)
    return traps


def _act(point: Failpoint, action: FailAction) -> None:
    _log.warning("failpoint %s: %s", point, action)
    match action:
        case FailAction.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        case FailAction.PAUSE:
            threading.Event().wait(PAUSE_S)
        case FailAction.RAISE:
            raise FailpointError(str(point))
        case FailAction.ENOSPC | FailAction.EIO:
            number = errno.ENOSPC if action is FailAction.ENOSPC else errno.EIO
            raise OSError(number, os.strerror(number))
