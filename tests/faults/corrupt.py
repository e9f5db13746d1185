"""`python -m tests.faults.corrupt`: harm every artefact, and see that none of it is served.

An index is copied, harmed in one way, and opened by a process that serves; whatever was done, the
answers must be those of the database, no process may die of a signal or hang, and the harmed
generation must not be the one that answers. Then files of the encoder, and of what was trained or
imported. Then values of rows are harmed one bit at a time, and `verify` must find each; only
tables whose rows have a seal are drawn, docs/reliability.md names the others.
"""

import argparse
import json
import random
import select
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any, Final

import numpy as np

from indexer import state
from indexer.comparison import content_digest, documents_of
from indexer.documents import KINDS, DatabaseDocuments
from indexer.embed import Embedder
from indexer.encoder import HashEncoder
from indexer.encoder_files import ensure_folder, is_intact
from indexer.manifest import Manifest
from indexer.sync import Synchroniser
from indexer.words import Segmenter
from models.database import Database
from models.seals import sealed_tables
from models.verification import row_faults
from models.viewer import acting_as, system
from tests.faults.damage import damage_index, flip, flip_value
from tests.faults.trained_files import harm_trained
from tests.indexer.followed import answers
from tests.rows import add_capability, add_case, add_demand, add_provider, add_tag

READY_S: Final = 10.0
WORDS: Final = ("专利导航", "碳化硅", "固态电池", "侵权风险")
ROOT: Final = Path(__file__).resolve().parents[2]
UNCHECKED: Final = "unchecked"
"""Flaw of a server that believes every file, to show that the run can fail."""


@dataclass
class Report:
    """What happened.

    Attributes:
        kinds: How often each way of harming was taken.
        faults: What was not noticed, in words.
        slowest_s: Longest time until a harmed index answered, in seconds.
        n_flips: Rows harmed.
        n_found: Those that `verify` found.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    n_flips: int = 0
    n_found: int = 0

    @property
    def is_right(self) -> bool:
        """Whether everything was noticed."""
        return not self.faults and self.n_found == self.n_flips

    def __str__(self) -> str:
        return (
            f"{self.kinds.total()} harmed files {dict(self.kinds)}, "
            f"{len(self.faults)} not noticed, slowest answer {self.slowest_s:.2f} s; "
            f"rows {self.n_found}/{self.n_flips} found"
        )


class Servant:
    """A process that opens indexes when told to, and is replaced when it dies."""

    def __init__(self, url: str, temporary: Path, flaw: str) -> None:
        self._words = [sys.executable, "-m", "tests.faults.corrupt", "--serve", url, "--flaw", flaw]
        self._environment = {"PATH": "", "TMPDIR": str(temporary), "OMP_NUM_THREADS": "1"}
        self._process: Popen[str] | None = None

    def open(self, folder: Path) -> dict[str, Any]:
        """Return what a server says of an index; why there is no answer under `death`."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{folder}\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], 60.0)
        line = process.stdout.readline() if ready else ""
        if line:
            told: dict[str, Any] = json.loads(line)
            return told
        if not ready:
            process.kill()
        return {"death": "hung" if not ready else f"exit code {process.wait()}"}

    def close(self) -> None:
        """End it."""
        if self._process is not None:
            with self._process:  # closes its pipes
                self._process.kill()
            self._process = None

    def _running(self) -> Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = Popen(  # noqa: S603 - our own program
                self._words,
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                text=True,
                cwd=ROOT,
                env=self._environment,
            )
        return self._process


