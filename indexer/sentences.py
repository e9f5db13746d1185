"""Cutting a text into the sentences that are compared and quoted."""

import re
from typing import Final

from indexer.types import Sentence

MAX_SENTENCES: Final = 16
"""Sentences kept of one document, title included; later ones count through the whole text."""

MIN_CHARS: Final = 8
MAX_CHARS: Final = 120

_END = re.compile(r"[。！？；!?;\n]+")
_SOFT_END = re.compile(r"[,:、]")


def sentences_of(title: str, body: str) -> tuple[Sentence, ...]:
    r"""Return the title and the sentences of the body, offsets in `title + "\n" + body`.

    Short neighbours are joined until they say something (8 characters), long ones are cut at
    a comma before 120 characters; at most 16 in all.
    """
    found = [Sentence(0, len(title), title)] if title else []
    shift = len(title) + 1
    for start, end in _spans(body):
        text = body[start:end].strip()
        if text:
            lead = len(body[start:end]) - len(body[start:end].lstrip())
            found.append(Sentence(start + lead + shift, start + lead + len(text) + shift, text))
        if len(found) == MAX_SENTENCES:
            break
    return tuple(found)


def _spans(body: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    ends = [m.end() for m in _END.finditer(body)]
    if not ends or ends[-1] < len(body):
        ends.append(len(body))
    for end in ends:
        if end - start < MIN_CHARS and end != ends[-1]:
            continue
        spans.extend(_cut_long(body, start, end))
        start = end
    return spans


def _cut_long(body: str, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    while end - start > MAX_CHARS:
        stops = [m.end() for m in _SOFT_END.finditer(body, start + MIN_CHARS, start + MAX_CHARS)]
        cut = stops[-1] if stops else start + MAX_CHARS
        spans.append((start, cut))
        start = cut
    if end > start:
        spans.append((start, end))
    return spans
