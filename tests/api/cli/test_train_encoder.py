"""The encoder adapted from the command line: refused when not better, kept, used, given back."""

import json
from pathlib import Path

import numpy as np
import pytest

from api.adapters import chosen_encoder, kept_adapters
from api.cli.app import run
from api.cli.installation import Installation
from api.settings import Settings
from indexer.adapter import Adapter
from models.checksums import read_checked
from tests.api.cli.conftest import Run
from tests.api.exchange.conftest import lines
from tests.tiny_encoder import tiny_folder

FITTING = {"电池": "水稻", "芯片": "机器人", "风机": "导航"}
SUBJECTS, KINDS = tuple(FITTING), tuple(FITTING.values())


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """An installation whose default encoder is a tiny one."""
    folder = tiny_folder(tmp_path / "encoders")
    for module in ("indexer.encoder", "api.cli.train_encoder"):
        monkeypatch.setattr(f"{module}.ensure_e5_folder", lambda encoders: folder)
    return Installation(Settings(data_dir=tmp_path / "data", port=1))


@pytest.fixture
def run_tiny(installation: Installation) -> Run:
    return lambda *words: run(words, installation)


def _write(folder: Path, n_queries: int, *, sensible: bool) -> Path:
    """A collection in which what fits a subject is of one kind, or drawn by lot.

    Queries and documents have no character in common, so only meaning can tell.
    """
    folder.mkdir()
    texts = [(kind, number) for kind in KINDS for number in "六七八九十"]
    documents = [
        {"id": f"d{n}", "title": f"{kind}{number}", "text": "能力"}
        for n, (kind, number) in enumerate(texts)
    ]
    lines(folder / "documents.jsonl", *documents)
    asked = [(SUBJECTS[n % 3], "一二三四五"[n % 5]) for n in range(n_queries)]
    queries = [
        {"id": f"q{n}", "title": f"{subject}{number}", "text": "需求"}
        for n, (subject, number) in enumerate(asked)
    ]
    lines(folder / "queries.train.jsonl", *queries)
    lots = np.random.default_rng(1).random((n_queries, len(texts))) < 0.3
    judged = [
        f"q{n} 0 d{at} {int(FITTING[subject] == kind if sensible else lots[n, at])}\n"
        for n, (subject, _) in enumerate(asked)
        for at, (kind, _) in enumerate(texts)
    ]
    (folder / "qrels.train.trec").write_text("".join(judged), "utf-8")
    return folder


def _ndcg(run_tiny: Run, folder: Path, tmp_path: Path) -> float:
    figures = tmp_path / "figures.json"
    words = ("--collection", str(folder), "--split", "train", "--run", str(tmp_path / "o"))
    assert run_tiny("evaluate", *words, "--json", str(figures)) == 0
    return float(json.loads(figures.read_text("utf-8"))["means"]["ndcg@10"])


def test_better_encoder_is_installed_used_and_given_back(
    run_tiny: Run, installation: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _write(tmp_path / "by_kind", 21, sensible=True)
    shipped = installation.encoder().fingerprint
    before = _ndcg(run_tiny, folder, tmp_path)
    assert run_tiny("train", "encoder", "--collection", str(folder), "--epochs", "8") == 0
    assert "已装入" in capsys.readouterr().err
    setting = chosen_encoder(installation.settings)
    assert setting is not None
    version = setting.removeprefix("e5-small@")
    assert installation.opening().setting == setting  # type: ignore[union-attr]
    assert installation.encoder().fingerprint != shipped
    assert _ndcg(run_tiny, folder, tmp_path) > before + 0.1
    assert run_tiny("train", "encoder", "--list") == 0
    assert version in capsys.readouterr().out
    assert run_tiny("train", "encoder", "--back") == 0
    assert "已退回 shipped" in capsys.readouterr().err
    assert installation.encoder().fingerprint == shipped
    assert run_tiny("train", "encoder", "--use", version) == 0
    assert run_tiny("train", "encoder", "--use", "shipped") == 0
    assert chosen_encoder(installation.settings) is None


def test_encoder_that_is_not_better_is_refused_but_can_be_written(
    run_tiny: Run, installation: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = _write(tmp_path / "by_lot", 20, sensible=False), tmp_path / "a.npz"
    words = ("--collection", str(folder), "--epochs", "1", "--out", str(out))
    assert run_tiny("train", "encoder", *words) == 1
    assert "没有装入" in capsys.readouterr().err
    assert read_checked(out) == out.read_bytes()
    provenance = Adapter.read(out).provenance
    assert (provenance["queries"], provenance["split"]) == (20, "train")
    assert provenance["gain"][1] <= 0
    assert chosen_encoder(installation.settings) is None


def test_encoder_learned_whole_and_from_more_comes_back_as_it_was_written(
    run_tiny: Run,
    installation: Installation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("matcher.learning.supervision.MOST_ASKING", 5)
    monkeypatch.setattr("matcher.learning.adapting.PARTS", 2)
    folder, out = _write(tmp_path / "by_kind", 20, sensible=True), tmp_path / "a.npz"
    shipped = installation.encoder().encode_queries(["电池"])
    sources = ("--also", "scenarios", "--also", "titles", "--also", "industries")
    words = ("--epochs", "0.2", "--full", "--layers", "2", *sources, "--out", str(out))
    run_tiny("train", "encoder", "--collection", str(folder), *words)
    assert f"{out}（{out.stat().st_size / 1e6:.1f} MB）" in capsys.readouterr().err.replace(
        "\n", ""
    )
    adapter = Adapter.read(out)
    assert not adapter.factors
    assert {name.split(".")[2] for name in adapter.shifts} == {"1", "2"}
    assert adapter.provenance["also"] == {"scenarios": 5, "titles": 5, "industries": 5}
    assert (adapter.provenance["full"], adapter.provenance["layers"]) == (True, 2)
    kept_adapters(installation.settings).install("20261126-001", out.read_bytes())
    first, second = (installation.encoder().encode_queries(["电池"]) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, shipped)
    assert run_tiny("train", "encoder", "--list") == 0
    assert "by_kind train scenarios titles industries" in capsys.readouterr().out


def test_titles_without_bodies_are_refused(
    run_tiny: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _write(tmp_path / "bare", 21, sensible=True)
    for name in ("documents.jsonl", "queries.train.jsonl"):
        rows = [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]
        lines(folder / name, *({**row, "text": ""} for row in rows))
    assert run_tiny("train", "encoder", "--collection", str(folder), "--also", "titles") == 1
    assert "既有标题又有正文的文本不到两条" in capsys.readouterr().err


def test_encoder_the_operator_names_goes_before_and_is_not_adapted(
    installation: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data_dir=tmp_path / "data", encoder="e5-small-int8", port=1)
    folder = _write(tmp_path / "by_kind", 24, sensible=True)
    words = ("train", "encoder", "--collection", str(folder))
    assert run(words, Installation(settings)) == 1
    assert "去掉这项设置" in capsys.readouterr().err
    assert chosen_encoder(settings) == "e5-small-int8"


def test_too_few_queries_are_refused(
    run_tiny: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _write(tmp_path / "few", 5, sensible=True)
    assert run_tiny("train", "encoder", "--collection", str(folder)) == 1
    assert "至少要 20 个" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "恰好选一个"),
        (("--list", "--back"), "恰好选一个"),
        (("--use", "none"), "没有版本为 none 的编码器"),
        (("--back",), "没有更早的版本"),
    ],
)
def test_wrong_use_is_said_in_chinese(
    words: tuple[str, ...], said: str, run_tiny: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_tiny("train", "encoder", *words) == 1
    assert said in capsys.readouterr().err
