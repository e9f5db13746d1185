"""One row the database refuses costs a batch nothing but that row."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select

from api.schemas import examples
from api.schemas.case import CaseCreate
from api.schemas.demand import DemandCreate
from models.base import Row
from models.case import Case
from models.change import ChangeLog
from models.demand import Demand
from models.errors import ConflictError, InvalidInputError, NavmatchError, UnavailableError
from models.failures import attempt
from tests.api.conftest import Running
from tests.rows import add_organisation

Outcomes = Sequence[Row | NavmatchError]


def demands(running: Running, refs: Sequence[str]) -> Outcomes:
    bodies = [DemandCreate.model_validate({**examples.DEMAND, "source_ref": ref}) for ref in refs]
    return running.service.intake.demands.create_many(bodies)


def cases(running: Running, refs: Sequence[str]) -> Outcomes:
    bodies = [CaseCreate.model_validate({**examples.CASE, "source_ref": ref}) for ref in refs]
    return running.service.intake.cases.create_many(bodies)


@pytest.mark.parametrize(("table", "create"), [(Demand, demands), (Case, cases)])
def test_row_the_database_refuses_loses_no_other(
    running: Running,
    monkeypatch: pytest.MonkeyPatch,
    table: type[Demand | Case],
    create: Callable[[Running, Sequence[str]], Outcomes],
) -> None:
    for module in ("demands", "cases"):  # the check another writer can overtake
        monkeypatch.setattr(f"api.intake.{module}.check_source_ref", lambda *asked: None)
    outcomes = create(running, ["甲", "甲", "乙"])
    assert [type(outcome) for outcome in outcomes] == [table, ConflictError, table]
    with running.service.database.read() as session:
        assert set(session.scalars(select(table.source_ref))) == {"甲", "乙"}
        logged = session.scalars(
            select(ChangeLog.entity_id).where(ChangeLog.seq > running.emptied_at[0])
        )
        assert sorted(logged) == sorted(o.id for o in outcomes if isinstance(o, Row))


def test_outage_is_no_fault_of_a_row(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*asked: object) -> None:
        raise UnavailableError("数据库暂时没有响应。")

    monkeypatch.setattr("api.intake.demands.check_source_ref", fail)
    with pytest.raises(UnavailableError):
        demands(running, ["甲"])


def test_attempt_that_fails_is_taken_back_alone(running: Running) -> None:
    with running.service.database.write() as session:
        add_organisation(session, "甲公司")
        with pytest.raises(InvalidInputError), attempt(session):
            add_organisation(session, "乙公司\ud800")
        add_organisation(session, "丙公司")
    assert running.last_seq() == running.emptied_at[0] + 2
