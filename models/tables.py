"""All tables together, for those who need every one to be known."""

from models.audit import AuditCheckpoint, AuditEvent
from models.case import Case
from models.change import ChangeLog
from models.demand import Demand
from models.organisation import Base, Organisation
from models.provider import Capability, Provider
from models.reply import Reply
from models.tag import TagAssignment
from models.vector import VectorCache

__all__ = [
    "AuditCheckpoint",
    "AuditEvent",
    "Base",
    "Capability",
    "Case",
    "ChangeLog",
    "Demand",
    "Organisation",
    "Provider",
    "Reply",
    "TagAssignment",
    "VectorCache",
]
