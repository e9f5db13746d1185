"""An IPC table is brought along, measured and used; nothing is suggested without one."""

import json
from pathlib import Path

import pytest

from api.cli.app import run
from api.cli.installation import Installation
from api.ipc_tables import KeptTable, read_titles
from indexer.encoder import HashEncoder
from models.checksums import unsealed
from models.errors import FileDamagedError, InvalidInputError
from tests.api.cli.conftest import Run
from tests.api.exchange.conftest import lines
from tests.ipc_rows import keep_table, write_table


@pytest.fixture
def run_fresh(fresh: Installation) -> Run:
    """Run a command in an empty directory."""
    return lambda *words: run(words, fresh)


def test_table_is_imported_and_suggests(
    run_fresh: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_fresh("ipc", "import", str(write_table(tmp_path / "ipc.tsv"))) == 0
    assert "前五个有正确的" in capsys.readouterr().out
    texts = [
        {"id": "a", "title": "锂离子电池的检测装置", "text": "锂离子电池的检测装置"},
        {"id": "b", "title": "", "text": "职工食堂招标采购大米和食用油"},
    ]
    source, target = lines(tmp_path / "in.jsonl", *texts), tmp_path / "out.jsonl"
    assert run_fresh("ipc", "suggest", "--in", str(source), "--out", str(target)) == 0
    found = {row["id"]: row["ipc"] for row in map(json.loads, target.read_text().splitlines())}
    assert found["a"]["code"] == "H01M"
    assert found["a"]["nearest"] == {"code": "H01M2/00", "title": "锂离子电池的检测装置"}
    assert found["b"] is None
    assert "其中 1 条有建议" in capsys.readouterr().err


def test_nothing_is_suggested_without_a_table(
    run_fresh: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = lines(tmp_path / "in.jsonl", {"id": "a", "title": "锂离子电池", "text": ""})
    assert run_fresh("ipc", "suggest", "--in", str(source), "--out", str(tmp_path / "o")) == 1
    assert "还没有导入 IPC 表" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"a,b\n1,2\n", b"code\ttitle\nH01M\t\n", "code,title\nH01M,电池\n".encode()],
)
def test_what_is_no_table_is_refused_in_chinese(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "ipc.tsv"
    path.write_bytes(content)
    with pytest.raises(InvalidInputError, match="IPC 表"):
        read_titles(path)


def test_remarks_that_point_elsewhere_and_other_levels_are_left_out(tmp_path: Path) -> None:
    rows = [
        ("H", "电学"),
        ("H01M", "电池（燃料电池的入H01M8/00）；外壳"),
        ("H01M8/00", "燃料电池(制造(涂布入B05)入H01M4/88优先)及其制造"),
        ("A47C", "椅子；床（一般用途）"),
        ("X99Z", "不是分类号"),
    ]
    found = {e.code: e.title for e in read_titles(write_table(tmp_path / "ipc.tsv", rows))}
    assert found == {
        "H01M": "电池;外壳",
        "H01M8/00": "燃料电池及其制造",
        "A47C": "椅子;床(一般用途)",
    }


def test_table_of_another_encoder_or_damaged_is_refused(run_fresh: Run, tmp_path: Path) -> None:
    assert run_fresh("ipc", "import", str(write_table(tmp_path / "ipc.tsv"))) == 0
    path = next(tmp_path.rglob("ipc.npz"))
    with pytest.raises(InvalidInputError, match="另一个编码器"):
        KeptTable.read(path, "another")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InvalidInputError, match="已损坏"):
        KeptTable.read(path, "another")


def test_table_kept_before_there_were_checksums_is_read(tmp_path: Path) -> None:
    path, encoder = tmp_path / "ipc.npz", HashEncoder()
    keep_table(path, encoder)
    before, content = KeptTable.read(path, encoder.fingerprint), unsealed(path.read_bytes())
    path.write_bytes(content)
    assert KeptTable.read(path, encoder.fingerprint).entries == before.entries
    place = content.index(before.vectors.tobytes())
    path.write_bytes(content[:place] + b"\x01" + content[place + 1 :])
    with pytest.raises(FileDamagedError, match="已损坏"):
        KeptTable.read(path, encoder.fingerprint)


@pytest.mark.parametrize(
    ("at", "bit"), [(6, 0x01), (8, 0x10), (4, 0x80)], ids=["encrypted", "method", "version"]
)
def test_old_table_whose_directory_is_damaged_is_refused(tmp_path: Path, at: int, bit: int) -> None:
    path, encoder = tmp_path / "ipc.npz", HashEncoder()
    keep_table(path, encoder)
    content = bytearray(unsealed(path.read_bytes()))
    content[content.index(b"PK\x01\x02") + 2 + at] ^= bit
    path.write_bytes(content)
    with pytest.raises(FileDamagedError, match="已损坏"):
        KeptTable.read(path, encoder.fingerprint)
