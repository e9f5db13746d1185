"""The installation a command works on, opened as far as the command needs it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from api.adapters import chosen_encoder
from api.cli.console import progress, waiting
from api.settings import Settings
from api.wiring import Service
from indexer.encoder import DEFAULT_ENCODER, DEFAULT_ENCODERS, Encoder, open_encoder
from indexer.encoder_process.child import Opening
from indexer.encoder_process.client import ProcessEncoder
from indexer.encoder_process.owner import EncoderOwner
from models.durable import PRIVATE_FOLDER, make_folder
from models.errors import SetupError


def open_configured_encoder(settings: Settings) -> Encoder:
    """Return the encoder the settings name."""
    return open_encoder(chosen_encoder(settings), settings.data_dir, settings.threads)


@dataclass
class Installation:
    """Settings, and how they are turned into a working service.

    Attributes:
        settings: What the installation is set to.
        make_encoder: Opens the encoder.
    """

    settings: Settings
    make_encoder: Callable[[Settings], Encoder] = open_configured_encoder

    @contextmanager
    def store(self) -> Iterator[Service]:
        """Give the service without encoder and index, for work on the database alone."""
        self.make_data_dir()
        service = Service(self.settings, NoEncoder())
        try:
            service.prepare_database()
            yield service
        finally:
            service.close()

    @contextmanager
    def readers(self) -> Iterator[Service]:
        """Give the service with its encoder and up-to-date tables, the index not opened."""
        self.make_data_dir()
        service = Service(self.settings, self.encoder())
        try:
            service.prepare_database()
            yield service
        finally:
            service.close()

    @contextmanager
    def service(self) -> Iterator[Service]:
        """Give the whole service; the index is loaded, or built with a progress bar."""
        with self.readers() as service:
            with progress("准备索引") as told:
                service.open(told, follow=False)
            yield service

    def encoder(self) -> Encoder:
        """Open the encoder; the first time its files are made."""
        if (self.settings.encoder or DEFAULT_ENCODER) in DEFAULT_ENCODERS:
            self.make_data_dir()  # where its files go
        with waiting("正在准备编码器（首次使用时要生成文件，约需半分钟）…"):
            return self.make_encoder(self.settings)

    def opening(self) -> Opening | None:
        """Return how a process of its own opens the encoder; None where this one does."""
        if not self.settings.encoder_process or self.make_encoder is not open_configured_encoder:
            return None
        settings = self.settings
        chosen = chosen_encoder(settings)
        return Opening(chosen, str(settings.data_dir.absolute()), settings.threads)

    @contextmanager
    def encoder_at_work(self) -> Iterator[tuple["Installation", str]]:
        """Give an installation whose encoder works in a process of its own, and its address.

        Where there is to be none, the installation as it is and no address.
        """
        opening = self.opening()
        if opening is None:
            yield self, ""
            return
        self.make_data_dir()
        owner = EncoderOwner(
            opening,
            n_lanes=self.settings.resolved_encoder_lanes,
            has_spare=self.settings.encoder_spare,
            hang_s=self.settings.encoder_hang_s,
            folder=self.settings.data_dir / "run",
        )
        with waiting("正在准备编码器（首次使用时要生成文件，约需半分钟）…"):
            owner.start()
        try:
            yield self.with_encoder_at(str(owner.address)), str(owner.address)
        finally:
            owner.stop()

    def with_encoder_at(self, address: str) -> "Installation":
        """Return the installation with the encoder at an address; itself without one."""
        if not address:
            return self
        return replace(self, make_encoder=lambda _: ProcessEncoder(Path(address)))

    def make_data_dir(self) -> None:
        """Make the data directory, for its owner alone; one that is there is left as it is.

        Raises:
            SetupError: it cannot be made.
        """
        try:
            make_folder(self.settings.data_dir, PRIVATE_FOLDER)
        except OSError as error:
            raise SetupError(
                f"数据目录 {self.settings.data_dir} 无法建立：{error.strerror}。"
                "请换一个可写的目录（--data-dir 或环境变量 NAVMATCH_DATA_DIR）。"
            ) from error


class NoEncoder:
    """Stands where no text is encoded; encoding one is a mistake in the program."""

    fingerprint = "none"
    dim = 1

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Refuse."""
        raise RuntimeError("this command was opened without an encoder")

    def encode_documents(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        """Refuse."""
        raise RuntimeError("this command was opened without an encoder")


def read_settings(**chosen: Any) -> Settings:  # noqa: ANN401 - any setting
    """Return the settings of the environment, with those chosen on the command line.

    Raises:
        SetupError: a value cannot be used; the message names its variable.
    """
    try:
        return Settings(**{name: value for name, value in chosen.items() if value is not None})
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        about = Settings.model_fields[name].description if name in Settings.model_fields else ""
        raise SetupError(
            f"设置 NAVMATCH_{name.upper()} 的值不能用。它的含义：{about}请改正后重试。"
        ) from error
