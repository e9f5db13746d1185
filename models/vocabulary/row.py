"""Kinds of rows, and what becomes of them."""

from enum import StrEnum


class Entity(StrEnum):
    """Kind of row a change-log entry or an index item speaks of."""

    ORGANISATION = "organisation"
    BASE = "base"
    DEMAND = "demand"
    PROVIDER = "provider"
    CAPABILITY = "capability"
    CASE = "case"


class Operation(StrEnum):
    """What a change did to a row."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    ERASE = "erase"


class ImportState(StrEnum):
    """How far an uploaded sheet has come."""

    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
