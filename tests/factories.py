"""Builders of the nouns, and small real indexes over them."""

import random
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np

from indexer.embed import Embedder, RecentVectors
from indexer.encoder import HashEncoder
from indexer.segment import Segment
from indexer.types import Document, Profile
from indexer.view import IndexView, KindView
from indexer.words import Segmenter
from matcher.asking import make_query
from matcher.explain import Names
from matcher.pipeline import Matcher
from matcher.types import Candidates, Query
from models.regions import RegionTable
from models.vocabulary.row import Entity

TODAY = date(2026, 11, 25)
GENERATION = "gen-00000001"
REGIONS = RegionTable.load()
SEGMENTER = Segmenter(["专利导航", "碳化硅", "固态电池", "侵权风险"])
NAMES = Names(
    scenarios={
        "ENT.RISK": "专利风险预警与海外风险",
        "ENT.IPO": "企业上市准备",
        "IND.PATH": "产业发展路径导航",
    },
    industries={"1.2": "电子核心产业", "1.5": "人工智能", "4.1": "生物医药产业"},
    regions=REGIONS,
)
SUBJECTS = (
    "碳化硅功率器件",
    "固态电池电解质",
    "人形机器人关节",
    "多肽药物制剂",
    "海上风电机组",
    "芯粒先进封装",
    "杂交水稻育种",
    "钙钛矿光伏组件",
    "工业母机主轴",
    "卫星激光通信",
)
WORKS = (
    ("ENT.RISK", "出口前排查专利侵权风险，给出规避设计"),
    ("ENT.IPO", "上市前梳理专利权属，准备问询答复"),
    ("IND.PATH", "分析产业专利格局，提出发展路径"),
    ("ENT.RISK", "监测海外诉讼，按月发送预警简报"),
    ("IND.PATH", "绘制产业链专利图谱，标出短板"),
)


def make_chance(seed: int) -> random.Random:
    """Chance that repeats itself."""
    return random.Random(seed)  # noqa: S311 - no secret is made from it


def make_embedder() -> Embedder:
    """A deterministic embedder that needs no weights and keeps vectors in memory."""
    return Embedder(HashEncoder(), RecentVectors())


def make_document(key: str, body: str = "排查碳化硅器件的专利风险。", **facts: Any) -> Document:
    """A capability of a provider of its own."""
    values = {"kind": Entity.CAPABILITY, "group_id": f"pv-{key}", "title": "专利分析服务", **facts}
    return Document(id=key, body=body, **values)


def make_capability(key: str, provider: str, body: str, **facts: Any) -> Document:
    """A capability of a provider of which no more is known than its name."""
    return make_document(key, body, **{"group_id": provider, "profile": Profile(provider), **facts})


def make_demand(
    key: str = "dm-1", body: str = "我们要排查碳化硅器件出口的侵权风险。", **facts: Any
) -> Document:
    """A demand without tags and facts."""
    values = {"kind": Entity.DEMAND, "group_id": key, "title": "碳化硅器件专利风险排查", **facts}
    return make_document(key, body, **values)


def make_corpus(n: int, seed: int = 1, per_provider: int = 2) -> list[Document]:
    """Capabilities of all subjects and works, in a mixed order, the same for the same seed."""
    chance = make_chance(seed)
    documents = []
    for number in range(n):
        subject, (code, work) = chance.choice(SUBJECTS), chance.choice(WORKS)
        other = chance.choice(SUBJECTS)
        documents.append(
            make_capability(
                f"cp-{number:05}",
                f"pv-{number // per_provider:05}",
                f"面向{subject}，{work}。第{number}项服务，也做过{other}的课题。",
                title=f"{subject}{work[:6]}",
                scenarios=((code, chance.choice((0.6, 0.8, 0.95))),),
                industries=((chance.choice(("1.2", "1.5", "4.1")), 0.8),),
            )
        )
    return documents


def make_kind_view(documents: Sequence[Document], embedder: Embedder) -> KindView:
    """A view of one segment with every document alive."""
    embeddings = embedder.embed_documents(documents)
    segment = Segment.build(documents, embeddings, SEGMENTER, embedder.encoder.dim)
    return KindView((segment,), (np.ones(segment.n_rows, np.bool_),))


def make_index(
    documents: Sequence[Document], embedder: Embedder, generation: str = GENERATION
) -> IndexView:
    """An index over documents of any kinds."""
    kinds = {
        kind: make_kind_view([d for d in documents if d.kind == kind], embedder)
        for kind in sorted({d.kind for d in documents})
    }
    return IndexView(generation, 1, embedder.encoder.fingerprint, kinds)


def make_matcher(embedder: Embedder, today: Callable[[], date] = lambda: TODAY) -> Matcher:
    """The matcher as it is shipped."""
    return Matcher(embedder, SEGMENTER, NAMES, today)


def ask(document: Document, embedder: Embedder) -> Query:
    """The query a document asks."""
    return make_query(document, embedder.embed_query(document), SEGMENTER)


def all_candidates(view: KindView) -> Candidates:
    """Every row of a view as candidate."""
    return Candidates(view, view.alive_rows, view.alive_rows, view.alive_rows)
