"""A process killed at a commit: what it told of is there, and what it was writing wholly or not.

The program as a whole is killed there every night (`test_failpoints.py`); this kills no more than
the writer, which costs next to nothing.
"""

import os
import signal
from contextlib import closing

import pytest
from sqlalchemy import select

from models import audit_check
from models.audit_trail import AuditTrail
from models.database import Database
from models.demand import Demand
from models.failpoints import Failpoint, armed
from models.tag import TagAssignment
from models.unit import active
from models.verification import row_faults
from tests.conftest import AUDIT_KEY
from tests.rows import add_demand, add_tag

N_WRITES = 5
"""The commit of the last one is not survived."""


def write(database: Database, number: int) -> None:
    with database.write() as session:
        row = add_demand(session, f"第{number}条")
        add_tag(session, row, "ENT.RISK")


def write_in_a_unit(database: Database, number: int) -> None:
    unit = database.unit()
    with active(unit):
        write(database, number)
    database.commit(unit)


def write_until_killed(url: str, point: Failpoint, *, in_a_unit: bool) -> int:
    """Have a process write, and be killed at the last commit; of how many writes it told."""
    told, tells = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with armed(f"{point}:kill:{N_WRITES}"):
                database = Database(url, AuditTrail(AUDIT_KEY))
                for number in range(1, N_WRITES + 1):
                    (write_in_a_unit if in_a_unit else write)(database, number)
                    os.write(tells, b".")
        finally:
            os._exit(1)  # a child must not come back from here
    os.close(tells)
    with os.fdopen(told, "rb") as replies:
        n_told = len(replies.read())
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    return n_told


@pytest.mark.parametrize("in_a_unit", [False, True], ids=["alone", "in a unit"])
@pytest.mark.parametrize(
    ("point", "n_kept"),
    [(Failpoint.BEFORE_COMMIT, N_WRITES - 1), (Failpoint.AFTER_COMMIT, N_WRITES)],
)
def test_writer_killed_at_a_commit_leaves_whole_writes(
    database_url: str, point: Failpoint, n_kept: int, in_a_unit: bool
) -> None:
    assert write_until_killed(database_url, point, in_a_unit=in_a_unit) == N_WRITES - 1
    with closing(Database(database_url)) as database, database.read() as session:
        titles = session.scalars(select(Demand.title).order_by(Demand.id)).all()
        tagged = session.scalars(select(TagAssignment.entity_id)).all()
        ids = session.scalars(select(Demand.id)).all()
        assert titles == [f"第{number}条" for number in range(1, n_kept + 1)]
        assert sorted(tagged) == sorted(ids)
        assert list(row_faults(session)) == []
        assert list(audit_check.verify(session, AUDIT_KEY)) == []
        assert audit_check.count(session) == n_kept
