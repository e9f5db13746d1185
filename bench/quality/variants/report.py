"""What was measured of the variants: kept as JSON, told as a page."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from bench.quality.variants.ground import Base, Outcome
from matcher.significance import RESAMPLES

NAME: Final = "variants"
BASES: Final = {
    Base.COSINE: "单用一项余弦",
    Base.PIPELINE: "整套匹配",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One variant on one set, in figures.

    Attributes:
        name: Of the variant.
        base: What it is compared with.
        mean: Of the variant.
        present: Of the present way.
        gain: The difference of the two.
        low: Lower end of its 95 % interval.
        high: Upper end.
        added_ms: Processor time a request takes more.
        queries: How many.
    """

    name: str
    base: Base
    mean: float
    present: float
    gain: float
    low: float
    high: float
    added_ms: float
    queries: int

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        """Return the figures of an outcome."""
        difference = outcome.difference
        return cls(
            name=outcome.name,
            base=outcome.base,
            mean=round(float(np.mean(outcome.values)), 4),
            present=round(float(np.mean(outcome.present)), 4),
            gain=round(difference.mean, 4),
            low=round(difference.low, 4),
            high=round(difference.high, 4),
            added_ms=round(outcome.added_ms, 2),
            queries=len(outcome.values),
        )


@dataclass(frozen=True)
class Measured:
    """One family of variants on one set.

    Attributes:
        family: Its name.
        set_name: Of the set.
        measure: The deciding one.
        date: Day it was measured, ISO.
        encoder: Fingerprint of the encoder in use.
        rows: By variant.
        note: How they are made, for the page.
    """

    family: str
    set_name: str
    measure: str
    date: str
    encoder: str
    rows: tuple[Row, ...]
    note: str


def read(folder: Path, encoder: str) -> list[Measured]:
    """Return what was measured before with the same encoder."""
    path = folder / f"{NAME}.json"
    if not path.exists():
        return []
    content: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    found = [
        Measured(**{**entry, "rows": tuple(Row(**{**r, "base": Base(r["base"])}) for r in rows)})
        for entry in content
        for rows in [entry["rows"]]
    ]
    return [measured for measured in found if measured.encoder == encoder]


def write(
    folder: Path,
    measured: Sequence[Measured],
    titles: Mapping[str, str],
    sets: Sequence[str],
) -> None:
    """Write `variants.json` and `variants.md`.

    Args:
        folder: Where to.
        measured: Everything known.
        titles: What the page says above each family, in its order.
        sets: In the order of the columns.
    """
    folder.mkdir(parents=True, exist_ok=True)
    order = {name: n for n, name in enumerate([*titles, *sets])}
    ordered = sorted(measured, key=lambda m: (order[m.family], order[m.set_name]))
    content = ",\n".join(json.dumps(asdict(m), ensure_ascii=False) for m in ordered)
    (folder / f"{NAME}.json").write_text(f"[\n{content}\n]\n", "utf-8")
    page = "\n".join(_page(ordered, titles)) + "\n"
    (folder / f"{NAME}.md").write_text(page, "utf-8")


def _page(measured: Sequence[Measured], titles: Mapping[str, str]) -> Iterable[str]:
    yield "# 试过的别的编码和排序做法\n"
    yield from _reading(measured)
    yield from _verdict(measured, titles)
    for family, title in titles.items():
        of_family = [m for m in measured if m.family == family]
        if not of_family:
            continue
        yield f"## {title}\n"
        yield f"{of_family[0].note}\n"
        for base in Base:
            yield from _table(of_family, base)


