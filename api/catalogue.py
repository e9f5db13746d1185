"""Catalogues that go out: the vocabularies and the description of the algorithm."""

import hashlib
from itertools import islice

from api.schemas.algorithm import (
    AlgorithmRead,
    BandRead,
    FeatureRead,
    RuleDescriptionRead,
    ThresholdsRead,
)
from api.schemas.taxonomy import (
    ChoiceRead,
    IndustryRead,
    RegionRead,
    ScenarioFieldRead,
    ScenarioRead,
    ScenariosRead,
    TaxonomyRead,
)
from api.vocabularies import Vocabularies
from api.wiring import Service
from indexer.text import SANITISER_VERSION
from matcher.bands import FAIR_PERCENTILE, GOOD_PERCENTILE, STRONG_PERCENTILE
from matcher.check import RULES_VERSION
from matcher.rules import RULES
from models.errors import NotFoundError
from models.industries import Industry
from models.regions import Region, RegionLevel
from models.taxonomy import Scenario
from models.vocabulary.matching import Band, Direction
from models.vocabulary.taxonomy import Scheme

MAX_FOUND = 50
"""Entries a search in a vocabulary gives at most."""

INDUSTRY_LEVELS = range(1, 5)
"""Levels of GB/T 4754; the strategic industries have the first two."""

STEPS = (
    "检索：标题向量、全文向量、词语和字组合（BM25）以及同场景各取一批候选，按名次融合。",
    "评分：逐项比较特征，每项 0 到 1；缺少依据的为未知，不计入平均。",
    "核对：资格规则给出满足、不满足、待核实，各附事实和出处。",
    "排序：同一机构取最合适的一项，第二项略加分；必须满足的规则不满足则排除；同分按编号。",
    "说明：各项贡献相加等于总分，附双方最接近的句子、共有词语、不利理由和待核实事项。",
)


class Catalogue:
    """The vocabularies as they go out; built once a version of the scenarios, the rest stays."""

    def __init__(self, vocabularies: Vocabularies) -> None:
        self._vocabularies = vocabularies
        self._written: tuple[str, bytes] = ("", b"")
        self._n_below: dict[str, int] = {}
        for region in vocabularies.regions:
            if region.parent is not None:
                self._n_below[region.parent] = self._n_below.get(region.parent, 0) + 1

    @property
    def taxonomy(self) -> bytes:
        """Everything forms and filters need, as JSON."""
        version = self._vocabularies.scenarios.version
        if self._written[0] != version:
            self._written = version, self._write()
        return self._written[1]

    def _write(self) -> bytes:
        regions = self._vocabularies.regions
        roots = (*regions.at_level(RegionLevel.PROVINCE), *regions.at_level(RegionLevel.MACRO))
        taxonomy = TaxonomyRead(
            scenarios=self._scenarios(),
            industries=[
                self._industry(industry)
                for level in (1, 2)
                for industry in self._vocabularies.industries.at_level(Scheme.SEI, level)
            ],
            regions=[self._region(region) for region in roots],
            region_version=regions.version,
            choices={
                name: [ChoiceRead(value=value, label=label) for value, label in table.items()]
                for name, table in self._vocabularies.labels.tables.items()
            },
        )
        return taxonomy.model_dump_json().encode()

    @property
    def etag(self) -> str:
        """Changes when the taxonomy does."""
        return f'"{hashlib.sha256(self.taxonomy).hexdigest()[:32]}"'

    def industries(self, scheme: Scheme, parent: str | None) -> list[IndustryRead]:
        """Return the industries one level below a code, or the top.

        Raises:
            NotFoundError: there is no such code.
        """
        table = self._vocabularies.industries
        if parent is not None and table.get(scheme, parent) is None:
            raise NotFoundError("没有这个产业代码。", code=parent)
        return [self._industry(industry) for industry in table.children(scheme, parent)]

    def regions(self, parent: str | None) -> list[RegionRead]:
        """Return the divisions one level below a code, or the provinces.

        Raises:
            NotFoundError: there is no such code.
        """
        table = self._vocabularies.regions
        if parent is None:
            return [self._region(region) for region in table.at_level(RegionLevel.PROVINCE)]
        outer = table.resolve(parent)
        if outer is None:
            raise NotFoundError("没有这个行政区划代码。", code=parent)
        return [self._region(region) for region in table if region.parent == outer.code]

    def find_industries(self, scheme: Scheme, text: str) -> list[IndustryRead]:
        """Return the industries whose name or code holds a text, widest first."""
        table = self._vocabularies.industries
        found = (
            industry
            for level in INDUSTRY_LEVELS
            for industry in table.at_level(scheme, level)
            if text in industry.name or text == industry.code
        )
        return [self._industry(industry) for industry in islice(found, MAX_FOUND)]

    def find_regions(self, text: str) -> list[RegionRead]:
        """Return the divisions whose name holds a text, those named so themselves first."""
        names = {
            region: self._vocabularies.region_name(region.code) or ""
            for region in self._vocabularies.regions
            if region.level != RegionLevel.MACRO
        }
        named = [region for region in names if text in region.name]
        within = [region for region in names if text in names[region] and text not in region.name]
        return [self._region(region) for region in (*named, *within)[:MAX_FOUND]]

    def _scenarios(self) -> ScenariosRead:
        taxonomy = self._vocabularies.scenarios
        return ScenariosRead(
            version=taxonomy.version,
            fields=[
                ScenarioFieldRead(
                    code=field.code,
                    zh=field.zh,
                    en=field.en,
                    definition=field.definition,
                    scenarios=[_scenario(s) for s in taxonomy.children(field.code)],
                )
                for field in taxonomy.level1
            ],
            reject=_scenario(taxonomy.reject),
        )

    def _industry(self, industry: Industry) -> IndustryRead:
        below = self._vocabularies.industries.children(industry.scheme, industry.code)
        return IndustryRead(
            scheme=industry.scheme,
            version=industry.version,
            code=industry.code,
            level=industry.level,
            name=industry.name,
            parent=industry.parent,
            n_children=len(below),
        )

    def _region(self, region: Region) -> RegionRead:
        return RegionRead(
            code=region.code,
            level=region.level.value,
            name=region.name,
            full_name=self._vocabularies.region_name(region.code) or region.name,
            parent=region.parent,
            n_children=self._n_below.get(region.code, 0),
        )


