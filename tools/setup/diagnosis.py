"""Why pip failed, in one Chinese sentence that says what to do."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True)
class Situation:
    """What a sentence may name: the package pip stopped at, the offline folder if one is used."""

    package: str
    wheelhouse: Path | None


@dataclass(frozen=True)
class Cause:
    """A cause of failure: how pip's output shows it, and the sentence for it."""

    pattern: re.Pattern[str]
    sentence: Callable[[Situation], str]


def explain(output: str, wheelhouse: Path | None, log: Path) -> str:
    """The sentence for the first cause that pip's output shows, else one that points to the log."""
    situation = Situation(_package(output), wheelhouse)
    for cause in _CAUSES:
        if cause.pattern.search(output):
            return cause.sentence(situation)
    errors = [line for line in output.splitlines() if line.startswith("ERROR:")]
    reason = f"（{errors[-1].removeprefix('ERROR:').strip()}）" if errors else ""
    return f"pip 没有装成{reason}，请看 {log} 的末尾，改正后重新运行同一命令。"


def _package(output: str) -> str:
    """The package pip stopped at, or a word that stands for it."""
    mismatch = re.search(r"DO NOT MATCH THE HASHES.*?\n\s+(\S+) from ", output, re.DOTALL)
    missing = re.search(r"No matching distribution found for (\S+)", output)
    found = mismatch or missing
    return found.group(1) if found else "某个软件包"


def _disk_full(_: Situation) -> str:
    return "磁盘写满了，请清理出至少 4 GB（临时目录可用 TMPDIR 换到别的分区）后重新运行同一命令。"


def _hash_differs(situation: Situation) -> str:
    if situation.wheelhouse is not None:
        return (
            f"{situation.wheelhouse} 里的 {situation.package} 与锁文件的校验值不符，"
            "请在联网的同型机器上运行 make wheelhouse 重新生成这个目录。"
        )
    return (
        f"下载到的 {situation.package} 与锁文件的校验值不符，"
        "请换一个 pip 镜像，并加上 PIP_NO_CACHE_DIR=1 重新运行同一命令。"
    )


def _no_certificate(_: Situation) -> str:
    return (
        "软件源的 HTTPS 证书通不过验证，"
        "请用 pip config set global.cert 证书文件 指明本单位的根证书，再运行同一命令。"
    )


def _no_network(_: Situation) -> str:
    return (
        "连不上 pip 的软件源，请检查网络与代理，"
        "或用 pip config set global.index-url 镜像地址 设好镜像"
        "（离线机器用 WHEELHOUSE=目录）后再试。"
    )


def _missing(situation: Situation) -> str:
    if situation.wheelhouse is not None:
        return (
            f"{situation.wheelhouse} 里没有 {situation.package}，"
            "请在联网的同型机器（同样的处理器与 Python 版本）上运行 make wheelhouse 重新生成。"
        )
    return (
        f"软件源里没有 {situation.package}，镜像可能还没有同步，"
        "请用 pip config set global.index-url 镜像地址 换一个镜像后再试。"
    )


def _no_permission(_: Situation) -> str:
    return "没有写文件的权限，请确认当前用户能写项目目录与临时目录，再运行同一命令。"


def _killed(_: Situation) -> str:
    return "安装进程被系统结束，多半是内存不足，请空出至少 2 GB 内存后重新运行同一命令。"


# Order matters: a full disk or a dead network also ends in "No matching distribution".
_CAUSES: Final = (
    Cause(re.compile(r"No space left on device|Disk quota exceeded|Errno (28|122)\b"), _disk_full),
    Cause(re.compile(r"DO NOT MATCH THE HASHES"), _hash_differs),
    Cause(re.compile(r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError"), _no_certificate),
    Cause(
        re.compile(
            r"NewConnectionError|ConnectTimeout|ReadTimeout|Max retries exceeded|ProxyError"
            r"|name resolution|Connection (refused|reset)|ConnectionResetError"
            r"|Network is unreachable|NameResolutionError|\b(407|502|503) (Client|Server) Error"
        ),
        _no_network,
    ),
    Cause(re.compile(r"No matching distribution found"), _missing),
    Cause(re.compile(r"Permission denied|Errno 13\b|Read-only file system"), _no_permission),
    Cause(re.compile(r"^Killed$|MemoryError|exit status -9", re.MULTILINE), _killed),
)
