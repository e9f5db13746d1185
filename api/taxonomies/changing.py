"""New versions of the scenario taxonomy, in force at once and everywhere."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from models import taxonomies
from models.database import Database
from models.errors import ConflictError, InvalidInputError, NotFoundError
from models.taxonomy import Scenario, ScenarioTaxonomy
from models.taxonomy_version import TaxonomyVersion
from models.viewer import acting_as, system
from models.vocabulary.taxonomy import TaxonomyAct

MAX_SCENARIOS: Final = 200
MAX_SHOWN: Final = 50
"""Versions a list gives at most."""

_log = logging.getLogger("navmatch.taxonomy")

Change = Callable[[ScenarioTaxonomy, str], ScenarioTaxonomy]
"""Makes the next version of a taxonomy, under a version name."""


class Taxonomies:
    """Keeps the taxonomy everybody holds at the version in force.

    Versions lie in the database, whole; each worker looks for a new one whenever it follows
    the change feed, and puts it in the place of the one its parts hold.
    """

    def __init__(
        self, database: Database, live: ScenarioTaxonomy, committed: Callable[[], None]
    ) -> None:
        """Make it.

        Args:
            database: Where the versions are.
            live: The taxonomy everybody holds.
            committed: Called after every change, so that others look at once.
        """
        self._database = database
        self._live = live
        self._committed = committed
        self._shipped = ScenarioTaxonomy.load()
        self._mark = taxonomies.SHIPPED

    def refresh(self) -> None:
        """Put the version in force in the place of the one held, if it is another."""
        with acting_as(system("taxonomy")), self._database.read() as session:
            mark = taxonomies.newest_mark(session)
            if mark == self._mark:
                return
            stored = taxonomies.newest_version(session)
            content = None if stored is None else stored.content
        try:
            made = self._shipped if content is None else ScenarioTaxonomy.from_json(content)
        except (KeyError, TypeError, ValueError):
            _log.exception("version %s of the taxonomy cannot be read; the old one stays", mark[0])
        else:
            self._live.become(made)
        self._mark = mark

    def versions(self) -> list[TaxonomyVersion]:
        """Return the versions this installation made, the newest first."""
        with self._database.read() as session:
            return taxonomies.versions(session, MAX_SHOWN)

    def add(self, scenario: Scenario) -> None:
        """Put a scenario in force.

        Raises:
            ConflictError: the code exists already, or there are too many.
            InvalidInputError: its field does not exist.
        """

        def change(base: ScenarioTaxonomy, version: str) -> ScenarioTaxonomy:
            known = base.get(scenario.code)
            if known is not None and not known.retired:
                raise ConflictError(
                    "这个场景代码已经有了，要改请用修改（命令行加 --change）。", reason="code"
                )
            return _with(base, scenario, version)

        self._make(TaxonomyAct.ADD, scenario.code, change)

    def change(self, scenario: Scenario) -> None:
        """Put another wording of a scenario in force.

        Raises:
            NotFoundError: there is no such scenario.
        """

        def change(base: ScenarioTaxonomy, version: str) -> ScenarioTaxonomy:
            known = _known(base, scenario.code)
            return _with(base, replace(scenario, origin=known.origin), version)

        self._make(TaxonomyAct.CHANGE, scenario.code, change)

    def retire(self, code: str) -> None:
        """Let no new text get a scenario; what has it keeps it.

        Raises:
            NotFoundError: there is no such scenario.
            ConflictError: it is retired already.
        """

        def change(base: ScenarioTaxonomy, version: str) -> ScenarioTaxonomy:
            if _known(base, code).retired:
                raise ConflictError("这个场景代码已经停用。", reason="code")
            return base.without(code, version)

        self._make(TaxonomyAct.RETIRE, code, change)

    def take_over(self, content: Mapping[str, Any]) -> None:
        """Put a whole taxonomy in force; codes it leaves out are retired, never lost.

        Raises:
            InvalidInputError: it is none, or it lacks the reject class.
        """
        try:
            given = ScenarioTaxonomy.from_json(content)
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidInputError(
                f"这不是完整的场景分类（{error}），需要 version、level1、level2、reject。"
            ) from error

        def change(base: ScenarioTaxonomy, version: str) -> ScenarioTaxonomy:
            if given.reject.code != base.reject.code:
                raise InvalidInputError(f"拒识类的代码应是 {base.reject.code}。")
            fields = {f.code: f for f in base.level1} | {f.code: f for f in given.level1}
            left = {s.code: replace(s, retired=True) for s in base.level2}
            scenarios = left | {s.code: s for s in given.level2}
            _check_number(len(scenarios))
            return ScenarioTaxonomy(version, fields.values(), scenarios.values(), given.reject)

        self._make(TaxonomyAct.IMPORT, None, change)

    def _make(self, act: TaxonomyAct, code: str | None, change: Change) -> None:
        """Store the next version, put it in force here and tell the others."""
        with self._database.write() as session:
            stored = taxonomies.newest_version(session)
            base = self._shipped if stored is None else ScenarioTaxonomy.from_json(stored.content)
            number = 1 if stored is None else stored.number + 1
            made = change(base, f"{self._shipped.version}+{number}")
            taxonomies.add_version(session, number, act, code, made.to_json())
        self._database.when_committed(self.refresh)
        self._committed()


def _known(base: ScenarioTaxonomy, code: str) -> Scenario:
    found = base.get(code)
    if found is None or code == base.reject.code:
        raise NotFoundError("没有这个场景代码。", code=code)
    return found


def _with(base: ScenarioTaxonomy, scenario: Scenario, version: str) -> ScenarioTaxonomy:
    if base.field(scenario.parent or "") is None:
        raise InvalidInputError(
            f"没有 {scenario.parent} 这个大类，可用：{'、'.join(f.code for f in base.level1)}。"
        )
    _check_number(len(base.level2) + 1)
    return base.with_scenario(scenario, version)


def _check_number(n: int) -> None:
    if n > MAX_SCENARIOS:
        raise ConflictError(f"场景最多 {MAX_SCENARIOS} 个。", reason="too_many")
