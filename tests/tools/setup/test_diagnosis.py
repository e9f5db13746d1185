from pathlib import Path

import pytest

from tools.setup.diagnosis import explain

LOG = Path(".venv/setup.log")
# As pip 23.2 prints them, shortened.
NO_MATCH = """\
ERROR: Could not find a version that satisfies the requirement torch==2.13.0 (from versions: none)
ERROR: No matching distribution found for torch==2.13.0
"""
RETRIES = "WARNING: Retrying (Retry(total=0)) after connection broken by "
REFUSED = (
    "'NewConnectionError('Failed to establish a new connection: [Errno 111] Connection refused')'"
)
NO_NAME = "'NewConnectionError('...: [Errno -2] Name or service not known')': /simple/torch/"
BAD_CERTIFICATE = """\
Could not fetch URL https://mirror/simple/torch/: There was a problem confirming the ssl \
certificate: Max retries exceeded (Caused by SSLError(SSLCertVerificationError(1, '[SSL: \
CERTIFICATE_VERIFY_FAILED] certificate verify failed')))
"""
MISMATCH = """\
ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated \
the package versions, please update the hashes.
    numpy==2.4.6 from https://mirror/numpy.whl (from -r requirements.lock (line 9)):
        Expected sha256 00
             Got        11
"""
FULL = "ProtocolError: (\"Connection broken: OSError(28, 'No space left on device')\")\n"


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (RETRIES + REFUSED + "\n" + NO_MATCH, "连不上 pip 的软件源"),
        (RETRIES + NO_NAME + "\n" + NO_MATCH, "连不上 pip 的软件源"),
        (BAD_CERTIFICATE + NO_MATCH, "证书通不过验证"),
        (NO_MATCH, "软件源里没有 torch==2.13.0"),
        (MISMATCH, "下载到的 numpy==2.4.6 与锁文件的校验值不符"),
        (FULL, "磁盘写满了"),
        ("ERROR: Could not install: [Errno 13] Permission denied: 'x'\n", "没有写文件的权限"),
        ("Collecting torch\nKilled\n", "内存不足"),
    ],
    ids=["refused", "no-name", "certificate", "missing", "hash", "disk", "permission", "killed"],
)
def test_failure_of_a_known_kind_is_explained(output: str, said: str) -> None:
    sentence = explain(output, None, LOG)
    assert said in sentence
    assert sentence.count("。") == 1
    assert sentence.endswith("。")


@pytest.mark.parametrize(
    ("output", "said"),
    [(NO_MATCH, "wheels 里没有 torch==2.13.0"), (MISMATCH, "wheels 里的 numpy==2.4.6")],
    ids=["missing", "hash"],
)
def test_failure_offline_names_the_wheelhouse(output: str, said: str) -> None:
    sentence = explain(output, Path("wheels"), LOG)
    assert said in sentence
    assert "make wheelhouse" in sentence


def test_failure_of_another_kind_points_to_the_log() -> None:
    sentence = explain("Collecting x\nERROR: something odd\n", None, LOG)
    assert "something odd" in sentence
    assert str(LOG) in sentence
