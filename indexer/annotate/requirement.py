"""What a demand asks of its provider, and whether it must or should be so."""

import re
from collections.abc import Iterator
from typing import Final

from indexer.annotate.clauses import Clauses
from indexer.annotate.lexicon import Cue, Lexicon, load_table
from indexer.annotate.numeral import read_number
from indexer.annotate.types import Evidence, Requirement, Tag
from models.vocabulary.demand import RequirementKind, RequirementStrength, ServiceRegion

WORDS_FILE: Final = "requirements.toml"

_VALUED: Final = (RequirementKind.CREDENTIAL, RequirementKind.LANGUAGE, RequirementKind.OTHER)
_PLAIN: Final = (RequirementKind.SECRECY, RequirementKind.OTHER)

_LEAD: Final = 24
_TAIL: Final = 14
_NUMBER: Final = r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})"
_TEAM: Final = (
    r"(?:团队|项目组|工作组|项目成员|分析人员|服务人员|技术人员|专业人员|专职人员|专职|人员配备|配备|投入|派驻?|驻场|分析师|"
    r"检索员|代理师|工程师)"
)
_STAFF = (
    re.compile(
        rf"{_TEAM}[^。;!?\n,\d一二两三四五六七八九十]{{0,10}}"
        rf"(?:不少于|不低于|至少|不得少于|≥|>=|最少)[^。;!?\n,\d]{{0,4}}{_NUMBER} ?(?:人|名|位)"
    ),
    re.compile(rf"{_TEAM}[^。;!?\n,\d一二两三四五六七八九十]{{0,6}}{_NUMBER} ?(?:人|名|位)及?以上"),
    re.compile(
        rf"(?:不少于|至少)[^。;!?\n,\d]{{0,2}}{_NUMBER} ?(?:人|名|位)的?[^。;!?\n,]{{0,6}}{_TEAM}"
    ),
)
_YEARS = (
    re.compile(
        rf"{_NUMBER} ?年(?:及|或)?以上[^。;!?\n,]{{0,20}}?"
        r"(?:经验|经历|从业|工作|实务|年限|资历|导航|人员|分析师|检索员|代理师)"
    ),
    re.compile(
        rf"(?:经验|从业|执业|工作)[^。;!?\n,\d]{{0,8}}(?:满|不少于|不低于|超过|至少){_NUMBER} ?年"
    ),
)
_OF_YEARS = re.compile(rf"{_NUMBER} ?年(?:及|或)?以上")
_HEADS = re.compile(
    rf"(?:不少于|不低于|至少|不得少于|≥|>=|最少)[^。;!?\n,\d]{{0,4}}{_NUMBER} ?(?:人|名|位)"
    rf"|(?P<m>\d{{1,3}}|[一二两三四五六七八九十]{{1,3}}) ?(?:人|名|位)及?以上"
)
_CASES = (
    re.compile(
        r"(?:不少于|不低于|至少|具有|具备|有过?|须有|做过(?!的)|完成过|承担过|提供)"
        rf"[^。;!?\n,\d]{{0,10}}?{_NUMBER} ?"
        r"(?:个|项|家|件|份|例|次)(?:及?以上)?[^。;!?\n,]{0,10}?(?:同类|类似|相关|相近|过会|成功|导航)"
        r"[^。;!?\n,]{0,8}(?:项目|业绩|案例|企业|经验|工作)?"
    ),
    re.compile(
        r"(?:同类|类似|相关|相近|导航)[^。;!?\n,\d一二两三四五六七八九十]{0,8}(?:项目|业绩|案例|经验)[^。;!?\n,\d一二两三四五六七八九十]{0,6}"
        rf"{_NUMBER} ?(?:个|项|家|件|份|例|次)"
    ),
)
_CASES_UNCOUNTED = re.compile(
    r"(?:具有|具备|须有|需有|要有|应有|有过?|做过(?!的)|完成过|承担过|熟悉|提供)[^。;!?\n,]{0,10}?(?:同类|类似|相近)"
    r"[^。;!?\n,]{0,8}(?:项目|业绩|案例|经验)"
)
_LOCAL = re.compile(
    r"(?P<place>本地|当地|本市|市内|本省|省内|同城|同省)[^。;!?\n,]{0,10}?(?:机构|服务商|团队|公司|单位|分支|办事处|办公室|代理所|供应商)"
    r"[^。;!?\n]{0,4}(?:优先|为宜|为佳|最好)?"
    r"|(?:设有|设立|有)[^。;!?\n,]{0,8}(?:分支机构|办事处|常驻|办公场所|本地团队)"
)
_NEEDS = re.compile(
    r"须|需|应|必须|要求|要有|具备|具有|持有|取得|拥有|优先|最好|更好|为佳|加分|通过|由|找|请|配备|派|入选|至少|不少于|联署|"
    r"开具|能|会|懂|报告|结论|意见|附|出具|含|覆盖|使用|接入|部署|支持"
)
_EXPERTS = re.compile(
    r"(?:懂|熟悉|擅长|精通)(?!行|专利的|的)[^。;!?\n,、]{1,10}?(?:的|领域|方面)?(?:机构|(?<![责头])人|老师|团队|专家|分析师)"
)
_PREFERS = re.compile(r"优先|更好|最好|加分|为佳|为宜|尽量|尽可能|佳$|若有|如有|有.{0,6}者")
_NEGATED = re.compile(
    r"(?:不需|不必|不用|不要求|不强制|不再|不涉及|不属|不是|并非|无需|无须|毋需|毋须|没有?要求|未要求)"
    r"(?:(?!但|须|应|而).){0,12}$|[不未非]$"
)
_NEGATED_WITHIN = re.compile(r"不需|不必|不用|不要求|不强制|无需|无须")
_NEGATED_AFTER = re.compile(r"^[^。;!?\n,]{0,6}?(?:不[作做]|不需|不要求|不强制|不是必须|非必须)")
_DONE = re.compile(r"已经?(?:(?:与|和|同)[^。;!?\n,]{1,10})?(?:$|[签有购采开部做完建])")
_STILL_ASKED = re.compile(r"须|需|应|要求|者|的(?:机构|团队|服务商|公司|单位)")
_DOABLE: Final = (
    RequirementKind.SECRECY,
    RequirementKind.DATA,
    RequirementKind.TOOL,
    RequirementKind.LANGUAGE,
    RequirementKind.OTHER,
)
"""Kinds of which "already" says that nothing is asked; of the others it tells what to hold."""
_LANGUAGE_USE = re.compile(
    r"报告|意见|结论|摘要|版本?|对照|检索|阅读|标引|资料|沟通|律师|文献|专利|说明|材料|书面|翻译|流利|能力|能读|懂"
)
_NOT_LANGUAGE = re.compile(r"英文名|译为|译成|中译英|英译中|域名|公司名|品牌|抱怨|[查检]不[到准全]")
_LOCAL_SCOPE: Final = {
    "本地": ServiceRegion.SAME_CITY,
    "当地": ServiceRegion.SAME_CITY,
    "本市": ServiceRegion.SAME_CITY,
    "市内": ServiceRegion.SAME_CITY,
    "同城": ServiceRegion.SAME_CITY,
    "本省": ServiceRegion.SAME_PROVINCE,
    "省内": ServiceRegion.SAME_PROVINCE,
    "同省": ServiceRegion.SAME_PROVINCE,
}
_MIN_YEARS, _MAX_YEARS = 1, 30