def _reading(measured: Sequence[Measured]) -> Iterable[str]:
    days = sorted({m.date for m in measured})
    measured_on = " 至 ".join(dict.fromkeys((days[0], days[-1])))
    yield f"由 `python -m bench.quality.{NAME}` 写出，{measured_on} 量。\n"
    yield "怎样看：\n"
    yield (
        f"- 每格是与现在的做法逐个查询相减的均值，括号里是它的 95% 区间（{RESAMPLES:,} 次配对"
        "重抽样，种子 0）。区间不含 0 的加粗。"
    )
    yield (
        f"- “{BASES[Base.COSINE]}”只用一项排序：bdci2019 和 patents 是标题与标题，collection 和"
        f" demo 是全文与全文；这里的好处放进{BASES[Base.PIPELINE]}常常没有。"
        f"“{BASES[Base.PIPELINE]}”是随附的全部特征和权重，只改所说的一处，也只有它说明该不该换。"
    )
    yield (
        "- 指标是 nDCG@10，patents 是 MRR。bdci2019-train 的 104 个需求只用来选做法；"
        "查询多的集比查询少的集可信。整套匹配在这里由各项特征重算，不看硬性条件，"
        "均值与[各系统并列](quality.md)的相差不到 0.002。"
    )
    yield "- 毫秒是每个请求多用的处理器时间，各集最少至最多（一个线程，与别的任务同在 2 核上）。"
    yield (
        "- 做法多、集也多，毫无用处的做法每四十格也约有一格区间碰巧高于 0：只有在几个集上一致的"
        "才算数。\n"
    )
    sizes = {m.set_name: max(row.queries for row in m.rows) for m in measured}
    yield "集（查询数）：" + "，".join(f"{name}（{n}）" for name, n in sizes.items()) + "。\n"


def _verdict(measured: Sequence[Measured], titles: Mapping[str, str]) -> Iterable[str]:
    """Yield which variants of the whole pipeline are better everywhere, or nowhere worse."""
    rows = [(m, row) for m in measured for row in m.rows]
    inside = [(titles[m.family], row) for m, row in rows if row.base == Base.PIPELINE]
    above = sum(row.low > 0 for _, row in rows)
    below = sum(row.high < 0 for _, row in rows)
    yield (
        f"共 {len(rows)} 格：区间高于 0 的 {above} 格，低于 0 的 {below} 格。"
        f"{_better(inside, len({m.set_name for m in measured}))}\n"
    )


def _better(rows: Sequence[tuple[str, Row]], n_sets: int) -> str:
    by_variant: dict[str, list[Row]] = {}
    for title, row in rows:
        by_variant.setdefault(f"{row.name}（{title}）", []).append(row)
    whole = {name: found for name, found in by_variant.items() if len(found) == n_sets}
    sure = [name for name, found in whole.items() if all(r.low > 0 for r in found)]
    likely = [
        name
        for name, found in whole.items()
        if all(r.gain >= 0 for r in found) and any(r.low > 0 for r in found)
    ]
    return (
        f"在{BASES[Base.PIPELINE]}里，每个集上区间都高于 0 的：{'；'.join(sure) or '没有'}。"
        f"每个集上均值都不降、至少一个集区间高于 0 的：{'；'.join(likely) or '没有'}。"
    )


def _table(of_family: Sequence[Measured], base: Base) -> Iterable[str]:
    cells: dict[str, dict[str, Row]] = {}
    for measured in of_family:
        for row in measured.rows:
            if row.base == base:
                cells.setdefault(row.name, {})[measured.set_name] = row
    if not cells:
        return
    sets = [m.set_name for m in of_family if any(m.set_name in found for found in cells.values())]
    yield f"| {BASES[base]} | {' | '.join(sets)} | 另加毫秒 |"
    yield "|---" * (len(sets) + 2) + "|"
    present = {name: row.present for found in cells.values() for name, row in found.items()}
    yield f"| 现在 | {' | '.join(f'{present[name]:.3f}' for name in sets)} | |"
    for name, found in cells.items():
        told = " | ".join(_cell(found[s]) if s in found else "" for s in sets)
        yield f"| {name} | {told} | {_cost(found.values())} |"
    yield ""


def _cell(row: Row) -> str:
    interval = f"（{_signed(row.low)} 至 {_signed(row.high)}）"
    is_sure = row.low > 0 or row.high < 0
    return f"**{_signed(row.gain)}**{interval}" if is_sure else f"{_signed(row.gain)}{interval}"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")


def _cost(rows: Iterable[Row]) -> str:
    spent = sorted(row.added_ms for row in rows)
    low, high = (
        f"{value:.1f}".replace("-", "−").replace("−0.0", "0.0") for value in (spent[0], spent[-1])
    )
    return low if low == high else f"{low} 至 {high}"
