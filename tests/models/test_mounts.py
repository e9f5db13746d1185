from pathlib import Path

import pytest

from models import sqlite
from models.database import Database
from models.errors import SetupError
from models.mounts import network_file_system

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:50 / /srv/share rw,relatime shared:9 master:2 - nfs4 host:/export rw
41 22 0:51 / /srv/share/local rw - xfs /dev/sdb1 rw
42 22 0:52 / /srv/my\\040files rw - cifs //host/files rw
43 22 0:53 / /data rw - ext4 /dev/sdc1 rw
44 22 0:54 / /data rw - fuse.sshfs host: rw
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/navmatch", None),
        ("/srv/share/navmatch", "nfs4"),
        ("/srv/share/local/navmatch", None),
        ("/srv/sharewood", None),
        ("/srv/my files", "cifs"),
        ("/data/navmatch", "fuse.sshfs"),
    ],
)
def test_network_file_system_is_that_of_the_nearest_mount(
    mounts: Path, folder: str, kind: str | None
) -> None:
    assert network_file_system(Path(folder), mounts) == kind


def test_network_file_system_unknown_without_a_list_of_mounts(tmp_path: Path) -> None:
    assert network_file_system(tmp_path, tmp_path / "missing") is None


def test_folder_of_the_tests_is_local(tmp_path: Path) -> None:
    assert network_file_system(tmp_path) is None


def test_sqlite_on_a_network_file_system_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "network_file_system", lambda folder: "nfs4")
    with pytest.raises(SetupError, match="网络文件系统（nfs4）"):
        Database(f"sqlite:///{tmp_path / 'new' / 'navmatch.db'}")
    assert not (tmp_path / "new").exists()
