"""Training from the command line: refused when it is not better, kept, used, given back."""

import json
import shutil
from itertools import cycle, islice, product
from pathlib import Path

import numpy as np
import pytest

from api.cli.app import run
from api.cli.installation import Installation
from api.interactions.doing import Doing
from api.kept_versions import HISTORY_FILE, SHIPPED
from api.matching import Matching
from api.rankers import Rankers
from api.schemas.match import MatchQuery
from api.wiring import Service
from matcher.learning.trial import MIN_QUERIES
from matcher.ranker import Ranker
from models.base import now_utc
from models.checksums import SUFFIX
from models.demand import Demand
from models.viewer import Viewer, acting_as, system
from models.vocabulary.access import Role
from models.vocabulary.interaction import DeclineReason, InteractionAct, Side
from tests.api.cli.conftest import Run
from tests.api.exchange.conftest import lines
from tests.rows import add_capability, add_demand, add_organisation, add_provider

CITIES = ("苏州市", "广州市", "成都市", "西安市", "沈阳市", "武汉市")
SUBJECTS = ("碳化硅器件", "固态电池", "海上风电", "水稻育种", "工业机器人")


@pytest.fixture
def run_fresh(fresh: Installation) -> Run:
    """Run a command on an installation of its own."""
    return lambda *words: run(words, fresh)


def _write(folder: Path, n_queries: int, *, by_place: bool) -> Path:
    """A collection in which the right documents are those of the place, or drawn by lot."""
    folder.mkdir()
    texts = [(city, subject) for city in CITIES for subject in SUBJECTS]
    documents = [
        {"id": f"d{n}", "title": f"{subject}专利导航", "text": f"在{city}从事{subject}专利分析。"}
        for n, (city, subject) in enumerate(texts)
    ]
    lines(folder / "documents.jsonl", *documents)
    asked = [texts[(7 * n) % len(texts)] for n in range(n_queries)]
    queries = [
        {"id": f"q{n}", "title": f"{subject}导航", "text": f"{city}的企业想做{subject}专利分析。"}
        for n, (city, subject) in enumerate(asked)
    ]
    lines(folder / "queries.train.jsonl", *queries)
    lots = np.random.default_rng(1).random((n_queries, len(texts))) < 0.2
    judged = [
        f"q{n} 0 d{number} {int(text[0] == pair[0] if by_place else lots[n, number])}\n"
        for n, pair in enumerate(asked)
        for number, text in enumerate(texts)
    ]
    (folder / "qrels.train.trec").write_text("".join(judged), "utf-8")
    return folder


@pytest.fixture
def by_place(tmp_path: Path) -> Path:
    return _write(tmp_path / "by_place", MIN_QUERIES, by_place=True)


