"""What a worker and its supervisor say to each other: words, a line each, over a socket pair."""

import socket
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WORKER_VARIABLE: Final = "NAVMATCH_WORKER"
"""Tells a process that it is a worker, and of what; set by the supervisor only."""


class Word(StrEnum):
    """A word on the channel."""

    LOADED = "loaded"
    GO = "go"
    READY = "ready"
    BEAT = "beat"
    RECYCLE = "recycle"
    DRAIN = "drain"


@dataclass(frozen=True, slots=True)
class WorkerPlace:
    """What a worker is told when it is started.

    Attributes:
        listening: Descriptor of the socket all workers accept from.
        channel: Descriptor of its end of the channel.
        n_workers: How many workers there are.
        encoder: Unix socket of the encoder's process; empty where each opens its own.
    """

    listening: int
    channel: int
    n_workers: int
    encoder: str

    def to_text(self) -> str:
        """Return it as the text of an environment variable."""
        return f"{self.listening}:{self.channel}:{self.n_workers}:{self.encoder}"

    @classmethod
    def from_text(cls, text: str) -> "WorkerPlace":
        """Return what such a text says."""
        listening, channel, n_workers, encoder = text.split(":", 3)
        return cls(int(listening), int(channel), int(n_workers), encoder)


def send(channel: socket.socket, word: Word) -> bool:
    """Say a word; returns False when nobody listens any more."""
    try:
        channel.sendall(f"{word}\n".encode())
    except OSError:
        return False
    return True


class Words:
    """The words that came over a channel."""

    def __init__(self) -> None:
        self._left = b""

    def take(self, received: bytes) -> list[Word]:
        """Return the whole words received by now; unknown ones are passed over."""
        *lines, self._left = (self._left + received).split(b"\n")
        known = {word.value.encode(): word for word in Word}
        return [known[line] for line in lines if line in known]
