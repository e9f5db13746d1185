"""What is told, by which way and how often."""

from enum import StrEnum


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
