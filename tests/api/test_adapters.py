"""The encoder an installation works with, whatever became of the files of its versions."""

import json
from pathlib import Path

import pytest

from api.adapters import chosen_encoder, kept_adapters
from api.kept_versions import HISTORY_FILE
from api.settings import Settings
from models.checksums import SUFFIX, noted_checksum
from models.errors import FileDamagedError, NotFoundError

VERSION = "20261126-001"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with an adapter in use."""
    made = Settings(data_dir=tmp_path)
    kept_adapters(made).install(VERSION, b"content")
    return made


def _file(settings: Settings) -> Path:
    return kept_adapters(settings).path(VERSION)


def test_version_in_use_is_named(settings: Settings) -> None:
    assert chosen_encoder(settings) == f"e5-small@{VERSION}"


def test_version_from_before_there_were_checksums_is_in_use_after_an_upgrade(
    settings: Settings,
) -> None:
    path = _file(settings)
    path.with_name(path.name + SUFFIX).unlink()
    (path.parent / HISTORY_FILE).write_text(json.dumps([VERSION]) + "\n", "utf-8")
    assert chosen_encoder(settings) == f"e5-small@{VERSION}"
    assert noted_checksum(path) is not None
    assert kept_adapters(settings).content(VERSION) == b"content"


def test_version_whose_file_is_gone_or_damaged_may_be_served_from_its_folder(
    settings: Settings,
) -> None:
    path = _file(settings)
    path.write_bytes(b"another")
    assert chosen_encoder(settings) == f"e5-small@{VERSION}"
    path.unlink()
    assert chosen_encoder(settings) == f"e5-small@{VERSION}"


def test_version_without_checksum_is_refused(settings: Settings) -> None:
    path = _file(settings)
    path.with_name(path.name + SUFFIX).unlink()
    with pytest.raises(FileDamagedError, match="缺失"):
        chosen_encoder(settings)
    path.unlink()
    with pytest.raises(NotFoundError, match=VERSION):
        chosen_encoder(settings)
