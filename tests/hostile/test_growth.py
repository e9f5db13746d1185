"""No text costs more than its length: what doubles it may not more than double the work."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.demo.load import load_demo
from api.matching import Matching
from api.schemas.match import FreeText, MatchQuery
from api.schemas.widget import TEXT_CHARS
from api.settings import Settings
from api.wiring import Service
from indexer.e5_folder import TOKENIZER_FILE, ensure_e5_folder
from indexer.types import Document
from models.viewer import Viewer, acting_as, system
from models.vocabulary.access import Role
from models.vocabulary.matching import Direction
from models.vocabulary.row import Entity
from tests.hostile.growth import MAX_CHARS, SHAPES, Growth, Work, cpu_seconds, grow, text_of, ways

ROOT = Path(__file__).resolve().parents[2]
MEASURABLE_S = 0.05
"""Less than this, and what is measured is the clock; and it is cheap in any case."""

SHORT_CHARS = 4_000
QUADRATIC = 16.0
"""What four times the text costs where the work is quadratic; linear work costs 4 times."""

PUBLIC_S = 1.0
DOCUMENT_S = 3.0


@pytest.fixture(scope="module")
def encoders() -> Path:
    kept = os.environ.get("NAVMATCH_TEST_DATA") or ROOT / ".cache" / "test-data"
    return ensure_e5_folder(Path(kept) / "encoders")


@pytest.fixture(scope="module")
def work(encoders: Path) -> dict[str, Work]:
    return ways(encoders / TOKENIZER_FILE)


def _excessive(found: Growth, allowed: float, work: Work, factor: int) -> bool:
    """Whether the growth stays too much when it is measured once more."""
    if found.longer_s < MEASURABLE_S or found.ratio <= allowed:
        return False
    grown = grow(found.way, work, found.n_chars, factor, n_times=3)
    again = [growth for growth in grown if growth.shape == found.shape]
    return min(g.ratio for g in again) > allowed


def test_no_way_of_a_text_is_quadratic(work: dict[str, Work]) -> None:
    excessive = [
        found
        for way, one in work.items()
        for found in grow(way, one, SHORT_CHARS, 4)
        if _excessive(found, 0.6 * QUADRATIC, one, 4)
    ]
    assert excessive == []


def test_growth_is_found_where_it_is() -> None:
    def quadratic(text: str) -> object:
        return sum(text.count("\0", start) for start in range(0, len(text), 2))

    found = next(grow("clean", quadratic, SHORT_CHARS, 4))
    assert found.ratio > 0.6 * QUADRATIC


@pytest.mark.nightly
def test_doubling_a_text_at_most_doubles_the_work(work: dict[str, Work]) -> None:
    worst: list[Growth] = []
    for way, one in work.items():
        found = [g for g in grow(way, one, MAX_CHARS // 2, 2) if g.longer_s >= MEASURABLE_S]
        worst += sorted(found, key=lambda g: g.ratio)[-1:]
        assert [g for g in found if _excessive(g, 2.5, one, 2)] == []
    for growth in sorted(worst, key=lambda g: -g.ratio):
        print(f"{growth.way:14} {growth.shape:16} {growth.ratio:.2f} {growth.longer_s:.3f} s")


@pytest.fixture(scope="module")
def service(encoders: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service with the real encoder and the demonstration data: hundreds to score and check."""
    folder = tmp_path_factory.mktemp("growth")
    (folder / "encoders").symlink_to(encoders.parent, target_is_directory=True)
    made = Service.from_settings(Settings(data_dir=folder))
    with acting_as(system("test")):
        made.open(follow=False)
        load_demo(made, lambda done, total: None)
        made.synchroniser.catch_up()
    yield made
    made.close()


def _worst(ask: Callable[[str], object], n_chars: int) -> tuple[float, str]:
    ask("先问一次，让需要的都在内存里。")
    shapes = {shape: text_of(shape, n_chars) for shape in SHAPES}
    shapes["rare characters"] = "".join(chr(0x4E00 + 37 * i % 20_000) for i in range(n_chars))
    shapes["short sentences"] = "".join(
        "。" if i % 20 == 19 else chr(0x4E00 + 37 * i % 9_000) for i in range(n_chars)
    )
    return max((cpu_seconds(ask, text, 1), shape) for shape, text in shapes.items())


@pytest.mark.nightly
def test_worst_public_question_takes_a_second_at_most(service: Service) -> None:
    matching = Matching(service)

    def ask(text: str) -> object:
        query = MatchQuery(direction=Direction.DEMAND_TO_PROVIDER, text=FreeText(text=text), k=10)
        with acting_as(Viewer(Role.ANONYMOUS)):
            return matching.answer(query)

    seconds, shape = _worst(ask, TEXT_CHARS)
    print(f"worst public question: {seconds:.2f} s CPU ({shape})")
    assert seconds <= PUBLIC_S


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("entity", "n_chars"), [(Entity.CAPABILITY, 2_000), (Entity.DEMAND, 5_000 + 2_000 + 300)]
)
def test_worst_document_takes_three_seconds_at_most(
    service: Service, entity: Entity, n_chars: int
) -> None:
    def take_in(text: str) -> object:
        found = service.annotator.annotate("服务", text)
        document = Document("cp-1", entity, "pv-1", "服务", text)
        return found, service.embedder.embed_documents([document])

    seconds, shape = _worst(take_in, n_chars)
    print(f"worst {entity.value}: {seconds:.2f} s CPU ({shape})")
    assert seconds <= DOCUMENT_S
