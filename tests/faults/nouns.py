"""The nouns clients write, in the form of requests and of tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from api.schemas import examples
from tests.faults.oracle import Content


@dataclass(frozen=True)
class Noun:
    """One kind of row and what may be done with it.

    Attributes:
        name: Its name.
        path: Where its rows are addressed.
        table: Its table.
        text: Name of its long text, in requests and in the table.
        body: A body that is accepted.
        steps: State after each action, by state and action.
        first: State of a new row, by whether it is published at once.
    """

    name: str
    path: str
    table: str
    text: str
    body: Mapping[str, Any]
    steps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    first: tuple[str, str] = ("", "")

    def new(self, mark: str, *, publish: bool) -> tuple[dict[str, Any], Content]:
        """Return the body of a new row and what it will be."""
        values = {**self.body, "source_ref": mark, **self.texts(mark, 0)}
        if self.steps:
            values["publish"] = publish
        content = Content(values["title"], values[self.text], self.first[publish], deleted=False)
        return values, content

    def texts(self, mark: str, revision: int) -> dict[str, str]:
        """Return title and text that no other row has."""
        note = f"{mark}第{revision}稿"
        return {"title": f"导航 {note}", self.text: f"{self.body[self.text]}编号{note}。"}

    def state_column(self) -> str:
        """Return what gives the state in a query."""
        return "state" if self.steps else "''"


DEMAND: Final = Noun(
    name="demand",
    path="/v1/demands",
    table="demand",
    text="description",
    body={**examples.DEMAND, "scenario_tags": ["ENT.RISK"]},
    steps={
        "draft": {"publish": "published", "withdraw": "withdrawn"},
        "published": {"pause": "paused", "withdraw": "withdrawn"},
        "paused": {"publish": "published", "withdraw": "withdrawn"},
    },
    first=("draft", "published"),
)
CASE: Final = Noun(
    name="case",
    path="/v1/cases",
    table="case_result",
    text="summary",
    body=examples.CASE,
    steps={
        "draft": {"publish": "published"},
        "published": {"withdraw": "hidden"},
        "hidden": {"publish": "published"},
    },
    first=("draft", "published"),
)
CAPABILITY: Final = Noun(
    name="capability",
    path="/v1/capabilities",
    table="capability",
    text="description",
    body=examples.CAPABILITY,
)
NOUNS: Final = {noun.name: noun for noun in (DEMAND, CASE, CAPABILITY)}
