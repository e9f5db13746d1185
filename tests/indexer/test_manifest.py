import json
from dataclasses import asdict, replace
from hashlib import sha256

import pytest

from indexer.errors import IndexDamagedError
from indexer.manifest import FORMAT, FileEntry, Manifest, Recipe, entry_of
from models.vocabulary.row import Entity

MANIFEST = Manifest(
    seq=7,
    mark="a" * 64,
    recipe=Recipe(fingerprint="hash-64-1", words="2-abc", dim=64),
    shape="s" * 16,
    rows={Entity.DEMAND: 3, Entity.CASE: 0},
    files={"demand.words.npz": entry_of(b"content")},
    created_at="2026-03-02T08:00:00+00:00",
)


def signed(values: object) -> bytes:
    body = json.dumps(values).encode()
    return sha256(body).hexdigest().encode() + b"\n" + body


def test_manifest_read_back_is_equal() -> None:
    read = Manifest.from_json(MANIFEST.to_json())
    assert read == MANIFEST
    assert all(isinstance(kind, Entity) for kind in read.rows)


def test_manifest_changed_or_cut_anywhere_is_refused() -> None:
    content = MANIFEST.to_json()
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        for damaged in (bytes(changed), content[:place]):
            with pytest.raises(IndexDamagedError):
                Manifest.from_json(damaged)


@pytest.mark.parametrize("content", [b"", b"\n", b"{}", MANIFEST.to_json() + b" "])
def test_manifest_without_its_own_hash_is_refused(content: bytes) -> None:
    with pytest.raises(IndexDamagedError):
        Manifest.from_json(content)


@pytest.mark.parametrize(
    "changes",
    [{"format": FORMAT + 1}, {"recipe": {"dim": 3}}, {"rows": {"unknown": 1}}, {"files": {"a": 1}}],
    ids=["later format", "other recipe", "unknown kind", "odd files"],
)
def test_manifest_of_another_format_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(IndexDamagedError):
        Manifest.from_json(signed({**asdict(MANIFEST), **changes}))


@pytest.mark.parametrize("values", [[], 3, None, {}, "text"])
def test_manifest_that_is_no_manifest_is_refused(values: object) -> None:
    with pytest.raises(IndexDamagedError):
        Manifest.from_json(signed(values))


def test_check_passes_what_is_listed() -> None:
    assert MANIFEST.check("demand.words.npz", b"content") == b"content"


@pytest.mark.parametrize(
    ("name", "content"),
    [("demand.words.npz", b"contenT"), ("demand.words.npz", b""), ("other", b"content")],
    ids=["changed", "cut", "not listed"],
)
def test_check_refuses_what_is_not(name: str, content: bytes) -> None:
    with pytest.raises(IndexDamagedError):
        MANIFEST.check(name, content)


def test_check_compares_size_and_hash() -> None:
    entry = FileEntry(1, entry_of(b"content").sha256)
    with pytest.raises(IndexDamagedError):
        replace(MANIFEST, files={"a": entry}).check("a", b"content")
