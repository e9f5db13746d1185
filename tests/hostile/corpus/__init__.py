"""The project's own hostile corpus: grouped, named, and nobody else's.

Published lists found none of what a program in this field breaks on (reliability facts 9 and
10), so the corpus is written for it: texts, JSON values, and whole bodies.
"""

from typing import Final

from tests.hostile.corpus.bodies import RAW_BODIES, RawBody
from tests.hostile.corpus.characters import REFUSED
from tests.hostile.corpus.chinese import CHINESE
from tests.hostile.corpus.injection import INJECTION
from tests.hostile.corpus.numbers import NUMBERS
from tests.hostile.corpus.shapes import SHAPES
from tests.hostile.corpus.unicode_forms import FORMS
from tests.hostile.corpus.values import Hostile, Token

__all__ = ["CORPUS", "RAW_BODIES", "TEXTS", "Hostile", "RawBody", "Token"]

CORPUS: Final[tuple[Hostile, ...]] = (*REFUSED, *FORMS, *CHINESE, *INJECTION, *NUMBERS, *SHAPES)
"""Everything that can stand where a value stands."""

TEXTS: Final[tuple[Hostile, ...]] = tuple(e for e in CORPUS if isinstance(e.value, str))
"""What can also stand in an address or a header."""
