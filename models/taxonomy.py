"""The scenario taxonomy: which decisions patent navigation serves, in two levels."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
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
        retired: Whether no new text may get it; those that have it keep it and its name.
    """

    code: str
    zh: str
    en: str
    definition: str
    parent: str | None = None
    origin: str | None = None
    triggers: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    retired: bool = False


@dataclass(frozen=True, slots=True)
class _Content:
    """One version of a taxonomy."""

    version: str
    level1: tuple[ScenarioField, ...]
    level2: tuple[Scenario, ...]
    reject: Scenario
    fields: Mapping[str, ScenarioField]
    by_code: Mapping[str, Scenario]


class ScenarioTaxonomy:
    """Every scenario, looked up by code, in the order of the file.

    An installation may change its taxonomy while it runs: `become` puts another version in the
    place of this one, at once for everybody who holds it.
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
        fields, scenarios = tuple(level1), tuple(level2)
        self._content = _Content(
            version=version,
            level1=fields,
            level2=scenarios,
            reject=reject,
            fields=MappingProxyType({field.code: field for field in fields}),
            by_code=MappingProxyType({s.code: s for s in (*scenarios, reject)}),
        )
        if len(self._content.by_code) != len(scenarios) + 1 or len(self._content.fields) != len(
            fields
        ):
            msg = "a scenario code stands twice"
            raise ValueError(msg)
        if any(scenario.parent not in self._content.fields for scenario in scenarios):
            msg = "a scenario names a field that does not exist"
            raise ValueError(msg)

    @property
    def version(self) -> str:
        """Version; every scenario tag carries it."""
        return self._content.version

    @property
    def level1(self) -> tuple[ScenarioField, ...]:
        """The fields."""
        return self._content.level1

    @property
    def level2(self) -> tuple[Scenario, ...]:
        """The scenarios, retired ones included."""
        return self._content.level2

    @property
    def offered(self) -> tuple[Scenario, ...]:
        """The scenarios a text may get now."""
        return tuple(scenario for scenario in self.level2 if not scenario.retired)

    @property
    def reject(self) -> Scenario:
        """Class of texts that ask for something else than navigation."""
        return self._content.reject

    def become(self, other: "ScenarioTaxonomy") -> None:
        """Take over the content of another version."""
        self._content = other._content

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

    def to_json(self) -> dict[str, Any]:
        """Return the taxonomy in the form `from_json` reads."""
        content = self._content
        return {
            "version": content.version,
            "level1": [asdict(field) for field in content.level1],
            "level2": [asdict(scenario) for scenario in content.level2],
            "reject": asdict(content.reject),
        }

    def with_scenario(self, scenario: Scenario, version: str) -> "ScenarioTaxonomy":
        """Return the next version: with one scenario more, or one changed in its place.

        Raises:
            ValueError: it names a field that does not exist, or is the reject class.
        """
        known = {s.code: s for s in self.level2} | {scenario.code: scenario}
        return ScenarioTaxonomy(version, self.level1, known.values(), self.reject)

    def without(self, code: str, version: str) -> "ScenarioTaxonomy":
        """Return the next version: with one scenario retired.

        Raises:
            KeyError: there is no such scenario.
        """
        found = {s.code: s for s in self.level2}[code]
        return self.with_scenario(replace(found, retired=True), version)

    def get(self, code: str) -> Scenario | None:
        """The scenario of a code, the reject class included; None when there is none."""
        return self._content.by_code.get(code)

    def field(self, code: str) -> ScenarioField | None:
        """The field of a code; None when there is none."""
        return self._content.fields.get(code)

    def children(self, code: str) -> tuple[Scenario, ...]:
        """The scenarios of a field a text may get, in order; empty for an unknown field."""
        return tuple(scenario for scenario in self.offered if scenario.parent == code)

    def name(self, code: str) -> str:
        """Chinese name of a scenario or field; the code itself when it is unknown."""
        entry = self.get(code) or self.field(code)
        return entry.zh if entry is not None else code

    def names(self) -> Mapping[str, str]:
        """Chinese names of all fields and scenarios, by code; it follows every new version."""
        return _LiveNames(self)

    def _codes(self) -> Iterable[str]:
        return (*self._content.fields, *self._content.by_code)


class _LiveNames(Mapping[str, str]):
    """Chinese names of the codes of a taxonomy, whatever its version is."""

    def __init__(self, taxonomy: ScenarioTaxonomy) -> None:
        self._taxonomy = taxonomy

    def __getitem__(self, code: str) -> str:
        if self._taxonomy.get(code) is None and self._taxonomy.field(code) is None:
            raise KeyError(code)
        return self._taxonomy.name(code)

    def __iter__(self) -> Iterator[str]:
        return iter(self._taxonomy._codes())

    def __len__(self) -> int:
        return len(tuple(self._taxonomy._codes()))


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
        retired=bool(entry.get("retired", False)),
    )
