import pytest

from models import repository
from models.database import Database
from models.errors import ConflictError
from models.organisation import Organisation
from models.unit import active
from models.vocabulary.organisation import OrganisationType


def _organisation(name: str, **columns: object) -> Organisation:
    return Organisation(name=name, org_type=OrganisationType.ENTERPRISE, **columns)


def _names(database: Database) -> list[str]:
    with database.read() as session:
        return sorted(o.name for o in repository.page(session, Organisation, after=None, limit=50))


def _store(database: Database, name: str, **columns: object) -> None:
    with database.write() as session:
        session.add(_organisation(name, **columns))


def test_writes_of_a_unit_are_seen_by_others_at_its_commit(database: Database) -> None:
    unit = database.unit()
    with active(unit):
        _store(database, "甲")
        _store(database, "乙")
        assert _names(database) == ["乙", "甲"]
    assert _names(database) == []

    database.commit(unit)

    assert _names(database) == ["乙", "甲"]


def test_rollback_of_a_unit_takes_back_all_its_writes(database: Database) -> None:
    unit = database.unit()
    with active(unit):
        _store(database, "甲")

    unit.rollback()

    assert _names(database) == []
    _store(database, "乙")
    assert _names(database) == ["乙"]


def test_failed_write_in_a_unit_leaves_the_others(database: Database) -> None:
    unit = database.unit()
    with active(unit):
        _store(database, "甲", source_ref="k-1")
        with pytest.raises(ConflictError):
            _store(database, "乙", source_ref="k-1")
        _store(database, "丙")

    database.commit(unit)

    assert _names(database) == ["丙", "甲"]


def test_work_waits_for_the_commit_of_the_unit(database: Database) -> None:
    done: list[str] = []
    unit = database.unit()
    with active(unit):
        _store(database, "甲")
        database.when_committed(lambda: done.append("told"))
        assert done == []

    database.commit(unit)

    assert done == ["told"]


def test_work_is_done_at_once_outside_a_unit(database: Database) -> None:
    done: list[str] = []

    database.when_committed(lambda: done.append("told"))

    assert done == ["told"]


def test_work_is_never_done_when_the_unit_is_taken_back(database: Database) -> None:
    done: list[str] = []
    unit = database.unit()
    with active(unit):
        database.when_committed(lambda: done.append("told"))

    unit.rollback()
    unit.commit()

    assert done == []


def test_reading_alone_begins_no_transaction(database: Database) -> None:
    unit = database.unit()
    with active(unit):
        assert _names(database) == []
        assert unit.connection is None


def test_what_the_beginning_raises_ends_the_unit(database: Database) -> None:
    def refuse(connection: object) -> None:
        raise LookupError

    unit = database.unit(refuse)
    with active(unit), pytest.raises(LookupError):
        _store(database, "甲")

    assert unit.connection is None
    _store(database, "乙")


def test_unit_of_another_database_is_not_joined(database: Database, tmp_path: object) -> None:
    other = Database(f"sqlite:///{tmp_path}/other.db")
    other.migrate()
    unit = other.unit()
    with active(unit):
        _store(database, "甲")
    unit.rollback()
    other.close()

    assert _names(database) == ["甲"]
