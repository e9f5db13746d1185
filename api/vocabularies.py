"""All vocabularies together, with the Chinese name of every code."""

from dataclasses import dataclass
from typing import Self

from matcher.explain import Names
from models.industries import IndustryTable
from models.labels import Labels
from models.regions import RegionLevel, RegionTable
from models.taxonomy import ScenarioTaxonomy
from models.vocabulary.taxonomy import Scheme


@dataclass(frozen=True)
class Vocabularies:
    """The tables that tags, filters and forms refer to."""

    scenarios: ScenarioTaxonomy
    industries: IndustryTable
    regions: RegionTable
    labels: Labels

    @classmethod
    def load(cls) -> Self:
        """The tables as shipped with the package."""
        return cls(ScenarioTaxonomy.load(), IndustryTable.load(), RegionTable.load(), Labels.load())

    def name(self, scheme: Scheme, code: str) -> str:
        """Chinese name of a code, the code itself when the table does not know it."""
        if scheme == Scheme.SCENARIO:
            return self.scenarios.name(code)
        if scheme == Scheme.REGION:
            return self.region_name(code) or code
        industry = self.industries.get(scheme, code)
        return industry.name if industry is not None else code

    def version(self, scheme: Scheme) -> str:
        """Version of a vocabulary; empty for one that is not carried."""
        if scheme == Scheme.SCENARIO:
            return self.scenarios.version
        if scheme == Scheme.REGION:
            return self.regions.version
        top = self.industries.at_level(scheme, 1)
        return top[0].version if top else ""

    def region_name(self, code: str | None) -> str | None:
        """Chinese name of a region with what it lies in; None when there is none."""
        region = self.regions.resolve(code)
        if region is None:
            return None
        above = [r.name for r in self.regions.ancestors(region.code)]
        return "".join([*reversed(above), region.name])

    def division(self, code: str | None) -> str | None:
        """Six-digit code of a division; None for macro regions and unknown codes."""
        region = self.regions.resolve(code)
        return None if region is None or region.level == RegionLevel.MACRO else region.code

    def match_names(self) -> Names:
        """The names explanations use."""
        fields = self.industries.at_level(Scheme.SEI, 1) + self.industries.at_level(Scheme.SEI, 2)
        return Names(
            scenarios=self.scenarios.names(),
            industries={industry.code: industry.name for industry in fields},
            regions=self.regions,
        )
