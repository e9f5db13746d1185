"""The scenario taxonomy: which decisions patent navigation serves, in two levels."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Self

SCENARIOS_FILE: Final = "scenarios.json"


@dataclass(frozen=True, slots=True)
class ScenarioField:
    """A first-level class of scenarios, for example `ENT`."""

    code: str
    zh: str
    en: str
    definition: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A second-level scenario, or the class of what is no patent navigation at all.

    Attributes:
        code: Stable code, for example `ENT.RISK`.
        zh: Chinese name.
        en: English name.
        definition: What belongs to it, in Chinese.
        parent: Code of its field; None for the reject class.
        origin: Where it comes from: `std`, `model`, `seed` or `ext`; None for the reject class.
        triggers: Words that often name it.
        examples: Demands that belong to it.
    """

    code: str
    zh: str
    en: str
    definition: str
    parent: str | None = None
    origin: str | None = None
    triggers: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


class ScenarioTaxonomy:
    """Every scenario, looked up by code, in the order of the file.

    Attributes:
        version: Version of the file; every scenario tag carries it.
        level1: The fields.
        level2: The scenarios.
        reject: Class of texts that ask for something else than navigation.
    """

    def __init__(
        self,
        version: str,
        level1: Iterable[ScenarioField],
        level2: Iterable[Scenario],
        reject: Scenario,
    ) -> None:
        """Index the scenarios by code.

        Raises:
            ValueError: a code stands twice, or a scenario names an unknown field.
        """
        self.version = version
        self.level1 = tuple(level1)
        self.level2 = tuple(level2)
        self.reject = reject
        self._fields: Mapping[str, ScenarioField] = MappingProxyType(
            {field.code: field for field in self.level1}
        )
        scenarios = (*self.level2, reject)
        self._by_code: Mapping[str, Scenario] = MappingProxyType({s.code: s for s in scenarios})
        if len(self._by_code) != len(scenarios) or len(self._fields) != len(self.level1):
            msg = "a scenario code stands twice"
            raise ValueError(msg)
        if any(scenario.parent not in self._fields for scenario in self.level2):
            msg = "a scenario names a field that does not exist"
            raise ValueError(msg)

    @classmethod
    def load(cls) -> Self:
        """The taxonomy as shipped with the package."""
        text = (files("models") / "data" / SCENARIOS_FILE).read_text("utf-8")
        return cls.from_json(json.loads(text))

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """The taxonomy in the form of the shipped file; scenarios keep its order."""
        return cls(
            version=content["version"],
            level1=[ScenarioField(**field) for field in content["level1"]],
            level2=[_scenario(entry) for entry in content["level2"]],
            reject=_scenario(content["reject"]),
        )

    def get(self, code: str) -> Scenario | None:
        """The scenario of a code, the reject class included; None when there is none."""
        return self._by_code.get(code)

    def field(self, code: str) -> ScenarioField | None:
        """The field of a code; None when there is none."""
        return self._fields.get(code)

    def children(self, code: str) -> tuple[Scenario, ...]:
        """The scenarios of a field, in order; empty for an unknown field."""
        return tuple(scenario for scenario in self.level2 if scenario.parent == code)

    def name(self, code: str) -> str:
        """Chinese name of a scenario or field; the code itself when it is unknown."""
        entry = self._by_code.get(code) or self._fields.get(code)
        return entry.zh if entry is not None else code

    def names(self) -> dict[str, str]:
        """Chinese names of all fields and scenarios, by code."""
        fields = {field.code: field.zh for field in self.level1}
        return fields | {scenario.code: scenario.zh for scenario in self._by_code.values()}


def _scenario(entry: Mapping[str, Any]) -> Scenario:
    return Scenario(
        code=entry["code"],
        zh=entry["zh"],
        en=entry["en"],
        definition=entry["definition"],
        parent=entry.get("parent"),
        origin=entry.get("origin"),
        triggers=tuple(entry.get("triggers", ())),
        examples=tuple(entry.get("examples", ())),
    )
