"""Organisations behind providers and bases: found again, or stored once."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from api.intake.base import IntakeParts, check_version
from api.intake.codes import region_problems
from api.intake.problems import FieldProblem, FieldsRejectedError
from api.schemas.accounts import OrganisationCreate, OrganisationUpdate
from api.vocabularies import Vocabularies
from models import repository
from models.acting import elevated, viewer_of
from models.conditions import Condition, equals
from models.database import Session
from models.errors import ConflictError
from models.lookalikes import names_same
from models.organisation import Organisation, uscc_is_valid
from models.sight import own_id
from models.viewer import current_viewer

_PART: Final = "organisations"
ORGANISATION_FIELDS: Final = frozenset(
    {"name", "short_name", "uscc", "org_type", "region_code", "park_level"}
)


def uscc_problems(uscc: str | None) -> Iterable[FieldProblem]:
    """Yield a problem when the check character of a credit code does not fit."""
    if uscc is not None and not uscc_is_valid(uscc):
        yield FieldProblem("uscc", "check_digit", "统一社会信用代码的校验位不对，请核对后再填。")


class OrganisationIntake:
    """Takes organisations in for which accounts are to be made; a transaction each."""

    def __init__(self, parts: IntakeParts) -> None:
        self._parts = parts

    def create(self, body: OrganisationCreate) -> Organisation:
        """Register an organisation.

        Raises:
            FieldsRejectedError: codes do not fit.
            ConflictError: one of this name or credit code is there.
        """
        tables = self._parts.vocabularies
        values = body.model_dump()
        self._check(values)
        with self._parts.database.write() as session:
            _refuse_namesake(session, body.name)
            organisation = Organisation(name=body.name, created_by=current_viewer().actor)
            assign_organisation(session, organisation, values, tables)
            session.add(organisation)
        self._parts.committed()
        return organisation

    def change(self, organisation_id: str, body: OrganisationUpdate) -> Organisation:
        """Change the fields sent.

        Raises:
            NotFoundError: there is no such organisation among those looked after.
            ForbiddenError: whoever asks does not answer for it.
            FieldsRejectedError: codes do not fit.
            ConflictError: it was changed since it was read, or another has the name or credit code.
        """
        changes = body.changes()
        self._check(changes)
        with self._parts.database.write() as session, session.no_autoflush:
            organisation = repository.get_to_change(session, Organisation, organisation_id)
            check_version(organisation, body.version)
            if "name" in changes:
                _refuse_namesake(session, changes["name"], organisation.id)
            assign_organisation(session, organisation, changes, self._parts.vocabularies)
        self._parts.committed()
        return organisation

    def _check(self, values: Mapping[str, Any]) -> None:
        problems = [
            *region_problems(self._parts.vocabularies, "region_code", [values.get("region_code")]),
            *uscc_problems(values.get("uscc")),
        ]
        if problems:
            raise FieldsRejectedError(problems)

    def named(self, words: str) -> Organisation | None:
        """Return the organisation of a full name or credit code, also one nobody else sees.

        Whoever posts a demand has to say whom it is for; that there is such an organisation is
        told only to who can already name it.
        """
        with self._parts.database.read() as session, elevated(session, _PART):
            by_code = repository.find_organisation_by_uscc(session, words.upper())
            return by_code or _named(session, words)

    def looked_after(self) -> list[Condition]:
        """Return the condition that whoever asks answers for an organisation."""
        own = own_id(current_viewer())
        return [] if own is None else [equals(Organisation.id, own)]


def organisation_for(
    session: Session, values: Mapping[str, Any], vocabularies: Vocabularies, by: str | None
) -> Organisation:
    """Return the organisation with this credit code, else this name, else a new one.

    Members register their own organisation and no other. One found by its name alone may be
    another's entry: only what it lacks is filled in.
    """
    own = own_id(viewer_of(session))
    if own is not None:
        mine = repository.get(session, Organisation, own)
        sent = {k: v for k, v in values.items() if v is not None}
        assign_organisation(session, mine, sent, vocabularies)
        return mine
    known = None
    if values.get("uscc"):
        known = repository.find_organisation_by_uscc(session, values["uscc"])
    if known is None:
        named = _named(session, values["name"])
        differs = named is not None and named.uscc and values.get("uscc") not in (None, named.uscc)
        known = None if differs else named
        if known is not None:
            values = {k: v for k, v in values.items() if getattr(known, k, None) is None}
    organisation = known or Organisation(name=values["name"], created_by=by)
    sent = {k: v for k, v in values.items() if known is None or v is not None}
    assign_organisation(session, organisation, sent, vocabularies)
    session.add(organisation)
    return organisation


def assign_organisation(
    session: Session,
    organisation: Organisation,
    changes: Mapping[str, Any],
    vocabularies: Vocabularies,
) -> None:
    """Set those of the values that belong to the organisation.

    Raises:
        ConflictError: the credit code belongs to another organisation, or the name is or looks
            like that of another one.
    """
    with elevated(session, _PART):  # names and codes are unique among all, seen or not
        _refuse_lookalike(session, organisation, changes)
        _refuse_code(session, organisation, changes.get("uscc"))
    for name in ORGANISATION_FIELDS & set(changes):
        value = changes[name]
        setattr(
            organisation, name, vocabularies.division(value) if name == "region_code" else value
        )


def _named(session: Session, name: str) -> Organisation | None:
    """Return the organisation of a name, however wide its letters were typed."""
    exact = repository.find_organisation(session, name)
    if exact is not None:
        return exact
    alike = repository.organisations_like(session, name)
    return next((known for known in alike if names_same(known.name, name)), None)


def _refuse_namesake(session: Session, name: str, own_id: str | None = None) -> None:
    """Refuse a name another organisation has, be it one whoever asks does not see.

    Raises:
        ConflictError: there is another of this name.
    """
    with elevated(session, _PART):
        namesake = _named(session, name)
    if namesake is not None and namesake.id != own_id:
        raise _same_name()


def _refuse_lookalike(
    session: Session, organisation: Organisation, changes: Mapping[str, Any]
) -> None:
    """Refuse a name that is or looks like another's; credit codes that differ tell them apart.

    Raises:
        ConflictError: there is one it could be taken for.
    """
    name = changes.get("name") or organisation.name
    uscc = changes.get("uscc", organisation.uscc)
    is_named_anew = organisation not in session or name != organisation.name
    if not is_named_anew and organisation.uscc in (None, uscc):
        return  # nothing it was told apart by is taken away
    for other in repository.organisations_like(session, name):
        is_told_apart = uscc and other.uscc and uscc != other.uscc
        if other.id == organisation.id or is_told_apart:
            continue
        if names_same(other.name, name):
            raise _same_name()
        raise ConflictError(
            "这个名称与已有的一家机构几乎相同（有形近的字符），容易混淆。"
            "请核对名称；确是另一家机构时，请填写双方的统一社会信用代码。",
            reason="lookalike",
        )


def _refuse_code(session: Session, organisation: Organisation, uscc: str | None) -> None:
    """Refuse a credit code another organisation has.

    Raises:
        ConflictError: there is one.
    """
    holder = repository.find_organisation_by_uscc(session, uscc) if uscc else None
    if holder is not None and holder.id != organisation.id:
        raise ConflictError("这个统一社会信用代码属于另一家机构。", reason="uscc")


def _same_name() -> ConflictError:
    return ConflictError("已有同名的单位。", reason="name")
