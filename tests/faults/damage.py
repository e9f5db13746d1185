"""Ways in which files and rows come to harm."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PAGE: Final = 4_096

Mutate = Callable[[bytes, random.Random], bytes]


def flip(content: bytes, chance: random.Random) -> bytes:
    """One bit is another."""
    changed = bytearray(content)
    changed[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def truncate(content: bytes, chance: random.Random) -> bytes:
    """The end is missing."""
    return content[: chance.randrange(len(content))]


def zero_page(content: bytes, chance: random.Random) -> bytes:
    """A page of the disk came back empty."""
    start = chance.randrange(len(content)) // PAGE * PAGE
    end = min(start + PAGE, len(content))
    return content[:start] + bytes(end - start) + content[end:]


def garbage_tail(content: bytes, chance: random.Random) -> bytes:
    """Something stands behind the end."""
    return content + chance.randbytes(chance.randint(1, 512))


def empty(content: bytes, chance: random.Random) -> bytes:
    """Nothing is left."""
    return b""


MUTATIONS: Final[tuple[Mutate, ...]] = (flip, flip, flip, truncate, zero_page, garbage_tail, empty)


@dataclass(frozen=True, slots=True)
class Damage:
    """What was done to an index folder.

    Attributes:
        what: In a few words.
        victim: Generation that must not be served; empty where any may be.
    """

    what: str
    victim: str


def damage_file(folder: Path, chance: random.Random) -> Damage:
    """Harm one file of one generation, which is then the current one."""
    generation = _pick_generation(folder, chance)
    path = chance.choice(sorted((folder / generation).iterdir()))
    content = path.read_bytes()
    mutate = chance.choice(MUTATIONS)
    changed = mutate(content, chance) if content else b"x"
    while changed == content:
        mutate = flip
        changed = flip(content, chance)
    path.write_bytes(changed)
    (folder / "CURRENT").write_text(generation)
    return Damage(f"{mutate.__name__} {generation}/{path.name}", generation)


def swap_files(folder: Path, chance: random.Random) -> Damage:
    """Two generations have each other's file."""
    one, other = chance.sample(_generations(folder), 2)
    names = [
        path.name
        for path in sorted((folder / one).iterdir())
        if path.read_bytes() != (folder / other / path.name).read_bytes()
    ]
    name = chance.choice(names)
    first, second = folder / one / name, folder / other / name
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)
    (folder / "CURRENT").write_text(one)
    if name == "manifest.json":
        return Damage(f"swapped {one}, {other}: {name}", one)
    return Damage(f"swapped {one}, {other}: {name}", one)


def lose_file(folder: Path, chance: random.Random) -> Damage:
    """A file is gone, the manifest as often as any other."""
    generation = _pick_generation(folder, chance)
    path = chance.choice(sorted((folder / generation).iterdir()))
    if chance.random() < 0.5:
        path = folder / generation / "manifest.json"
    path.unlink()
    (folder / "CURRENT").write_text(generation)
    return Damage(f"missing {generation}/{path.name}", generation)


def damage_current(folder: Path, chance: random.Random) -> Damage:
    """What says which generation to load says nonsense; any whole one will do."""
    odd = [b"", b"gen-00000099", b"../..", b"\xff\xfe", b"gen-1\n", chance.randbytes(12), None]
    content = chance.choice(odd)
    if content is None:
        (folder / "CURRENT").unlink()
    else:
        (folder / "CURRENT").write_bytes(content)
    return Damage(f"CURRENT {content!r}", "")


def damage_all(folder: Path, chance: random.Random) -> Damage:
    """No generation is whole."""
    for generation in _generations(folder):
        path = chance.choice(sorted((folder / generation).iterdir()))
        path.write_bytes(flip(path.read_bytes() or b"x", chance))
    return Damage("every generation", chance.choice(_generations(folder)))


def foreign_generation(folder: Path, chance: random.Random) -> Damage:
    """The current generation was built by another encoder; it is whole in itself."""
    shutil.copytree(folder.with_name("foreign"), folder / "gen-00000050")
    (folder / "CURRENT").write_text("gen-00000050")
    return Damage("another encoder's generation", "gen-00000050")


INDEX_DAMAGES: Final[tuple[tuple[Callable[[Path, random.Random], Damage], float], ...]] = (
    (damage_file, 0.7),
    (swap_files, 0.1),
    (lose_file, 0.08),
    (damage_current, 0.05),
    (damage_all, 0.04),
    (foreign_generation, 0.03),
)
"""Ways and how often each is taken."""


def damage_index(folder: Path, chance: random.Random) -> Damage:
    """Harm an index in one of many ways."""
    ways, weights = zip(*INDEX_DAMAGES, strict=True)
    (way,) = chance.choices(ways, weights)
    found: Damage = way(folder, chance)
    return found


def flip_value(value: Any, chance: random.Random) -> Any:
    """Return a stored value of which one bit is another."""
    match value:
        case bytes():
            return flip(value, chance)
        case str():
            encoded = flip(value.encode(), chance) if value else b"x"
            return sqlite3.Binary(encoded)
        case bool() | int():
            return value ^ (1 << chance.randrange(16))
        case float():
            return value * (1 + 2**-52) or 5e-324
    raise TypeError(type(value))


def _pick_generation(folder: Path, chance: random.Random) -> str:
    return chance.choice(_generations(folder))


def _generations(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("gen-*"))
