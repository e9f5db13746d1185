import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer import snapshot
from indexer.errors import WriterLostError
from indexer.keywords import Postings
from indexer.locks import Pin, WriterLock
from indexer.manifest import Recipe
from indexer.segment import Segment
from indexer.snapshot import Generation, built_at, load_newest, save_generation
from models.base import now_utc
from models.failpoints import Failpoint
from models.vocabulary.row import Entity
from tests.factories import make_demand, make_document, make_embedder, make_kind_view
from tests.indexer.contents import contents

EMBEDDER = make_embedder()
RECIPE = Recipe("hash-64-1", "2", EMBEDDER.encoder.dim)
FIRST, SECOND = "gen-00000001", "gen-00000002"


def make_segments(*keys: str) -> dict[Entity, Segment]:
    capabilities = [make_document(key, f"碳化硅{key}专利风险排查。导航分析。") for key in keys]
    demands = [make_demand(f"dm-{key}") for key in keys[:1]]
    return {
        Entity.CAPABILITY: make_kind_view(capabilities, EMBEDDER).segments[0],
        Entity.DEMAND: make_kind_view(demands, EMBEDDER).segments[0],
        Entity.CASE: make_kind_view([], EMBEDDER).segments[0],
    }


def save(folder: Path, segments: dict[Entity, Segment], seq: int, mark: str, recipe: Recipe) -> str:
    """Write a generation as the one process that may."""
    with WriterLock(folder) as lock:
        assert lock.acquire()
        return save_generation(lock, segments, seq, mark, recipe)


