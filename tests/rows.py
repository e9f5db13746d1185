"""Builders of rows: each adds to a session and returns what it added."""

from datetime import date

from models.base import Row
from models.case import Case
from models.database import Session
from models.demand import Demand
from models.organisation import Organisation
from models.provider import Capability, Provider
from models.tag import TagAssignment
from models.vocabulary.demand import DemandState
from models.vocabulary.organisation import CaseState, OrganisationType, ProviderState
from models.vocabulary.taxonomy import Scheme, TagSource

VALID_UNTIL = date(2030, 1, 1)


def add_organisation(
    session: Session, name: str = "示例咨询公司", **columns: object
) -> Organisation:
    """An agency of which only the name is known."""
    values = {"org_type": OrganisationType.AGENCY, **columns}
    row = Organisation(name=name, **values)
    session.add(row)
    session.flush()
    return row


def add_provider(session: Session, name: str = "示例咨询公司", **columns: object) -> Provider:
    """An active provider with an organisation of its own."""
    organisation = add_organisation(session, name)
    values = {"state": ProviderState.ACTIVE, **columns}
    row = Provider(organisation_id=organisation.id, organisation=organisation, **values)
    session.add(row)
    session.flush()
    return row


def add_capability(
    session: Session,
    provider: Provider,
    title: str = "专利风险排查",
    description: str = "面向碳化硅器件企业做侵权风险排查。",
    **columns: object,
) -> Capability:
    """A capability of a provider."""
    row = Capability(provider_id=provider.id, title=title, description=description, **columns)
    session.add(row)
    session.flush()
    return row


def add_demand(
    session: Session,
    title: str = "碳化硅专利导航",
    description: str = "需要分析碳化硅器件的专利风险。",
    **columns: object,
) -> Demand:
    """A published demand."""
    values = {"state": DemandState.PUBLISHED, "valid_until": VALID_UNTIL, **columns}
    row = Demand(title=title, description=description, **values)
    session.add(row)
    session.flush()
    return row


def add_case(
    session: Session,
    provider: Provider | None = None,
    title: str = "固态电池导航",
    summary: str = "为产业园完成固态电池专利导航。",
    **columns: object,
) -> Case:
    """A published case."""
    values = {"state": CaseState.PUBLISHED, **columns}
    row = Case(
        provider_id=provider.id if provider else None, title=title, summary=summary, **values
    )
    session.add(row)
    session.flush()
    return row


def add_tag(
    session: Session,
    row: Row,
    code: str,
    source: TagSource = TagSource.AUTO,
    scheme: Scheme = Scheme.SCENARIO,
    confidence: float = 1.0,
) -> TagAssignment:
    """A code given to a row."""
    tag = TagAssignment(
        entity=row.entity,
        entity_id=row.id,
        scheme=scheme,
        scheme_version="1",
        code=code,
        source=source,
        confidence=confidence,
        evidence=[],
    )
    session.add(tag)
    session.flush()
    return tag
