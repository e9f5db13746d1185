"""What the encoder may learn from besides judged matches: texts filed under codes.

A text asks; what is filed under one of its codes fits, and of the rest that which is nearest
under the present encoder does not. The texts are the project's own, those of the scenarios of
the installation, and those of the collection that is trained on.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.adapting.lessons import Lesson, Readings
from indexer.annotate.industry_terms import IndustryTerm, lexicon_terms
from indexer.annotate.scenario_training import Example, own_texts, taxonomy_texts
from indexer.embed import Embedder
from indexer.types import Document
from models.errors import InvalidInputError
from models.industries import IndustryTable
from models.taxonomy import ScenarioTaxonomy
from models.vocabulary.taxonomy import Scheme

MOST_ASKING: Final = 300
"""Texts of a source that ask at most; drawn by lot. A training on a hundred judged queries looks
at as many of each source (`Regime.further`), and each costs an encoding."""

MOST_FOUND: Final = 2_000
"""Texts of a source that are found at most."""

OTHERS: Final = 60
"""Of what does not fit a text, how much is learned from: what is nearest to it."""

SEED: Final = 23


class Source(StrEnum):
    """What may be learned from besides judged matches."""

    SCENARIOS = "scenarios"
    INDUSTRIES = "industries"
    TITLES = "titles"


@dataclass(frozen=True, slots=True)
class Filed:
    """A text with what it is filed under.

    Attributes:
        readings: The text.
        codes: What it is filed under, most fitting first.
        query: The query of the collection it belongs to, if it does.
    """

    readings: Readings
    codes: tuple[str, ...]
    query: str | None = None


@dataclass(frozen=True, eq=False)
class Supply:
    """Lessons of one source.

    Attributes:
        asking: Texts that ask.
        found: Texts that may be found.
        nearness: float32 (len(asking), len(found)): cosines under the present encoder.
    """

    asking: Sequence[Filed]
    found: Sequence[Filed]
    nearness: NDArray[np.float32]

    def lessons(self, unseen: Set[str] = frozenset()) -> list[Lesson]:
        """Return what the texts teach, without those that belong to queries held back."""
        hidden = {at for at, text in enumerate(self.found) if text.query in unseen}
        made = (
            self._lesson(row, hidden)
            for row, text in enumerate(self.asking)
            if text.query not in unseen
        )
        return [lesson for lesson in made if lesson.gains.any() and not lesson.gains.all()]

    def _lesson(self, row: int, hidden: Set[int]) -> Lesson:
        """Return what one text teaches; what reads like it or like what fits it is never wrong."""
        asking = self.asking[row]
        near = [at for at in np.argsort(-self.nearness[row], kind="stable") if at not in hidden]
        gains = {at: _gain(asking, self.found[at]) for at in near}
        fitting = {  # of copies the one that is worth most comes last and stays
            self.found[at].readings: gain
            for at, gain in sorted(gains.items(), key=lambda pair: pair[1])
            if gain > 0 and self.found[at].readings != asking.readings
        }
        known = {_squeezed(readings) for readings in (asking.readings, *fitting)}
        wrong: list[Readings] = []
        for at in near:
            readings = self.found[at].readings
            if not gains[at] and _squeezed(readings) not in known:
                wrong.append(readings)
            if len(wrong) == OTHERS:
                break
        worth = [*fitting.values(), *(0.0 for _ in wrong)]
        return Lesson(asking.readings, (*fitting, *wrong), np.array(worth, np.float64))


def scenario_supply(taxonomy: ScenarioTaxonomy, embedder: Embedder) -> Supply:
    """Return the lessons of the scenarios of an installation.

    Its definitions and examples, and the project's own labelled texts, ask for each other. What
    is no navigation at all is never right, but may be found.

    Raises:
        InvalidInputError: a text names a scenario there is not, or nothing can be learned.
    """
    asked = filed_scenarios(own_texts(), taxonomy)
    own = filed_scenarios(taxonomy_texts(taxonomy), taxonomy)
    texts = [*_some(asked, MOST_ASKING), *own]
    reject = taxonomy.reject.code
    asking = [text for text in texts if reject not in text.codes]
    return _supply(
        _some(asking, MOST_ASKING),
        texts,
        embedder,
        "现行的应用场景不到两个有文本的，分不出合适与否。",
    )


def filed_scenarios(examples: Iterable[Example], taxonomy: ScenarioTaxonomy) -> list[Filed]:
    """Return labelled texts filed under their scenarios; those of retired ones are left out.

    Raises:
        InvalidInputError: a text names a scenario there is not.
    """
    offered = {scenario.code for scenario in (*taxonomy.offered, taxonomy.reject)}
    filed = []
    for example in examples:
        for code in example.labels:
            if taxonomy.get(code) is None:
                raise InvalidInputError(
                    f"训练文本标的场景 {code} 不在应用场景分类（版本 {taxonomy.version}）里，"
                    "不能用来训练。"
                )
        if example.labels and offered.issuperset(example.labels):
            title = example.text.split("\n", 1)[0]
            filed.append(Filed(Readings(title, example.text), example.labels))
    return filed


def industry_supply(industries: IndustryTable, embedder: Embedder) -> Supply:
    """Return the lessons of GB/T 4754: the project's own words of products ask for classes.

    Raises:
        InvalidInputError: a word names a class there is not, or nothing can be learned.
    """
    asking = _some(filed_products(lexicon_terms(), industries), MOST_ASKING)
    classes = [
        Filed(_class_readings(industries, industry.code), (industry.code,))
        for industry in industries.at_level(Scheme.GB4754, 4)
    ]
    return _supply(asking, classes, embedder, "产业用语表里没有能对上 GB/T 4754 小类的产品名。")


def filed_products(terms: Iterable[IndustryTerm], industries: IndustryTable) -> list[Filed]:
    """Return the words that say something of a product, filed under their classes.

    Raises:
        InvalidInputError: a word names a class there is not.
    """
    filed = []
    for term in terms:
        for code in term.gb4754:
            industry = industries.get(Scheme.GB4754, code)
            if industry is None or industry.level != 4:
                raise InvalidInputError(
                    f"产品名“{term.text}”标的行业 {code} 不是 GB/T 4754 的小类，不能用来训练。"
                )
        if term.weight > 0 and term.gb4754:
            filed.append(Filed(Readings(term.text, term.text), term.gb4754))
    return filed


def title_supply(
    documents: Sequence[Document], queries: Sequence[Document], embedder: Embedder
) -> Supply:
    """Return the lessons of titles and bodies: a title asks for the body it stands over.

    What is of one group counts as one.

    Raises:
        InvalidInputError: no two texts have both.
    """
    texts: list[tuple[Document, str | None]] = [(d, None) for d in documents]
    texts += [(q, q.id) for q in queries]
    paired = [(text, query) for text, query in texts if text.title and text.body]
    titles, bodies = [], []
    for document, query in _some(paired, MOST_FOUND):
        codes = (document.group_id,) if query is None else (f"query {query}",)
        titles.append(Filed(Readings(document.title, document.title), codes, query))
        bodies.append(Filed(Readings(document.body, document.body), codes, query))
    return _supply(
        _some(titles, MOST_ASKING), bodies, embedder, "评测集里既有标题又有正文的文本不到两条。"
    )


def _supply(
    asking: Sequence[Filed], found: Sequence[Filed], embedder: Embedder, missing: str
) -> Supply:
    """Return a supply; both sides are compared as texts that ask, so none is encoded twice.

    Raises:
        InvalidInputError: it teaches nothing; `missing` says why.
    """
    of_asking, of_found = (
        embedder.query_vectors([text.readings.full for text in texts]) for texts in (asking, found)
    )
    supply = Supply(asking, found, of_asking @ of_found.T)
    if not supply.lessons():
        raise InvalidInputError(f"没有可以另外学的：{missing}")
    return supply


def _class_readings(industries: IndustryTable, code: str) -> Readings:
    """Return the name of a class, and the same with what it lies in."""
    path = (code, *(above.code for above in industries.ancestors(Scheme.GB4754, code)))
    known = (industries.get(Scheme.GB4754, code) for code in path)
    names = list(dict.fromkeys(industry.name for industry in known if industry is not None))
    return Readings(names[0], "\n".join((names[0], "，".join(names[1:]))).strip())


def _gain(asking: Filed, found: Filed) -> float:
    """Return what finding a text is worth: less where only a later code of what asks is met."""
    return max((1 / n for n, c in enumerate(asking.codes, 1) if c in found.codes), default=0.0)


def _squeezed(readings: Readings) -> str:
    """Return a text by which copies are told: without blanks."""
    return "".join(readings.full.split())


_Kept = TypeVar("_Kept")


def _some(texts: Sequence[_Kept], most: int) -> list[_Kept]:
    """Return so many of the texts at most, in their order, always the same ones."""
    if len(texts) <= most:
        return list(texts)
    drawn = np.random.default_rng(SEED).choice(len(texts), most, replace=False)
    return [texts[at] for at in sorted(drawn.tolist())]
