"""Options of a ranking in the query string."""

from typing import Annotated

from fastapi import Depends, Query
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api.schemas.match import MAX_K, FiltersIn, MatchOptions
from api.schemas.texts import FilterText, IndustryCode, RegionFilter, ScenarioCode
from models.vocabulary.organisation import CredentialType

_Regions = Annotated[
    list[RegionFilter],
    Query(max_length=20, description="所在地代码，可重复；跨省区域如 M:YRD。"),
]
_Serves = Annotated[list[RegionFilter], Query(max_length=20, description="服务区域，可重复。")]
_Industries = Annotated[list[IndustryCode], Query(max_length=20, description="产业代码，可重复。")]
_Scenarios = Annotated[list[ScenarioCode], Query(max_length=20, description="应用场景，可重复。")]
_Credentials = Annotated[
    list[CredentialType], Query(max_length=8, description="须持有且未过期的资质，可重复。")
]


def read_options(  # noqa: PLR0913 - one parameter a filter
    k: Annotated[int, Query(ge=1, le=MAX_K, description="最多返回多少条。")] = 10,
    region: _Regions = [],  # noqa: B006 - FastAPI copies it
    serves: _Serves = [],  # noqa: B006
    industry: _Industries = [],  # noqa: B006
    scenario: _Scenarios = [],  # noqa: B006
    credential: _Credentials = [],  # noqa: B006
    text: Annotated[FilterText, Query(description="标题或正文中须全部出现的词。")] = "",
    explain: Annotated[bool, Query(description="是否说明理由。")] = True,
    include_weak: Annotated[
        bool, Query(description="没有好于“弱”的结果时，是否仍列出最接近的那些。")
    ] = False,
) -> MatchOptions:
    """Return the options of a ranking.

    Raises:
        RequestValidationError: the conditions together are too many.
    """
    try:
        filters = FiltersIn(
            regions=region,
            serves=serves,
            industries=industry,
            scenarios=scenario,
            credentials=credential,
            text=text,
        )
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        raise RequestValidationError([{**e, "loc": ("query", *e["loc"])} for e in found]) from None
    return MatchOptions(k=k, filters=filters, explain=explain, include_weak=include_weak)


OptionsQuery = Annotated[MatchOptions, Depends(read_options)]
