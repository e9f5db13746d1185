"""What an annotator finds in a text: values, how sure it is, and the words that caused them."""

from dataclasses import dataclass
from datetime import date

from models.vocabulary.demand import (
    ApplicationForm,
    Audience,
    BudgetKind,
    Clarity,
    Deliverable,
    RequirementKind,
    RequirementStrength,
)
from models.vocabulary.taxonomy import Scheme


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of the canonical text that caused a finding.

    Attributes:
        start: Offset of the first character, counted in code points.
        end: Offset one past the last character.
        text: The characters themselves, `canonical[start:end]`.
    """

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A code of a vocabulary assigned to a text.

    Attributes:
        scheme: Vocabulary the code belongs to.
        version: Version of that vocabulary.
        code: The code, for example `ENT.RISK`, `1.2` or `C3973`.
        name: Chinese name of the code.
        confidence: Calibrated probability that the code is right, 0..1.
        evidence: The words that caused it, most telling first; empty when only the
            meaning of the whole text speaks for it.
    """

    scheme: Scheme
    version: str
    code: str
    name: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Budget:
    """Money a text offers.

    Attributes:
        kind: How the amount is to be read.
        min_fen: Lower end in fen (0.01 yuan); None when none is named.
        max_fen: Upper end in fen; None when none is named.
        evidence: The words it was read from.
    """

    kind: BudgetKind
    min_fen: int | None
    max_fen: int | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Period:
    """How long the work may take.

    Attributes:
        min_days: Shortest duration in calendar days; None when none is named.
        max_days: Longest duration in calendar days, 1..1095.
        evidence: The words it was read from.
    """

    min_days: int | None
    max_days: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day by which something is due.

    Attributes:
        due: The day; a month or quarter alone means its last day.
        evidence: The words it was read from.
    """

    due: date
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class DeliverableFinding:
    """A kind of result the text asks for, with the words that name it."""

    deliverable: Deliverable
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ApplicationFinding:
    """A way the text says the result will be used, with the words that say so."""

    application: ApplicationForm
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class AudienceFinding:
    """Who will use the result, with the words that say so.

    Attributes:
        audience: The kind of decision maker.
        confidence: 0..1.
        evidence: The words that say so, most telling first.
    """

    audience: Audience
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition the text puts on the provider.

    Attributes:
        kind: What is asked for.
        strength: Whether it must or should be met.
        value: Machine-readable value: a number of persons, years or cases, a credential
            code, a region code or a language code; None when the text names none.
        text: The clause in the demand's own words.
        evidence: Where the clause stands.
    """

    kind: RequirementKind
    strength: RequirementStrength
    value: str | int | None
    text: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class MissingFact:
    """Something a provider would need to know and the text does not say.

    Attributes:
        name: Field name of the demand, for example `budget`.
        question: The question to ask back, in plain Chinese.
        weight: Points of completeness gained by answering, 0..100.
    """

    name: str
    question: str
    weight: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of what a provider needs is there.

    Attributes:
        score: 0..100, the sum of the weights of the facts present.
        grade: A (>= 85), B (>= 70), C (>= 50) or D.
        missing: What is absent, heaviest first, with the question to ask.
        vague_terms: Words that sound like a fact and are none.
    """

    score: int
    grade: str
    missing: tuple[MissingFact, ...]
    vague_terms: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """What a scenario tagger says of one text.

    Attributes:
        tags: Scenario tags, surest first; a single `OTH` when the text is no navigation
            demand.
        needs_confirmation: True when the tagger is not sure and a person should choose.
    """

    tags: tuple[Tag, ...]
    needs_confirmation: bool


@dataclass(frozen=True, slots=True)
class Annotations:
    r"""Everything read from one text; each part may be changed by a person afterwards.

    Offsets in all evidence count code points of `title + "\n" + body` in canonical form.

    Attributes:
        scenarios: Scenario tags, surest first; a single `OTH` when the text is no
            navigation demand.
        needs_confirmation: True when the tagger is not sure and a person should choose.
        industries: Strategic-industry and GB/T 4754 tags, surest first per scheme.
        regions: GB/T 2260 tags, surest first.
        clarity: How clear the demand is.
        applications: How the result will be used, the most often named first.
        any_industry: Whether the text says that every industry will do.
    """

    scenarios: tuple[Tag, ...]
    needs_confirmation: bool
    industries: tuple[Tag, ...]
    regions: tuple[Tag, ...]
    budget: Budget | None
    period: Period | None
    deadline: Deadline | None
    deliverables: tuple[DeliverableFinding, ...]
    audience: AudienceFinding | None
    requirements: tuple[Requirement, ...]
    clarity: Clarity
    completeness: Completeness
    applications: tuple[ApplicationFinding, ...] = ()
    any_industry: bool = False
