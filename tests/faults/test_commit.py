"""A process killed at a commit: what it told of is there, and what it was writing wholly or not.

The program as a whole is killed there every night (`test_failpoints.py`); this kills no more than
the writer, which costs next to nothing.
"""

import multiprocessing
import signal
import time
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from typing import Final

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
from models.viewer import acting_as, system
from tests.conftest import AUDIT_KEY
from tests.rows import add_demand, add_tag

N_WRITES = 5
"""The commit of the last one is not survived."""

LIMIT_S: Final = 60.0

forking = multiprocessing.get_context("forkserver")
"""Copies a process that has no threads and holds no locks: this one may have both."""

forking.set_forkserver_preload([__name__])


def write(database: Database, number: int) -> None:
    with database.write() as session:
        row = add_demand(session, f"第{number}条")
        add_tag(session, row, "ENT.RISK")


def write_in_a_unit(database: Database, number: int) -> None:
    unit = database.unit()
    with active(unit):
        write(database, number)
    database.commit(unit)


def write_all(url: str, point: Failpoint, in_a_unit: bool, tells: Connection) -> None:
    """Write again and again, and tell of every write that is done."""
    database = Database(url, AuditTrail(AUDIT_KEY))
    with acting_as(system("test")), armed(f"{point}:kill:{N_WRITES}"):
        for number in range(1, N_WRITES + 1):
            (write_in_a_unit if in_a_unit else write)(database, number)
            tells.send(number)


def write_until_killed(url: str, point: Failpoint, *, in_a_unit: bool) -> int:
    """Have a process write, and be killed at the last commit; of how many writes it told."""
    until = time.monotonic() + LIMIT_S
    told, tells = forking.Pipe(duplex=False)
    writer = forking.Process(target=write_all, args=(url, point, in_a_unit, tells), daemon=True)
    writer.start()
    tells.close()
    n_told = 0
    try:
        with suppress(EOFError):
            while told.poll(max(until - time.monotonic(), 0.0)):
                n_told = told.recv()
        writer.join(max(until - time.monotonic(), 0.0))
        assert writer.exitcode == -signal.SIGKILL
    finally:
        writer.kill()
        writer.join()
        told.close()
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
