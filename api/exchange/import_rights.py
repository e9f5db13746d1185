"""Whether those behind an uploaded sheet may still do what is being done for them."""

from collections.abc import Mapping
from typing import Final

from api.exchange.columns import ImportKind
from api.identity.identity import Identity
from api.identity.principal import Principal
from api.permission import check
from models.errors import ForbiddenError
from models.import_job import ImportJob
from models.sight import own_id
from models.viewer import Viewer

CREATES: Final[Mapping[ImportKind, str]] = {
    ImportKind.DEMANDS: "create_demand",
    ImportKind.PROVIDERS: "create_provider",
    ImportKind.CAPABILITIES: "create_capability",
    ImportKind.CASES: "create_case",
}
"""The operation that stores one row of each kind: who may call it may import sheets of them."""

_GONE: Final = "的密钥已撤销或过期，或账号已停用、所属单位已注销"


class RightLostError(ForbiddenError):
    """Who sent a sheet, or who had it imported, may not do that any more."""


class ImportRights:
    """Asks the same doors a request comes through, again and again while a sheet is worked on.

    But for the second factor: that was asked when the sheet was sent and when it was confirmed,
    and the stay in which it was given may be over.
    """

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def check(self, job: ImportJob) -> Viewer:
        """Return as whom the rows of a sheet are written.

        Raises:
            RightLostError: its sender, or who confirmed it, could not store such a row now.
        """
        sender = self._first(job, job.created_by, "上传者", as_sender=True)
        if job.confirmed_by is not None and job.confirmed_by != job.created_by:
            self._first(job, job.confirmed_by, "确认导入者", as_sender=False)
        return sender.viewer

    def _first(self, job: ImportJob, actor: str | None, who: str, *, as_sender: bool) -> Principal:
        """Return the first of somebody's places in which they may store such rows."""
        places = self._identity.acting(actor) if actor is not None else ()
        found = [p for p in places if not as_sender or _is_sender(job, p.viewer)]
        refusal = f"{who}{_GONE}。"
        for principal in found:
            try:
                check(CREATES[ImportKind(job.kind)], principal, second_factor=False)
            except ForbiddenError as error:
                refusal = f"{who}现在不能登记这类记录：{error.message}"
            else:
                return principal
        raise RightLostError(refusal)


def _is_sender(job: ImportJob, viewer: Viewer) -> bool:
    return viewer.role is job.role and own_id(viewer) == job.owner_id