def test_better_ranker_is_installed_used_and_given_back(
    run_fresh: Run, by_place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_fresh("train", "--collection", str(by_place)) == 0
    told = capsys.readouterr()
    assert "已装入" in told.err
    assert "地域" in told.out
    measured = []
    for version in ((), ("--ranker", "shipped")):
        figures = tmp_path / "figures.json"
        words = ("--collection", str(by_place), "--split", "train", "--run", str(tmp_path / "o"))
        assert run_fresh("evaluate", *words, *version, "--json", str(figures)) == 0
        found = json.loads(figures.read_text("utf-8"))
        measured.append((found["ranker"], found["means"]["ndcg@10"]))
    (trained, after), (shipped, before) = measured
    assert shipped == "shipped" != trained
    assert after > before + 0.1
    assert run_fresh("train", "--list") == 0
    assert trained in capsys.readouterr().out
    assert run_fresh("train", "--back") == 0
    assert "已退回 shipped" in capsys.readouterr().err
    assert run_fresh("train", "--use", trained) == 0


def test_ranker_that_is_not_better_is_refused(
    run_fresh: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = _write(tmp_path / "by_lot", MIN_QUERIES, by_place=False), tmp_path / "r.json"
    assert run_fresh("train", "--collection", str(folder), "--out", str(out)) == 1
    assert "没有装入" in capsys.readouterr().err
    provenance = json.loads(out.read_text("utf-8"))["provenance"]
    assert provenance["queries"] == MIN_QUERIES
    assert provenance["gain"][0] < 0.005
    assert run_fresh("train", "--back") == 1


def test_written_ranker_is_not_installed(
    run_fresh: Run,
    fresh: Installation,
    by_place: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "r.json"
    assert run_fresh("train", "--collection", str(by_place), "--out", str(out)) == 0
    words = ("--collection", str(by_place), "--split", "train", "--run", str(tmp_path / "o"))
    assert run_fresh("evaluate", *words, "--ranker", str(out)) == 0
    capsys.readouterr()
    assert run_fresh("train", "--back") == 1
    folder = fresh.settings.rankers_dir
    folder.mkdir(parents=True)
    for end in ("", SUFFIX):
        shutil.copyfile(f"{out}{end}", folder / f"brought.json{end}")
    assert run_fresh("train", "--use", "brought") == 0


def test_damaged_ranker_in_use_is_trained_anew(
    run_fresh: Run, fresh: Installation, by_place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rankers = Rankers(fresh.settings.rankers_dir)
    rankers.install(Ranker("20261126-001", {"region": 1.0}))
    (rankers.folder / "20261126-001.json").write_bytes(b"{}")
    (rankers.folder / HISTORY_FILE).write_bytes(b"{}")
    assert run_fresh("train", "--collection", str(by_place)) == 1
    assert f"{HISTORY_FILE} 已损坏。删除它" in capsys.readouterr().err
    (rankers.folder / HISTORY_FILE).write_text('["20261126-001"]', "utf-8")
    assert run_fresh("train", "--collection", str(by_place)) == 0
    found = rankers.read(rankers.kept.in_use)
    assert found.provenance["compared_with"] == SHIPPED


def test_too_few_queries_are_refused(
    run_fresh: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _write(tmp_path / "few", 5, by_place=True)
    assert run_fresh("train", "--collection", str(folder)) == 1
    assert f"至少要 {MIN_QUERIES} 个" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "恰好选一个"),
        (("--list", "--back"), "恰好选一个"),
        (("--use", "none"), "没有版本为 none"),
        (("--back",), "没有更早的版本"),
    ],
)
def test_wrong_use_is_said_in_chinese(
    words: tuple[str, ...], said: str, run_fresh: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_fresh("train", *words) == 1
    assert said in capsys.readouterr().err


def test_interactions_with_what_is_in_the_index_are_learned_from_or_refused(
    run_on: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "log.jsonl"
    shown = [{"key": "pv_1", "position": 1, "actions": ["accept"]}]
    lines(path, {"query": {"id": "q", "title": "风电导航", "text": "海上风电"}, "shown": shown})
    assert run_on("train", "--interactions", str(path)) == 1
    assert f"至少要 {MIN_QUERIES} 个" in capsys.readouterr().err
    path.write_text("{}\n", "utf-8")
    assert run_on("train", "--interactions", str(path)) == 1
    assert "第 1 行" in capsys.readouterr().err


def test_dealings_kept_here_are_learned_from_or_too_few(
    run_on: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_on("train", "--stored") == 1
    assert f"至少要 {MIN_QUERIES} 个" in capsys.readouterr().err


REGION_CODES = ("320500", "440100", "510100", "610100", "210100", "420100")
"""Those of `CITIES`."""


def _store(service: Service) -> tuple[Viewer, dict[str, list[str]], list[tuple[str, str]]]:
    """Store a base, providers everywhere and demands.

    Returns:
        The base, the keys of the providers of each region, and each demand with its region.
    """
    texts = list(product(REGION_CODES, SUBJECTS[:2]))
    providers: dict[str, list[str]] = {code: [] for code in REGION_CODES}
    demands = []
    with acting_as(system("test")), service.database.write() as session:
        for code, subject in texts:
            provider = add_provider(session, f"{subject}咨询公司{code}")
            provider.organisation.region_code = code
            add_capability(session, provider, f"{subject}专利导航", f"从事{subject}专利分析。")
            providers[code].append(provider.id)
        organisation = add_organisation(session, "示例服务基地")
    base = Viewer(Role.BASE_ADMIN, actor="test", organisation_id=organisation.id)
    with acting_as(base), service.database.write() as session:
        for code, subject in islice(cycle(texts), MIN_QUERIES + 1):
            text = f"企业想做{subject}专利分析。"
            demand = add_demand(session, f"{subject}导航", text, region_code=code)
            demands.append((demand.id, code))
    return base, providers, demands


def _rank_and(
    service: Service, viewer: Viewer, demand_id: str, provider_ids: list[str], doing: Doing
) -> None:
    """Let somebody see the ranking for a demand and act on some of the providers."""
    with acting_as(viewer):
        query = MatchQuery(id=demand_id, k=50, fold=False, include_weak=True, explain=False)
        answer = Matching(service).answer(query)
        assert set(provider_ids) < {match.item.group_id for match in answer.matches}
        for provider_id in provider_ids:
            service.interactions.begin(demand_id, provider_id, doing, Side.BASE)


@pytest.fixture
def chosen_by_place(fresh: Installation) -> None:
    """The base invited those of the place; the operator hid them for the first demand.

    The last demand was deleted since.
    """
    hide = Doing(InteractionAct.HIDE, reason=DeclineReason.SCENARIO_MISMATCH)
    with fresh.service() as service:
        base, providers, demands = _store(service)
        service.synchroniser.catch_up()
        for demand_id, code in demands:
            _rank_and(service, base, demand_id, providers[code], Doing(InteractionAct.INVITE))
        first_id, code = demands[0]
        _rank_and(service, Viewer(Role.OPERATOR), first_id, providers[code], hide)
        with acting_as(system("test")), service.database.write() as session:
            session.get_one(Demand, demands[-1][0]).deleted_at = now_utc()


@pytest.mark.usefixtures("chosen_by_place")
def test_ranker_is_learned_from_the_dealings_kept_here(
    run_fresh: Run, fresh: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_fresh("train", "--stored") == 0
    told = capsys.readouterr()
    assert "已装入" in told.err
    assert "地域" in told.out
    (version,) = (path for path in fresh.settings.rankers_dir.glob("*-001.json"))
    provenance = json.loads(version.read_text("utf-8"))["provenance"]
    assert provenance["queries"] == MIN_QUERIES, "the deleted demand is passed over"
    assert provenance["lists"] == MIN_QUERIES + 1, "the operator's list is one of its own"
    assert provenance["compared_with"] == SHIPPED
    assert provenance["gain"][0] > 0.1
