"""What kinds of result a demand asks for."""

import re
from typing import Final

from indexer.annotate.clauses import Clauses
from indexer.annotate.lexicon import Cue, Lexicon, load_table
from indexer.annotate.types import DeliverableFinding, Evidence
from models.vocabulary.demand import Deliverable

WORDS_FILE: Final = "deliverables.toml"

_SEVERAL: Final = r"(?!(?:1|一) ?[家名位个人])(?:\d{1,3}|[一二两三四五六七八九十几]{1,3})"
_REGULAR = re.compile(
    r"每(?:个|隔|两个?|三个?)?(?:月|周|星期|季度?|半年|双月)"
    r"(?![^。;]{0,8}(?:碰|坐堂|付|结算|考核|开会|来一次|调度))[^。;]{0,12}?"
    r"(?:一期|一次|简报|更新|刷新|送来|盯住|推送|出表|整理|补|汇总|收到|页纸|抓取|报告)"
)
_PICKED = re.compile(
    r"(?<!已)(?:推荐|遴选|筛出|挑出?|列出?|选出|排出?|开|找出|留|点出)[^。;,:\n哪年(]{0,8}?"
    rf"{_SEVERAL} ?(?:名|家|人(?!员)|位|个(?:对象|团队|选题|候选|切入点|课题|题|人|标的))"
)
_NEVER: Final = "never"
_ASKED: Final = "asked:"
_BY_PATTERN: Final = ((_REGULAR, Deliverable.TRACKING), (_PICKED, Deliverable.LIST))
_ASK_REACH: Final = 14
_DENY_REACH: Final = 8


class DeliverableFinder:
    """Finds the kinds of result by the words for them."""

    def __init__(self) -> None:
        """Load the words and what must or must not stand before them."""
        table = load_table(WORDS_FILE)
        words: dict[str, list[str]] = {**table["words"], _NEVER: table["never"]["words"]}
        words |= {_ASKED + kind: listed for kind, listed in table["asked"].items()}
        self._lexicon = Lexicon(words)
        context: dict[str, list[str]] = table["context"]
        self._ask = _any_of(context["ask"])
        self._past = _any_of(context["past"])
        self._deny = re.compile(rf"(?:{'|'.join(context['deny'])})[^,。;]{{0,4}}$")

    def find_deliverables(self, text: str) -> tuple[DeliverableFinding, ...]:
        """Kinds of result in the order they are first named, each once.

        Results that exist already, or that the text says are not wanted, are left out.

        Args:
            text: Canonical text, title first.
        """
        clauses = Clauses(text)
        found: dict[Deliverable, DeliverableFinding] = {}
        for cue in self._lexicon.find(text):
            if cue.label == _NEVER:
                continue
            deliverable = Deliverable(cue.label.removeprefix(_ASKED))
            if deliverable not in found and self._is_wanted(cue, clauses):
                evidence = Evidence(cue.start, cue.end, text[cue.start : cue.end])
                found[deliverable] = DeliverableFinding(deliverable, evidence)
        for pattern, deliverable in _BY_PATTERN:
            match = pattern.search(text)
            if match and deliverable not in found:
                evidence = Evidence(match.start(), match.end(), match.group())
                found[deliverable] = DeliverableFinding(deliverable, evidence)
        return tuple(sorted(found.values(), key=lambda finding: finding.evidence.start))

    def _is_wanted(self, cue: Cue, clauses: Clauses) -> bool:
        start, end = clauses.clause(cue.start)
        text = clauses.text
        if self._past.search(text, start, end):
            return False
        if self._deny.search(text[max(start, cue.start - _DENY_REACH) : cue.start]):
            return False
        if not cue.label.startswith(_ASKED):
            return True
        return bool(self._ask.search(text, max(start, cue.start - _ASK_REACH), cue.start))


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
