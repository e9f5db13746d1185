"""From validated input to stored rows: for HTTP, import and demonstration data alike.

Every way in does the same: check codes and dates, read the text, then store row, tags and
change-log entry in one transaction. May import everything below `api`, `api.schemas` and
`api.vocabularies`.
"""

from api.intake.base import IntakeParts
from api.intake.bases import BaseIntake
from api.intake.capabilities import CapabilityIntake
from api.intake.cases import CaseIntake
from api.intake.demands import DemandIntake
from api.intake.organisations import OrganisationIntake
from api.intake.providers import ProviderIntake
from api.intake.tags import TagIntake

__all__ = ["Intake"]


class Intake:
    """The ways in, one for each noun.

    Attributes:
        demands: Takes demands in.
        providers: Takes providers in, with their capabilities.
        capabilities: Takes further capabilities in.
        cases: Takes cases in.
        bases: Takes service bases in.
        organisations: Takes organisations in that are to have accounts.
        tags: Takes a person's tags in.
    """

    def __init__(self, parts: IntakeParts) -> None:
        self.demands = DemandIntake(parts)
        self.capabilities = CapabilityIntake(parts)
        self.providers = ProviderIntake(parts, self.capabilities)
        self.cases = CaseIntake(parts)
        self.bases = BaseIntake(parts)
        self.organisations = OrganisationIntake(parts)
        self.tags = TagIntake(parts)