class RequirementFinder:
    """Finds conditions on the provider, clause by clause."""

    def __init__(self) -> None:
        """Load the words for credentials, data, tools, languages and secrecy."""
        table = load_table(WORDS_FILE)
        words: dict[str, list[str]] = {}
        for kind in _VALUED:
            words |= {f"{kind}:{value}": listed for value, listed in table[kind].items()}
        for kind in (RequirementKind.DATA, RequirementKind.TOOL, RequirementKind.SECRECY):
            words[f"{kind}:"] = table[kind]["words"]
        self._lexicon = Lexicon(words)

    def find_requirements(
        self, text: str, regions: tuple[Tag, ...] = ()
    ) -> tuple[Requirement, ...]:
        """Conditions in the order they stand, each kind and value once.

        Args:
            text: Canonical text, title first.
            regions: Regions found in the text; a place named in a clause that asks for
                local presence becomes its value.
        """
        clauses = Clauses(text)
        found: dict[tuple[RequirementKind, str | int | None], Requirement] = {}
        for requirement in sorted(
            (
                *self._listed(clauses),
                *_counted(clauses),
                *_local(clauses, regions),
                *_experts(clauses),
            ),
            key=lambda requirement: requirement.evidence.start,
        ):
            if not _is_negated(requirement, clauses):
                found.setdefault((requirement.kind, requirement.value), requirement)
        return tuple(found.values())

    def _listed(self, clauses: Clauses) -> Iterator[Requirement]:
        for cue in self._lexicon.find(clauses.text):
            kind_text, _, value = cue.label.partition(":")
            kind = RequirementKind(kind_text)
            if _asks(kind, cue, clauses):
                named = value or _named(kind, cue, clauses.text)
                yield _requirement(kind, named, cue.start, cue.end, clauses)


