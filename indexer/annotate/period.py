"""How long the work of a demand may take, told apart from every other length of time."""

import re
from typing import Final

from indexer.annotate.clauses import Clauses
from indexer.annotate.duration import Duration, read_durations
from indexer.annotate.types import Evidence, Period

MAX_DAYS: Final = 1095

_HEADING_REACH: Final = 90
_BEFORE_REACH: Final = 14
_AFTER_REACH: Final = 12

_HEADING: Final = (
    r"总?工期(?:要求)?|服务期限?|服务周期|服务时间|合同期限?|合同履行期限?|履约期限?|履行期限?|完成期限|完成时间|"
    r"项目周期|项目期限?|实施周期|实施期限?|研究周期|工作周期|总?周期|交付期限?|交货期|供货期限?|委托期限?|"
    r"时限(?:要求)?|期限|编制周期|设计周期|建设周期|建设工期|计划工期|合作期限?|服务期"
)
_HEADING_NEAR = re.compile(rf"(?:{_HEADING})[^。;!?\d]{{0,8}}$")
_HEADING_FAR = re.compile(rf"(?:{_HEADING})")
_PAST = re.compile(r"已|拖|延误|曾|去年|原")
_STARTS_AFTER = re.compile(
    r"(?:(?:签订|签署|生效|通知|下达|立项|签约|启动|交付|公示|收到[^,。]{0,6})(?:书?后|之日起|之日后|之次日起|起|后|日起)|"
    r"之日起|次日起|自[^,。;]{1,8}起)(?:的)?[::,]? ?$"
)
_WORK_BEFORE = re.compile(
    r"(?:预计|计划|拟用|为期|历时|用时|耗时|驻[点厂场村]?|蹲点|陪跑|跟踪|先签|总共|共计?|限期?|争取|要求在?|须在|应在|"
    r"需在|请在|希望在?|大约|住)[^\d一二两三四五六七八九十百半,。;]{0,4}$"
)
_NOT_WORK_BEFORE = re.compile(
    r"(?:近|前|后|过去|最近|以往|上|连续|满|从业|成立|质保期?|保修期?|质量保证期|维保|运维|维护|保质期|免费|未来|今后|往后|"
    r"此后|以后|后续|每隔?|逾期|提前|超过|超|有效期|保护期|响应|退还|已|攒了|熬了|做了|干了|啃还得|试了|吵了|停了|任职|"
    r"公示|付款|支付|结算|剩余?|还剩|到期|贷款|退货|续费|续签|试用|保存|存放|冷藏|团队承诺|缺陷责任期|缴纳|社保|"
    r"截止时间|开标|按|价格按|出台|等|招了?|放|用了|卖了|有|成果|[一每]份[^,。]{1,6})[^\d一二两三四五六七八九十百半,。;]{0,4}$"
)
_WITHIN_AND_WORK = re.compile(
    r" ?[)）]?(?:之|以)?内(?!(?:由|每|无|未|没|不|具?有|承担|完成过|曾|免费|存在|被|受|连续|因))"
    r"[^。;!?\n,\d]{0,8}(?:完成|完毕|提交|交付|交|给|出具|提供|拿|返回|编制|形成|建成|结论|汇报|答复|做完|做好|验收|供货|送达|到货)"
)
_WITHIN = re.compile(r" ?(?:之|以)?内 ?(?:[,。;!?)\n]|$)")
_WORK_AFTER = re.compile(
    r" ?(?:就?要?|必须|须|先)?(?:给|出|交|拿)(?:个?结论|结果|报告|稿|货|个|一|出来|完)?"
)
_NOT_WORK_AFTER = re.compile(
    r" ?(?:及?以上|来|以?前|之前|多|余|以来|之后|后|的?(?:老|质保|保修|维保|维护|经验|行动|规划|"
    r"计划|专利|数据|存量|工作|从业|发展|走势|有效|时间|样)|期的|免费|一[次期签回招]|才|没|没人|无|未)"
)
_TABLE_CELL_BEFORE = re.compile(r"(?:^|\n)(?:自合同[^\n]{0,12})?$")
_TABLE_CELL_AFTER = re.compile(r" ?(?:\n|[,(。;]|$)")


class PeriodFinder:
    """Finds the duration of the work in calendar days, 1..1095."""

    def find_period(self, text: str) -> Period | None:
        """The length of time the work may take; the plainest one where several are named.

        Experience asked for, warranties, years of data and other lengths are left out.

        Args:
            text: Canonical text, title first.
        """
        clauses = Clauses(text)
        best: tuple[int, Duration] | None = None
        for duration in read_durations(text):
            if not 1 <= duration.high_days <= MAX_DAYS:
                continue
            score = _score(duration, text, clauses)
            if score and (best is None or score > best[0]):
                best = (score, duration)
        return None if best is None else _as_period(best[1], text)


def _score(duration: Duration, text: str, clauses: Clauses) -> int:
    """How plainly the words around say that the work takes this long; 0 is not at all."""
    clause_start, _ = clauses.clause(duration.start)
    lead = text[max(clause_start, duration.start - _BEFORE_REACH) : duration.start]
    end, limit = duration.end, duration.end + _AFTER_REACH
    if _NOT_WORK_AFTER.match(text, end, limit):
        return 0
    if _HEADING_NEAR.search(lead):
        return 0 if _PAST.search(lead) else 5
    is_other = _NOT_WORK_BEFORE.search(lead)
    if _STARTS_AFTER.search(lead):
        return 4
    if is_other:
        return 0
    if _WITHIN_AND_WORK.match(text, end, limit):
        return 3
    if _WORK_BEFORE.search(lead) or _WITHIN.match(text, end, limit):
        return 2
    if _WORK_AFTER.match(text, end, limit):
        return 1
    return 2 if _stands_in_table(duration, text) else 0


def _stands_in_table(duration: Duration, text: str) -> bool:
    """Whether it fills a table cell under a heading for periods."""
    lead = text[max(0, duration.start - _HEADING_REACH) : duration.start]
    is_cell = _TABLE_CELL_BEFORE.search(lead) and _TABLE_CELL_AFTER.match(text, duration.end)
    return bool(is_cell and _HEADING_FAR.search(lead))


def _as_period(duration: Duration, text: str) -> Period:
    end = duration.end
    within = re.compile(r" ?(?:之|以)?内").match(text, end)
    if within:
        end = within.end()
    is_upper_bound = within is not None and duration.low_days == duration.high_days
    return Period(
        min_days=None if is_upper_bound else duration.low_days,
        max_days=duration.high_days,
        evidence=Evidence(duration.start, end, text[duration.start : end]),
    )
