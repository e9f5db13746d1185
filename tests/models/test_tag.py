import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.database import Database
from models.errors import ConflictError
from models.tag import TagAssignment, effective_tags
from models.vocabulary.row import Entity
from models.vocabulary.taxonomy import Scheme, TagSource
from tests.rows import add_demand, add_tag

_RANK = {TagSource.HUMAN: 0, TagSource.IMPORT: 1, TagSource.AUTO: 2}


def tag(
    code: str,
    source: TagSource = TagSource.AUTO,
    scheme: Scheme = Scheme.SCENARIO,
    confidence: float = 1.0,
) -> TagAssignment:
    return TagAssignment(
        entity=Entity.DEMAND,
        entity_id="dm_1",
        scheme=scheme,
        scheme_version="1",
        code=code,
        source=source,
        confidence=confidence,
    )


def codes(*assignments: TagAssignment) -> list[str]:
    return [assignment.code for assignment in effective_tags(assignments)]


def test_person_decides_the_whole_scheme() -> None:
    assert codes(tag("A"), tag("B", TagSource.HUMAN), tag("C", TagSource.IMPORT)) == ["B"]


def test_import_wins_over_automatic() -> None:
    assert codes(tag("A"), tag("C", TagSource.IMPORT)) == ["C"]


def test_schemes_are_decided_apart() -> None:
    chosen = codes(tag("A"), tag("B", TagSource.HUMAN), tag("1.2", scheme=Scheme.SEI))
    assert sorted(chosen) == ["1.2", "B"]


def test_tags_come_surest_first_then_by_code() -> None:
    found = codes(tag("C", confidence=0.5), tag("B", confidence=0.9), tag("A", confidence=0.5))
    assert found == ["B", "A", "C"]


def test_no_assignments_give_no_tags() -> None:
    assert codes() == []


assignments = st.builds(
    tag,
    st.sampled_from("ABC"),
    st.sampled_from(TagSource),
    st.sampled_from(Scheme),
    st.sampled_from([0.2, 0.5, 1.0]),
)


@given(st.lists(assignments, max_size=12))
def test_tags_are_those_of_the_strongest_source_of_each_scheme(given: list[TagAssignment]) -> None:
    found = effective_tags(given)
    for scheme in Scheme:
        mine = [t for t in given if t.scheme == scheme]
        strongest = min((_RANK[t.source] for t in mine), default=None)
        expected = [t for t in mine if _RANK[t.source] == strongest]
        assert {id(t) for t in found if t.scheme == scheme} == {id(t) for t in expected}


@given(st.lists(assignments, max_size=8, unique_by=lambda t: (t.scheme, t.source, t.code)))
def test_order_of_assignments_does_not_matter(given: list[TagAssignment]) -> None:
    assert effective_tags(given) == effective_tags(reversed(given))


def test_one_source_gives_a_code_once(database: Database) -> None:
    with database.write() as session:
        row = add_demand(session)
        add_tag(session, row, "A", TagSource.AUTO)
        add_tag(session, row, "A", TagSource.HUMAN)
    with pytest.raises(ConflictError), database.write() as session:
        add_tag(session, row, "A", TagSource.AUTO)
