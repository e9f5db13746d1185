"""What is told when somebody acts: to whom, as which kind, in which words."""

from typing import Final

from models.vocabulary.interaction import InteractionAct, InteractionState, Side
from models.vocabulary.notification import NotificationKind

_A = InteractionAct
_K = NotificationKind

Act = tuple[InteractionAct, Side, str | None]
"""What was done, by whom, and the Chinese name of the reason given."""

KINDS: Final = {
    _A.INVITE: _K.INVITED,
    _A.EXPRESS_INTEREST: _K.INTEREST,
    _A.ASK: _K.QUESTION,
    _A.ANSWER: _K.ANSWER,
    _A.ACCEPT: _K.ACCEPTED,
    _A.DECLINE: _K.DECLINED,
    _A.WITHDRAW: _K.WITHDRAWN,
    _A.SHORTLIST: _K.SHORTLISTED,
    _A.MEETING_PROPOSED: _K.MEETING,
    _A.MEETING_HELD: _K.MEETING,
    _A.OFFER: _K.OFFER,
    _A.OFFER_REVISED: _K.OFFER,
    _A.CONFIRM: _K.CONFIRMED,
    _A.CONVERT: _K.CONFIRMED,
    _A.RATE: _K.RATED,
    _A.REPORT_ABUSE: _K.ABUSE,
    _A.REMIND: _K.REMINDER,
    _A.LAPSE: _K.LAPSED,
}
"""Acts somebody is told of."""

_TEXTS: Final = {
    _A.INVITE: "{who}邀请{you}承接需求“{title}”，请在 5 个工作日内答复。",
    _A.EXPRESS_INTEREST: "{who}对需求“{title}”表示意向，请在 5 个工作日内答复。",
    _A.ASK: "{who}就需求“{title}”提问。",
    _A.ANSWER: "{who}答复了关于需求“{title}”的提问。",
    _A.ACCEPT: "{who}接受了需求“{title}”的对接，双方可以查看联系人。",
    _A.DECLINE: "{who}谢绝了需求“{title}”的对接{reason}。",
    _A.WITHDRAW: "{who}撤回了需求“{title}”的对接。",
    _A.SHORTLIST: "{who}把{you}列入需求“{title}”的候选。",
    _A.MEETING_PROPOSED: "{who}就需求“{title}”约谈。",
    _A.MEETING_HELD: "{who}登记了需求“{title}”的面谈。",
    _A.OFFER: "{who}对需求“{title}”提交了方案和报价。",
    _A.OFFER_REVISED: "{who}修改了需求“{title}”的方案和报价。",
    _A.CONFIRM: "{who}确认与{you}合作完成需求“{title}”。推荐和确认不代替采购程序。",
    _A.CONVERT: "{who}登记了需求“{title}”的立项。",
    _A.RATE: "{who}评价了需求“{title}”的完成情况。",
    _A.REPORT_ABUSE: "{who}举报了需求“{title}”的对接，请核查。",
    _A.REMIND: "需求“{title}”的对接等待答复已满 5 个工作日，再过 5 个工作日将自动终止。",
    _A.LAPSE: "需求“{title}”的对接因逾期未答复或需求已结束而终止。",
}
_MUTUAL_TEXT: Final = "{who}也有意对接需求“{title}”，双方可以查看联系人。"
_ANSWERED: Final = frozenset({_A.INVITE, _A.EXPRESS_INTEREST, _A.ACCEPT})
"""Acts that make the interest mutual when the other side was waiting."""

RECIPIENT: Final = "成果使用单位"
"""What a recipient is called before both sides have said yes, and in every notification."""

DEMAND_SIDE: Final = "需求方"
"""What a base is called that has not come forward, and whoever owns a demand without one."""

_SIDE_NAMES: Final = {Side.RECIPIENT: RECIPIENT, Side.PLATFORM: "平台"}


def sentence(
    act: Act, state: InteractionState, *, reader: Side, names: dict[Side, str], title: str
) -> str:
    """Return what is told of an act.

    Args:
        act: What was done, and by whom.
        state: Where it led.
        reader: Who is told.
        names: Names of the organisations of base and provider, as the reader may know them.
        title: Title of the demand.
    """
    doing, side, reason = act
    is_yes = doing in _ANSWERED and state is InteractionState.MUTUAL
    template = _MUTUAL_TEXT if is_yes else _TEXTS[doing]
    who = _SIDE_NAMES.get(side) or names.get(side, "对方")
    you = "贵机构" if reader is Side.PROVIDER else names[Side.PROVIDER]
    return template.format(who=who, you=you, title=title, reason=f"：{reason}" if reason else "")
