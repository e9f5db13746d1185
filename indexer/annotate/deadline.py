"""By which day a demand wants its result."""

import re
from datetime import date, timedelta
from typing import Final

from indexer.annotate.clauses import Clauses
from indexer.annotate.dates import DateKind, DateReader, NamedDate, next_occurrence
from indexer.annotate.types import Deadline, Evidence

MAX_DAYS_AHEAD: Final = 1095

_AFTER_REACH: Final = 14
_BEFORE_REACH: Final = 10

_BEFORE_MARK = re.compile(r" ?(?:之|以)?前(?!后|三|两|几|年|期|端|沿|景|述|往|置|提|任|列|辈)")
_BEFORE_EVENT = re.compile(
    r"[^,。;!?\n前()]{1,9}?(?:之|以)?(?<![提目当])前(?!后|三|两|几|年|期|端|沿|景|述|往|置|提|任|列|辈)"
)
_WORK_AFTER = re.compile(
    r"[^,。;!?\n\d]{0,5}?(?:交|提交|交付|完成|给(?=我|出|一|书面|份|结|个|到|局|领导|就|[,。])|要用|要看|要有|出具?|提供|形成|上会|定稿|拿|结题|报送|答复|汇总|用(?![户于心])|要(?=[,。;!?\n]))"
)
_DUE_BEFORE = re.compile(
    r"(?:截止(?:时间|日期|到)?|截至|完成时间|交付时间|提交时间|交付日期|完成日期|不晚于|不迟于|最迟|最晚|务必[于在]|"
    r"赶在|做到|初稿(?:在|请在)?|终稿|请[在于]|须[在于]|应[在于]|需[在于])[:]? ?$"
)
_NOT_DUE_BEFORE = re.compile(
    r"(?:发布日期|发布时间|公告时间|成立于|始于|截至|自|从|去年|前年|上年|[年月]|"
    r"已于|曾于|我们在|那|避开)[:]? ?$"
)
_NOT_DUE_AFTER = re.compile(
    r" ?(?:\d{1,2} ?[:时点]|起|开始|以来|至|到(?!期)|-|~|—|印发|发布|公布|成立|"
    r"实施|施行|授权|入职|考核|以后|之后|后)"
)
_TENDER = re.compile(
    r"投标|响应文件|报名|开标|文件递交|递交(?:文件|方式|地点|时间|截止|的截止)|获取|保证金|磋商|公示|澄清|招标文件|采购文件|解密|社保|报价截止|评标|答疑"
)
_DRAFT = re.compile(r"初稿|口头|中期")


class DeadlineFinder:
    """Finds the day by which the result is due."""

    def __init__(self) -> None:
        """Load the holidays."""
        self._reader = DateReader()

    def find_deadline(self, text: str, today: date) -> Deadline | None:
        """The day the result is due; the plainest one where several are named.

        Days gone by, days more than three years off and dates of tender procedure are left
        out. A date without a year is the next one to come.

        Args:
            text: Canonical text, title first.
            today: Day the demand is read on.
        """
        clauses = Clauses(text)
        found: list[tuple[int, int, Deadline]] = []
        for named in self._reader.read_dates(text, today):
            score, end = _score(named, text, clauses)
            if not score:
                continue
            due = _due(named, text, today)
            if today <= due <= today + timedelta(days=MAX_DAYS_AHEAD):
                evidence = Evidence(named.start, end, text[named.start : end])
                found.append((-score, named.start, Deadline(due, evidence)))
        return min(found, key=lambda entry: entry[:2])[2] if found else None


def _score(named: NamedDate, text: str, clauses: Clauses) -> tuple[int, int]:
    """How plainly the words around make the date a deadline, and where they end."""
    clause_start, clause_end = clauses.clause(named.start)
    clause = text[clause_start:clause_end]
    lead = text[max(clause_start, named.start - _BEFORE_REACH) : named.start]
    end, limit = named.end, min(clause_end, named.end + _AFTER_REACH)
    if _TENDER.search(clauses.sentence_text(named.start)):
        return 0, end
    is_stated = _DUE_BEFORE.search(lead) is not None
    if not is_stated and _NOT_DUE_BEFORE.search(lead):
        return 0, end
    draft_loss = 2 if _DRAFT.search(clause) else 0
    before = _BEFORE_MARK.match(text, end, limit + 1)
    if before:
        return 6 - draft_loss, before.end()
    if _NOT_DUE_AFTER.match(text, end, limit):
        return 0, end
    event = _BEFORE_EVENT.match(text, end, limit)
    if event:
        return 5 - draft_loss, event.end()
    if is_stated:
        return 5 - draft_loss, end
    work = _WORK_AFTER.match(text, end, limit)
    if work:
        return 3 - draft_loss, work.end()
    return 0, end


def _due(named: NamedDate, text: str, today: date) -> date:
    """Last day the words allow: 9月前 ends with August, 9月底前 with September."""
    is_before = _BEFORE_MARK.match(text, named.end) is not None
    if not is_before or named.kind in (DateKind.DAY, DateKind.PART):
        return named.last
    due = named.first - timedelta(days=1)
    if due < today and not named.is_dated:
        later = NamedDate(
            named.start, named.end, named.first, named.first - timedelta(days=1), named.kind, False
        )
        return next_occurrence(later, today).last
    return due
