"""Closed lists of choices; every value is also what the API and the database carry."""

from enum import StrEnum


class Scheme(StrEnum):
    """Vocabulary a tag belongs to."""

    SCENARIO = "scenario"
    SEI = "sei2018"
    GB4754 = "gb4754"
    REGION = "gb2260"
    IPC = "ipc"


class TagSource(StrEnum):
    """Who assigned a tag; a human's always wins over the others."""

    AUTO = "auto"
    HUMAN = "human"
    IMPORT = "import"


class Visibility(StrEnum):
    """Who may see a row, widest first."""

    PUBLIC = "public"
    PLATFORM = "platform"
    REGION = "region"
    BASES = "bases"
    INVITED = "invited"
    PRIVATE = "private"


class Role(StrEnum):
    """As what somebody acts; the rights of each are in the policy table."""

    ANONYMOUS = "anonymous"
    WIDGET = "widget"
    BASE_STAFF = "base_staff"
    BASE_ADMIN = "base_admin"
    PROVIDER_STAFF = "provider_staff"
    PROVIDER_ADMIN = "provider_admin"
    RECIPIENT = "recipient"
    REGIONAL_OPERATOR = "regional_operator"
    OPERATOR = "operator"
    SYSTEM = "system"


class Scope(StrEnum):
    """What an API key may be used for, apart from its role."""

    READ = "read"
    MATCH = "match"
    WRITE = "write"
    ADMINISTER = "administer"


class WidgetKind(StrEnum):
    """What a widget shows."""

    PROVIDERS = "providers"
    DEMANDS = "demands"
    CASES = "cases"


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


class Entity(StrEnum):
    """Kind of row a change-log entry or an index item speaks of."""

    ORGANISATION = "organisation"
    BASE = "base"
    DEMAND = "demand"
    PROVIDER = "provider"
    CAPABILITY = "capability"
    CASE = "case"


class Operation(StrEnum):
    """What a change did to a row."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    ERASE = "erase"


class AuditAction(StrEnum):
    """What an entry of the audit chain says was done."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    ERASE = "erase"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    CREATE_KEY = "create_key"
    REVOKE_KEY = "revoke_key"
    CHANGE_LOGIN = "change_login"
    READ_CONTACT = "read_contact"
    READ_AUDIT = "read_audit"
    EXPORT = "export"
    IMPORT = "import"
    BACKUP = "backup"
    RESTORE = "restore"
    ACCESS = "access"
    ACT = "act"


class AuditResult(StrEnum):
    """How an act in the audit chain ended."""

    DONE = "done"
    FAILED = "failed"
    DENIED = "denied"


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


class TaxonomyAct(StrEnum):
    """What made a version of the taxonomy."""

    ADD = "add"
    CHANGE = "change"
    RETIRE = "retire"
    IMPORT = "import"


class RetaggingState(StrEnum):
    """How far a round of tagging anew has come."""

    RUNNING = "running"
    DONE = "done"
    SUPERSEDED = "superseded"


class ImportState(StrEnum):
    """How far an uploaded sheet has come."""

    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class NoMatch(StrEnum):
    """Why an answer has no good match."""

    OUT_OF_SCOPE = "out_of_scope"
    NO_CANDIDATES = "no_candidates"
    ALL_EXCLUDED = "all_excluded"
    ALL_WEAK = "all_weak"


class IpcState(StrEnum):
    """What became of asking for an IPC subclass; without a table it is unknown, never "none"."""

    SUGGESTED = "suggested"
    UNSURE = "unsure"
    NO_TABLE = "no_table"
    UNUSABLE_TABLE = "unusable_table"


class RuleOutcome(StrEnum):
    """Outcome of an eligibility rule; a missing fact is unknown, never met."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


class Side(StrEnum):
    """On whose side of a demand somebody acts."""

    BASE = "base"
    PROVIDER = "provider"
    RECIPIENT = "recipient"
    PLATFORM = "platform"


class InteractionState(StrEnum):
    """How far a demand and a provider have come with each other."""

    NOTED = "noted"
    ASKED = "asked"
    INVITED = "invited"
    INTERESTED = "interested"
    MUTUAL = "mutual"
    CONTACTED = "contacted"
    CONFIRMED = "confirmed"
    CONVERTED = "converted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class InteractionAct(StrEnum):
    """What somebody does in an interaction."""

    VIEW = "view"
    SAVE = "save"
    HIDE = "hide"
    UNHIDE = "unhide"
    SHORTLIST = "shortlist"
    UNSHORTLIST = "unshortlist"
    INVITE = "invite"
    EXPRESS_INTEREST = "express_interest"
    ASK = "ask"
    ANSWER = "answer"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    MEETING_PROPOSED = "meeting_proposed"
    MEETING_HELD = "meeting_held"
    OFFER = "offer"
    OFFER_REVISED = "offer_revised"
    CONFIRM = "confirm"
    RATE = "rate"
    REPORT_ABUSE = "report_abuse"
    CONVERT = "convert"
    REMIND = "remind"
    LAPSE = "lapse"


class DeclineReason(StrEnum):
    """Why somebody declines, or a base hides a provider."""

    SCENARIO_MISMATCH = "scenario_mismatch"
    INDUSTRY_MISMATCH = "industry_mismatch"
    NO_SIMILAR_CASE = "no_similar_case"
    CREDENTIAL_MISSING = "credential_missing"
    PRICE_HIGH = "price_high"
    CHOSEN_OTHER = "chosen_other"
    DESCRIPTION_UNCLEAR = "description_unclear"
    DEMAND_CHANGED = "demand_changed"
    REGION_FAR = "region_far"
    NO_CAPACITY = "no_capacity"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    BUDGET_LOW = "budget_low"
    PERIOD_SHORT = "period_short"
    DESCRIPTION_VAGUE = "description_vague"
    DATA_UNAVAILABLE = "data_unavailable"
    OUT_OF_FIELD = "out_of_field"
    SECRECY_REQUIRED = "secrecy_required"
    NOT_REAL_DEMAND = "not_real_demand"


class NotificationKind(StrEnum):
    """What a notification is about."""

    INVITED = "invited"
    INTEREST = "interest"
    QUESTION = "question"
    ANSWER = "answer"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SHORTLISTED = "shortlisted"
    MEETING = "meeting"
    OFFER = "offer"
    CONFIRMED = "confirmed"
    RATED = "rated"
    REMINDER = "reminder"
    LAPSED = "lapsed"
    ABUSE = "abuse"
    FOUND = "found"


class Channel(StrEnum):
    """By which way something is told outside the console."""

    WEBHOOK = "webhook"
    EMAIL = "email"


class DeliveryState(StrEnum):
    """How far an errand of the outbox has come."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class Cadence(StrEnum):
    """How often somebody is told at most."""

    INSTANT = "instant"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


class SubscriptionKind(StrEnum):
    """By what a subscription looks."""

    SAVED_SEARCH = "saved_search"
    LIKE_TEXT = "like_text"
