"""The typed client of the service.

    from navmatch.client import Client, DemandCreate

    with Client("http://127.0.0.1:8000", key=key) as service:
        demand = service.demands.create(DemandCreate(title=…, description=…, publish=True))
        for found in service.matches(demand.id).matches:
            print(found.rank, found.band_label, found.organisation)

Needs neither torch nor FAISS. See docs/how-to/use-the-client.md.
"""

from api.client.client import Client
from api.client.errors import (
    AnswerUnreadableError,
    ClientError,
    ConflictError,
    NotAllowedError,
    NotFoundError,
    NotSignedInError,
    OpenToAllWarning,
    ProblemError,
    RejectedError,
    ServiceUnreachableError,
    TooOftenError,
    UnavailableError,
)
from api.client.retrying import Retries
from api.schemas.base import Page
from api.schemas.capability import CapabilityCreate, CapabilityRead, CapabilityUpdate
from api.schemas.case import CaseCreate, CaseRead, CaseUpdate
from api.schemas.demand import DemandCreate, DemandRead, DemandUpdate
from api.schemas.facts import Budget, Credential, RequirementIn
from api.schemas.imports import ImportRead, RowProblemRead
from api.schemas.interaction import (
    ActCreate,
    InteractionCreate,
    InteractionDetail,
    InteractionRead,
)
from api.schemas.match import FiltersIn, FreeText, MatchAnswer, MatchOptions, MatchQuery, MatchRead
from api.schemas.preview import PreviewAnswer, PreviewIn, TagsAnswer, TextIn
from api.schemas.provider import ProviderCreate, ProviderRead, ProviderUpdate
from api.schemas.subscription import SavedFilters, SubscriptionCreate, SubscriptionRead
from api.schemas.tags import TagsRead, TagsUpdate
from models.vocabulary.interaction import InteractionAct, Side
from models.vocabulary.matching import Band, Direction
from models.vocabulary.row import ImportState

__all__ = [
    "ActCreate",
    "AnswerUnreadableError",
    "Band",
    "Budget",
    "CapabilityCreate",
    "CapabilityRead",
    "CapabilityUpdate",
    "CaseCreate",
    "CaseRead",
    "CaseUpdate",
    "Client",
    "ClientError",
    "ConflictError",
    "Credential",
    "DemandCreate",
    "DemandRead",
    "DemandUpdate",
    "Direction",
    "FiltersIn",
    "FreeText",
    "ImportRead",
    "ImportState",
    "InteractionAct",
    "InteractionCreate",
    "InteractionDetail",
    "InteractionRead",
    "MatchAnswer",
    "MatchOptions",
    "MatchQuery",
    "MatchRead",
    "NotAllowedError",
    "NotFoundError",
    "NotSignedInError",
    "OpenToAllWarning",
    "Page",
    "PreviewAnswer",
    "PreviewIn",
    "ProblemError",
    "ProviderCreate",
    "ProviderRead",
    "ProviderUpdate",
    "RejectedError",
    "RequirementIn",
    "Retries",
    "RowProblemRead",
    "SavedFilters",
    "ServiceUnreachableError",
    "Side",
    "SubscriptionCreate",
    "SubscriptionRead",
    "TagsAnswer",
    "TagsRead",
    "TagsUpdate",
    "TextIn",
    "TooOftenError",
    "UnavailableError",
]
