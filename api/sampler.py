"""Looks every few seconds at what the figures say of the moment: index, change log, chain."""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from api.damage import Damage, FileWatch
from api.metrics import Metrics
from indexer.encoder_process.client import ProcessEncoder
from indexer.encoding import Encoder
from indexer.snapshot import built_at
from indexer.sync import Synchroniser
from models import audit_check, outbox, repository
from models.base import now_utc
from models.database import Database
from models.errors import NavmatchError
from models.viewer import acting_as, system

INTERVAL_S: Final = 5.0

_log = logging.getLogger("navmatch.metrics")


_ABOUT: Final = {
    Damage.RANKER: "在用的排序器文件损坏或不见了，改用随软件附带的权重（1 为是）。",
    Damage.ADAPTER: "在用的编码器调整文件损坏或不见了，照旧用由它写好的编码器（1 为是）。",
    Damage.IPC_TABLE: "导入的 IPC 名称表损坏，或编码器已更换，不给建议（1 为是）。",
}


@dataclass(frozen=True, slots=True)
class Sampled:
    """What is looked at."""

    database: Database
    synchroniser: Synchroniser
    encoder: Encoder
    index_dir: Path
    file_watch: FileWatch


class Sampler:
    """A thread that sets the gauges of one process."""

    def __init__(self, metrics: Metrics, sampled: Sampled) -> None:
        self._metrics = metrics
        self._sampled = sampled
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="metrics-sampler", daemon=True)
        self._generation: tuple[str, datetime] = ("", now_utc())

    def start(self) -> None:
        """Begin to look; does nothing when it has begun."""
        if not self._thread.is_alive():
            self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def sample(self) -> None:
        """Look once."""
        self._look_at_files()
        if not self._sampled.synchroniser.is_open:
            return
        view = self._sampled.synchroniser.view
        gauge = self._metrics.set_gauge
        for kind, documents in view.kinds.items():
            gauge("index_rows", "索引中可检索的文档数。", documents.n_alive, kind=kind.value)
            about = "文字没能编码、只按字词检索的文档数。"
            gauge("index_unencoded", about, len(documents.unencoded), kind=kind.value)
        about = "这一代索引建成了多久（秒）。"
        gauge("index_generation_age_seconds", about, self._age_s(view.generation))
        if isinstance(self._sampled.encoder, ProcessEncoder):
            about = "编码进程在请求中途消失的次数。"
            gauge("encoder_losses", about, self._sampled.encoder.n_lost, over="sum")
            about = "等编码器的提问，和等它的入库文字（批）。"
            waiting = self._sampled.encoder.waiting(within_s=1.0)
            for role, number in zip(("query", "document"), waiting or (), strict=False):
                gauge("encoder_waiting", about, number, role=role)
        self._metrics.note_database_errors(self._sampled.database.errors)
        try:
            with acting_as(system("metrics")), self._sampled.database.read() as session:
                newest = repository.last_seq(session)
                n_entries = audit_check.newest_seq(session)
                n_errands = outbox.n_waiting(session)
        except NavmatchError:
            gauge("database_up", "数据库是否有应答。", 0, over="min")
            return
        gauge("database_up", "数据库是否有应答。", 1, over="min")
        gauge("index_lag_changes", "索引落后于数据库的变更条数。", max(newest - view.seq, 0))
        gauge("deliveries_waiting", "还没送出的回调和邮件。", n_errands)
        gauge("audit_entries", "审计链写到第几条。", n_entries)

    def _look_at_files(self) -> None:
        known = self._sampled.file_watch.found
        found = self._sampled.file_watch.look()
        for damage in Damage:
            self._metrics.set_gauge(damage.value, _ABOUT[damage], float(damage in found))
            if damage in found and damage not in known:
                _log.error("%s: %s", damage, found[damage].message)

    def _age_s(self, generation: str) -> float:
        """Return how long ago a generation was built; no less than 0 if the clock was put back.

        One that could not be written says so nowhere: it counts from when it was first seen.
        """
        now = now_utc()
        if generation != self._generation[0]:
            self._generation = (generation, built_at(self._sampled.index_dir, generation) or now)
        return max((now - self._generation[1]).total_seconds(), 0.0)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.sample()
            except Exception:
                _log.exception("the figures of the moment could not be taken")
            self._stopping.wait(INTERVAL_S)
