"""On what kind of file system a folder lies."""

import re
from pathlib import Path
from typing import Final

MOUNTS: Final = Path("/proc/self/mountinfo")

_NETWORK: Final = re.compile(
    r"nfs\d?|cifs|smb\w*|afs|ceph|lustre|beegfs\w*|gpfs|ocfs2|gfs2?|glusterfs|vboxsf|prl_fs"
    r"|fuse\.(sshfs|glusterfs|s3fs|ceph\w*|smb\w*|rclone|goofys|juicefs|davfs2?)|davfs"
)
_ESCAPED: Final = re.compile(r"\\([0-7]{3})")


def network_file_system(folder: Path, mounts: Path = MOUNTS) -> str | None:
    """Return the kind of the network file system a folder lies on.

    None when it lies on a local one, or where the system does not tell (not Linux).
    """
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    place = folder.resolve()
    found = [
        (len(point.parts), number, kind)
        for number, (point, kind) in enumerate(map(_mount, lines))
        if place.is_relative_to(point)
    ]
    kind = max(found)[2] if found else ""  # of several at one place the last hides the others
    return kind if _NETWORK.fullmatch(kind) else None


def _mount(line: str) -> tuple[Path, str]:
    """Return place and kind of one mount (`man 5 proc_pid_mountinfo`)."""
    before, _, after = line.partition(" - ")
    place = _ESCAPED.sub(lambda code: chr(int(code[1], 8)), before.split(" ")[4])
    return Path(place), after.split(" ")[0]
