"""Whether a demand leaves the industry open on purpose."""

import re

from indexer.annotate.types import Evidence

_ANY_INDUSTRY = re.compile(
    r"不限(?:定|制)?(?:具体)?(?:行业|产业|领域|专业|技术领域)|(?:行业|产业|领域|技术领域|专业)(?:均可|不限(?!于)|皆可|不拘)"
    r"|不分(?:行业|产业|领域)|(?:各|任何|所有)(?:行业|产业|领域)(?:均可|皆可|都可以?|都行|适用|通用)"
    r"|全行业(?:通用|适用|覆盖)?|跨行业(?:通用|适用)|行业通用|通用型?(?:课程|培训|服务|导航|工具)"
)


def find_any_industry(text: str) -> Evidence | None:
    """The words that say every industry will do; None when the text says no such thing.

    Args:
        text: Canonical text, title first.
    """
    match = _ANY_INDUSTRY.search(text)
    return Evidence(match.start(), match.end(), match.group()) if match else None
