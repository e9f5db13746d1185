"""What organisations, bases and providers are and offer, and where each stands."""

from enum import StrEnum


class CredentialType(StrEnum):
    """Kind of credential a provider holds."""

    NATIONAL_SUPPORT_INSTITUTION = "national_support_institution"
    AGENCY_LICENCE = "agency_licence"
    STAR_GRADE = "star_grade"
    CREDIT_GRADE = "credit_grade"
    BASE_PARTNER = "base_partner"
    ISO = "iso"
    SECRECY = "secrecy"
    OTHER = "other"


class OrganisationType(StrEnum):
    """What an organisation is."""

    GOV_AUTHORITY = "gov_authority"
    PARK = "park"
    PUBLIC_INSTITUTION = "public_institution"
    ENTERPRISE = "enterprise"
    UNIVERSITY = "university"
    INSTITUTE = "institute"
    HOSPITAL = "hospital"
    UNIVERSITY_IP_CENTER = "university_ip_center"
    AGENCY = "agency"
    CONSULTANCY = "consultancy"
    DATA_COMPANY = "data_company"
    LAW_FIRM = "law_firm"
    ASSOCIATION = "association"
    OTHER = "other"


class BaseLevel(StrEnum):
    """Administrative level of a service base."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    MUNICIPAL = "municipal"


class BaseState(StrEnum):
    """Where a base stands in its recognition."""

    CANDIDATE = "candidate"
    CITY_CONSENTED = "city_consented"
    SUBMITTED = "submitted"
    PROVINCE_REVIEWED = "province_reviewed"
    RECOMMENDED = "recommended"
    RECHECKED = "rechecked"
    PUBLICISED = "publicised"
    CONFIRMED = "confirmed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class ProviderState(StrEnum):
    """Where a provider stands in its admission."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    VERIFIED = "verified"
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


class CaseState(StrEnum):
    """Where a case stands in its review."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    ARCHIVED = "archived"


class CapabilityKind(StrEnum):
    """What a capability offers."""

    SERVICE = "service"
    TOOL = "tool"
    TRAINING = "training"
    DATA = "data"


class EvidenceLevel(StrEnum):
    """How well a capability is backed, weakest first."""

    CLAIMED = "claimed"
    CASE_BACKED = "case_backed"
    VERIFIED = "verified"
