"""Where a text has left traces: in files, byte by byte, and in every column of a database."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg
from sqlalchemy import create_engine, text

from models.database import Database


def files_with(folder: Path, texts: Iterable[str]) -> dict[str, int]:
    """How often each file below a folder holds any of the texts, in any form it may be kept in."""
    needles = [needle for t in texts for needle in _forms(t)]
    found: dict[str, int] = {}
    for path in sorted(folder.rglob("*")):
        try:
            content = path.read_bytes() if path.is_file() else b""
        except OSError:  # removed meanwhile
            continue
        n_found = sum(content.count(needle) for needle in needles)
        if n_found:
            found[str(path.relative_to(folder))] = n_found
    return found


def columns_with(url: str, texts: Iterable[str]) -> dict[str, int]:
    """How many rows hold any of the texts, by table and column, read past the service."""
    found: dict[str, int] = {}
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        columns = connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'public'"
            )
        ).all()
        for table, column in columns:
            for needle in texts:
                place = f'position(:needle in "{column}"::text) > 0'
                wanted = text(f'SELECT count(*) FROM "{table}" WHERE {place}')  # noqa: S608
                n_rows = connection.scalar(wanted, {"needle": needle}) or 0
                if n_rows:
                    name = f"{table}.{column}"
                    found[name] = found.get(name, 0) + n_rows
    engine.dispose()
    return found


def base_files_with(database: Database, word: str) -> list[str]:
    """Which files of PostgreSQL's tables hold a word once all is written to them."""
    url = database.engine.url.set(drivername="postgresql", username="postgres")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    files = (path for path in (Path(folder) / "base").rglob("*") if path.is_file())
    return [path.name for path in files if word.encode() in path.read_bytes()]


def _forms(needle: str) -> Iterator[bytes]:
    yield needle.encode()
    yield needle.encode("utf-16-le")
    escaped = json.dumps(needle)[1:-1].encode()
    if escaped != needle.encode():
        yield escaped
