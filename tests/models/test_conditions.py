"""Lists are filtered by the tags that count, by region and by words."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from models import repository
from models.conditions import has_tag, in_regions, in_text
from models.database import Database
from models.demand import Demand
from models.errors import UnavailableError
from models.tag import TagAssignment
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import Scheme, TagSource


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    database.migrate()
    yield database
    database.close()


def make_demand(database: Database, title: str, **columns: object) -> str:
    with database.write() as session:
        row = Demand(title=title, description="说明", valid_until=date(2030, 1, 1), **columns)
        session.add(row)
        return row.id


def make_tag(database: Database, row_id: str, code: str, source: TagSource) -> None:
    with database.write() as session:
        session.add(
            TagAssignment(
                entity=Entity.DEMAND,
                entity_id=row_id,
                scheme=Scheme.SCENARIO,
                scheme_version="1",
                code=code,
                source=source,
                confidence=1.0,
            )
        )


def tagged(database: Database, code: str) -> list[str]:
    with database.read() as session:
        where = [has_tag(Demand, Scheme.SCENARIO, code)]
        rows = repository.page(session, Demand, after=None, limit=10, where=where)
        return [row.title for row in rows]


def test_has_tag_finds_automatic_code(database: Database) -> None:
    make_tag(database, make_demand(database, "甲"), "ENT.RISK", TagSource.AUTO)
    assert tagged(database, "ENT.RISK") == ["甲"]
    assert tagged(database, "ENT.IPO") == []


def test_has_tag_finds_codes_below_a_field(database: Database) -> None:
    make_tag(database, make_demand(database, "甲"), "ENT.RISK", TagSource.AUTO)
    assert tagged(database, "ENT") == ["甲"]
    assert tagged(database, "EN") == []


@pytest.mark.parametrize("stronger", [TagSource.HUMAN, TagSource.IMPORT])
def test_has_tag_ignores_automatic_code_that_was_overruled(
    database: Database, stronger: TagSource
) -> None:
    row_id = make_demand(database, "甲")
    make_tag(database, row_id, "ENT.RISK", TagSource.AUTO)
    make_tag(database, row_id, "ENT.IPO", stronger)
    assert tagged(database, "ENT.RISK") == []
    assert tagged(database, "ENT.IPO") == ["甲"]


def test_in_regions_compares_prefixes(database: Database) -> None:
    make_demand(database, "苏州", region_code="320500")
    make_demand(database, "上海", region_code="310000")
    make_demand(database, "不明")
    with database.read() as session:
        for prefixes, titles in ((["32"], ["苏州"]), (["3205", "31"], ["苏州", "上海"]), ([], [])):
            where = [in_regions(Demand.region_code, prefixes)]
            rows = repository.page(session, Demand, after=None, limit=10, where=where)
            assert [row.title for row in rows] == titles


def test_in_text_takes_wildcards_literally(database: Database) -> None:
    make_demand(database, "SiC 模块")
    make_demand(database, "100%国产")
    with database.read() as session:
        for text, titles in (("sic 模块", ["SiC 模块"]), ("%", ["100%国产"]), ("_", [])):
            where = [in_text(Demand, text)]
            rows = repository.page(session, Demand, after=None, limit=10, where=where)
            assert [row.title for row in rows] == titles


def test_page_newest_first_goes_on_after_the_cursor(database: Database) -> None:
    ids = sorted(make_demand(database, f"第{n}") for n in range(3))
    with database.read() as session:
        first = repository.page(session, Demand, after=None, limit=2, newest_first=True)
        rest = repository.page(session, Demand, after=first[-1].id, limit=2, newest_first=True)
    assert [row.id for row in (*first, *rest)] == ids[::-1]


def test_read_leaves_nothing_behind(database: Database) -> None:
    row_id = make_demand(database, "甲")
    with database.read() as session:
        repository.get(session, Demand, row_id).title = "乙"
        repository.count(session, Demand)
    with database.read() as session:
        assert repository.get(session, Demand, row_id).title == "甲"


def test_database_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'never_migrated.db'}")
    with pytest.raises(UnavailableError), database.read() as session:
        repository.count(session, Demand)
    database.close()
