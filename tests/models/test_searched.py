from typing import Any

import pytest

from models import repository
from models.conditions import in_text
from models.database import Database
from models.demand import Demand
from models.organisation import Organisation
from models.viewer import acting_as, system
from models.vocabulary.organisation import OrganisationType
from tests.rows import add_demand


def ids(database: Database, table: Any, text: str) -> list[str]:
    with acting_as(system("test")), database.read() as session:
        found = repository.page(session, table, after=None, limit=9, where=[in_text(table, text)])
    return [row.id for row in found]


@pytest.fixture
def stored(database: Database) -> Demand:
    title, body = "ＳｉＣ功率模块 ＦＴＯ　排查", "预算１００％到位，㍿ 参与。"
    with acting_as(system("test")), database.write() as session:
        return add_demand(session, title=title, description=body)


@pytest.mark.parametrize(
    "text",
    [
        "sic功率",
        "ＳＩＣ功率",
        "fto 排查",
        "100%到位",
        "１００％",
        "株式会社",
        "f\u200bto",
        "FTO sic",
    ],
)
def test_text_is_found_however_wide_it_was_typed(
    database: Database, stored: Demand, text: str
) -> None:
    assert ids(database, Demand, text) == [stored.id]


@pytest.mark.parametrize("text", ["sic_功率", "100%位", "f%o", "排\\查", "氮化镓", "fto 氮化镓"])
def test_text_that_does_not_stand_there_finds_nothing(
    database: Database, stored: Demand, text: str
) -> None:
    assert ids(database, Demand, text) == []


def test_search_text_follows_a_change(database: Database, stored: Demand) -> None:
    with acting_as(system("test")), database.write() as session:
        repository.get(session, Demand, stored.id).title = "氮化镓器件专利布局"
    assert ids(database, Demand, "功率模块") == []
    assert ids(database, Demand, "氮化镓") == [stored.id]


def test_row_of_an_older_program_is_found_by_its_originals(
    database: Database, stored: Demand
) -> None:
    with acting_as(system("test")), database.alone("test") as connection:
        connection.exec_driver_sql("UPDATE demand SET search_text = NULL, row_hash = NULL")
    assert ids(database, Demand, "功率模块") == [stored.id]


def test_organisations_are_found_by_what_their_names_look_like(database: Database) -> None:
    organisation = Organisation(name="Раtent公司", org_type=OrganisationType.CONSULTANCY)
    with acting_as(system("test")), database.write() as session:
        session.add(organisation)
    with acting_as(system("test")), database.read() as session:
        alike = repository.organisations_like(session, "PATENT公司")
    assert [row.id for row in alike] == [organisation.id]
