"""What a run over all demands took and gave."""

import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from api.cli.console import add_row, output, table
from api.schemas.match import MatchAnswer
from api.wiring import Service
from indexer.documents import REJECT_CODE
from models import repository
from models.demand import Demand
from models.tag import TagAssignment
from models.vocabulary.matching import Band
from models.vocabulary.taxonomy import Scheme

PAGE_ROWS = 200
_BAND_NAMES = {Band.STRONG: "强", Band.GOOD: "较强", Band.FAIR: "一般", Band.WEAK: "弱"}


@dataclass
class RunReport:
    """Counts while a run goes on.

    Attributes:
        n_demands: Demands answered.
        n_rejected: Demands tagged as no navigation demand.
        best: How often each band was the best of an answer, for demands that are and that are
            not navigation demands; None for no result at all.
    """

    n_demands: int = 0
    n_rejected: int = 0
    best: Counter[tuple[bool, Band | None]] = field(default_factory=Counter)
    _start_s: float = field(default_factory=time.perf_counter)

    def add(self, answer: MatchAnswer, *, is_rejected: bool) -> None:
        """Count one answer."""
        self.n_demands += 1
        self.n_rejected += is_rejected
        self.best[is_rejected, answer.matches[0].band if answer.matches else None] += 1

    def show(self) -> None:
        """Print time, memory, share of foreign demands and best bands."""
        seconds = time.perf_counter() - self._start_s
        share = self.n_rejected / self.n_demands if self.n_demands else 0.0
        shown = table("全部匹配", "项目", "数值")
        add_row(shown, "需求", f"{self.n_demands} 条")
        add_row(
            shown, "用时", f"{seconds:.1f} 秒（每秒 {self.n_demands / max(seconds, 1e-9):.1f} 条）"
        )
        add_row(shown, "内存峰值", f"{peak_memory_mib():.0f} MiB")
        add_row(shown, f"不属于专利导航（{REJECT_CODE}）", f"{self.n_rejected} 条，占 {share:.1%}")
        for is_rejected, noun in ((False, "专利导航需求"), (True, "其他需求")):
            bands = [f"{_BAND_NAMES[band]} {self.best[is_rejected, band]}" for band in Band]
            without = f"无结果 {self.best[is_rejected, None]}"
            add_row(shown, f"{noun}第一名的档位", "，".join([*bands, without]))
        output().print(shown)


def all_demands(service: Service) -> Iterator[tuple[Demand, bool]]:
    """Yield every demand, oldest first, and whether it is tagged as no navigation demand."""
    after: str | None = None
    while True:
        with service.database.read() as session:
            rows = repository.page(session, Demand, after=after, limit=PAGE_ROWS)
            tags = repository.tags_of(session, Demand.entity, [row.id for row in rows])
        if not rows:
            return
        for row in rows:
            yield row, _has_reject_code(tags.get(row.id, []))
        after = rows[-1].id


def _has_reject_code(tags: Iterable[TagAssignment]) -> bool:
    return any(tag.scheme == Scheme.SCENARIO and tag.code == REJECT_CODE for tag in tags)


def peak_memory_mib() -> float:
    """Return the most memory this process has held, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
