"""Whose words tags are, and how a taxonomy changes."""

from enum import StrEnum


class Scheme(StrEnum):
    """Vocabulary a tag belongs to."""

    SCENARIO = "scenario"
    SEI = "sei2018"
    GB4754 = "gb4754"
    REGION = "gb2260"
    IPC = "ipc"


class TagSource(StrEnum):
    """Who assigned a tag; a human's always wins over the others."""

    AUTO = "auto"
    HUMAN = "human"
    IMPORT = "import"


class TaxonomyAct(StrEnum):
    """What made a version of the taxonomy."""

    ADD = "add"
    CHANGE = "change"
    RETIRE = "retire"
    IMPORT = "import"


class RetaggingState(StrEnum):
    """How far a round of tagging anew has come."""

    RUNNING = "running"
    DONE = "done"
    SUPERSEDED = "superseded"


class IpcState(StrEnum):
    """What became of asking for an IPC subclass; without a table it is unknown, never "none"."""

    SUGGESTED = "suggested"
    UNSURE = "unsure"
    NO_TABLE = "no_table"
    UNUSABLE_TABLE = "unusable_table"
