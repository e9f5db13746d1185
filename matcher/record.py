"""A ranking as it was shown, in numbers: enough to make it again, and to check its sums.

Recorded are keys, values and weights, never a text. `verify` makes the ranking again from these
numbers alone, so it can be checked when the index it came from is long gone.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from indexer.types import Document
from matcher.bands import BandThresholds
from matcher.check import worst_must
from matcher.rank import SECOND_BONUS, SECOND_PART, band_under, order_key
from matcher.types import Match, MatchResult
from models.base import hash_texts
from models.vocabulary.matching import Band, Direction, RuleOutcome

FORMAT: Final = 1
VALUE_DIGITS: Final = 7
"""Decimals kept of a value: float32 has no more."""

EXACT: Final = 1e-6
"""How far a score may lie from the sum of its contributions."""


Numbers = list[float | None]
"""Values of the features, in the order of the weights; None for unknown."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a ranking rests on; the same basis gives the same ranking.

    Attributes:
        index_version: State of the index.
        encoder: Fingerprint of the encoder.
        ranker: Version of the ranker.
        taxonomy: Version of the scenario taxonomy.
        program: Version of the program: features, rules and order.
        question: Hash of the documents that asked.
        day: Day in force, ISO.
    """

    index_version: str
    encoder: str
    ranker: str
    taxonomy: str
    program: str
    question: str
    day: str


@dataclass(frozen=True, slots=True)
class RecordedMatch:
    """One result in numbers.

    Attributes:
        document_id: Key of the document shown.
        group_id: Key of its group.
        asked_by: Key of the document it was scored for.
        score: 0..1.
        band: Band it was shown with.
        outcome: Worst outcome among the rules that must hold.
        is_doubted: Whether its text was not taken at its word.
        is_newcomer: Whether it stands there as a newcomer.
        values: Value of each feature.
        second: Value of the second document of the group; None without one.
        near_duplicates: Keys of documents folded into it.
    """

    document_id: str
    group_id: str
    asked_by: str
    score: float
    band: Band
    outcome: RuleOutcome
    is_doubted: bool
    is_newcomer: bool
    values: Numbers
    second: float | None
    near_duplicates: list[str]

    @classmethod
    def of(cls, match: Match) -> Self:
        """Return a result in numbers."""
        values = {part.name: _rounded(part.value) for part in match.parts}
        second = values.pop(SECOND_PART, None)
        return cls(
            document_id=match.document.id,
            group_id=match.document.group_id,
            asked_by=match.asked_by,
            score=round(match.score, VALUE_DIGITS),
            band=match.band,
            outcome=worst_must(match.rules),
            is_doubted=bool(match.cautions),
            is_newcomer=match.is_newcomer,
            values=list(values.values()),
            second=second,
            near_duplicates=list(match.near_duplicates),
        )

    def sum(self, weights: Sequence[float]) -> float:
        """Return the score its values give under weights, 0..1."""
        known = [(v, w) for v, w in zip(self.values, weights, strict=True) if v is not None]
        total = math.fsum(w for _, w in known)
        best = math.fsum(v * w for v, w in known) / total if total > 0 else 0.0
        return best + SECOND_BONUS * (1 - best) * (self.second or 0.0)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A ranking with all it rests on.

    Attributes:
        direction: What was ranked.
        basis: What it rests on.
        request: What was wanted, as whoever asked again would say it.
        viewer: Role, organisation and region of who was shown it; no person.
        weights: Weight of each feature.
        thresholds: Lowest score of the bands strong, good and fair; None for one nothing reaches.
        seed: Seed by which ties and the newcomer were drawn.
        matches: The results, best first.
    """

    direction: Direction
    basis: Basis
    request: dict[str, Any]
    viewer: dict[str, str | None]
    weights: dict[str, float]
    thresholds: list[float | None]
    seed: int | None
    matches: list[RecordedMatch]

    def to_json(self) -> str:
        """Return it as it is stored."""
        content = {"format": FORMAT, **asdict(self)}
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return what was stored."""
        content = json.loads(text)
        return cls(
            direction=Direction(content["direction"]),
            basis=Basis(**content["basis"]),
            request=content["request"],
            viewer=content["viewer"],
            weights=content["weights"],
            thresholds=content["thresholds"],
            seed=content["seed"],
            matches=[_match_of(found) for found in content["matches"]],
        )


def question_hash(asking: Iterable[Document]) -> str:
    """Return the SHA-256 (hex) of all that documents ask with: texts, tags, conditions."""
    return hash_texts(repr(document) for document in sorted(asking, key=lambda d: d.id))


def recorded(result: MatchResult) -> list[RecordedMatch]:
    """Return the results of an answer in numbers."""
    return [RecordedMatch.of(match) for match in result.matches]


def recorded_thresholds(result: MatchResult) -> list[float | None]:
    """Return thresholds as JSON can hold them."""
    return [value if math.isfinite(value) else None for value in result.thresholds]


def verify(record: RunRecord) -> list[str]:
    """Return in Chinese what of a record does not follow from its own numbers; nothing is right.

    Scores must be the sums of their contributions, bands lie where the thresholds say, and the
    order follow from band, caution, conditions and score.
    """
    weights, faults = list(record.weights.values()), []
    strong, good, fair = (math.inf if t is None else t for t in record.thresholds)
    thresholds = BandThresholds(strong, good, fair)
    for rank, match in enumerate(record.matches, start=1):
        if abs(match.sum(weights) - match.score) > EXACT:
            faults.append(f"第 {rank} 名的总分不等于各项贡献之和。")
        if band_under(thresholds, match.score, is_doubted=match.is_doubted) != match.band:
            faults.append(f"第 {rank} 名的档位与总分不符。")
    keys = [_order_key(m, record.seed) for m in record.matches if not m.is_newcomer]
    if keys != sorted(keys):
        faults.append("名次与档位、条件核对和总分不符。")
    return faults


def differences(before: Sequence[RecordedMatch], after: Sequence[RecordedMatch]) -> list[str]:
    """Return in Chinese how a second ranking differs from a first; nothing for the same."""
    then = {m.group_id: n for n, m in enumerate(before, start=1)}
    now = {m.group_id: n for n, m in enumerate(after, start=1)}
    told = [f"第 {rank} 名 {group} 不再出现。" for group, rank in then.items() if group not in now]
    told += [f"{group} 新出现在第 {rank} 名。" for group, rank in now.items() if group not in then]
    both = [group for group in then if group in now]
    told += [f"{g} 由第 {then[g]} 名变为第 {now[g]} 名。" for g in both if then[g] != now[g]]
    old, new = ({m.group_id: m for m in side} for side in (before, after))
    for group in both:
        if abs(old[group].score - new[group].score) > EXACT:
            change = f"{old[group].score:.4f} 变为 {new[group].score:.4f}"
            told.append(f"{group} 的总分由 {change}。")
        if _shown_as(old[group]) != _shown_as(new[group]):
            told.append(f"{group} 的档位、所凭的能力或新入库标记不同。")
    return told


def _shown_as(match: RecordedMatch) -> tuple[Band, str, bool, bool]:
    return match.band, match.document_id, match.is_doubted, match.is_newcomer


def _order_key(match: RecordedMatch, seed: int | None) -> tuple[Any, ...]:
    return order_key(
        match.band,
        match.outcome,
        match.score,
        match.group_id,
        seed=seed,
        is_doubted=match.is_doubted,
    )


def _match_of(content: Mapping[str, Any]) -> RecordedMatch:
    choices = {"band": Band(content["band"]), "outcome": RuleOutcome(content["outcome"])}
    return RecordedMatch(**{**content, **choices})


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, VALUE_DIGITS)
