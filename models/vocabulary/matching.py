"""What is matched with what, and how it ended."""

from enum import StrEnum


class Direction(StrEnum):
    """What is asked and what is ranked."""

    DEMAND_TO_PROVIDER = "d2p"
    PROVIDER_TO_DEMAND = "p2d"
    DEMAND_TO_DEMAND = "d2d"
    DEMAND_TO_CASE = "d2c"
    PROVIDER_TO_CASE = "p2c"


class Band(StrEnum):
    """How strong a match is among random pairs of the same index, strongest first."""

    STRONG = "strong"
    GOOD = "good"
    FAIR = "fair"
    WEAK = "weak"


class NoMatch(StrEnum):
    """Why an answer has no good match."""

    OUT_OF_SCOPE = "out_of_scope"
    NO_CANDIDATES = "no_candidates"
    ALL_EXCLUDED = "all_excluded"
    ALL_WEAK = "all_weak"


class RuleOutcome(StrEnum):
    """Outcome of an eligibility rule; a missing fact is unknown, never met."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"