def _named(kind: RequirementKind, cue: Cue, text: str) -> str | None:
    """The word itself is the value of a data source or tool; secrecy has none."""
    return None if kind is RequirementKind.SECRECY else text[cue.start : cue.end]


def _asks(kind: RequirementKind, cue: Cue, clauses: Clauses) -> bool:
    """Whether the clause puts the word as a condition."""
    text = clauses.text
    start, end = clauses.clause(cue.start)
    lead = text[max(start, cue.start - _LEAD) : cue.start]
    around = lead + text[cue.start : min(end, cue.end + _TAIL)]
    if kind in _PLAIN:
        return True
    if kind is RequirementKind.LANGUAGE:
        after = text[cue.end : min(end, cue.end + _TAIL)]
        is_use = _LANGUAGE_USE.search(after) or _LANGUAGE_USE.search(lead)
        return bool(is_use and not _NOT_LANGUAGE.search(text[start:end]))
    return bool(_NEEDS.search(around))


def _is_negated(requirement: Requirement, clauses: Clauses) -> bool:
    """Whether the clause says that this is not asked, or is done already."""
    evidence = requirement.evidence
    start, end = clauses.clause(evidence.start)
    lead, after = clauses.text[start : evidence.start], clauses.text[evidence.end : end]
    if _NEGATED.search(lead) or _NEGATED_WITHIN.search(evidence.text):
        return True
    if _NEGATED_AFTER.search(after):
        return True
    is_asked = _STILL_ASKED.search(requirement.text) or _PREFERS.search(requirement.text)
    return bool(requirement.kind in _DOABLE and _DONE.search(lead) and not is_asked)


def _counted(clauses: Clauses) -> Iterator[Requirement]:
    """Numbers of persons, years and cases asked for."""
    text = clauses.text
    for kind, patterns in (
        (RequirementKind.STAFF_COUNT, _STAFF),
        (RequirementKind.ANALYST_YEARS, _YEARS),
        (RequirementKind.SIMILAR_CASES, _CASES),
    ):
        for pattern in patterns:
            for match in pattern.finditer(text):
                number = read_number(match["n"])
                if number is None or not number:
                    continue
                if kind is RequirementKind.STAFF_COUNT and _is_of_years(match.start(), clauses):
                    continue  # so many with so many years, not so many in all
                if kind is RequirementKind.ANALYST_YEARS and not (
                    _MIN_YEARS <= number <= _MAX_YEARS
                ):
                    continue
                yield _requirement(kind, int(number), match.start(), match.end(), clauses)
    if not any(pattern.search(text) for pattern in _CASES):
        for match in _CASES_UNCOUNTED.finditer(text):
            yield _requirement(
                RequirementKind.SIMILAR_CASES, None, match.start(), match.end(), clauses
            )


def _is_of_years(start: int, clauses: Clauses) -> bool:
    """Whether the clause asks for people by their years: its number is none of all staff."""
    return _OF_YEARS.search(clauses.text, *clauses.clause(start)) is not None


def asked_heads(clause: str) -> int:
    """Return how many people a clause asks for; 1 when it gives no number."""
    found = _HEADS.search(clause)
    number = read_number(found["n"] or found["m"]) if found else None
    return int(number) if number else 1


def _local(clauses: Clauses, regions: tuple[Tag, ...]) -> Iterator[Requirement]:
    """Presence near the demand: a scope for 本地, a region code for a named place."""
    for match in _LOCAL.finditer(clauses.text):
        start, end = clauses.clause(match.start())
        codes = [
            tag.code
            for tag in regions
            if any(start <= evidence.start < end for evidence in tag.evidence)
        ]
        scope = _LOCAL_SCOPE.get(match["place"] or "")
        value = codes[0] if codes else scope
        if value is not None and _NEEDS.search(clauses.text, start, end):
            yield _requirement(
                RequirementKind.REGION, str(value), match.start(), match.end(), clauses
            )


def _experts(clauses: Clauses) -> Iterator[Requirement]:
    """People who know a field the demand names."""
    for match in _EXPERTS.finditer(clauses.text):
        yield _requirement(RequirementKind.OTHER, "expertise", match.start(), match.end(), clauses)


def _requirement(
    kind: RequirementKind, value: str | int | None, start: int, end: int, clauses: Clauses
) -> Requirement:
    """The finding, with its whole clause as the wording."""
    clause_start, clause_end = clauses.clause(start)
    wording = clauses.text[clause_start : max(clause_end, end)].strip()
    is_wish = _PREFERS.search(clauses.text[clause_start : max(clause_end, end)])
    return Requirement(
        kind=kind,
        strength=RequirementStrength.PREFER if is_wish else RequirementStrength.MUST,
        value=value,
        text=wording,
        evidence=Evidence(start, end, clauses.text[start:end]),
    )
