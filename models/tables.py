"""All tables together, for those who need every one to be known."""

from models.audit import AuditCheckpoint, AuditEvent
from models.case import Case
from models.change import ChangeLog
from models.contact import Contact
from models.demand import Demand
from models.identity import ApiKey, Membership, Person, SignIn, WidgetToken
from models.import_job import ImportFile, ImportJob, ImportRefusal
from models.interaction import Interaction, InteractionEvent
from models.invitation import Invitation
from models.match_run import MatchRun
from models.notification import Delivery, Mailbox, Notification, NotificationRead, Webhook
from models.organisation import Base, Organisation
from models.provider import Capability, Provider
from models.reply import Reply
from models.subscription import Subscription, SubscriptionHit
from models.tag import TagAssignment
from models.taxonomy_version import Retagging, TaxonomyVersion
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
    "Delivery",
    "Demand",
    "ImportFile",
    "ImportJob",
    "ImportRefusal",
    "Interaction",
    "InteractionEvent",
    "Invitation",
    "Mailbox",
    "MatchRun",
    "Membership",
    "Notification",
    "NotificationRead",
    "Organisation",
    "Person",
    "Provider",
    "Reply",
    "Retagging",
    "SignIn",
    "Subscription",
    "SubscriptionHit",
    "TagAssignment",
    "TaxonomyVersion",
    "VectorCache",
    "Webhook",
    "WidgetToken",
]
