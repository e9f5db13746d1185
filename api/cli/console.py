"""What people see: messages, tables, progress."""

import math
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

Told = Callable[[int, int], None]
"""Told how many of how many are done."""

_STEERING: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters but the line break, marks that turn the direction, lone surrogates."""

PLAIN_WIDTH: Final = 120
"""Width of tables where the output is no terminal."""

LINE_EVERY_S: Final = 10.0
"""Seconds between two lines of progress where the output is no terminal."""


class RateColumn(ProgressColumn):
    """How many a second, over the whole task: work comes in batches of very unequal length."""

    def render(self, task: Task) -> Text:
        """Return the rate of a task."""
        rate = _rate(task)
        return Text(f"{rate:.1f} 条/秒" if rate else "", style="progress.data.speed")


class RemainingColumn(ProgressColumn):
    """How long it will still take at that rate."""

    def render(self, task: Task) -> Text:
        """Return the time that remains."""
        rate = _rate(task)
        if not rate or task.remaining is None:
            return Text("剩余 -:--:--", style="progress.remaining")
        left = timedelta(seconds=round(task.remaining / rate))
        return Text(f"剩余 {left}", style="progress.remaining")


def _rate(task: Task) -> float:
    elapsed = task.finished_time if task.finished else task.elapsed
    return task.completed / elapsed if elapsed and task.completed else 0.0


def output() -> Console:
    """Return the console for results."""
    return _console(stderr=False)


def messages() -> Console:
    """Return the console for messages and progress."""
    return _console(stderr=True)


def say(message: str) -> None:
    """Tell something in passing."""
    messages().print(harmless(message), soft_wrap=True)


def complain(message: str) -> None:
    """Tell what went wrong and what to do."""
    messages().print(Text("错误：", "bold red"), harmless(message), sep="", soft_wrap=True)


def table(title: str, *headings: str) -> Table:
    """Return an empty table."""
    made = Table(title=harmless(title), title_justify="left", show_lines=False)
    for heading in headings:
        made.add_column(heading, overflow="fold")
    return made


def add_row(to: Table, *cells: str) -> None:
    """Add a row to a table, whatever its cells hold."""
    to.add_row(*map(harmless, cells))


def harmless(text: str) -> str:
    """Return a text without what would steer a terminal or cannot be written to it."""
    return _STEERING.sub("\ufffd", text)


@contextmanager
def progress(description: str, total: int | None = None) -> Iterator[Told]:
    """Show how far the block is: a bar with rate and time left, lines where it goes to a file."""
    if not messages().is_terminal:
        yield _in_lines(description)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TextColumn("已用"),
        TimeElapsedColumn(),
        RemainingColumn(),
    )
    with Progress(*columns, console=messages(), transient=False) as shown:
        task = shown.add_task(description, total=total, visible=total is not None)

        def tell(done: int, of: int) -> None:
            shown.update(task, completed=done, total=of, visible=True)

        yield tell


def _in_lines(description: str) -> Told:
    """Return what says how far something is: at first, at its end, and now and then between."""
    began = time.monotonic()
    said_at, said = -math.inf, (-1, -1)

    def tell(done: int, of: int) -> None:
        nonlocal said_at, said
        now = time.monotonic()
        if (done, of) != said and (now - said_at >= LINE_EVERY_S or done == of):
            said_at, said = now, (done, of)
            say(f"{description}：{done}/{of}，已用 {timedelta(seconds=round(now - began))}")

    return tell


@contextmanager
def waiting(description: str) -> Iterator[None]:
    """Show that something of unknown length is going on."""
    with messages().status(description):
        yield


def _console(*, stderr: bool) -> Console:
    made = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    if not made.is_terminal:
        made.width = max(made.width, PLAIN_WIDTH)
    return made
