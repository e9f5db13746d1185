"""What a demand says, and where it stands."""

from enum import StrEnum


class Audience(StrEnum):
    """Who decides with the result."""

    GOV = "gov"
    ENTERPRISE = "enterprise"
    ACADEMIA = "academia"
    TALENT_OFFICE = "talent_office"
    INVESTOR = "investor"
    PUBLIC = "public"


class Deliverable(StrEnum):
    """Kind of result handed over."""

    REPORT = "report"
    BRIEF = "brief"
    MEMO = "memo"
    ATLAS = "atlas"
    VISUAL = "visual"
    DB = "db"
    DATASET = "dataset"
    LIST = "list"
    ROADMAP = "roadmap"
    TOOL = "tool"
    TRAINING = "training"
    TRACKING = "tracking"
    PROOF = "proof"


class ApplicationForm(StrEnum):
    """How the result will be put to use."""

    POLICY_ADOPTED = "policy_adopted"
    PLAN_TEXT = "plan_text"
    INVESTMENT_LIST = "investment_list"
    RD_DECISION = "rd_decision"
    PRODUCT_DECISION = "product_decision"
    DEAL_DECISION = "deal_decision"
    TALENT_DECISION = "talent_decision"
    TRAINING_DONE = "training_done"
    OTHER = "other"


class BudgetKind(StrEnum):
    """How an amount of money is to be read."""

    FIXED = "fixed"
    RANGE = "range"
    CEILING = "ceiling"
    NEGOTIABLE = "negotiable"
    FREE = "free"


class FundSource(StrEnum):
    """Whose money it is."""

    FISCAL = "fiscal"
    ENTERPRISE = "enterprise"
    MIXED = "mixed"
    PUBLIC_SERVICE = "public_service"


class ProcurementRoute(StrEnum):
    """How the provider will be chosen."""

    OPEN_TENDER = "open_tender"
    NEGOTIATION = "negotiation"
    INQUIRY = "inquiry"
    COMPARISON = "comparison"
    DIRECT = "direct"
    PUBLIC_INTEREST = "public_interest"
    UNDECIDED = "undecided"


class Confidentiality(StrEnum):
    """How openly a demand may be shown."""

    OPEN = "open"
    MASKED = "masked"
    RESTRICTED = "restricted"


class ServiceRegion(StrEnum):
    """How near the provider should be."""

    ANY = "any"
    SAME_MACRO = "same_macro"
    SAME_PROVINCE = "same_province"
    SAME_CITY = "same_city"


class Clarity(StrEnum):
    """How clear a demand is, clearest first."""

    CLEAR = "clear"
    FUZZY = "fuzzy"
    CONCEPTUAL = "conceptual"
    DIRECTIONLESS = "directionless"


class RequirementKind(StrEnum):
    """What a demand asks of its provider."""

    CREDENTIAL = "credential"
    STAFF_COUNT = "staff_count"
    ANALYST_YEARS = "analyst_years"
    SIMILAR_CASES = "similar_cases"
    REGION = "region"
    DATA = "data"
    TOOL = "tool"
    LANGUAGE = "language"
    SECRECY = "secrecy"
    OTHER = "other"


class RequirementStrength(StrEnum):
    """Whether a requirement rules out or only speaks against."""

    MUST = "must"
    PREFER = "prefer"


class DemandState(StrEnum):
    """Where a demand stands in its life."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    BASE_REVIEW = "base_review"
    RETURNED = "returned"
    PUBLISHED = "published"
    MATCHING = "matching"
    SHORTLISTED = "shortlisted"
    NEGOTIATING = "negotiating"
    MATCHED = "matched"
    PROJECT_CREATED = "project_created"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REJECTED = "rejected"
    CLOSED = "closed"
