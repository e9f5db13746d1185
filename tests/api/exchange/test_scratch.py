import tempfile
from pathlib import Path

import pytest

from api.exchange.scratch import scratch_folder
from models.errors import DiskFullError


def test_folder_is_gone_afterwards_however_it_ends() -> None:
    folders = []

    def fail() -> None:
        with scratch_folder() as folder:
            (folder / "file").write_bytes(b"content")
            folders.append(folder)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not folders[0].exists()


def test_no_place_that_can_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    places = [str(tmp_path / "nowhere")]
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: places)
    with pytest.raises(DiskFullError, match="TMPDIR"), scratch_folder():
        raise AssertionError
