"""Writes the audit chain: every change of a row by itself, other acts when told."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Engine, event, insert
from sqlalchemy import inspect as inspect_row
from sqlalchemy.orm import InstanceState, Session, UOWTransaction, sessionmaker

from models.acting import tell
from models.audit import PLATFORM_CHAIN, AuditEvent, AuditKey
from models.audit_points import head_of, lock_chain
from models.base import SEAL, Row, now_utc
from models.failpoints import Failpoint, hit
from models.occasion import current_occasion
from models.viewer import current_viewer, system
from models.vocabulary.access import AuditAction, AuditResult

_PENDING: Final = "navmatch_audit"
_MARKS: Final = "navmatch_audit_marks"
_IN_ONE: Final = "navmatch_audit_in_one"
_UNCHANGING: Final = frozenset({"created_at", "updated_at", "version", "search_text", SEAL})
"""Columns left out of a row's state: set at every change, or made from the others."""

_EVENTS: Final[Any] = AuditEvent.__table__


class AuditTrail:
    """Appends the entries of a transaction as its last step before the commit.

    So the lock on a chain is held as shortly as can be and nothing else is waited for under
    it; what is rolled back, wholly or to a savepoint, leaves no entry.
    """

    def __init__(self, key: AuditKey) -> None:
        self.key = key

    def attach(self, engine: Engine, sessions: sessionmaker[Session]) -> None:
        """Follow all transactions of an engine and all changes made by these sessions."""
        event.listen(engine, "begin", _open)
        event.listen(engine, "savepoint", _mark)
        event.listen(engine, "rollback_savepoint", _take_back)
        event.listen(engine, "release_savepoint", _keep)
        event.listen(engine, "rollback", _open)
        event.listen(engine, "commit", self._append)
        event.listen(sessions, "after_flush", self._note_changes)

    def _note_changes(self, session: Session, flush: UOWTransaction) -> None:
        for rows, action in (
            (session.new, AuditAction.CREATE),
            (session.dirty, AuditAction.UPDATE),
            (session.deleted, AuditAction.DELETE),
        ):
            for row in rows:
                if isinstance(row, Row) and (rows is not session.dirty or session.is_modified(row)):
                    self._note_change(session, row, action)

    def _note_change(self, session: Session, row: Row, action: AuditAction) -> None:
        state = inspect_row(row)
        if action is AuditAction.UPDATE and any(state.attrs.deleted_at.history.added):
            action = AuditAction.DELETE
        before = None if action is AuditAction.CREATE else self.key.state_hash(_before(state))
        after = None if session.deleted and row in session.deleted else self.state_of(row)
        if before == after and _IN_ONE in session.info:
            return
        note(session.connection(), action, row.entity.value, row.id, states=(before, after))

    def state_of(self, row: Row) -> str:
        """Return the code of a row's present state."""
        return self.key.state_hash(_after(inspect_row(row)))

    def _append(self, connection: Connection) -> None:
        pending: list[dict[str, Any]] = connection.info.get(_PENDING, [])
        if pending:
            try:
                self._write(connection, pending)
            except BaseException:  # so late SQLAlchemy would leave the transaction open
                if not connection.invalidated:
                    connection.dialect.do_rollback(connection.connection)
                raise

    def _write(self, connection: Connection, pending: list[dict[str, Any]]) -> None:
        hit(Failpoint.BEFORE_AUDIT)
        tell(connection, system("audit"))  # nothing is asked after this but the commit
        chains: dict[str, list[dict[str, Any]]] = {}
        for values in pending:
            chains.setdefault(values["chain"], []).append(values)
        for chain in sorted(chains):
            lock_chain(connection, chain)
            number, mac = head_of(connection, chain, self.key)
            for values in chains[chain]:
                number += 1
                values |= {"number": number, "previous_mac": mac}
                mac = values["mac"] = self.key.mac(mac, values)
        connection.execute(insert(_EVENTS), pending)
        _open(connection)
        hit(Failpoint.AFTER_AUDIT)


def enter_in_one(session: Session) -> None:
    """Leave rows out of the chain none of whose own columns change in a session.

    For work on very many rows that only reads their texts anew: whoever does it enters it as one
    act (`record`), or everything else would be lost among its entries.
    """
    session.info[_IN_ONE] = True


def record(
    session: Session,
    action: AuditAction,
    entity: str | None = None,
    entity_id: str | None = None,
    result: AuditResult = AuditResult.DONE,
) -> None:
    """Put an act into the audit chain, in the transaction of a session that writes.

    Who acted and on what occasion is taken from `current_viewer` and `current_occasion`.

    Args:
        session: A session of `Database.write`.
        action: What was done or tried.
        entity: Kind of what it was done to.
        entity_id: Its key.
        result: How it ended.
    """
    note(session.connection(), action, entity, entity_id, result=result)


def note(
    connection: Connection,
    action: AuditAction,
    entity: str | None,
    entity_id: str | None,
    *,
    states: tuple[str | None, str | None] = (None, None),
    result: AuditResult = AuditResult.DONE,
) -> None:
    """Keep an entry until the transaction is committed; `states` are hashes, before and after."""
    if _PENDING not in connection.info:
        raise RuntimeError("this database was opened without an audit trail")
    viewer, occasion = current_viewer(), current_occasion()
    connection.info[_PENDING].append(
        {
            "chain": viewer.organisation_id or PLATFORM_CHAIN,
            "at": now_utc(),
            "actor": _clip(viewer.actor),
            "role": viewer.role,
            "organisation_id": viewer.organisation_id,
            "act": occasion.act[:64],
            "action": action,
            "entity": entity,
            "entity_id": _clip(entity_id),
            "result": result,
            "before_hash": states[0],
            "after_hash": states[1],
            "request_id": _clip(occasion.request_id),
            "client": _clip(occasion.client),
        }
    )


def _open(connection: Connection) -> None:
    if not connection.invalidated:  # a lost one keeps nothing and may not be asked
        connection.info[_PENDING] = []
        connection.info[_MARKS] = []


def _mark(connection: Connection, name: str | None) -> None:
    connection.info[_MARKS].append(len(connection.info[_PENDING]))


def _take_back(connection: Connection, name: str, context: None) -> None:
    if not connection.invalidated:
        del connection.info[_PENDING][connection.info[_MARKS].pop() :]


def _keep(connection: Connection, name: str, context: None) -> None:
    connection.info[_MARKS].pop()


def _before(state: InstanceState[Any]) -> list[Any]:
    """Return a row's columns as they were before the change under way."""
    return list(_columns(state, is_before=True))


def _after(state: InstanceState[Any]) -> list[Any]:
    return list(_columns(state, is_before=False))


def _columns(state: InstanceState[Any], *, is_before: bool) -> Iterator[Any]:
    for attribute in state.mapper.column_attrs:
        if attribute.key not in _UNCHANGING:
            old = state.attrs[attribute.key].history.deleted if is_before else ()
            yield old[0] if old else state.dict.get(attribute.key)


def _clip(value: str | None) -> str | None:
    return None if value is None else value[:64]
