"""A sentence-transformers folder from anywhere: found, found safe to load, identified."""

import os
from pathlib import Path
from typing import Final

from indexer.encoder_files import MANIFEST_FILE, sha256_of
from indexer.errors import EncoderError, EncoderFilesError

_PICKLES: Final = frozenset({".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib"})
"""Kinds of files that run code when loaded."""

_LOADED: Final = frozenset({".safetensors", ".json", ".txt", ".model", ".vocab", ".jinja"})
"""Kinds of files a folder's vectors depend on."""

_OTHER_ENGINES: Final = frozenset({"onnx", "openvino"})
_OWN_FILES: Final = (MANIFEST_FILE, "encoder.")


def resolve_encoder(setting: str) -> Path:
    """Return the local folder of an encoder given as a folder or as a hub name.

    A hub name is looked up in the local cache of downloads; it is downloaded only where the
    operator has set HF_HUB_OFFLINE=0.

    Raises:
        EncoderError: there is no such folder, and no such name in reach.
    """
    folder = Path(setting).expanduser()
    if folder.is_dir():
        return folder.resolve()
    stay_offline_by_default()
    from huggingface_hub import snapshot_download

    try:
        patterns = [f"*{suffix}" for suffix in sorted(_LOADED)]
        return Path(snapshot_download(setting, allow_patterns=patterns))
    except (OSError, ValueError) as error:
        raise EncoderError(
            f"找不到编码器 {setting!r}：它不是本机目录，也不在本机的模型缓存中。请把 "
            "sentence-transformers 目录复制到本机并在 NAVMATCH_ENCODER 中写它的路径；"
            "能上网时也可设 HF_HUB_OFFLINE=0 后重试。",
            setting=setting,
        ) from error


def stay_offline_by_default() -> None:
    """Keep the hub client from the network unless the operator decided otherwise."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


def refuse_pickles(folder: Path) -> None:
    """Check that every part of a folder has its weights as safetensors.

    Raises:
        EncoderFilesError: weights are missing, or come only in a format that can run code.
    """
    weights = {path.parent for path in folder.rglob("*.safetensors")}
    for path in sorted(folder.rglob("*")):
        if path.suffix in _PICKLES and path.parent not in weights and _is_loaded(path, folder):
            raise EncoderFilesError(
                f"编码器目录 {folder.name} 中的 {path.relative_to(folder)} 是 pickle 一类的权重，"
                "载入时可能执行任意代码，已拒绝。请改用提供 safetensors 的版本，"
                "或先在可信环境中转换为 model.safetensors。",
                folder=folder.name,
                file=str(path.relative_to(folder)),
            )
    if not weights:
        raise EncoderFilesError(
            f"编码器目录 {folder.name} 中没有 safetensors 权重。"
            "请确认它是完整的 sentence-transformers 目录。",
            folder=folder.name,
        )


def file_digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file that a folder's vectors depend on, by name."""
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.suffix in _LOADED and path.is_file() and _is_loaded(path, folder)
    }


def _is_loaded(path: Path, folder: Path) -> bool:
    """Return whether sentence-transformers would read the file."""
    parts = path.relative_to(folder).parts
    hidden = any(part.startswith(".") for part in parts)
    return not (hidden or parts[0] in _OTHER_ENGINES or path.name.startswith(_OWN_FILES))
