"""Filters of lists in the query string: the same for a page and for a file of all that fits."""

from typing import Annotated

from fastapi import Depends, Query

from api.dependencies import PartsDep
from api.listing import Conditions
from api.schemas.texts import FilterText, IndustryCode, RegionFilter, RowId, ScenarioCode
from models.case import Case
from models.conditions import Condition
from models.demand import Demand
from models.interactions import InteractionFilter
from models.provider import Provider
from models.vocabulary.demand import DemandState
from models.vocabulary.interaction import InteractionState, Side
from models.vocabulary.organisation import CaseState, ProviderState

_Region = Annotated[RegionFilter | None, Query(description="所在地代码。")]
_Scenario = Annotated[ScenarioCode | None, Query(description="应用场景或其大类。")]
_Industry = Annotated[IndustryCode | None, Query(description="产业代码或其大类。")]


def demand_filters(  # noqa: PLR0913 - one parameter a filter
    parts: PartsDep,
    state: Annotated[DemandState | None, Query(description="状态。")] = None,
    region: _Region = None,
    scenario: _Scenario = None,
    industry: _Industry = None,
    text: Annotated[FilterText | None, Query(description="标题、正文或编号中的词。")] = None,
    own: Annotated[bool, Query(description="只列本单位发布的。")] = False,
) -> list[Condition]:
    """Return what all wanted demands have in common."""
    conditions = Conditions(parts.service.vocabularies)
    conditions.state(Demand, state)
    conditions.region(Demand, region)
    conditions.tags(Demand, scenario, industry)
    conditions.text(Demand, text)
    conditions.own(Demand, only_own=own)
    return conditions.found


def provider_filters(
    parts: PartsDep,
    state: Annotated[ProviderState | None, Query(description="状态。")] = None,
    region: _Region = None,
    text: Annotated[FilterText | None, Query(description="名称中的词。")] = None,
    own: Annotated[bool, Query(description="只列本单位登记的。")] = False,
) -> list[Condition]:
    """Return what all wanted providers have in common."""
    conditions = Conditions(parts.service.vocabularies)
    conditions.state(Provider, state)
    conditions.region(Provider, region)
    conditions.text(Provider, text)
    conditions.own(Provider, only_own=own)
    return conditions.found


def case_filters(
    parts: PartsDep,
    state: Annotated[CaseState | None, Query(description="状态。")] = None,
    region: _Region = None,
    scenario: _Scenario = None,
    industry: _Industry = None,
    text: Annotated[FilterText | None, Query(description="标题或摘要中的词。")] = None,
) -> list[Condition]:
    """Return what all wanted cases have in common."""
    conditions = Conditions(parts.service.vocabularies)
    conditions.state(Case, state)
    conditions.region(Case, region)
    conditions.tags(Case, scenario, industry)
    conditions.text(Case, text)
    return conditions.found


def interaction_filter(
    demand: Annotated[RowId | None, Query(description="需求编号。")] = None,
    provider: Annotated[RowId | None, Query(description="服务机构编号。")] = None,
    state: Annotated[InteractionState | None, Query(description="状态。")] = None,
    awaiting: Annotated[Side | None, Query(description="等哪一方答复。")] = None,
    shortlisted: Annotated[bool | None, Query(description="是否列入候选。")] = None,
    hidden: Annotated[bool | None, Query(description="基地是否不再显示；只对基地起作用。")] = None,
) -> InteractionFilter:
    """Return which interactions are wanted."""
    return InteractionFilter(demand, provider, state, awaiting, shortlisted, hidden)


DemandFilters = Annotated[list[Condition], Depends(demand_filters)]
ProviderFilters = Annotated[list[Condition], Depends(provider_filters)]
CaseFilters = Annotated[list[Condition], Depends(case_filters)]
InteractionFilters = Annotated[InteractionFilter, Depends(interaction_filter)]
