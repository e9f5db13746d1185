"""How open a demand is, and what must not stand in it then."""

import unicodedata
from collections.abc import Iterable
from typing import Final

from api.intake.base import reference_problems
from api.intake.problems import FieldProblem
from models.acting import elevated
from models.database import Session
from models.demand import Demand
from models.organisation import Organisation
from models.vocabulary.access import Visibility
from models.vocabulary.demand import Confidentiality

_SHOWN_TEXTS: Final = ("title", "description", "background", "decision_question")
_PART: Final = "recipients"


def openness_problems(
    visibility: Visibility, confidentiality: Confidentiality
) -> Iterable[FieldProblem]:
    """Yield a problem where everybody would see what only some may."""
    if visibility == Visibility.PUBLIC and confidentiality == Confidentiality.RESTRICTED:
        yield FieldProblem(
            "visibility", "not_public", "限定范围的需求不能设为公开可见，请改小可见范围。"
        )


def recipient_problems(session: Session, recipient_id: str | None) -> Iterable[FieldProblem]:
    """Yield a problem when there is no such organisation; a base need not see whom it works for."""
    if recipient_id is None:
        return
    with elevated(session, _PART):
        found = list(reference_problems(session, [("recipient_id", Organisation, recipient_id)]))
    yield from found


def masking_problems(session: Session, demand: Demand) -> Iterable[FieldProblem]:
    """Yield a problem for each text that names a recipient who is to be masked."""
    if demand.confidentiality != Confidentiality.MASKED or demand.recipient_id is None:
        return
    with elevated(session, _PART):
        recipient = session.get(Organisation, demand.recipient_id)
    named = (recipient.name, recipient.short_name) if recipient is not None else ()
    names = [_compared(name) for name in named if name]
    for field in _SHOWN_TEXTS:
        text = _compared(getattr(demand, field) or "")
        if any(name in text for name in names):
            message = "公开程度为“隐去服务对象”时，文中不能写出服务对象的名称。"
            yield FieldProblem(field, "names_recipient", message)


def _compared(text: str) -> str:
    """Return a text without what does not make another name: width, case, spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
