"""The readable list of features: what is compared, how much it weighs, what it means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from matcher.compare import record, semantic, tags, terms
from matcher.compare.standing import Usual
from matcher.types import Candidates, Query, Values
from models.regions import RegionTable


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What features need besides query and candidates.

    Attributes:
        usual: Cosines between unrelated texts under the encoder in use.
        regions: Table that knows which region lies where.
    """

    usual: Usual
    regions: RegionTable


@dataclass(frozen=True, slots=True)
class Feature:
    """A comparison with its weight and its documentation.

    Attributes:
        name: Stable name, in `parts` of every match.
        title: Chinese name shown to users.
        description: What it measures, in plain Chinese; shown to users.
        weight: Share in the score when every feature is known; all weights sum to 1.
        compute: One value a candidate, 0..1, NaN for unknown.
    """

    name: str
    title: str
    description: str
    weight: float
    compute: Callable[[Query, Candidates, Surroundings], Values]


FEATURES: tuple[Feature, ...] = (
    Feature(
        "title_meaning",
        "标题语义",
        "需求标题与对方标题在语义上的接近程度，以全部在库同类文本的平均水平为零点。",
        0.07,
        lambda q, c, s: semantic.title_to_title(q, c, s.usual),
    ),
    Feature(
        "text_meaning",
        "全文语义",
        "双方全文在语义上的接近程度，以全部在库同类文本的平均水平为零点。",
        0.12,
        lambda q, c, s: semantic.text_to_text(q, c, s.usual),
    ),
    Feature(
        "title_in_text",
        "标题对全文",
        "需求标题与对方全文在语义上的接近程度。",
        0.1,
        lambda q, c, s: semantic.title_to_text(q, c, s.usual),
    ),
    Feature(
        "sentence_meaning",
        "逐句语义",
        "需求的每一句在对方文本中最接近的一句，比平均水平高出多少；突出的句子分量重。",
        0.085,
        lambda q, c, s: semantic.sentence_to_sentence(q, c, s.usual),
    ),
    Feature(
        "shared_words",
        "共有词语",
        "双方文本共有的词语，越少见的词分量越重（BM25）；写在需求标题里的更重。",
        0.045,
        lambda q, c, s: terms.shared_words(q, c),
    ),
    Feature(
        "shared_phrases",
        "共有短语",
        "双方文本共有的相邻字组合，越少见分量越重（BM25）；写在需求标题里的更重。",
        0.235,
        lambda q, c, s: terms.shared_phrases(q, c),
    ),
    Feature(
        "shared_title_phrases",
        "标题共有短语",
        "双方标题共有的相邻字组合，越少见分量越重（BM25）。",
        0.005,
        lambda q, c, s: terms.shared_title_phrases(q, c),
    ),
    Feature(
        "scenario",
        "应用场景",
        "双方服务的决策场景是否一致，以全部在库同类文本的平均水平为零点；同一大类的相近场景按三成计。",
        0.03,
        lambda q, c, s: tags.same_scenario(q, c),
    ),
    Feature(
        "industry",
        "产业领域",
        "双方所属战略性新兴产业是否一致，以全部在库同类文本的平均水平为零点；同一门类按三成计。",
        0.06,
        lambda q, c, s: tags.same_industry(q, c),
    ),
    Feature(
        "industry_class",
        "行业小类",
        "双方的国民经济行业小类（GB/T 4754）是否一致；同中类按七成、同大类按四成计，以平均为零点。",
        0.05,
        lambda q, c, s: tags.same_class(q, c),
    ),
    Feature(
        "purpose_in_field",
        "场景与领域同时符合",
        "对方是否在同一领域服务于同一场景：两者相乘，只合一头的得分很低；领域未标注时以全文语义代替；"
        "库中多数文本没有标注场景时不计入。",
        0.19,
        lambda q, c, s: tags.same_purpose_in_field(
            q, c, semantic.text_standing_of_pool(q, c, s.usual)
        ),
    ),
    Feature(
        "region",
        "地域",
        "机构所在地和服务区域离需求所在地的远近：同城、同省、同板块、全国依次递减。",
        0.005,
        lambda q, c, s: record.nearby(q, c, s.regions),
    ),
    Feature(
        "cases",
        "同场景案例",
        "平台登记的同场景案例数，三个及以上为满分；没有登记案例时不计入。",
        0.003,
        lambda q, c, s: record.similar_cases(q, c),
    ),
    Feature(
        "rating",
        "履约评价",
        "验收后的质量与实用性评价（样本少时向平均收缩）；没有评价时不计入。",
        0.001,
        lambda q, c, s: record.rating(q, c),
    ),
    Feature(
        "capacity",
        "当前余力",
        "机构登记的可承接项目数是否大于零；没有登记时不计入。",
        0.001,
        lambda q, c, s: record.free_capacity(q, c),
    ),
)


def weighted(features: tuple[Feature, ...], weights: Mapping[str, float]) -> tuple[Feature, ...]:
    """Return the features with some weights replaced, all scaled to sum to 1.

    Raises:
        ValueError: an unknown name, a negative weight, or nothing left that counts.
    """
    unknown = set(weights) - {f.name for f in features}
    if unknown:
        msg = f"unknown features: {sorted(unknown)}"
        raise ValueError(msg)
    changed = [replace(f, weight=weights.get(f.name, f.weight)) for f in features]
    total = sum(f.weight for f in changed)
    if total <= 0 or any(not np.isfinite(f.weight) or f.weight < 0 for f in changed):
        msg = "weights must be finite, not negative, and not all zero"
        raise ValueError(msg)
    return tuple(replace(f, weight=f.weight / total) for f in changed)
