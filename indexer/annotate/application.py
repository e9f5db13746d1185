"""How the result of a demand will be put to use."""

from typing import Final

from indexer.annotate.lexicon import Lexicon
from indexer.annotate.types import ApplicationFinding, Evidence
from models.vocabulary.demand import ApplicationForm

WORDS_FILE: Final = "applications.toml"


class ApplicationFinder:
    """Finds the forms of application by the words for them."""

    def __init__(self) -> None:
        """Load the words."""
        self._lexicon = Lexicon.load(WORDS_FILE)

    def find_applications(self, text: str) -> tuple[ApplicationFinding, ...]:
        """Forms of application, the most often named first, each once.

        Args:
            text: Canonical text, title first.
        """
        first: dict[ApplicationForm, Evidence] = {}
        counts: dict[ApplicationForm, int] = {}
        for cue in self._lexicon.find(text):
            form = ApplicationForm(cue.label)
            counts[form] = counts.get(form, 0) + 1
            first.setdefault(form, Evidence(cue.start, cue.end, text[cue.start : cue.end]))
        order = sorted(first, key=lambda form: (-counts[form], first[form].start))
        return tuple(ApplicationFinding(form, first[form]) for form in order)
