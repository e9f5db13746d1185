"""What the sides of a demand do with each other."""

from enum import StrEnum


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
