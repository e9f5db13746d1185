"""Providers that write for the ranking instead of for readers, each attack a function.

Every attacker really files trade marks and nothing else: whatever demand for patent work it is
found for, it is found for its words alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

Row = dict[str, str]
"""A capability as it is handed in: `id`, `title`, `text`, `group`."""

HONEST_TITLE: Final = "商标注册与续展代理"
HONEST_TEXT: Final = (
    "代办商标查询、注册申请、变更、续展和转让，提供近似检索与驳回复审文书，按件收费，"
    "进度可在线查询。"
)
ZERO_WIDTH: Final = "\u200b"
LOOKALIKES: Final[Mapping[str, str]] = {"a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "x": "х"}
"""Latin letters and the Cyrillic ones that look the same."""

RADICALS: Final[Mapping[str, str]] = {"工": "⼯", "一": "⼀", "大": "⼤", "人": "⼈", "力": "⼒"}
"""Han characters and the radicals that look the same."""

KEYWORDS: Final = 60


@dataclass(frozen=True, slots=True)
class Ground:
    """What an attacker can read before it writes.

    Attributes:
        demands: Published demands: title and text.
        capabilities: Capabilities of others: title and text.
        keywords: Words that stand in many demands, most frequent first.
    """

    demands: Sequence[tuple[str, str]]
    capabilities: Sequence[tuple[str, str]]
    keywords: Sequence[str]


Attack = Callable[[Ground, Random], list[Row]]


def honest(ground: Ground, chance: Random) -> list[Row]:
    """What the attacker would write if it were honest."""
    return [_row(0, HONEST_TITLE, HONEST_TEXT)]


def stuffing(ground: Ground, chance: Random) -> list[Row]:
    """Many keywords, once."""
    words = "、".join(ground.keywords[:KEYWORDS])
    return [_row(0, HONEST_TITLE, f"{HONEST_TEXT}服务领域：{words}。")]


def stuffing_five_times(ground: Ground, chance: Random) -> list[Row]:
    """Many keywords, five times."""
    words = "、".join(ground.keywords[:KEYWORDS])
    return [_row(0, HONEST_TITLE, f"{HONEST_TEXT}服务领域：{'、'.join([words] * 5)}。")]


def stuffing_run_together(ground: Ground, chance: Random) -> list[Row]:
    """Many keywords without anything between them."""
    return [_row(0, HONEST_TITLE, HONEST_TEXT + "".join(ground.keywords[:KEYWORDS]))]


def echo_of_many(ground: Ground, chance: Random) -> list[Row]:
    """One text of sentences of typical demands, and the keywords."""
    pieces = [text[:60] for _, text in chance.sample(list(ground.demands), 12)]
    words = "、".join(ground.keywords[:KEYWORDS])
    return [_row(0, "专利导航与分析服务", "。".join([*pieces, words]))]


def echo_of_each(ground: Ground, chance: Random) -> list[Row]:
    """A provider with fifty capabilities, each a demand word for word."""
    asked = chance.sample(list(ground.demands), min(50, len(ground.demands)))
    return [_row(n, title, text) for n, (title, text) in enumerate(asked)]


def echo_trimmed(ground: Ground, chance: Random) -> list[Row]:
    """The same with what the attacker calls itself put in between."""
    asked = chance.sample(list(ground.demands), min(50, len(ground.demands)))
    return [
        _row(
            n, f"{title}服务", f"我们承接：{text[: len(text) // 2]}。专业团队，快速响应，价格优惠。"
        )
        for n, (title, text) in enumerate(asked)
    ]


def sybils(number: int) -> Attack:
    """Return the attack of so many providers, each with a near copy of somebody's capability."""

    def attack(ground: Ground, chance: Random) -> list[Row]:
        copied = chance.sample(list(ground.capabilities), max(number // 5, 1))
        return [
            _row(n, title, _altered(text, chance), f"sybil-{n:03}")
            for n, (title, text) in ((n, copied[n % len(copied)]) for n in range(number))
        ]

    return attack


def sybils_that_echo(number: int) -> Attack:
    """Return the attack of so many providers whose copies also take up words of a demand."""

    def attack(ground: Ground, chance: Random) -> list[Row]:
        copied = chance.sample(list(ground.capabilities), max(number // 5, 1))
        asked = chance.sample(list(ground.demands), max(number // 5, 1))
        rows = []
        for n in range(number):
            title, text = copied[n % len(copied)]
            _, demand = asked[n % len(asked)]
            mixed = f"{_altered(text, chance)}{demand[:40]}。"
            rows.append(_row(n, title, mixed, f"sybil-{n:03}"))
        return rows

    return attack


def own_copies(ground: Ground, chance: Random) -> list[Row]:
    """One provider that enters the same near copy of another's capability twenty times."""
    title, text = chance.choice(list(ground.capabilities))
    return [_row(n, title, _altered(text, chance)) for n in range(20)]


def hidden_zero_width(ground: Ground, chance: Random) -> list[Row]:
    """Keywords whose characters are parted by nothing anybody sees."""
    words = "、".join(ZERO_WIDTH.join(word) for word in ground.keywords[:KEYWORDS])
    return [_row(0, HONEST_TITLE, HONEST_TEXT + ZERO_WIDTH + words)]


def hidden_far_down(ground: Ground, chance: Random) -> list[Row]:
    """Keywords a thousand line breaks below the text."""
    words = "\n".join(ground.keywords[:KEYWORDS])
    return [_row(0, HONEST_TITLE, HONEST_TEXT + "\n " * 1_000 + words)]


def lookalike_letters(ground: Ground, chance: Random) -> list[Row]:
    """A near copy of another's capability in letters that only look like its own."""
    title, text = chance.choice(list(ground.capabilities))
    table = str.maketrans({**LOOKALIKES, **RADICALS})
    return [_row(0, title.translate(table), text.translate(table))]


def repeated(ground: Ground, chance: Random) -> list[Row]:
    """A text that says the same twenty times."""
    return [_row(0, HONEST_TITLE, "专利侵权风险排查、专利导航、专利布局分析服务。" * 20)]


ATTACKS: Final[Mapping[str, Attack]] = {
    "honest": honest,
    "stuffing": stuffing,
    "stuffing_x5": stuffing_five_times,
    "stuffing_run_together": stuffing_run_together,
    "echo_of_many": echo_of_many,
    "echo_of_each": echo_of_each,
    "echo_trimmed": echo_trimmed,
    "sybils_20": sybils(20),
    "sybils_200": sybils(200),
    "sybils_echo_20": sybils_that_echo(20),
    "sybils_echo_200": sybils_that_echo(200),
    "own_copies": own_copies,
    "hidden_zero_width": hidden_zero_width,
    "hidden_far_down": hidden_far_down,
    "lookalike_letters": lookalike_letters,
    "repeated": repeated,
}


def _row(number: int, title: str, text: str, group: str = "attacker") -> Row:
    """Return a capability of an attacker, entered after all of the honest."""
    return {"id": f"zz-attack-{group}-{number:03}", "title": title, "text": text, "group": group}


def _altered(text: str, chance: Random) -> str:
    """Return a text with two of its clauses exchanged and a phrase put in."""
    clauses = text.split("，")
    if len(clauses) > 2:
        a, b = chance.sample(range(len(clauses)), 2)
        clauses[a], clauses[b] = clauses[b], clauses[a]
    clauses.insert(chance.randrange(len(clauses) + 1), chance.choice(["专业团队", "全程负责"]))
    return "，".join(clauses)
