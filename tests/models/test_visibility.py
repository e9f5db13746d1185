"""Conditions on what is seen: one set for all who are alike, each query with its own values."""

from datetime import date

import pytest
from sqlalchemy import select

from models import visibility
from models.acting import elevated, viewer_of
from models.database import Database
from models.demand import Demand
from models.viewer import Viewer, acting_as
from models.vocabulary.access import Role, Visibility


@pytest.fixture
def owners(database: Database) -> list[str]:
    """Organisations that own a demand each, which nobody else sees."""
    names = [f"og_{number}" for number in range(30)]
    for name in names:
        with acting_as(_staff(name)), database.write() as session:
            session.add(
                Demand(
                    title="车规级功率模块出口风险排查",
                    description="说明",
                    valid_until=date(2030, 1, 1),
                    visibility=Visibility.PRIVATE,
                )
            )
    return names


def _staff(organisation_id: str) -> Viewer:
    return Viewer(Role.BASE_STAFF, f"us_{organisation_id}", organisation_id, "320500")


def seen(database: Database, viewer: Viewer) -> set[str | None]:
    with acting_as(viewer), database.read() as session:
        assert viewer_of(session) == viewer
        return set(session.scalars(select(Demand.owner_id)))


def test_conditions_made_once_show_everybody_their_own(
    database: Database, owners: list[str]
) -> None:
    visibility._criteria.cache_clear()
    for name in owners:
        assert seen(database, _staff(name)) == {name}
    assert visibility._criteria.cache_info().currsize == 1
    for area, n in (("320000", len(owners)), ("320500", len(owners)), ("110000", 0)):
        operator = Viewer(Role.REGIONAL_OPERATOR, "us_x", None, area)
        assert len(seen(database, operator)) == n
    assert visibility._criteria.cache_info().currsize == 2


def test_conditions_brought_along_stay_those_of_their_session(
    database: Database, owners: list[str]
) -> None:
    """A second session in the same thread does not change whom the first one asks for."""
    wanted = select(Demand.owner_id)
    with acting_as(_staff("og_1")), database.read() as first:
        narrowed = wanted.options(*visibility._criteria(visibility._alike(viewer_of(first))))
        assert set(first.scalars(wanted)) == {"og_1"}
        with acting_as(_staff("og_2")), database.read() as second:
            assert set(second.scalars(wanted)) == {"og_2"}
        with elevated(first, "test"):
            assert set(first.scalars(wanted)) == set(owners)
            assert set(first.scalars(narrowed)) == {"og_1"}
