"""The adapters of the default encoder trained here, and which encoder is in use."""

from pathlib import Path

from api.kept_versions import SHIPPED, KeptVersions
from api.settings import Settings
from indexer.adapter import SUFFIX, Adapter
from indexer.encoder import ADAPTERS_FOLDER, DEFAULT_ENCODER, DEFAULT_ENCODERS


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


def adapter_path(settings: Settings, encoder: str) -> Path | None:
    """Return the file of the adapter in the name of an encoder; None where it names none."""
    name, _, version = encoder.partition("@")
    if name not in DEFAULT_ENCODERS or not version:
        return None
    return kept_adapters(settings).folder / f"{version.removesuffix(SUFFIX)}{SUFFIX}"


def check_adapter(settings: Settings) -> None:
    """See that the encoder in use could be written anew from its adapter, where it has one.

    Raises:
        NotFoundError: the adapter is gone.
        FileDamagedError: it is not what was kept, or the record of what is in use is broken.
        EncoderFilesError: it is one the operator names, and cannot be read.
    """
    path = adapter_path(settings, chosen_encoder(settings) or "")
    if path is not None and settings.encoder:
        Adapter.read(path)
    elif path is not None:
        kept_adapters(settings).content(path.name.removesuffix(SUFFIX))