def corrupt(n: int, n_flips: int, seed: int, flaw: str = "") -> Report:
    """Harm an index n times and its database `n_flips` times."""
    report, chance = Report(), random.Random(seed)  # noqa: S311 - no secret is made from it
    folder = Path(tempfile.mkdtemp(prefix="corrupt-"))
    url = f"sqlite:///{folder / 'test.db'}"
    _build(url, folder)
    (folder / "tmp").mkdir()
    servant = Servant(url, folder / "tmp", flaw)
    try:
        wanted = servant.open(_copied(folder, "whole"))
        assert "death" not in wanted, wanted
        for number in range(n):
            _harm_one(number, folder, servant, wanted, report, chance)
        _poison_segmenter(url, folder, flaw, wanted, report)
        _harm_encoder(folder, report, chance, max(5, n // 20))
        for what, fault in harm_trained(folder / "trained", chance, max(20, n // 5)):
            report.kinds[what] += 1
            report.faults += [fault] if fault else []
        _harm_rows(url, folder / "test.db", n_flips, report, chance)
    finally:
        servant.close()
    if report.is_right:
        shutil.rmtree(folder)
    else:
        report.faults.append(f"kept in {folder}")
    return report


def _build(url: str, folder: Path) -> None:
    """Make a database and an index of three generations, and one of another encoder."""
    database = Database(url)
    database.migrate()
    with acting_as(system("test")), _many_generations():
        index = _synchroniser(database, folder / "index")
        for number in range(3):
            with database.write() as session:
                provider = add_provider(session, f"公司{number}")
                add_capability(session, provider, f"风险排查{number}")
                add_tag(session, add_case(session, provider, f"案例{number}"), "ENT.RISK")
                for n in range(6):
                    add_demand(session, f"需求{number}-{n}", f"第{n}项：碳化硅专利导航。" * (n + 1))
            index.catch_up()
        with database.write() as session:
            add_demand(session, "最后一条")
        index.close()
        other = HashEncoder()
        other.fingerprint = "another"
        foreign = _synchroniser(database, folder / "other", other)
        foreign.open()
        foreign.close()
        shutil.copytree(next((folder / "other").glob("gen-*")), folder / "foreign")
    database.close()


@contextmanager
def _many_generations() -> Iterator[None]:
    """Have a generation written after every few changes."""
    usual = {name: vars(state)[name] for name in ("DELTA_ROWS", "DELTA_SHARE")}
    vars(state).update(DELTA_ROWS=3, DELTA_SHARE=0.0)
    try:
        yield
    finally:
        vars(state).update(usual)


def _synchroniser(
    database: Database, folder: Path, encoder: HashEncoder | None = None
) -> Synchroniser:
    chosen = encoder or HashEncoder()
    source = DatabaseDocuments(database, chosen.fingerprint)
    return Synchroniser(source, Embedder(chosen, source), Segmenter(WORDS), folder, KINDS)


def _copied(folder: Path, name: str) -> Path:
    target = folder / name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder / "index", target)
    return target


def _harm_one(
    number: int,
    folder: Path,
    servant: Servant,
    wanted: dict[str, Any],
    report: Report,
    chance: random.Random,
) -> None:
    copy = _copied(folder, "harmed")
    damage = damage_index(copy, chance)
    report.kinds[damage.what.split()[0]] += 1
    told = servant.open(copy)
    fault = ""
    if "death" in told:
        fault = f"died: {told['death']}"
    elif damage.victim and told["generation"] == damage.victim:
        fault = "the harmed generation was served"
    elif told["contents"] != wanted["contents"] or told["answers"] != wanted["answers"]:
        fault = "other answers"
    elif told["took_s"] > READY_S:
        fault = f"ready after {told['took_s']:.1f} s"
    if fault:
        report.faults.append(f"{number}: {damage.what}: {fault}")
        shutil.copytree(copy, folder / f"fault-{number}", dirs_exist_ok=True)
    report.slowest_s = max(report.slowest_s, told.get("took_s", 0.0))


def _poison_segmenter(
    url: str, folder: Path, flaw: str, wanted: dict[str, Any], report: Report
) -> None:
    """Plant what jieba would take for its own cache; nobody may read it."""
    for number, content in enumerate((b"", b"not marshal", b"\xff" * 4_096)):
        temporary = folder / f"poisoned-{number}"
        temporary.mkdir()
        for name in ("jieba.cache", "rjieba.cache"):
            (temporary / name).write_bytes(content)
        servant = Servant(url, temporary, flaw)
        told = servant.open(_copied(folder, "harmed"))
        servant.close()
        report.kinds["poisoned"] += 1
        if told != {**wanted, "took_s": told.get("took_s")}:
            report.faults.append(f"poisoned cache {number} changed the answers")


def _harm_encoder(folder: Path, report: Report, chance: random.Random, n: int) -> None:
    """Harm files of an encoder's folder: it is found at the next start and written anew."""
    origin = {"weights": "1"}
    files = {"model.safetensors": chance.randbytes(9_000), "config.json": b'{"a": 1}'}

    def write(target: Path) -> None:
        for name, content in files.items():
            (target / name).write_bytes(content)

    place = ensure_folder(folder / "encoder", origin, write)
    for _ in range(n):
        report.kinds["encoder"] += 1
        name = chance.choice(sorted(files))
        (place / name).write_bytes(flip(files[name], chance))
        if is_intact(place, origin):
            report.faults.append(f"a changed {name} of the encoder was believed")
        ensure_folder(place, origin, write)
        if (place / name).read_bytes() != files[name]:
            report.faults.append(f"a changed {name} of the encoder was kept")


def _harm_rows(url: str, path: Path, n: int, report: Report, chance: random.Random) -> None:
    """Flip one bit of a stored value at a time; `verify` must name a row each time."""
    database = Database(url)
    names = {table.name: [c.name for c in table.columns] for table in sealed_tables()}
    with closing(sqlite3.connect(path, isolation_level=None)) as raw, acting_as(system("test")):
        while report.n_flips < n:
            table = chance.choice(sorted(names))
            column = chance.choice(names[table])
            rows = raw.execute(
                f'SELECT rowid, "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'  # noqa: S608
            ).fetchall()
            if not rows:
                continue
            row = chance.choice(rows)
            changed = flip_value(row[1], chance)
            sign = "CAST(? AS TEXT)" if isinstance(row[1], str) else "?"
            change = f'UPDATE "{table}" SET "{column}" = {sign} WHERE rowid = ?'  # noqa: S608
            try:
                raw.execute(change, (changed, row[0]))
            except sqlite3.IntegrityError:
                continue
            with database.read(unhurried=True) as session:
                found = list(row_faults(session))
            is_same = not found and _is_invisible(row[1], changed, column)
            if not raw.execute(change, (row[1], row[0])).rowcount:
                raw.execute(change, (row[1], changed))  # it was the key by which rows are found
            if is_same:
                continue
            report.n_flips += 1
            report.n_found += any(fault.table == table for fault in found)
            if not found:
                report.faults.append(f"{table}.{column} {row[1]!r} -> {changed!r} was not found")
    database.close()


def _is_invisible(before: Any, after: Any, column: str) -> bool:
    """Return whether a change cannot be seen by anything that reads the row.

    Between date and time of a moment any character may stand, and any number but 0 is true.
    """
    if isinstance(before, str) and column.endswith("_at"):
        return (
            bytes(after)[:10] == before.encode()[:10] and bytes(after)[11:] == before.encode()[11:]
        )
    return isinstance(before, int) and bool(before) == bool(after) and before in (0, 1)


def serve(url: str, flaw: str) -> None:
    """Open each index named on standard input, and say what it holds and answers."""
    if flaw == UNCHECKED:
        Manifest.check = lambda self, name, content: content  # type: ignore[method-assign]
    database = Database(url)
    for line in sys.stdin:
        index = _synchroniser(database, Path(line.strip()))
        begun = time.monotonic()
        with acting_as(system("test")):
            view = index.open()
        told = {
            "generation": view.generation,
            "contents": content_digest(documents_of(view)),
            "answers": [
                (key, np.round(scores, 4).tolist())
                for kind in KINDS
                for key, scores in answers(view.of(kind))
            ],
            "took_s": time.monotonic() - begun,
        }
        index.close()
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


def main(words: Sequence[str] | None = None) -> int:
    """Run from the command line; exit code 1 when something was not noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=40, help="harmed files")
    parser.add_argument("--flips", type=int, default=200, help="harmed rows")
    parser.add_argument("--seed", type=int, default=20_261_125)
    parser.add_argument("--flaw", default="", help=f"`{UNCHECKED}` shows that the run can fail")
    parser.add_argument("--serve", metavar="URL", help=argparse.SUPPRESS)
    chosen = parser.parse_args(words)
    if chosen.serve:
        serve(chosen.serve, chosen.flaw)
        return 0
    print(f"seed {chosen.seed}")
    report = corrupt(chosen.n, chosen.flips, chosen.seed, chosen.flaw)
    print(report)
    for fault in report.faults[:20]:
        print(fault)
    return int(not report.is_right)


if __name__ == "__main__":
    sys.exit(main())