def describe_algorithm(service: Service) -> AlgorithmRead:
    """Return everything that decides a ranking in the present index."""
    view = service.synchroniser.view
    labels = service.vocabularies.labels
    thresholds = {d: service.matcher.thresholds(view, d) for d in Direction}
    return AlgorithmRead(
        version=view.version,
        steps=list(STEPS),
        features=[
            FeatureRead(name=f.name, title=f.title, description=f.description, weight=f.weight)
            for f in service.matcher.features()
        ],
        rules=[
            RuleDescriptionRead(rule_id=r.rule_id, title=r.title, description=r.description)
            for r in RULES
        ],
        bands=[
            BandRead(band=band, label=labels.of(band), description=text)
            for band, text in _band_texts()
        ],
        thresholds=[
            ThresholdsRead(
                direction=direction,
                strong=lowest.strong,
                good=lowest.good,
                fair=lowest.fair,
                n_pairs=lowest.n_pairs,
            )
            for direction, lowest in thresholds.items()
        ],
        versions={
            "encoder": view.fingerprint,
            "ranker": service.ranker_version,
            "rules": RULES_VERSION,
            "scenarios": service.vocabularies.scenarios.version,
            "sanitiser": SANITISER_VERSION,
            "words": service.segmenter.version,
        },
    )


def _band_texts() -> list[tuple[Band, str]]:
    shares = ((Band.STRONG, STRONG_PERCENTILE), (Band.GOOD, GOOD_PERCENTILE))
    texts = [
        (band, f"高于同一索引中 {share:g}% 的随机配对。")
        for band, share in (*shares, (Band.FAIR, FAIR_PERCENTILE))
    ]
    return [*texts, (Band.WEAK, f"不高于同一索引中 {FAIR_PERCENTILE:g}% 的随机配对。")]


def _scenario(scenario: Scenario) -> ScenarioRead:
    return ScenarioRead(
        code=scenario.code,
        zh=scenario.zh,
        en=scenario.en,
        definition=scenario.definition,
        triggers=list(scenario.triggers),
        examples=list(scenario.examples),
    )
