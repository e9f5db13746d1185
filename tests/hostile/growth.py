"""What the work on a text costs as the text grows: every way a text takes, in shapes that hurt."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from api.vocabularies import Vocabularies
from api.wiring import domain_words
from indexer.annotate.application import ApplicationFinder
from indexer.annotate.audience import AudienceFinder
from indexer.annotate.clarity import judge_clarity
from indexer.annotate.completeness import CompletenessJudge
from indexer.annotate.deadline import DeadlineFinder
from indexer.annotate.deliverable import DeliverableFinder
from indexer.annotate.industry import IndustryTagger
from indexer.annotate.money import BudgetFinder
from indexer.annotate.offer import OfferReader
from indexer.annotate.period import PeriodFinder
from indexer.annotate.region import RegionTagger
from indexer.annotate.requirement import RequirementFinder
from indexer.annotate.scenario import ScenarioTagger
from indexer.annotate.scope import find_any_industry
from indexer.annotate.vague import VagueTermFinder
from indexer.embed import Embedder, RecentVectors
from indexer.personal import cover_personal
from indexer.sentences import sentences_of
from indexer.text import clean
from indexer.words import Segmenter, bigrams
from matcher.asking import make_query
from matcher.evidence import shared_terms
from models.vocabulary.row import Entity
from tests.factories import make_document, make_kind_view

Work = Callable[[str], object]
MAX_CHARS: Final = 20_000
"""Longest text stored."""

SHAPES: Final[dict[str, str]] = {
    "one character": "专",
    "common character": "的",
    "two characters": "专利",
    "digits": "7",
    "digits and units": "30万元",
    "amounts": "预算30万元，",
    "dates": "2026年11月25日",
    "periods": "3个月内",
    "letters": "a",
    "words": "ab cd ",
    "stops": "。",
    "commas": "，",
    "line breaks": "专\n",
    "brackets": "（",
    "quotes": "“",
    "negations": "不需要",
    "places": "江苏省苏州市",
    "numerals": "一百二十三",
    "codes": "H01M10/0525",
    "marks": "a\u0301\u0323",
    "compatibility": "㍻",
    "wide": "ＡＢ１２",
    "mail": "a.b@c.cn ",
    "phones": "13800138000 ",
    "requirements": "须具备甲级资质，",
    "mixed": "我们要在3个月内出口欧洲，预算30万元，须有5人以上。",
}
"""What a text is made of, over and over."""


@dataclass(frozen=True, slots=True)
class Growth:
    """How the cost of one kind of work grew with one shape.

    Attributes:
        way: The work.
        shape: The shape.
        n_chars: The shorter length.
        seconds: CPU seconds at this length.
        longer_s: CPU seconds at the longer length.
    """

    way: str
    shape: str
    n_chars: int
    seconds: float
    longer_s: float

    @property
    def ratio(self) -> float:
        """How many times the longer text costs the shorter one."""
        return self.longer_s / max(self.seconds, 1e-9)


def text_of(shape: str, n_chars: int) -> str:
    """Return a text of a shape, this long."""
    unit = SHAPES[shape]
    return (unit * (n_chars // len(unit) + 1))[:n_chars]


def ways(tokenizer: Path) -> dict[str, Work]:
    """Return every kind of work that is done on a text, by name."""
    tables = Vocabularies.load()
    segmenter = Segmenter(domain_words(tables))
    regions, industries = RegionTagger(tables.regions), IndustryTagger(tables.industries)
    loaded = Tokenizer.from_file(str(tokenizer))
    requirements, day = RequirementFinder(), date(2026, 11, 25)
    deadlines, completeness = DeadlineFinder(), CompletenessJudge()
    scenarios = ScenarioTagger(tables.scenarios, Embedder(OneVector(), RecentVectors()))
    return {
        "clean": lambda text: clean(text, min_chars=0),
        "cover_personal": cover_personal,
        "cut": segmenter.cut,
        "word_spans": segmenter.word_spans,
        "search_terms": segmenter.search_terms,
        "bigrams": bigrams,
        "sentences": lambda text: sentences_of("", text),
        "tokenise": lambda text: loaded.encode(text).ids,
        "budget": BudgetFinder().find_budget,
        "period": PeriodFinder().find_period,
        "deadline": lambda text: deadlines.find_deadline(text, day),
        "deliverables": DeliverableFinder().find_deliverables,
        "applications": ApplicationFinder().find_applications,
        "audience": AudienceFinder().find_audience,
        "requirements": lambda text: requirements.find_requirements(text, ()),
        "regions": regions.find_regions,
        "industries": lambda text: industries.tag_industries("", text),
        "any industry": find_any_industry,
        "vague terms": VagueTermFinder().find_vague_terms,
        "clarity": lambda text: judge_clarity(text, frozenset()),
        "completeness": lambda text: completeness.judge(text, frozenset(), "ENT.RISK"),
        "offers": OfferReader().read_offers,
        "scenarios": lambda text: scenarios.tag_scenarios("", text),
        "highlight": _highlight(segmenter),
    }


class OneVector:
    """An encoder that costs nothing: what is measured is the work around it."""

    fingerprint = "one"
    dim = 1

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same vector for all."""
        return np.ones((len(texts), 1), np.float32)

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """The same vector for all."""
        return self.encode_queries(texts)


def _highlight(segmenter: Segmenter) -> Work:
    """Find the words two texts share, with their places, as an answer shows them."""
    embedder = Embedder(OneVector(), RecentVectors())

    def find(text: str) -> object:
        found = make_document("cp-1", text, kind=Entity.CAPABILITY)
        view = make_kind_view([found, make_document("cp-2", "别的事情。")], embedder)
        query = make_query(found, embedder.embed_query(found), segmenter)
        return shared_terms(query, found, view, segmenter)

    return find


def cpu_seconds(work: Work, text: str, n_times: int) -> float:
    """Return the least CPU time of several tries."""
    found = []
    for _ in range(n_times):
        began = time.process_time()
        work(text)
        found.append(time.process_time() - began)
    return min(found)


def grow(way: str, work: Work, n_chars: int, factor: int, n_times: int = 1) -> Iterator[Growth]:
    """Yield how the work grows with each shape, from one length to `factor` times it."""
    for shape in SHAPES:
        prepared = _prepared(way, text_of(shape, factor * n_chars))
        shorter = _prepared(way, text_of(shape, n_chars))
        yield Growth(
            way,
            shape,
            n_chars,
            cpu_seconds(work, shorter, n_times),
            cpu_seconds(work, prepared, n_times),
        )


def _prepared(way: str, text: str) -> str:
    """Return the text as the work gets it: what comes from outside was cleaned before."""
    return text if way == "clean" else clean(text, min_chars=0).canonical
