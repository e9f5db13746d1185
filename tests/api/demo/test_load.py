from api.demo.load import is_in_use, load_demo, source_ref
from api.wiring import Service
from models import repository
from models.case import Case
from models.demand import Demand
from models.organisation import Base
from models.provider import Capability, Provider
from models.vocabulary.demand import DemandState
from models.vocabulary.taxonomy import TagSource
from tests.api.exchange.conftest import service, wired  # noqa: F401 - fixtures


def ignore(done: int, total: int) -> None:
    """Take no notice of progress."""


def test_load_demo_stores_everything_once(service: Service) -> None:  # noqa: F811
    told: list[tuple[int, int]] = []
    assert not is_in_use(service)
    n_first = load_demo(service, lambda done, total: told.append((done, total)))
    with service.database.read() as session:
        assert repository.holds_demo_data(session)
        counts = [
            repository.count(session, table) for table in (Base, Provider, Capability, Case, Demand)
        ]
        seq = repository.last_seq(session)
    assert counts[0] == 32
    assert counts[1] >= 200
    assert counts[2] >= 500
    assert counts[3] == 100
    assert counts[4] >= 150
    assert told[-1] == (n_first, n_first)
    assert n_first == counts[0] + counts[1] + counts[3] + counts[4]

    assert not is_in_use(service)
    assert load_demo(service, ignore) == 0
    with service.database.read() as session:
        assert repository.last_seq(session) == seq
        demands = repository.page(session, Demand, after=None, limit=300)
        tags = repository.tags_of(session, Demand.entity, [demand.id for demand in demands])
        sample = repository.find_by_source(session, Demand, source_ref("D-A001"))
    assert {tag.source for row in tags.values() for tag in row} == {TagSource.AUTO}
    assert sample is not None
    assert sample.base_id is not None
    assert sample.state in (DemandState.PUBLISHED, DemandState.REJECTED)
    assert any(demand.requirements for demand in demands)
