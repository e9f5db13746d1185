"""Ten tenants: bases, providers and recipients in three provinces."""

from datetime import date
from typing import Final

from models.base import now_utc
from models.database import Session
from models.organisation import Base, Organisation
from models.provider import Capability, Provider
from models.vocabulary.access import Visibility
from models.vocabulary.organisation import BaseLevel, OrganisationType, ProviderState

VALID_UNTIL: Final = date(2030, 1, 1)
REGIONS: Final = ("440300", "440100", "320500", "110000")
AREA: Final = "44"
"""What the regional operator answers for: the first two tenants of each kind lie there."""

OTHER: Final = 2
"""Number of the tenant of each kind that is nobody's who asks, and that everybody known sees."""

HIDDEN: Final = 3
"""Number of the tenant of each kind that nobody else sees."""

TEXT: Final = "排查碳化硅功率器件出口的专利侵权风险，给出规避设计建议，并提交分析报告和名单。"
DESCRIPTION: Final = TEXT * 2


def organisation(
    session: Session, name: str, org_type: OrganisationType, number: int
) -> Organisation:
    region = REGIONS[number % len(REGIONS)]
    row = Organisation(name=name, org_type=org_type, region_code=region)
    session.add(row)
    session.flush()
    return row


def base(session: Session, number: int) -> Base:
    of = organisation(session, f"第{number}个基地", OrganisationType.PARK, number)
    row = Base(organisation=of, level=BaseLevel.NATIONAL, visibility=_openness(number))
    session.add(row)
    session.flush()
    return row


def provider(session: Session, number: int, *, deleted: bool = False) -> Provider:
    of = organisation(session, f"第{number}家机构", OrganisationType.AGENCY, number)
    row = Provider(organisation=of, state=ProviderState.ACTIVE, visibility=_openness(number))
    row.deleted_at = now_utc() if deleted else None
    session.add(row)
    session.flush()
    row_id = row.id
    session.add(Capability(provider_id=row_id, title="风险排查", description=DESCRIPTION))
    session.flush()
    return row


def _openness(number: int) -> Visibility:
    return Visibility.PRIVATE if number == HIDDEN else Visibility.PLATFORM
