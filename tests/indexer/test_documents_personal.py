"""Personal data in a text is not in the document made from it; the row keeps what was written."""

from indexer.documents import DatabaseDocuments, demand_document
from models.database import Database
from models.demand import Demand
from models.vocabulary.row import Entity
from tests.rows import add_capability, add_demand, add_provider

PHONE = "13912345678"
MAIL = "wang@example.com"


def test_document_of_a_demand_covers_personal_data(
    database: Database, source: DatabaseDocuments
) -> None:
    with database.write() as session:
        row = add_demand(
            session,
            f"碳化硅侵权排查 {PHONE}",
            f"请联系王工 {MAIL}，做侵权风险排查。",
            requirements=[{"kind": "other", "strength": "prefer", "text": f"电话{PHONE}"}],
        )
    (document,) = source.load(Entity.DEMAND, [row.id])
    assert PHONE not in repr(document)
    assert MAIL not in repr(document)
    assert document.title == f"碳化硅侵权排查 {'*' * len(PHONE)}"
    with database.read() as session:
        assert PHONE in session.get_one(Demand, row.id).title


def test_document_of_a_capability_covers_personal_data(
    database: Database, source: DatabaseDocuments
) -> None:
    with database.write() as session:
        provider = add_provider(session)
        row = add_capability(session, provider, f"排查{PHONE}", f"发到{MAIL}")
    (document,) = source.load(Entity.CAPABILITY, [row.id])
    assert PHONE not in repr(document)
    assert MAIL not in repr(document)


def test_document_that_is_not_stored_covers_too() -> None:
    demand = Demand(title="标题", description=f"电话{PHONE}", requirements=[])
    demand.deliverables = []
    assert PHONE not in repr(demand_document(demand, []))