OLD, NEW = make_segments("a", "b"), make_segments("a", "b", "c")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two generations."""
    folder = tmp_path / "index"
    assert save(folder, OLD, 1, "mark-1", RECIPE) == FIRST
    assert save(folder, NEW, 2, "mark-2", RECIPE) == SECOND
    return folder


def assert_holds(loaded: Generation | None, name: str) -> None:
    """The generation is the one of that name, to the byte."""
    assert loaded is not None
    segments = {FIRST: OLD, SECOND: NEW}[name]
    assert (loaded.name, loaded.seq, loaded.mark) == (name, int(name[-1]), f"mark-{name[-1]}")
    assert loaded.segments.keys() == segments.keys()
    for kind, segment in segments.items():
        assert contents(loaded.segments[kind]) == contents(segment)


def test_load_gives_what_was_saved(folder: Path) -> None:
    assert_holds(load_newest(folder, RECIPE), SECOND)


def test_save_same_segments_gives_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        save(tmp_path / name, NEW, 1, "mark", RECIPE)
    for path in (tmp_path / "one" / FIRST).iterdir():
        if path.name != "manifest.json":  # it says when it was written
            assert path.read_bytes() == (tmp_path / "two" / FIRST / path.name).read_bytes()


@pytest.mark.parametrize("name", ["absent", "empty"])
def test_load_without_generations_gives_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    assert load_newest(tmp_path / name, RECIPE) is None


@pytest.mark.parametrize(
    "recipe",
    [Recipe("other", "2", 64), Recipe("hash-64-1", "3", 64), Recipe("hash-64-1", "2", 32)],
    ids=["encoder", "words", "dim"],
)
def test_load_by_another_recipe_gives_none(folder: Path, recipe: Recipe) -> None:
    assert load_newest(folder, recipe) is None


def test_load_falls_back_to_generation_of_the_recipe(folder: Path) -> None:
    save(folder, NEW, 3, "mark-3", Recipe("other", "2", 64))
    assert_holds(load_newest(folder, RECIPE), SECOND)


def test_load_falls_back_to_generation_of_the_database(folder: Path) -> None:
    restored = {1: "mark-1", 2: "another"}
    loaded = load_newest(folder, RECIPE, lambda seq, mark: restored[seq] == mark)
    assert_holds(loaded, FIRST)
    assert load_newest(folder, RECIPE, lambda seq, mark: False) is None


def test_load_documents_of_another_shape_gives_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "document_shape", lambda: "one more fact")
    assert load_newest(folder, RECIPE) is None


@pytest.mark.parametrize(
    "current", [None, b"", b"gen-00000009", b"\xff\xfe\x00", b"../..", b"gen-1\n"]
)
def test_load_without_usable_current_takes_the_newest(folder: Path, current: bytes | None) -> None:
    if current is None:
        (folder / "CURRENT").unlink()
    else:
        (folder / "CURRENT").write_bytes(current)
    assert_holds(load_newest(folder, RECIPE), SECOND)


def test_load_takes_the_current_generation_first(folder: Path) -> None:
    (folder / "CURRENT").write_text(FIRST)
    assert_holds(load_newest(folder, RECIPE), FIRST)


def _flip(content: bytes, rng: np.random.Generator) -> bytes:
    changed = bytearray(content)
    changed[rng.integers(len(content))] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def _truncate(content: bytes, rng: np.random.Generator) -> bytes:
    return content[: rng.integers(len(content))]


def _zero_page(content: bytes, rng: np.random.Generator) -> bytes:
    start = int(rng.integers(len(content)))
    page = content[start : start + 512]
    return content[:start] + (b"\0" if any(page) else b"\1") * len(page) + content[start + 512 :]


def _append(content: bytes, rng: np.random.Generator) -> bytes:
    return content + rng.bytes(int(rng.integers(1, 64)))


def _empty(content: bytes, rng: np.random.Generator) -> bytes:
    return b""


MUTATIONS: tuple[Callable[[bytes, np.random.Generator], bytes], ...]
MUTATIONS = (_flip, _flip, _truncate, _zero_page, _append, _empty)


def test_load_detects_every_damage_and_falls_back(folder: Path) -> None:
    rng = np.random.default_rng(20260302)
    files = sorted((folder / SECOND).iterdir())
    for n in range(270):
        path = files[n % len(files)]
        content = path.read_bytes()
        damaged = MUTATIONS[int(rng.integers(len(MUTATIONS)))](content, rng) if content else b"x"
        assert damaged != content
        path.write_bytes(damaged)
        loaded = load_newest(folder, RECIPE)
        assert loaded is not None, path.name
        assert loaded.name == FIRST, (n, path.name)
        path.write_bytes(content)
    assert_holds(load_newest(folder, RECIPE), SECOND)


def test_load_detects_every_missing_file(folder: Path) -> None:
    for path in sorted((folder / SECOND).iterdir()):
        content = path.read_bytes()
        path.unlink()
        assert_holds(load_newest(folder, RECIPE), FIRST)
        path.write_bytes(content)


def test_load_detects_every_file_of_another_generation(folder: Path) -> None:
    n_swapped = 0
    for path in sorted((folder / SECOND).iterdir()):
        content, old = path.read_bytes(), (folder / FIRST / path.name).read_bytes()
        if content == old:
            continue
        path.write_bytes(old)
        assert_holds(load_newest(folder, RECIPE), FIRST)
        path.write_bytes(content)
        n_swapped += 1
    assert n_swapped > 8


def test_load_when_all_generations_are_damaged_gives_none(folder: Path) -> None:
    for name in (FIRST, SECOND):
        (folder / name / "manifest.json").write_bytes(b"")
    assert load_newest(folder, RECIPE) is None


def unlike(**changes: Any) -> Segment:
    return Segment(**{**vars(NEW[Entity.CAPABILITY]), **changes})


def _postings(**changes: Any) -> Postings:
    words = NEW[Entity.CAPABILITY].words
    return Postings(
        *[
            changes.get(f, getattr(words, f))
            for f in ("terms", "starts", "rows", "counts", "lengths")
        ]
    )


@pytest.mark.parametrize(
    "mixed",
    [
        unlike(spans=(), documents=()),
        unlike(documents=NEW[Entity.CAPABILITY].documents[::-1]),
        unlike(documents=(NEW[Entity.CAPABILITY].documents[0],) * 3),
        unlike(
            documents=tuple(replace(d, kind=Entity.CASE) for d in NEW[Entity.CAPABILITY].documents)
        ),
        unlike(sentences=NEW[Entity.CAPABILITY].sentences * 2),
        unlike(sentences=NEW[Entity.CAPABILITY].sentences * np.float32(np.nan)),
        unlike(sentences=NEW[Entity.CAPABILITY].sentences.astype(np.float64)),
        unlike(titles=NEW[Entity.DEMAND].titles),
        unlike(words=_postings(rows=NEW[Entity.CAPABILITY].words.rows + 9)),
        unlike(words=_postings(lengths=np.zeros(1, np.int32))),
    ],
    ids=[
        "no documents",
        "unordered",
        "twice",
        "other kind",
        "longer",
        "not finite",
        "double",
        "other count",
        "beyond the rows",
        "lengths",
    ],
)
def test_load_files_that_fit_their_hash_but_not_each_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch, mixed: Segment
) -> None:
    monkeypatch.setattr(snapshot, "expected_answers", lambda segments: b"{}")
    monkeypatch.setattr(snapshot, "prove", lambda segments, expected: None)
    save(folder, {Entity.CAPABILITY: mixed}, 3, "mark-3", RECIPE)
    assert_holds(load_newest(folder, RECIPE), SECOND)


@pytest.mark.parametrize("expected", [b"", b"[]", b"{}", b'{"capability": 1}', b"\xff"])
def test_load_without_its_self_test_gives_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch, expected: bytes
) -> None:
    monkeypatch.setattr(snapshot, "expected_answers", lambda segments: expected)
    save(folder, NEW, 3, "mark-3", RECIPE)
    assert_holds(load_newest(folder, RECIPE), SECOND)


def test_save_keeps_three_generations_and_no_scraps(folder: Path) -> None:
    (folder / ".gen-00000009.part").mkdir()
    for _ in range(3):
        name = save(folder, NEW, 5, "mark", RECIPE)
    names = sorted(path.name for path in folder.iterdir())
    assert names == [".lock", "CURRENT", "gen-00000003", "gen-00000004", "gen-00000005"]
    assert (folder / "CURRENT").read_text() == name == "gen-00000005"


def test_save_keeps_what_somebody_reads(folder: Path) -> None:
    pin = Pin(folder / FIRST / "manifest.json")
    for _ in range(3):
        save(folder, NEW, 5, "mark", RECIPE)
    assert (folder / FIRST).is_dir()
    assert not (folder / SECOND).exists()
    pin.release()
    save(folder, NEW, 5, "mark", RECIPE)
    assert not (folder / FIRST).exists()


def test_save_without_the_lock_writes_nothing(folder: Path) -> None:
    with pytest.raises(WriterLostError):
        save_generation(WriterLock(folder), NEW, 3, "mark-3", RECIPE)
    with WriterLock(folder) as lock:
        assert lock.acquire()
        (folder / ".lock").unlink()
        with pytest.raises(WriterLostError):
            save_generation(lock, NEW, 3, "mark-3", RECIPE)
    assert_holds(load_newest(folder, RECIPE), SECOND)


@pytest.mark.parametrize("how", ["lock replaced", "number taken"])
def test_save_by_a_writer_that_was_replaced_meanwhile_names_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """A writer that sleeps while it writes, and whose place is taken, never publishes."""

    def be_replaced(point: Failpoint) -> None:
        if point is Failpoint.BEFORE_RENAME:
            monkeypatch.undo()
            if how == "lock replaced":
                (folder / ".lock").unlink()
            else:
                shutil.copytree(folder / SECOND, folder / "gen-00000003")

    with WriterLock(folder) as lock:
        assert lock.acquire()
        monkeypatch.setattr(snapshot, "hit", be_replaced)
        with pytest.raises(WriterLostError):
            save_generation(lock, OLD, 1, "mark-1", RECIPE)
    assert (folder / "CURRENT").read_text() == SECOND
    assert not list(folder.glob("*.part"))


def test_save_beside_foreign_names_counts_on(folder: Path) -> None:
    (folder / "gen-copy").mkdir()
    (folder / "gen-00000009.bak").mkdir()
    assert save(folder, NEW, 3, "mark", RECIPE) == "gen-00000003"
    assert (folder / "gen-copy").is_dir()


class Fault:
    """Fails the N-th call that changes the disk: once (`full`), or it and all after (`crash`)."""

    CALLS = ("fsync", "replace", "rename", "mkdir")
    CLEARING = ("unlink", "rmdir")

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int, *, crash: bool) -> None:
        self.at, self.crash, self.n = at, crash, 0
        for name in self.CALLS + self.CLEARING:
            monkeypatch.setattr(os, name, self._wrap(getattr(os, name), name in self.CALLS))

    def _wrap(self, call: Callable[..., Any], counts: bool) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            self.n += counts
            if (counts and self.n == self.at) or (self.crash and self.n >= self.at):
                raise OSError(errno.ENOSPC, "No space left on device")
            return call(*args, **kwargs)

        return wrapped


@pytest.mark.parametrize("crash", [False, True], ids=["disk full", "crash"])
def test_save_failing_anywhere_leaves_a_whole_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crash: bool
) -> None:
    pristine, folder = tmp_path / "pristine", tmp_path / "index"
    save(pristine, OLD, 1, "mark-1", RECIPE)
    states: list[str] = []
    is_reached = True
    while is_reached:
        shutil.copytree(pristine, folder)
        with monkeypatch.context() as patch:
            fault = Fault(patch, len(states) + 1, crash=crash)
            failed = _save_fails(folder)
        is_reached = fault.n >= fault.at
        states.append((folder / "CURRENT").read_text())
        assert_holds(load_newest(folder, RECIPE), states[-1])
        assert failed or states[-1] == SECOND
        assert crash or not list(folder.glob("*.part/*"))
        name = save(folder, NEW, 2, "mark-2", RECIPE)
        loaded = load_newest(folder, RECIPE)
        assert loaded is not None
        assert loaded.name == name > FIRST
        assert not list(folder.glob("*.part"))
        shutil.rmtree(folder)
    assert len(states) > 30
    if crash:
        assert states == sorted(states)
    assert states[-3:] == [FIRST, SECOND, SECOND]


def _save_fails(folder: Path) -> bool:
    try:
        save(folder, NEW, 2, "mark-2", RECIPE)
    except OSError:
        return True
    return False


def test_time_of_a_generation_is_read_from_a_whole_manifest_only(tmp_path: Path) -> None:
    before = now_utc()
    name = save(tmp_path, NEW, 1, "mark-1", RECIPE)
    built = built_at(tmp_path, name)
    assert built is not None
    assert before - timedelta(seconds=1) < built <= now_utc()
    (tmp_path / name / "manifest.json").write_bytes(b"x")
    assert built_at(tmp_path, name) is None
    assert built_at(tmp_path, "memory-1") is None
