"""All tables together, for those who need every one to be known."""

from models.audit import AuditCheckpoint, AuditEvent
from models.case import Case
from models.change import ChangeLog
from models.contact import Contact
from models.demand import Demand
from models.identity import ApiKey, Membership, Person, SignIn, WidgetToken
from models.invitation import Invitation
from models.organisation import Base, Organisation
from models.provider import Capability, Provider
from models.reply import Reply
from models.tag import TagAssignment
from models.vector import VectorCache

__all__ = [
    "ApiKey",
    "AuditCheckpoint",
    "AuditEvent",
    "Base",
    "Capability",
    "Case",
    "ChangeLog",
    "Contact",
    "Demand",
    "Invitation",
    "Membership",
    "Organisation",
    "Person",
    "Provider",
    "Reply",
    "SignIn",
    "TagAssignment",
    "VectorCache",
    "WidgetToken",
]
