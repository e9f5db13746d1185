"""Variants of the encoder alone: pooling, prompts, other encoders."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.quality.variants.ground import Ground, Outcome, ScoreAll, standing_of
from bench.quality.variants.states import (
    IDF_POWER,
    POOLS,
    Pool,
    PooledEncoder,
    TokenStates,
    idf_pool,
    mean,
)
from bench.quality.vectors import RememberingEncoder
from indexer.e5_folder import PROMPTS

MIXED: Final = (0.25, 0.5, 1.0)
"""Weights of the second encoder's standing beside 1 of the present one."""

OWN_PROMPTS: Final = ("技术需求：", "技术成果：")

IDF: Final = "idf"
POOL_NAMES: Final = {
    "cls": "首个词元（CLS）",
    "last-two": "最后两层平均",
    "first-last": "首末两层平均",
    "max": "逐维取最大",
    IDF: f"词元按 idf 的 {IDF_POWER:g} 次方加权",
}

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Encoders:
    """What texts are encoded with.

    Attributes:
        present: The encoder in use.
        folder: Its folder, for the states inside it; None where there is none to open.
        others: Further folders by name.
        cache: Where vectors are kept.
        threads: CPU threads of one call.
    """

    present: RememberingEncoder
    folder: Path | None
    others: Mapping[str, Path]
    cache: Path
    threads: int = 1

    @cached_property
    def states(self) -> TokenStates | None:
        """The states inside the encoder in use."""
        return None if self.folder is None else TokenStates(self.folder, self.threads)

    @cached_property
    def other_states(self) -> dict[str, TokenStates]:
        """The states of the further encoders."""
        return {name: TokenStates(path, self.threads) for name, path in self.others.items()}

    def served(self, states: TokenStates) -> PooledEncoder:
        """Return what encodes as the encoder in use does, to tell what others cost beside it."""
        return PooledEncoder(states, {"mean": mean}, ask=PROMPTS["query"])

    def both(self, pooled: PooledEncoder, ground: Ground) -> tuple[Vectors, Vectors]:
        """Return the vectors of the compared texts of queries and documents, remembered."""
        remembering = RememberingEncoder(pooled, self.cache)
        try:
            asked = remembering.encode_queries(ground.asked_texts)
            return asked, remembering.encode_documents(ground.offered_texts)
        finally:
            remembering.close()


def pooling(ground: Ground, encoders: Encoders) -> Iterator[Outcome]:
    """Yield other ways to make one vector of the states of all tokens."""
    states = encoders.states
    if states is None:
        return
    vectors = pooled_vectors(ground, encoders, states)
    (sample,) = states.of([PROMPTS["query"] + ground.asked_texts[0]])
    for name, (pool, asked, offered) in vectors.items():

        def new(_: int, pool: Pool = pool) -> Vectors:
            return pool(sample)

        cost = ground.cost(new, lambda _: mean(sample))
        yield ground.alone(POOL_NAMES[name], cosine_of(asked, offered), cost)


def pooled_vectors(
    ground: Ground, encoders: Encoders, states: TokenStates
) -> dict[str, tuple[Pool, Vectors, Vectors]]:
    """Return each other pool with the vectors of queries and documents, by name."""
    weights = states.idf_weights(ground.offered_texts)
    pools = {**POOLS, IDF: idf_pool(weights)}
    fitted_on = hashlib.sha256(weights.tobytes()).hexdigest()
    pooled = PooledEncoder(
        states, pools, ask=PROMPTS["query"], offer=PROMPTS["document"], fitted_on=fitted_on
    )
    asked, offered = encoders.both(pooled, ground)
    return {
        name: (pools[name], pooled.part(asked, name), pooled.part(offered, name))
        for name in POOL_NAMES
    }


def prompts(ground: Ground, encoders: Encoders) -> Iterator[Outcome]:
    """Yield other words in front of the texts; both sides alike, none, and our own."""
    present = encoders.present
    asking = present.encode_queries(ground.offered_texts)
    offering = present.encode_documents(ground.asked_texts)
    yield ground.alone("两边都用 `query:`", cosine_of(ground.asked, asking))
    yield ground.alone("两边都用 `passage:`", cosine_of(offering, ground.offered))
    states = encoders.states
    if states is None:
        return
    served = encoders.served(states)
    for name, (ask, offer) in {
        "不用提示": ("", ""),
        "写成“技术需求：”“技术成果：”": OWN_PROMPTS,
    }.items():
        pooled = PooledEncoder(states, {"mean": mean}, ask=ask, offer=offer)
        asked, offered = encoders.both(pooled, ground)
        cost = ground.cost(_one_by_one(pooled, ground), _one_by_one(served, ground))
        yield ground.alone(name, cosine_of(asked, offered), cost)


def others(ground: Ground, encoders: Encoders) -> Iterator[Outcome]:
    """Yield further encoders by themselves, and beside the present one."""
    for name, (asked, offered, cost) in other_vectors(ground, encoders).items():
        alone = cosine_of(asked, offered)
        present_cost = _encoding_cost(ground, encoders)
        yield ground.alone(f"换成 {name}", alone, cost - present_cost)
        for weight in MIXED:
            yield ground.alone(
                f"现在的加 {weight:g} 倍 {name}", _mixed(ground, alone, weight), cost
            )


def other_vectors(ground: Ground, encoders: Encoders) -> dict[str, tuple[Vectors, Vectors, float]]:
    """Return vectors of queries and documents, and milliseconds to encode one query, by name."""
    found = {}
    for name, states in encoders.other_states.items():
        pooled = PooledEncoder(states, {"mean": mean})
        asked, offered = encoders.both(pooled, ground)
        found[name] = (asked, offered, ground.cost(_one_by_one(pooled, ground), None))
    return found


def _encoding_cost(ground: Ground, encoders: Encoders) -> float:
    """Return the milliseconds the present encoder takes for one query, in torch like the others."""
    if encoders.states is None:
        return 0.0
    served = encoders.served(encoders.states)
    return ground.cost(_one_by_one(served, ground), None)


def _one_by_one(pooled: PooledEncoder, ground: Ground) -> ScoreAll:
    return lambda number: pooled.encode_queries([ground.asked_texts[number]])


def _mixed(ground: Ground, other: ScoreAll, weight: float) -> ScoreAll:
    def score(number: int) -> Vectors:
        added = np.float32(weight) * standing_of(other(number))
        return standing_of(ground.cosines(number)) + added

    return score


def cosine_of(asked: Vectors, offered: Vectors) -> ScoreAll:
    """Return the cosine of a query with every row, by vectors of unit length."""
    return lambda number: np.asarray(offered @ asked[number], np.float32)
