"""The adapters of the default encoder trained here, and which encoder is in use."""

from api.kept_versions import SHIPPED, KeptVersions
from api.settings import Settings
from indexer.adapter import SUFFIX
from indexer.encoder import ADAPTERS_FOLDER, DEFAULT_ENCODER


def kept_adapters(settings: Settings) -> KeptVersions:
    """Return the versions of an installation."""
    shipped, command = "随软件附带的编码器", "navmatch train encoder --list"
    folder = settings.data_dir / ADAPTERS_FOLDER
    return KeptVersions(folder, SUFFIX, "编码器", shipped, command)


def chosen_encoder(settings: Settings) -> str | None:
    """Return the encoder an installation works with, as `indexer.encoder.open_encoder` takes it.

    What the operator names goes before what was trained. The version is named outright, so that
    a process that takes the place of another opens the same one, whatever was installed since.

    Raises:
        NotFoundError: the version in use is gone, and its checksum too. Where the checksum is
            there, the folder written from the version may serve on.
        FileDamagedError: the record of what is in use, or the checksum of the version, is broken.
            There is no falling back by itself: another encoder means another index, and processes
            that disagreed about it would build against each other.
    """
    if settings.encoder:
        return settings.encoder
    kept = kept_adapters(settings)
    version = kept.in_use
    if version != SHIPPED:
        kept.require_checksum(version)
    return None if version == SHIPPED else f"{DEFAULT_ENCODER}@{version}"
