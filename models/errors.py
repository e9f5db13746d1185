"""The root of every error navmatch raises on purpose.

    NavmatchError
    ├── InvalidInputError      what came in breaks a rule; nothing was stored
    │   ├── TextRejectedError  a text the sanitiser refuses
    │   └── FileDamagedError   a file is not what was written; not the caller's fault
    ├── NotFoundError          no such row, or none this caller may see
    ├── UnknownCallerError     nobody knows who is asking, and it is not for everybody
    ├── ForbiddenError         the caller is known, and this is not theirs to do
    ├── ConflictError          the row changed meanwhile, or a unique value is taken
    ├── StateError             the life-cycle does not allow this step
    ├── UnavailableError       something needed does not answer now; try again
    │   └── DiskFullError      nothing can be stored until space is made
    └── SetupError             the installation cannot work as it stands

Errors carry a stable code, a Chinese sentence and named fields; they know nothing of HTTP.
"""

from typing import ClassVar


class NavmatchError(Exception):
    """Something navmatch refuses or cannot do, said in one Chinese sentence.

    Attributes:
        code: Stable identifier, the same in every version.
        message: Chinese sentence with the value met and what to do.
        fields: Named values for programs, never the offending text itself.
    """

    code: ClassVar[str] = "internal"

    def __init__(self, message: str, **fields: object) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields


class InvalidInputError(NavmatchError):
    """What came in breaks a rule; nothing was stored."""

    code = "invalid_input"


class TextRejectedError(InvalidInputError):
    """A text holds what the sanitiser refuses, or is too long or too short."""

    code = "text_rejected"


class FileDamagedError(InvalidInputError):
    """A file of the installation is not what was written; nothing rests on it."""

    code = "file_damaged"


class NotFoundError(NavmatchError):
    """There is no such row, or none the caller may see."""

    code = "not_found"


class UnknownCallerError(NavmatchError):
    """It is not for everybody, and nobody knows who is asking."""

    code = "unauthenticated"


class ForbiddenError(NavmatchError):
    """The caller is known, and this is not theirs to do."""

    code = "forbidden"


class ConflictError(NavmatchError):
    """The row changed meanwhile, or a value that must be unique is taken."""

    code = "conflict"


class StateError(NavmatchError):
    """The life-cycle of the row does not allow this step."""

    code = "state_not_allowed"


class UnavailableError(NavmatchError):
    """Something navmatch needs does not answer now; the same call may work later."""

    code = "unavailable"


class DiskFullError(UnavailableError):
    """Nothing can be stored until space is made; what was stored is still read and searched."""

    code = "disk_full"


class SetupError(NavmatchError):
    """The installation cannot work as it stands; the message says what to do."""

    code = "setup"
