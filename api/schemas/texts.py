"""Text types: every text from outside passes the sanitiser while it is parsed."""

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from indexer.secrecy import has_secrecy_mark
from indexer.text import clean
from models.errors import TextRejectedError

TITLE_CHARS: Final = 80
QUERY_CHARS: Final = 5_000
FILTER_CHARS: Final = 100


@dataclass(frozen=True)
class Sanitised:
    """Runs the sanitiser on a value and gives back its display form.

    Attributes:
        min_chars: Fewest visible characters.
        max_chars: Longest length, before and after normalisation.
        one_line: Whether line breaks become blanks.
    """

    min_chars: int
    max_chars: int
    one_line: bool = False

    def __call__(self, raw: str) -> str:
        """Return the clean text; refuses what the sanitiser refuses."""
        try:
            cleaned = clean(raw, min_chars=self.min_chars, max_chars=self.max_chars)
        except TextRejectedError as error:
            reason = str(error.fields.get("reason", "text"))
            raise PydanticCustomError(
                f"text_{reason}", "{message}", {"message": error.message}
            ) from None
        if has_secrecy_mark(cleaned.canonical):
            raise PydanticCustomError(
                "text_classified",
                "文字带有国家秘密的密级标志，一律不得录入。请立即停止，并按本单位的保密规定处理。",
            )
        text = cleaned.original
        return " ".join(text.split()) if self.one_line else text


Title = Annotated[
    str,
    StringConstraints(min_length=6, max_length=TITLE_CHARS),
    AfterValidator(Sanitised(6, TITLE_CHARS, one_line=True)),
]
ShortTitle = Annotated[
    str,
    StringConstraints(min_length=2, max_length=TITLE_CHARS),
    AfterValidator(Sanitised(2, TITLE_CHARS, one_line=True)),
]
Description = Annotated[
    str,
    StringConstraints(min_length=30, max_length=5_000),
    AfterValidator(Sanitised(30, 5_000)),
]
Background = Annotated[
    str, StringConstraints(max_length=2_000), AfterValidator(Sanitised(0, 2_000))
]
DecisionQuestion = Annotated[
    str, StringConstraints(max_length=300), AfterValidator(Sanitised(0, 300, one_line=True))
]
CapabilityText = Annotated[
    str,
    StringConstraints(min_length=30, max_length=2_000),
    AfterValidator(Sanitised(30, 2_000)),
]
CaseSummary = Annotated[
    str,
    StringConstraints(min_length=100, max_length=2_000),
    AfterValidator(Sanitised(100, 2_000)),
]
Message = Annotated[
    str, StringConstraints(min_length=1, max_length=2_000), AfterValidator(Sanitised(1, 2_000))
]
Introduction = Annotated[
    str, StringConstraints(max_length=3_000), AfterValidator(Sanitised(0, 3_000))
]
OrganisationName = Annotated[
    str,
    StringConstraints(min_length=2, max_length=100),
    AfterValidator(Sanitised(2, 100, one_line=True)),
]
Keyword = Annotated[
    str,
    StringConstraints(min_length=1, max_length=40),
    AfterValidator(Sanitised(1, 40, one_line=True)),
]
Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(Sanitised(1, 200, one_line=True)),
]
QueryText = Annotated[
    str,
    StringConstraints(min_length=2, max_length=QUERY_CHARS),
    AfterValidator(Sanitised(2, QUERY_CHARS)),
]
FilterText = Annotated[
    str, StringConstraints(max_length=FILTER_CHARS), AfterValidator(Sanitised(0, FILTER_CHARS))
]

RowId = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}_[0-9A-HJKMNP-TV-Z]{26}$")]
RegionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}([0-9]{2}){0,2}$")]
RegionFilter = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{2}([0-9]{2}){0,2}|M:[A-Z]{2,8})$")
]
ScenarioCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}(\.[A-Z]{2,12})?$")]
IndustryCode = Annotated[str, StringConstraints(pattern=r"^[1-9](\.[1-9])?$")]
ClassCode = Annotated[str, StringConstraints(pattern=r"^[A-T][0-9]{0,4}$")]
IpcCode = Annotated[str, StringConstraints(pattern=r"^[A-H][0-9]{2}[A-Z]([0-9]{1,4}/[0-9]{2,6})?$")]
Uscc = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$")]
WebhookUrl = Annotated[
    str, StringConstraints(min_length=9, max_length=500, pattern=r"^https?://[\x21-\x7e]+$")
]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
SourceRef = Annotated[
    str,
    StringConstraints(min_length=1, max_length=128),
    AfterValidator(Sanitised(1, 128, one_line=True)),
]
