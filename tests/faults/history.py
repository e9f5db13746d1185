"""Random histories of the database, and a dictionary that knows what should be found."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.base import now_utc
from models.case import Case
from models.database import Session
from models.demand import MATCHABLE_STATES, Demand
from models.provider import OFFERED_STATES, Capability, Provider
from models.vocabulary.demand import DemandState
from models.vocabulary.organisation import CaseState, ProviderState
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import TagSource
from tests.rows import add_capability, add_case, add_demand, add_provider, add_tag

MOST_ROWS = 1_000
"""Rows of a kind; from then on they change instead of getting more."""

BODIES = ("碳化硅器件侵权风险排查。", "固态电池专利导航报告。", "海外诉讼应对。", "评议分析。" * 20)


@dataclass
class Oracle:
    """What should be found, kept by hand in dictionaries.

    Attributes:
        demands: State, deletion and title by key.
        cases: State, deletion, title and provider by key.
        capabilities: Deletion, title and provider by key.
        providers: State, deletion and name by key.
    """

    demands: dict[str, dict[str, Any]] = field(default_factory=dict)
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    capabilities: dict[str, dict[str, Any]] = field(default_factory=dict)
    providers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def findable(self) -> dict[Entity, list[tuple[str, str, str | None]]]:
        """Key, title and name of the provider of everything that may be found, by kind."""
        found: dict[Entity, list[tuple[str, str, str | None]]] = {
            Entity.DEMAND: [
                (key, demand["title"], None)
                for key, demand in self.demands.items()
                if demand["state"] in MATCHABLE_STATES and not demand["deleted"]
            ],
            Entity.CASE: [
                (key, case["title"], self.name_of(case["provider"]))
                for key, case in self.cases.items()
                if case["state"] == CaseState.PUBLISHED and not case["deleted"]
            ],
            Entity.CAPABILITY: [
                (key, capability["title"], self.name_of(capability["provider"]))
                for key, capability in self.capabilities.items()
                if not capability["deleted"] and self.is_offered(capability["provider"])
            ],
        }
        return {kind: sorted(rows) for kind, rows in found.items()}

    def name_of(self, provider: str | None) -> str | None:
        return self.providers[provider]["name"] if provider else None

    def is_offered(self, provider: str) -> bool:
        known = self.providers[provider]
        return known["state"] in OFFERED_STATES and not known["deleted"]


class History:
    """Does random things to the database and to the oracle alike."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.oracle = Oracle()
        self.n_titles = 0
        self.operations: list[Callable[[Session], None]] = [
            self.add_provider,
            self.add_capability,
            self.add_capability,
            self.add_demand,
            self.add_demand,
            self.add_case,
            self.retitle,
            self.retitle,
            self.retitle,
            self.delete_or_restore,
            self.step_demand,
            self.step_case,
            self.step_provider,
            self.rename,
            self.move_case,
            self.tag,
        ]

    def step(self, session: Session) -> None:
        """Do one random thing."""
        self.pick(self.operations)(session)

    def pick(self, choices: Any) -> Any:
        options = list(choices)
        return options[int(self.rng.integers(len(options)))]

    def title(self) -> str:
        self.n_titles += 1
        return f"{self.pick(['专利导航', '风险排查', '评议'])}{self.n_titles}"

    def add_provider(self, session: Session) -> None:
        if len(self.oracle.providers) >= MOST_ROWS // 4:
            return self.rename(session)
        row = add_provider(session, self.title())
        name = row.organisation.name
        self.oracle.providers[row.id] = {"state": row.state, "deleted": False, "name": name}

    def add_capability(self, session: Session) -> None:
        if len(self.oracle.capabilities) >= MOST_ROWS:
            return self.retitle(session)
        if self.oracle.providers:
            provider = session.get_one(Provider, self.pick(self.oracle.providers))
            row = add_capability(session, provider, self.title(), self.pick(BODIES))
            self.oracle.capabilities[row.id] = {
                "title": row.title,
                "deleted": False,
                "provider": provider.id,
            }

    def add_demand(self, session: Session) -> None:
        if len(self.oracle.demands) >= MOST_ROWS:
            return self.retitle(session)
        row = add_demand(session, self.title(), self.pick(BODIES))
        self.oracle.demands[row.id] = {"title": row.title, "deleted": False, "state": row.state}

    def add_case(self, session: Session) -> None:
        if len(self.oracle.cases) >= MOST_ROWS:
            return self.retitle(session)
        keys = [None, *self.oracle.providers]
        key = self.pick(keys)
        provider = session.get_one(Provider, key) if key else None
        row = add_case(session, provider, self.title(), self.pick(BODIES))
        self.oracle.cases[row.id] = {
            "title": row.title,
            "deleted": False,
            "state": row.state,
            "provider": key,
        }

    def retitle(self, session: Session) -> None:
        table, known = self.pick_kind()
        if known:
            key = self.pick(known)
            session.get_one(table, key).title = known[key]["title"] = self.title()

    def delete_or_restore(self, session: Session) -> None:
        table, known = self.pick_kind(Provider)
        if known:
            key = self.pick(known)
            known[key]["deleted"] = not known[key]["deleted"]
            row = session.get_one(table, key)
            row.deleted_at = now_utc() if known[key]["deleted"] else None

    def pick_kind(self, *more: type[Any]) -> tuple[Any, dict[str, dict[str, Any]]]:
        table = self.pick([Demand, Case, Capability, *more])
        by_table: dict[type[Any], dict[str, dict[str, Any]]] = {
            Demand: self.oracle.demands,
            Case: self.oracle.cases,
            Capability: self.oracle.capabilities,
            Provider: self.oracle.providers,
        }
        return table, by_table[table]

    def step_demand(self, session: Session) -> None:
        self._set_state(session, Demand, self.oracle.demands, DemandState)

    def step_case(self, session: Session) -> None:
        self._set_state(session, Case, self.oracle.cases, CaseState)

    def step_provider(self, session: Session) -> None:
        self._set_state(session, Provider, self.oracle.providers, ProviderState)

    def _set_state(
        self, session: Session, table: Any, known: dict[str, dict[str, Any]], states: Any
    ) -> None:
        if known:
            key = self.pick(known)
            session.get_one(table, key).state = known[key]["state"] = self.pick(states)

    def rename(self, session: Session) -> None:
        if self.oracle.providers:
            key = self.pick(self.oracle.providers)
            name = self.oracle.providers[key]["name"] = self.title()
            session.get_one(Provider, key).organisation.name = name

    def move_case(self, session: Session) -> None:
        if self.oracle.cases:
            key = self.pick(self.oracle.cases)
            provider = self.pick([None, *self.oracle.providers])
            session.get_one(Case, key).provider_id = provider
            self.oracle.cases[key]["provider"] = provider

    def tag(self, session: Session) -> None:
        """A person tags a case: its provider's profile counts that."""
        if self.oracle.cases:
            row = session.get_one(Case, self.pick(self.oracle.cases))
            add_tag(session, row, f"ENT.{self.title()}", TagSource.HUMAN)
            row.updated_at = now_utc()
