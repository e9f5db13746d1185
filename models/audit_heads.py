"""The newest entry of each chain, noted in a file outside the database every hour.

A chain alone cannot show that its end was cut off. The file is only ever appended to; each line
is signed together with the line before.
"""

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BufferedRandom
from pathlib import Path
from typing import Any, Final

from models.audit import AuditKey, same
from models.audit_check import Head
from models.base import now_utc
from models.durable import PRIVATE, PRIVATE_FOLDER, make_folder, sync

SAID_AGAIN_AFTER: Final = timedelta(minutes=30)

_FIELDS: Final = ("at", "chain", "number", "mac")


@dataclass(frozen=True, slots=True)
class Noted:
    """What the file says.

    Attributes:
        heads: The heads of all sound lines, oldest first.
        at: When the last sound line was written; None when there is none.
        faulty_lines: Numbers, from 1, of lines that are no line of ours, or follow none.
    """

    heads: list[Head]
    faulty_lines: list[int]
    at: datetime | None = None


class HeadsFile:
    """Notes heads and reads them back."""

    def __init__(self, path: Path, key: AuditKey) -> None:
        self.path = path
        self._key = key

    def note(self, heads: Iterable[Head]) -> int:
        """Append the heads that are not the newest of their chain already; return how many.

        Where all are, but the last line is old, one is written again: it says that the end of the
        file is not cut off.

        Raises:
            OSError: the file cannot be written.
        """
        make_folder(self.path.parent, PRIVATE_FOLDER)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, PRIVATE)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            lines = file.read().splitlines()
            if not lines:  # its name is on disk before its first line, so never again
                sync(self.path.parent)
            noted, heads = self._judge(lines), list(heads)
            newest = {head.chain: head for head in noted.heads}
            fresh = [head for head in heads if newest.get(head.chain) != head]
            if not fresh and (noted.at is None or now_utc() - noted.at > SAID_AGAIN_AFTER):
                fresh = heads[:1]
            self._append(file, lines, fresh)
        return len(fresh)

    def read(self) -> Noted:
        """Return what was noted; nothing when there is no file yet.

        Raises:
            OSError: the file cannot be read.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return Noted([], [])
        return self._judge(content.splitlines())

    def _append(self, file: BufferedRandom, lines: list[bytes], fresh: list[Head]) -> None:
        previous = _signature_of(lines[-1]) if lines else ""
        size = file.tell()
        written: list[bytes] = []
        at = now_utc().isoformat(timespec="seconds")
        for head in fresh:
            values = {"at": at, "chain": head.chain, "number": head.number, "mac": head.mac}
            previous = self._key.signature("head", previous, *values.values())
            written.append(json.dumps({**values, "signature": previous}).encode() + b"\n")
        try:
            file.write(b"".join(written))
            file.flush()
            sync(self.path)
        except OSError:
            os.ftruncate(file.fileno(), size)  # half a line would look like tampering
            raise

    def _judge(self, lines: list[bytes]) -> Noted:
        heads, faulty = [], []
        previous, at = "", None
        for number, line in enumerate(lines, start=1):
            values = _read_line(line)
            told = [values.get(name) for name in _FIELDS]
            if same(self._key.signature("head", previous, *told), _signature_of(line)):
                heads.append(Head(values["chain"], values["number"], values["mac"]))
                at = datetime.fromisoformat(values["at"])
            else:
                faulty.append(number)
            previous = _signature_of(line)
        return Noted(heads, faulty, at)


def _read_line(line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def _signature_of(line: bytes) -> str:
    return str(_read_line(line).get("signature", ""))
